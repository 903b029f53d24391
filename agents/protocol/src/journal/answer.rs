//! What a model answered, on its way to the host that scores it. Streamed, never written.

use std::fmt;
use std::hint::black_box;
use std::mem;

use minicbor::{Decode, Encode};

use super::VOLATILE;
use super::writer::write_payload;

/// The number of this kind of record; no frame has it.
const KIND: u64 = 19;

/// The text of an answer. It can be looked at, and neither copied, printed nor serialised by accident; its memory is
/// overwritten when it is dropped.
#[derive(Default, PartialEq, Eq)]
pub struct AnswerText(String);

impl AnswerText {
    /// Takes a text in.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Keeps the beginning of the text, at most so many bytes, cut between letters.
    pub fn cut(&mut self, limit: usize) {
        self.0.truncate(self.0.floor_char_boundary(limit));
    }

    /// The text. Whoever looks must not keep it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AnswerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnswerText({} bytes)", self.0.len())
    }
}

impl Drop for AnswerText {
    fn drop(&mut self) {
        let mut bytes = mem::take(&mut self.0).into_bytes();
        bytes.clear();
        // What was cut off lies behind the end.
        bytes.resize(bytes.capacity(), 0);
        // A store that nobody reads would be left out.
        black_box(&bytes);
    }
}

/// One answer. `Answered` of the same prompt stands before it in the stream.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its place among the answers of the session, as in `Answered`; how many are taken is told by this.
    pub index: u32,
    /// Prompt.
    pub prompt: u32,
    /// Id of the item.
    pub item: String,
    /// `length` or `eos`; `refused` where the runtime refused the prompt, and there is no text.
    pub finish: String,
    /// Ids of the documents that the prompt held, best first.
    pub documents: Vec<String>,
    /// Whether the answer was longer, and was cut to this length.
    pub is_cut: bool,
    /// What was answered.
    pub text: AnswerText,
}

/// [`Answer`] as it is streamed.
#[derive(Encode, Decode)]
enum Wire<'a> {
    #[n(19)]
    Answer {
        #[n(0)]
        index: u32,
        #[n(1)]
        prompt: u32,
        #[b(2)]
        item: &'a str,
        #[b(3)]
        finish: &'a str,
        #[n(4)]
        documents: Vec<String>,
        #[n(5)]
        is_cut: bool,
        #[b(6)]
        text: &'a str,
    },
}

/// Appends the bytes of one answer to `out`. They belong into a stream, and nowhere else.
///
/// # Panics
/// If the answer is larger than [`MAX_PAYLOAD`](super::MAX_PAYLOAD); those of an agent are bounded.
pub fn write_answer(out: &mut Vec<u8>, t_mono_ns: u64, answer: &Answer) {
    let wire = Wire::Answer {
        index: answer.index,
        prompt: answer.prompt,
        item: &answer.item,
        finish: &answer.finish,
        documents: answer.documents.clone(),
        is_cut: answer.is_cut,
        text: answer.text.expose(),
    };
    write_payload(out, VOLATILE, t_mono_ns, &wire);
}

/// Whether a payload is an answer's, whatever else is wrong with it.
pub(super) fn is_answer(payload: &[u8]) -> bool {
    let mut decoder = minicbor::Decoder::new(payload);
    decoder.array().is_ok_and(|length| length == Some(2)) && decoder.u64().is_ok_and(|kind| kind == KIND)
}

/// Reads the payload of an answer.
pub(super) fn decode(payload: &[u8]) -> Option<Answer> {
    let Wire::Answer { index, prompt, item, finish, documents, is_cut, text } =
        minicbor::decode(payload).ok()?;
    let (item, finish, text) = (item.to_owned(), finish.to_owned(), AnswerText::new(text.to_owned()));
    Some(Answer { index, prompt, item, finish, documents, is_cut, text })
}
