//! One question and what is found for it.

use edgesoak_prompts::Lookup;

use crate::options::Options;

/// What is said to a question, and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The label of an example, or a sentence and the document it stands in.
    pub text: String,
    /// Part of the score that the words of the question could reach; none where nothing is answered.
    pub share: Option<f64>,
}

/// The answer that fits best, if it fits well enough.
pub fn answer(lookup: &Lookup, options: &Options, question: &str) -> Answer {
    let Some(found) = lookup.find(question).filter(|found| found.share >= options.least_share) else {
        return Answer { text: options.otherwise.clone(), share: None };
    };
    let cited = || format!("{} [{}]", found.sentence, found.id).trim_start().to_owned();
    Answer { text: found.answer.map_or_else(cited, str::to_owned), share: Some(found.share) }
}

/// Words of a prompt; of one without any, one: there is no prompt of no tokens.
pub fn words(prompt: &str) -> u32 {
    u32::try_from(prompt.split_whitespace().count()).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(lines: &str, question: &str) -> String {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("artifact.jsonl");
        std::fs::write(&path, lines).expect("a small file can be written");
        let answer = answer(&Lookup::read(&path).expect("sound"), &Options::default(), question);
        assert_eq!(answer.share.is_none(), answer.text == Options::default().otherwise);
        answer.text
    }

    const DOCUMENTS: &str = r#"{"id":"pm-1","title":"Seals","text":"A seal leaks. Up to 10 drops are tolerated."}
{"id":"pm-2","title":"Permits","text":"The shift lead signs."}"#;

    #[test]
    fn documents_are_cited_and_examples_are_not() {
        assert_eq!(answered(DOCUMENTS, "drops tolerated"), "Up to 10 drops are tolerated. [pm-1]");
        let examples = r#"{"id":"e","text":"smoke from the motor","answer":"escalation"}"#;
        assert_eq!(answered(examples, "smoke motor"), "escalation");
    }

    #[test]
    fn what_fits_too_badly_is_not_answered() {
        let unknown = "Does the canteen of the plant next door serve soup after the shift?";
        assert_eq!(answered(DOCUMENTS, unknown), Options::default().otherwise);
        assert_eq!(answered(DOCUMENTS, ""), Options::default().otherwise);
    }
}
