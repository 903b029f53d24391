//! Apps that the system keeps for later are ended once, before anything is loaded.
//!
//! No setting that is held: the system starts an app again whenever it is wanted, and nothing of ours could give it back.
//! Nothing is lost by it either: an app that is only kept has stored its state, and the system ends it itself when memory
//! is short. What is told are counts, never which apps a person has.

use std::time::Duration;

use edgesoak_protocol::Reading;
use edgesoak_sensors::apps::{self, Apps};

use super::panel::Panel;

pub(super) const NAME: &str = "background-apps";
pub(super) const TAKES: &str = "ended";

/// The system ends them one after the other; some are back at once.
const LOOKS: u32 = 5;
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What came of it, as a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Fewer are there than before, or none was.
    Seen(String),
    /// The system took the command; whether anything came of it is not to be seen.
    Unseen(String),
}

/// Ends them and counts before and after; a sentence where the system refuses.
pub(super) fn end(panel: &dyn Panel) -> Result<Ended, String> {
    let before = look(panel);
    panel.turn(&["am", "kill-all"]).map_err(|why| ["ending background apps: ", &why].concat())?;
    let mut after = look(panel);
    for _ in 1..LOOKS {
        if after.map_or(true, |apps| apps.cached == 0) {
            break;
        }
        panel.pause(LOOK_EVERY);
        after = look(panel);
    }
    let (before, after) = match (before, after) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(reason), _) | (_, Err(reason)) => {
            let text = ["background apps were told to end; how many run is not known: ", reason.word()];
            return Ok(Ended::Unseen(text.concat()));
        }
    };
    let text = format!(
        "{} of {} processes of apps were kept for later, {} of {} are now; nothing is to give back, the system starts \
         an app again when it is wanted",
        before.cached, before.running, after.cached, after.running
    );
    let came = after.cached < before.cached || before.cached == 0;
    Ok(if came { Ended::Seen(text) } else { Ended::Unseen(text) })
}

fn look(panel: &dyn Panel) -> Reading<Apps> {
    apps::count(&panel.ask(&["dumpsys", "activity", "oom"])?)
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::*;

    const ASKED: &str = "dumpsys activity oom";
    const KEPT: &str = "Proc #0: fg T/A/TOP\nProc #1: cch+5 b/ /CEM\nProc #2: cch b/ /CEM\n";

    #[test]
    fn they_are_counted_before_and_after() {
        let mut phone = Fake::saying(&[(ASKED, KEPT)]);
        phone.effects.push(("am kill-all", ASKED, "Proc #0: fg T/A/TOP\nProc #1: cch b/ /CEM\n"));
        let Ok(Ended::Seen(text)) = end(&phone) else { panic!("it tells") };
        assert!(text.starts_with("2 of 3 processes of apps were kept for later, 1 of 2 are now"), "{text}");
        assert_eq!(phone.turned.take(), ["am kill-all"]);
        let quiet = Fake::saying(&[(ASKED, "Proc #0: fg T/A/TOP\n")]);
        assert!(matches!(end(&quiet), Ok(Ended::Seen(_))), "there was none");
    }

    #[test]
    fn what_is_not_to_be_seen_is_not_taken_for_done() {
        let stubborn = Fake::saying(&[(ASKED, KEPT)]);
        let Ok(Ended::Unseen(text)) = end(&stubborn) else { panic!("nothing came of it") };
        assert!(text.contains("2 of 3 are now"), "{text}");
        let Ok(Ended::Unseen(text)) = end(&Fake::default()) else { panic!("nothing was told") };
        assert!(text.ends_with("not known: command-missing"), "{text}");
    }
}
