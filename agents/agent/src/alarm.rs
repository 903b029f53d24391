//! Why the session must end before its time: raised by any thread, heeded by the main one.

use std::sync::OnceLock;

use edgesoak_protocol::journal::FinishReason;

use crate::claims::bounded;

/// Longest sentence that goes into the journal, bytes. A template or a model may have had a part in its words.
pub(crate) const MAX_SENTENCE_BYTES: usize = 4 << 10;

/// The end of a session, in a stable word and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The word.
    pub reason: FinishReason,
    /// The sentence, bounded.
    pub detail: String,
}

impl End {
    /// An end; of a sentence that is too long the beginning is kept.
    pub fn new(reason: FinishReason, detail: impl AsRef<str>) -> Self {
        Self { reason, detail: bounded(detail.as_ref(), MAX_SENTENCE_BYTES) }
    }
}

/// The first reason to end counts; later ones are consequences.
#[derive(Debug, Default)]
pub(crate) struct Alarm(OnceLock<End>);

impl Alarm {
    pub(crate) fn raise(&self, reason: FinishReason, detail: impl AsRef<str>) {
        let _ = self.0.set(End::new(reason, detail));
    }

    pub(crate) fn raised(&self) -> Option<&End> {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_counts() {
        let alarm = Alarm::default();
        assert_eq!(alarm.raised(), None);
        alarm.raise(FinishReason::TemperatureLimit, "hot");
        alarm.raise(FinishReason::Stopped, "asked");
        assert_eq!(alarm.raised(), Some(&End::new(FinishReason::TemperatureLimit, "hot")));
    }
}
