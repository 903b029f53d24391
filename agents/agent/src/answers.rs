//! What was answered and is not taken yet: in memory only, and only so much of it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use edgesoak_protocol::journal::{Answer, AnswerText, write_answer};
use edgesoak_protocol::probe;

/// Longest answer that is kept, bytes.
const LONGEST: usize = 64 << 10;
/// Together they are kept up to here; then the next question waits until some were taken. Eight hundred answers of a
/// hundred words need a fifth of it.
const MOST_BYTES: usize = 4 << 20;

/// The answers of a session. Those that are taken are forgotten, and all of them when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    taken: u32,
    waiting: VecDeque<Answer>,
    bytes: usize,
}

impl Answers {
    /// Whether the longest of all answers would still be kept.
    pub(crate) fn has_room(&self) -> bool {
        self.kept().bytes + LONGEST <= MOST_BYTES
    }

    /// Keeps an answer until it is taken. They come in the order of their places, some of which may be left out.
    pub(crate) fn keep(&self, answer: Answer) {
        let mut kept = self.kept();
        kept.bytes += answer.text.expose().len();
        kept.waiting.push_back(answer);
    }

    /// Up to which place they were given, and up to which they are forgotten.
    pub(crate) fn counts(&self) -> probe::Answers {
        let kept = self.kept();
        let given = kept.waiting.back().map_or(kept.taken, |last| last.index.saturating_add(1));
        probe::Answers { given, taken: kept.taken }
    }

    /// Whether none waits to be taken.
    pub(crate) fn are_taken(&self) -> bool {
        self.waiting() == 0
    }

    /// How many wait to be taken.
    pub(crate) fn waiting(&self) -> usize {
        self.kept().waiting.len()
    }

    /// Forgets the answers of the first `count` places.
    pub(crate) fn take(&self, count: u32) {
        let mut kept = self.kept();
        while let Some(answer) = kept.waiting.pop_front_if(|answer| answer.index < count) {
            kept.bytes -= answer.text.expose().len();
            kept.taken = answer.index.saturating_add(1);
        }
    }

    /// Appends the record of the answer at one place to `out`; `false` where it is forgotten, or was not given.
    pub(crate) fn write(&self, index: u32, t_mono_ns: u64, out: &mut Vec<u8>) -> bool {
        let kept = self.kept();
        let waiting = kept.waiting.binary_search_by_key(&index, |answer| answer.index);
        let waiting = waiting.ok().and_then(|place| kept.waiting.get(place));
        waiting.map(|answer| write_answer(out, t_mono_ns, answer)).is_some()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // No step leaves it half done in a way that matters more than the answers do.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is kept of a text, and whether that is not all.
pub(crate) fn bounded(mut text: AnswerText) -> (AnswerText, bool) {
    let is_cut = text.expose().len() > LONGEST;
    text.cut(LONGEST);
    (text, is_cut)
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::journal::{Reader, Record};

    use super::*;

    fn answer(index: u32, text: &str) -> Answer {
        Answer {
            index,
            prompt: index + 7,
            item: "one".to_owned(),
            finish: "eos".to_owned(),
            documents: Vec::new(),
            is_cut: false,
            text: AnswerText::new(text.to_owned()),
        }
    }

    #[test]
    fn taken_answers_are_forgotten_in_their_order() {
        let answers = Answers::default();
        for (index, text) in (0..).zip(["a", "b", "c"]) {
            answers.keep(answer(index, text));
        }
        answers.take(2);
        answers.take(1);
        assert_eq!(answers.counts(), probe::Answers { given: 3, taken: 2 });
        let mut out = Vec::new();
        assert!(!answers.write(1, 5, &mut out) && !answers.write(3, 5, &mut out) && out.is_empty());
        assert!(answers.write(2, 5, &mut out));
        let mut reader = Reader::resuming_after(None);
        reader.feed(&crate::disk::tests::header());
        reader.feed(&out);
        let (record, _) = reader.next_record().expect("whole").expect("one");
        assert_eq!(record, Record::Answer(answer(2, "c")));
        answers.take(u32::MAX);
        assert!(answers.are_taken());
        assert_eq!(answers.counts(), probe::Answers { given: 3, taken: 3 }, "no more than there were");
    }

    #[test]
    fn places_that_were_left_out_hold_nothing_up() {
        let answers = Answers::default();
        for index in [0, 5, 6] {
            answers.keep(answer(index, "a"));
        }
        assert_eq!(answers.counts(), probe::Answers { given: 7, taken: 0 });
        let is_there = |index| answers.write(index, 5, &mut Vec::new());
        answers.take(3);
        assert_eq!(answers.counts(), probe::Answers { given: 7, taken: 1 });
        assert!(!is_there(0) && !is_there(3) && is_there(5) && is_there(6));
        answers.take(6);
        assert!(!is_there(5) && is_there(6) && !answers.are_taken());
        answers.take(7);
        assert!(answers.are_taken());
    }

    #[test]
    fn room_ends_and_comes_back() {
        let answers = Answers::default();
        let long = "x".repeat(LONGEST);
        for index in 0.. {
            if !answers.has_room() {
                break;
            }
            answers.keep(answer(index, &long));
        }
        let given = answers.counts().given as usize;
        assert_eq!(given, MOST_BYTES / LONGEST);
        answers.take(1);
        assert!(answers.has_room());
    }

    #[test]
    fn long_answers_are_cut_between_letters() {
        let (text, is_cut) = bounded(AnswerText::new("€".repeat(LONGEST)));
        assert!(is_cut && text.expose().len() > LONGEST - 3 && text.expose().len() <= LONGEST);
        let (text, is_cut) = bounded(AnswerText::new("short".to_owned()));
        assert_eq!((text.expose(), is_cut), ("short", false));
    }
}
