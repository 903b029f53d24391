//! What a runner without a model answers: a script that knows questions by their words.
//!
//! JSON lines `{"asked", "answer", "confidence"}`, the last where the runner says how sure it is. A prompt holds more than its question, such as documents and earlier turns, so the
//! entry counts whose `asked` ends last in the prompt; of two that end there, the longer one.

use serde::Deserialize;
use thiserror::Error;

/// Longest script, bytes.
pub const MAX_BYTES: u64 = 16 << 20;

/// Why a text is no script. Words of the script are not repeated.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "line {line} of the script is no JSON object with the texts `asked` and `answer`, and a number `confidence` at most"
)]
pub struct ScriptError {
    /// Line, counted from 1.
    pub line: usize,
}

/// Questions and answers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnswerScript(Vec<Entry>);

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Words by which the question is known.
    asked: String,
    /// What is answered.
    pub answer: String,
    /// How sure the runner says that it is. Not checked here: a runner may say anything.
    #[serde(default)]
    pub confidence: Option<f64>,
}

impl AnswerScript {
    /// Reads a script; blank lines mean nothing.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let entry = |(line, text)| serde_json::from_str(text).map_err(|_| ScriptError { line });
        lines.map(entry).collect::<Result<_, _>>().map(Self)
    }

    /// What is answered to the question in a prompt, if the script knows it.
    #[must_use]
    pub fn answer_to(&self, prompt: &str) -> Option<&Entry> {
        let ends = |entry: &Entry| prompt.rfind(&entry.asked).map(|at| at + entry.asked.len());
        let known = self.0.iter().filter_map(|entry| Some((ends(entry)?, entry.asked.len(), entry)));
        known.max_by_key(|(end, length, _)| (*end, *length)).map(|(_, _, entry)| entry)
    }
}

/// At most so many words of an answer, as a runner gives it whose tokens are words.
#[must_use]
pub fn first_words(answer: &str, most: u32) -> &str {
    let is_gap = |letter: char| letter.is_whitespace();
    let mut rest = answer;
    for _ in 0..most {
        let word = rest.trim_start();
        rest = word.find(is_gap).map_or("", |end| &word[end..]);
    }
    &answer[..answer.len() - rest.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_that_ends_last_is_answered() {
        let script = AnswerScript::parse(
            "{\"asked\":\"the limit?\",\"answer\":\"ten\"}\n\n{\"asked\":\"What is the limit?\",\"answer\":\"drops\"}\n\
             {\"asked\":\"And per hour?\",\"answer\":\"600\",\"confidence\":0.25}\n",
        )
        .expect("a script");
        let told = |prompt| script.answer_to(prompt).map(|told| (told.answer.as_str(), told.confidence));
        assert_eq!(told("user: What is the limit? assistant:"), Some(("drops", None)));
        let later = "user: What is the limit? assistant: ten. user: And per hour? assistant:";
        assert_eq!(told(later), Some(("600", Some(0.25))));
        assert_eq!(told("And so on"), None);
    }

    #[test]
    fn a_broken_line_is_named_and_not_repeated() {
        let error = AnswerScript::parse("{\"asked\":\"a\",\"answer\":\"b\"}\n{\"asked\":\"secret\"}")
            .expect_err("broken");
        assert_eq!(error, ScriptError { line: 2 });
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn answers_are_cut_between_words() {
        assert_eq!(first_words("  one two\nthree ", 2), "  one two");
        assert_eq!(first_words("one two\nthree ", 3), "one two\nthree");
        assert_eq!(first_words("one", 9), "one");
        assert_eq!(first_words("", 1), "");
    }
}
