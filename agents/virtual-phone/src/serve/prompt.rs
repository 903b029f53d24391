//! A prompt in flight: the engine's moments become the runner's events.

use edgesoak_protocol::journal::AnswerText;
use edgesoak_protocol::runner::{Event, Finish};
use edgesoak_protocol::units::Nanos;

use super::pace::Pace;
use crate::engine::{self, Observer, Segment};

/// Token times wait no longer than this for their event, on the machine's clock.
const BATCH: Nanos = Nanos::from_millis(100);

/// What an engine did, and how long it worked.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) events: Vec<(Nanos, engine::Event)>,
    pub(super) worked: Nanos,
}

impl Observer for Heard {
    fn event(&mut self, at: Nanos, event: engine::Event) {
        self.events.push((at, event));
    }

    fn segment(&mut self, segment: Segment) {
        if segment.working {
            self.worked = Nanos(self.worked.0 + segment.to.since(segment.from).0);
        }
    }
}

/// A prompt in flight.
#[derive(Debug)]
pub(super) struct Prompt {
    pub(super) id: u32,
    /// Tokens that are read.
    read: u32,
    /// Most tokens that were asked for.
    pub(super) max_new: u32,
    pub(super) wants_text: bool,
    /// What is answered, where the length is not forced.
    answer: Option<AnswerText>,
    /// When it was submitted, on the body's clock.
    pub(super) submitted: Nanos,
    pub(super) decoded: u32,
    pub(super) is_stopped: bool,
    first: Nanos,
    last: Nanos,
    /// The newest time that was given out, on the machine's clock, ns.
    stamp: u64,
    unsent: Vec<u64>,
    sent: Nanos,
}

impl Prompt {
    pub(super) fn new(id: u32, read: u32, max_new: u32, wants_text: bool, submitted: Nanos) -> Self {
        Self {
            id,
            read,
            max_new,
            wants_text,
            answer: None,
            submitted,
            decoded: 0,
            is_stopped: false,
            first: Nanos(0),
            last: Nanos(0),
            stamp: 0,
            unsent: Vec::new(),
            sent: Nanos(0),
        }
    }

    /// Ends by itself, with this answer.
    pub(super) fn answered(self, answer: AnswerText) -> Self {
        Self { answer: Some(answer), ..self }
    }

    /// A token is out.
    pub(super) fn token(&mut self, at: Nanos, pace: &Pace) -> Option<Event> {
        // Times rise strictly, also where the phone runs so fast that two fall on one.
        self.stamp = pace.mono_at(at).0.max(self.stamp + 1);
        self.decoded += 1;
        self.last = at;
        if self.decoded == 1 {
            (self.first, self.sent) = (at, Nanos(self.stamp));
            return Some(Event::FirstToken { id: self.id, t_ns: self.stamp, prompt_n: self.read });
        }
        self.unsent.push(self.stamp);
        None
    }

    /// The times that have waited long enough; all of them where the answer ends.
    pub(super) fn batch(&mut self, now: Nanos, is_end: bool) -> Option<Event> {
        let is_due = is_end || now.since(self.sent).0 >= BATCH.0;
        if self.unsent.is_empty() || !is_due {
            return None;
        }
        self.sent = now;
        Some(Event::Tokens { id: self.id, t_ns: std::mem::take(&mut self.unsent), k: 1 })
    }

    /// The answer has its length.
    pub(super) fn done(&self, pace: &Pace) -> Event {
        let answer = self.answer.as_ref().map(|answer| answer.expose().to_owned());
        let words = || (0..self.decoded).map(|index| format!("word{index}")).collect::<Vec<_>>().join(" ");
        Event::Done {
            id: self.id,
            prompt_n: self.read,
            prefill_ms: pace.millis(self.first.since(self.submitted)),
            decode_n: self.decoded,
            decode_ms: pace.millis(self.last.since(self.first)),
            finish: match () {
                () if self.decoded >= self.max_new => Finish::Length,
                () if self.is_stopped => Finish::Stopped,
                () => Finish::Eos,
            },
            text: self.wants_text.then(|| answer.unwrap_or_else(words)),
            // No script reaches a phone of this kind, and no model is there to be sure.
            confidence: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_rise_and_counts_are_exact() {
        let pace = Pace::begin(Nanos(0), 100.0);
        let mut prompt = Prompt::new(3, 7, 4, true, Nanos(0));
        assert!(matches!(
            prompt.token(Nanos(1_000), &pace),
            Some(Event::FirstToken { id: 3, prompt_n: 7, .. })
        ));
        for at in [1_001, 1_002, 9_000_000] {
            assert_eq!(prompt.token(Nanos(at), &pace), None);
        }
        let Some(Event::Tokens { t_ns, .. }) = prompt.batch(Nanos(0), true) else { panic!("three wait") };
        assert!(t_ns.windows(2).all(|pair| pair[0] < pair[1]), "{t_ns:?}");
        assert_eq!(prompt.batch(Nanos(0), true), None);
        let Event::Done { decode_n, finish, decode_ms, text, .. } = prompt.done(&pace) else {
            panic!("it is done");
        };
        assert_eq!((decode_n, finish), (4, Finish::Length));
        assert!((decode_ms - 0.08999).abs() < 1e-9, "{decode_ms}");
        assert_eq!(text.as_deref(), Some("word0 word1 word2 word3"));
    }
}
