//! What can befall a cable, and the words for it.

use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

/// The longest time a fault may be planted for, seconds.
const LONGEST_S: f64 = 7.0 * 86_400.0;

/// Something that befalls the link between a device and its host.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LinkFault {
    /// The connection is cut now: `drop`.
    Drop,
    /// The connection is cut when so many bytes more have passed, in both directions together: `drop-after BYTES`.
    DropAfter(u64),
    /// The connection is cut every so often: `drop-every SECONDS`.
    DropEvery(Duration),
    /// Nothing is read or written, for a while or until healed: `stall [SECONDS]`.
    Stall(Option<Duration>),
    /// adbd goes away, and is there again after a while: `restart [SECONDS]` (1 where it is not said).
    Restart(Duration),
    /// The connection stays, and nothing is answered on it, for a while or until healed: `offline [SECONDS]`.
    Offline(Option<Duration>),
    /// So many bytes pass in a second, in each direction: `slow BYTES`.
    Slow(u64),
    /// The person with the device forbids this host: `forbid`.
    Forbid,
    /// The person with the device taps on Allow: `allow`.
    Allow,
    /// All faults end: `heal`. A permission that was taken stays taken.
    Heal,
}

/// Words that name no fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("reading the link fault {words:?}: {problem}")]
pub struct LinkFaultError {
    words: String,
    problem: &'static str,
}

impl FromStr for LinkFault {
    type Err = LinkFaultError;

    fn from_str(words: &str) -> Result<Self, LinkFaultError> {
        read(words).map_err(|problem| LinkFaultError { words: words.chars().take(80).collect(), problem })
    }
}

fn read(words: &str) -> Result<LinkFault, &'static str> {
    let mut parts = words.split_ascii_whitespace();
    let name = parts.next().ok_or("it is empty")?;
    let value = parts.next();
    if parts.next().is_some() {
        return Err("too many words");
    }
    let alone = |fault| if value.is_none() { Ok(fault) } else { Err("no number belongs to it") };
    match name {
        "drop" => alone(LinkFault::Drop),
        "drop-after" => Ok(LinkFault::DropAfter(bytes(value)?)),
        "drop-every" => Ok(LinkFault::DropEvery(time(value)?.ok_or("it needs seconds")?)),
        "stall" => Ok(LinkFault::Stall(time(value)?)),
        "restart" => Ok(LinkFault::Restart(time(value)?.unwrap_or(Duration::from_secs(1)))),
        "offline" => Ok(LinkFault::Offline(time(value)?)),
        "slow" => Ok(LinkFault::Slow(bytes(value)?)),
        "forbid" => alone(LinkFault::Forbid),
        "allow" => alone(LinkFault::Allow),
        "heal" => alone(LinkFault::Heal),
        _ => Err(
            "known are drop, drop-after, drop-every, stall, restart, offline, slow, forbid, allow and heal",
        ),
    }
}

fn bytes(value: Option<&str>) -> Result<u64, &'static str> {
    match value.ok_or("it needs a number of bytes")?.parse() {
        Ok(0) | Err(_) => Err("bytes are a whole number, 1 at least"),
        Ok(bytes) => Ok(bytes),
    }
}

fn time(value: Option<&str>) -> Result<Option<Duration>, &'static str> {
    let Some(value) = value else { return Ok(None) };
    match value.parse::<f64>() {
        Ok(seconds) if (0.01..=LONGEST_S).contains(&seconds) => Ok(Some(Duration::from_secs_f64(seconds))),
        _ => Err("seconds are a number between 0.01 and a week"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::LinkFault;

    #[test]
    fn every_fault_has_its_words() {
        let read = |words: &str| words.parse::<LinkFault>().expect(words);
        assert_eq!(read("drop"), LinkFault::Drop);
        assert_eq!(read("drop-after 4096"), LinkFault::DropAfter(4096));
        assert_eq!(read("drop-every 2.5"), LinkFault::DropEvery(Duration::from_millis(2500)));
        assert_eq!(read("stall"), LinkFault::Stall(None));
        assert_eq!(read("stall 3"), LinkFault::Stall(Some(Duration::from_secs(3))));
        assert_eq!(read("restart"), LinkFault::Restart(Duration::from_secs(1)));
        assert_eq!(read("offline 4"), LinkFault::Offline(Some(Duration::from_secs(4))));
        assert_eq!(read("slow 1000"), LinkFault::Slow(1000));
        assert_eq!(read("forbid"), LinkFault::Forbid);
        assert_eq!(read("allow"), LinkFault::Allow);
        assert_eq!(read(" heal\n"), LinkFault::Heal);
    }

    #[test]
    fn other_words_are_refused_with_the_reason() {
        for (words, problem) in [
            ("", "it is empty"),
            ("drop 3", "no number belongs to it"),
            ("drop-after", "it needs a number of bytes"),
            ("slow 0", "bytes are a whole number, 1 at least"),
            ("stall NaN", "seconds are a number between 0.01 and a week"),
            ("stall 1 2", "too many words"),
        ] {
            let error = words.parse::<LinkFault>().expect_err(words);
            assert_eq!(error.to_string(), format!("reading the link fault {words:?}: {problem}"));
        }
    }

    proptest! {
        #[test]
        fn no_words_bring_it_down(words: String) {
            let _ = words.parse::<LinkFault>();
        }
    }
}
