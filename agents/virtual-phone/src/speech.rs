//! What a virtual phone answers to a question: there is no model in it, so a script says what.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use edgesoak_protocol::answer_script::{self, AnswerScript, ScriptError};
use edgesoak_protocol::journal::AnswerText;
use edgesoak_protocol::runner::confidence_millionths;

use crate::fault::Faults;
use crate::model::{BYTES_PER_TOKEN, tokens};

/// What is answered where no script says more.
const NOTHING: &str = "A virtual device: no model answers here.";
/// Longest answer that an agent keeps, bytes.
const LONGEST: usize = 64 << 10;

/// Who answers.
#[derive(Debug, Default)]
pub(crate) struct Speech(AnswerScript);

/// An answer.
#[derive(Debug)]
pub(crate) struct Spoken {
    pub(crate) text: AnswerText,
    /// `eos`, or `length` where it had to be cut.
    pub(crate) finish: &'static str,
    /// Its length, tokens.
    pub(crate) tokens: u32,
    /// How sure of it the runtime says that it is, where the script says so, in millionths.
    pub(crate) confidence: Option<u32>,
}

impl Speech {
    /// Reads a script.
    pub(crate) fn read(path: &Path) -> io::Result<Result<Self, ScriptError>> {
        let mut text = String::new();
        File::open(path)?.take(answer_script::MAX_BYTES).read_to_string(&mut text)?;
        Ok(AnswerScript::parse(&text).map(Self))
    }

    /// The answer to the question in a prompt, as faults leave it, of so many tokens at most.
    pub(crate) fn say(&self, faults: &Faults, prompt: &str, max_new: u32) -> Spoken {
        let told = self.0.answer_to(prompt);
        let confidence = told.and_then(|told| told.confidence).and_then(confidence_millionths);
        let known = told.map_or(NOTHING, |told| &told.answer);
        let mut text = AnswerText::new(faults.answer(known.to_owned()));
        let most = (max_new as usize).saturating_mul(BYTES_PER_TOKEN as usize).min(LONGEST);
        let finish = if text.expose().len() > most { "length" } else { "eos" };
        text.cut(most);
        let bytes = u32::try_from(text.expose().len()).unwrap_or(u32::MAX);
        Spoken { tokens: tokens(bytes).min(max_new), text, finish, confidence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_as_many_tokens_as_were_asked_for_at_most() {
        let script = AnswerScript::parse(
            "{\"asked\":\"long?\",\"answer\":\"eine längere Antwort\",\"confidence\":0.5}",
        )
        .expect("a script");
        let (speech, faults) = (Speech(script), Faults::default());
        let whole = speech.say(&faults, "user: long?", 9);
        assert_eq!((whole.text.expose(), whole.finish, whole.tokens), ("eine längere Antwort", "eos", 6));
        assert_eq!(whole.confidence, Some(500_000));
        let cut = speech.say(&faults, "user: long?", 1);
        assert_eq!((cut.text.expose(), cut.finish, cut.tokens), ("eine", "length", 1));
        let other = speech.say(&faults, "other", 99);
        assert_eq!((other.text.expose(), other.confidence), (NOTHING, None));
    }
}
