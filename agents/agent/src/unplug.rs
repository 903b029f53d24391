//! Waiting for the charger to be taken off. Where the cable that charges a device is its only link too, nobody but the
//! agent sees it go.

use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::job::UnplugRule;
use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::supply::Supply;

use crate::alarm::End;
use crate::interrupt::WAIT;
use crate::settings::Notes;
use crate::supplies::Supplies;

/// Returns once the device has lived from its battery for as long as the rule wants. A plug that is put back meanwhile
/// begins the time anew.
///
/// # Errors
/// The device was not unplugged in time, or `go_on` says so: limits hold while it waits, too.
pub(crate) fn wait(
    rule: UnplugRule,
    supplies: &Supplies,
    journal: &dyn Notes,
    go_on: &dyn Fn() -> Result<(), End>,
) -> Result<(), End> {
    let (hold, within) = (Duration::from_millis(rule.hold_ms), Duration::from_millis(rule.within_ms));
    let began = Instant::now();
    let mut unplugged: Option<Instant> = None;
    journal.note("unplug-awaited", "nothing is loaded before the device lives from its battery");
    loop {
        go_on()?;
        let why = match supplies.now() {
            Supply::Unplugged => None,
            Supply::Plugged(says) => Some(says),
            Supply::Unknown(why) => Some(["whether it is cannot be told: ", why].concat()),
        };
        match why {
            None if unplugged.get_or_insert_with(Instant::now).elapsed() >= hold => {
                journal.note("unplugged", "the device lives from its battery");
                return Ok(());
            }
            None => {}
            Some(why) => {
                unplugged = None;
                if began.elapsed() >= within {
                    let within = within.as_secs_f64().to_string();
                    let text = ["it was not unplugged within ", &within, " s: ", &why].concat();
                    return Err(End::new(FinishReason::StartGateTimeout, text));
                }
            }
        }
        thread::sleep(WAIT);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use edgesoak_protocol::journal::Frame;
    use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, Unit};

    use super::*;
    use crate::settings::Kept;

    fn codes(kept: &Kept) -> Vec<String> {
        let code = |frame| if let Frame::Note { code, .. } = frame { Some(code) } else { None };
        kept.take().into_iter().filter_map(code).collect()
    }

    /// What comes of a wait for a device whose plug is at these states, one a look, the last one for ever.
    fn waited(rule: UnplugRule, states: &[Option<i64>]) -> (Result<(), End>, Vec<String>, usize) {
        let spec = ChannelSpec {
            name: "usb".to_owned(),
            quantity: Quantity::Plugged,
            unit: Unit::One,
            scale: 1.0,
            rule: 1,
            group: 0,
            source: String::new(),
            missing: None,
        };
        let supplies = Supplies::of(std::slice::from_ref(&spec));
        let (kept, looks) = (Kept::default(), Cell::new(0));
        let look = || {
            let state = states.get(looks.get()).or(states.last()).copied().flatten();
            looks.set(looks.get() + 1);
            if let Some(state) = state {
                supplies.add(std::slice::from_ref(&spec), &[RawReading(Ok(state))]);
            }
            Ok(())
        };
        let result = wait(rule, &supplies, &kept, &look);
        (result, codes(&kept), looks.get())
    }

    #[test]
    fn it_begins_when_the_plug_is_out() {
        let rule = UnplugRule { hold_ms: 0, within_ms: 60_000 };
        let (result, noted, looks) = waited(rule, &[None, Some(1), Some(1), Some(0)]);
        assert_eq!(result, Ok(()));
        assert_eq!((noted, looks), (vec!["unplug-awaited".to_owned(), "unplugged".to_owned()], 4));
    }

    #[test]
    fn a_plug_that_comes_back_begins_the_time_anew() {
        let rule = UnplugRule { hold_ms: 150, within_ms: 60_000 };
        let (result, _, looks) = waited(rule, &[Some(0), Some(1), Some(0)]);
        assert_eq!(result, Ok(()));
        assert!(
            looks >= 4,
            "two looks of {WAIT:?} after the plug went for good, and there were {looks} in all"
        );
    }

    #[test]
    fn nobody_who_comes_in_time_ends_it() {
        let rule = UnplugRule { hold_ms: 0, within_ms: 0 };
        for (states, part) in
            [(&[Some(1)][..], "it was not unplugged within 0 s: usb says 1"), (&[None], "cannot be told")]
        {
            let (result, noted, _) = waited(rule, states);
            let end = result.expect_err("it is plugged");
            assert_eq!(end.reason, FinishReason::StartGateTimeout);
            assert!(end.detail.contains(part), "{end:?}");
            assert_eq!(noted, ["unplug-awaited"]);
        }
    }

    #[test]
    fn a_limit_ends_the_wait() {
        let supplies = Supplies::of(&[]);
        let low = End::new(FinishReason::BatteryLimit, "empty");
        let rule = UnplugRule { hold_ms: 0, within_ms: 60_000 };
        let result = wait(rule, &supplies, &Kept::default(), &|| Err(low.clone()));
        assert_eq!(result, Err(low));
    }
}
