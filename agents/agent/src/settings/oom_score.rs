//! How soon the kernel would kill the runtime where memory runs out: `oom_score_adj`, from -1000 (never) to 1000.
//!
//! What is started from adb inherits the -950 of adb's own children, and an app in front has 0: unraised, a runtime
//! outlives what would end the same model in an app. Raising takes no permission, lowering again would; so it is the
//! runtime's number alone that is raised, it ends with its process, and the agent stays where it is, to tell of a kill.

use edgesoak_protocol::job::Job;
use edgesoak_protocol::{Reading, Reason};

use super::notes::Notes;
use super::panel::Panel;

pub(super) const NAME: &str = "oom-score";
pub(super) const TAKES: &str = "app or inherited";

/// The number of an app in front.
const APP: i32 = 0;
const RANGE: std::ops::RangeInclusive<i32> = -1000..=1000;
const OWN: &str = "/proc/self/oom_score_adj";

/// What a job wants of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Not below that of an app.
    App,
    /// As the runtime got it from whoever started the agent.
    Inherited,
}

impl Wish {
    pub(super) fn of_word(word: &str) -> Option<Self> {
        match word {
            "app" => Some(Self::App),
            "inherited" => Some(Self::Inherited),
            _ => None,
        }
    }

    /// That of an app, where the job says nothing.
    fn of(job: &Job) -> Self {
        let named = job.settings.iter().find(|setting| setting.name == NAME);
        named.and_then(|setting| Self::of_word(&setting.value)).unwrap_or(Self::App)
    }
}

/// The agent's own number.
pub(crate) fn own(panel: &dyn Panel) -> Reading<i32> {
    read(panel, OWN)
}

/// Raises the number of a runtime that has not loaded yet, as the job wishes, and notes all of it.
pub(crate) fn settle(panel: &dyn Panel, journal: &dyn Notes, runtime: u32, job: &Job) {
    let (code, text) = settled(panel, runtime, Wish::of(job));
    journal.note(code, &text);
}

fn settled(panel: &dyn Panel, runtime: u32, wish: Wish) -> (&'static str, String) {
    let path = format!("/proc/{runtime}/oom_score_adj");
    let (agent, before) = (own(panel), read(panel, &path));
    let began = format!("agent {}, runtime {}", said(agent), said(before));
    match before {
        Err(_) => ("oom-score-unknown", began),
        Ok(number) if number >= APP => ("oom-score", began + ": killed no later than an app in front"),
        Ok(_) if wish == Wish::Inherited => {
            ("oom-score-protected", began + ", as inherited: killed later than an app would be")
        }
        Ok(_) => {
            let raised = panel.store(&path, &APP.to_string());
            match (raised, read(panel, &path)) {
                (_, Ok(now)) if now >= APP => {
                    ("oom-score", format!("{began}; the runtime was raised to {now}, as an app in front"))
                }
                (Err(why), _) => ("oom-score-protected", format!("{began}; raising the runtime: {why}")),
                (Ok(()), now) => {
                    let now = said(now);
                    ("oom-score-protected", format!("{began}; the runtime was raised and is {now}"))
                }
            }
        }
    }
}

fn read(panel: &dyn Panel, path: &str) -> Reading<i32> {
    let number = panel.look(path)?.trim().parse().map_err(|_| Reason::Parse)?;
    if RANGE.contains(&number) { Ok(number) } else { Err(Reason::Parse) }
}

fn said(number: Reading<i32>) -> String {
    number.map_or_else(|reason| ["unknown (", reason.word(), ")"].concat(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::fake::Fake;
    use super::*;

    const RUNTIME: &str = "/proc/77/oom_score_adj";

    fn started(from: &str, wish: Wish) -> (&'static str, String, Vec<String>) {
        let fake = Fake::saying(&[(OWN, from), (RUNTIME, from)]);
        let (code, text) = settled(&fake, 77, wish);
        (code, text, fake.turned.take())
    }

    #[test]
    fn a_runtime_from_adb_is_raised_to_an_app_and_the_agent_is_not() {
        let (code, text, turned) = started("-950\n", Wish::App);
        assert_eq!((code, turned), ("oom-score", vec![format!("{RUNTIME} = 0")]));
        assert_eq!(text, "agent -950, runtime -950; the runtime was raised to 0, as an app in front");
    }

    #[test]
    fn what_is_high_enough_or_to_be_left_is_left() {
        for (from, wish, code) in [
            ("0\n", Wish::App, "oom-score"),
            ("200\n", Wish::App, "oom-score"),
            ("-950\n", Wish::Inherited, "oom-score-protected"),
            ("soon\n", Wish::App, "oom-score-unknown"),
            ("-1001\n", Wish::App, "oom-score-unknown"),
            ("EACCES", Wish::App, "oom-score-unknown"),
        ] {
            let (found, text, turned) = started(from, wish);
            assert_eq!((found, turned.len()), (code, 0), "{from} {text}");
        }
    }

    #[test]
    fn the_kernel_lets_a_child_be_raised() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().expect("sleep exists");
        let (root, path) = (edgesoak_sensors::Root::live(), format!("/proc/{}/oom_score_adj", child.id()));
        let stored = root.store(&path, "1000");
        let found = read(&root, &path);
        child.kill().and_then(|()| child.wait()).expect("it is ours");
        assert_eq!((stored, found), (Ok(()), Ok(1000)), "raising takes no permission");
    }

    #[test]
    fn a_number_that_stays_is_said_to_protect() {
        let mut fake = Fake::saying(&[(OWN, "-950"), (RUNTIME, "-950")]);
        fake.effects.push(("/proc/77/oom_score_adj = 0", RUNTIME, "-950"));
        let (code, text) = settled(&fake, 77, Wish::App);
        assert_eq!(code, "oom-score-protected");
        assert!(text.ends_with("the runtime was raised and is -950"), "{text}");
    }
}
