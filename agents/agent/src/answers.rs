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

    /// Keeps an answer until it is taken. They come in the order of their indices.
    pub(crate) fn keep(&self, answer: Answer) {
        let mut kept = self.kept();
        kept.bytes += answer.text.expose().len();
        kept.waiting.push_back(answer);
    }

    /// How many there were, and how many of them are forgotten.
    pub(crate) fn counts(&self) -> probe::Answers {
        let kept = self.kept();
        // Indices are of this size, so that the sum is.
        let waiting = u32::try_from(kept.waiting.len()).unwrap_or(u32::MAX);
        probe::Answers { given: kept.taken.saturating_add(waiting), taken: kept.taken }
    }

    /// Whether none waits to be taken.
    pub(crate) fn are_taken(&self) -> bool {
        self.kept().waiting.is_empty()
    }

    /// Forgets the first `count` of all answers.
    pub(crate) fn take(&self, count: u32) {
        let mut kept = self.kept();
        while kept.taken < count {
            let Some(answer) = kept.waiting.pop_front() else { return };
            kept.bytes -= answer.text.expose().len();
            kept.taken += 1;
        }
    }

    /// Appends the record of one answer to `out`; `false` where it is forgotten, or not given yet.
    pub(crate) fn write(&self, index: u32, t_mono_ns: u64, out: &mut Vec<u8>) -> bool {
        let kept = self.kept();
        let waiting = index.checked_sub(kept.taken).and_then(|place| kept.waiting.get(place as usize));
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
