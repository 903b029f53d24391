//! How often a person is told: a phone that rings all day is not listened to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use edgesoak_protocol::units::Nanos;

/// Time within which nobody is told the same again.
const SAME: Nanos = Nanos::from_secs(15 * 60);
/// Time over which messages are counted.
const WINDOW: Nanos = Nanos::from_secs(3600);
/// Most messages of a run in that time.
const MOST: usize = 30;

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is sent.
    Go,
    /// It was sent a short while ago.
    Repeated,
    /// Too many were sent.
    TooMany,
}

/// The messages of a run.
#[derive(Debug, Default)]
pub(crate) struct Notices(Mutex<Sent>);

#[derive(Debug, Default)]
struct Sent {
    /// When each text was sent last, within the window.
    texts: BTreeMap<String, Nanos>,
    times: VecDeque<Nanos>,
}

impl Notices {
    /// Whether to send this text now.
    pub(crate) fn ask(&self, now: Nanos, text: &str) -> Answer {
        // What a panic left is as good as any: numbers that were sent.
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while sent.times.front().is_some_and(|time| now.since(*time) >= WINDOW) {
            sent.times.pop_front();
        }
        sent.texts.retain(|_, time| now.since(*time) < SAME);
        if sent.texts.contains_key(text) {
            return Answer::Repeated;
        }
        if sent.times.len() >= MOST {
            return Answer::TooMany;
        }
        sent.times.push_back(now);
        sent.texts.insert(text.to_owned(), now);
        Answer::Go
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_told_again_only_after_a_while() {
        let notices = Notices::default();
        let ask = |minute: u64, text| notices.ask(Nanos::from_secs(minute * 60), text);
        assert_eq!(ask(0, "a"), Answer::Go);
        assert_eq!(ask(1, "a"), Answer::Repeated);
        assert_eq!(ask(1, "b"), Answer::Go);
        assert_eq!(ask(15, "a"), Answer::Go);
    }

    #[test]
    fn nobody_is_told_without_end() {
        let notices = Notices::default();
        let answers: Vec<Answer> =
            (0..1000).map(|n| notices.ask(Nanos::from_secs(n), &n.to_string())).collect();
        assert_eq!(answers.iter().filter(|answer| **answer == Answer::Go).count(), MOST);
        assert_eq!(answers.last(), Some(&Answer::TooMany));
        assert_eq!(notices.ask(Nanos::from_secs(3601), "later"), Answer::Go);
    }
}
