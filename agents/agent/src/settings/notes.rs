//! Where a session writes down what becomes of its settings.

use std::cell::RefCell;
use std::fmt;

use edgesoak_protocol::journal::Frame;

use crate::alarm::MAX_SENTENCE_BYTES;
use crate::claims::bounded;
use crate::journal::Journal;

/// A journal, as far as settings need one.
pub(crate) trait Notes {
    /// Keeps a frame that happens now.
    fn keep(&self, frame: Frame);

    /// Keeps a frame that happens now and waits until it is on the disk. `false` if it is not there.
    fn keep_synced(&self, frame: Frame) -> bool;

    /// A sentence for people, under a stable word.
    fn note(&self, code: &str, text: &str) {
        let text = bounded(text, MAX_SENTENCE_BYTES);
        self.keep(Frame::Note { code: code.to_owned(), text });
    }
}

impl Notes for Journal {
    fn keep(&self, frame: Frame) {
        self.append(&frame);
    }

    fn keep_synced(&self, frame: Frame) -> bool {
        self.append_synced(&frame)
    }
}

/// Frames that wait for their journal: a simulated session writes it when it is over. The list of changes is on the
/// disk all the same.
#[derive(Default)]
pub struct Kept(RefCell<Vec<Frame>>);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Kept").field(&self.0.borrow().len()).finish()
    }
}

impl Kept {
    /// The frames since they were taken last, in their order.
    #[must_use]
    pub fn take(&self) -> Vec<Frame> {
        self.0.take()
    }
}

impl Notes for Kept {
    fn keep(&self, frame: Frame) {
        self.0.borrow_mut().push(frame);
    }

    fn keep_synced(&self, frame: Frame) -> bool {
        self.keep(frame);
        true
    }
}
