//! What a promise says before policy is applied.

use edgesoak_record::verdict::{Evidence, Outcome};

/// The outcome of one gate with its figures and its reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it says.
    pub outcome: Outcome,
    /// Measured value in the gate's unit.
    pub measured: Option<f64>,
    /// Lower one-sided 95 % bound.
    pub lo: Option<f64>,
    /// Upper one-sided 95 % bound.
    pub hi: Option<f64>,
    /// The limit it was held against.
    pub limit: Option<f64>,
    /// Observations behind the figure.
    pub n: u64,
    /// One sentence without the device's name and without a full stop.
    pub sentence: String,
    /// A stable word for a `Fail` or a `NotProven`.
    pub cause: Option<String>,
    /// Where to look.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    fn new(outcome: Outcome, cause: Option<&str>, sentence: impl Into<String>) -> Self {
        Self {
            outcome,
            measured: None,
            lo: None,
            hi: None,
            limit: None,
            n: 0,
            sentence: sentence.into(),
            cause: cause.map(str::to_owned),
            evidence: Vec::new(),
        }
    }

    /// The promise is kept.
    pub fn pass(sentence: impl Into<String>) -> Self {
        Self::new(Outcome::Pass, None, sentence)
    }

    /// The promise is broken.
    pub fn fail(cause: &str, sentence: impl Into<String>) -> Self {
        Self::new(Outcome::Fail, Some(cause), sentence)
    }

    /// Neither can be shown.
    pub fn not_proven(cause: &str, sentence: impl Into<String>) -> Self {
        Self::new(Outcome::NotProven, Some(cause), sentence)
    }

    /// A figure without a bar.
    pub fn info(sentence: impl Into<String>) -> Self {
        Self::new(Outcome::Info, None, sentence)
    }

    /// With its limit.
    #[must_use]
    pub fn limit(mut self, limit: Option<f64>) -> Self {
        self.limit = limit;
        self
    }

    /// With the number of observations alone.
    #[must_use]
    pub fn observed(mut self, n: u64) -> Self {
        self.n = n;
        self
    }

    /// With a place to look at.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Turned into a `NotProven` for what is missing.
    #[must_use]
    pub fn lacking(self, missing: &Missing) -> Self {
        let mut finding = self.withdrawn(missing.cause, &missing.sentence);
        let seen = missing.evidence.as_ref().filter(|seen| !finding.evidence.contains(seen));
        finding.evidence.extend(seen.cloned());
        finding
    }

    /// Turned into a `NotProven` for this reason; the figures stay, the sentence names the reason first.
    #[must_use]
    pub fn withdrawn(mut self, cause: &str, why: &str) -> Self {
        self.sentence = format!("{why} ({})", decapitalised(&self.sentence));
        self.outcome = Outcome::NotProven;
        self.cause = Some(cause.to_owned());
        self
    }
}

/// Why there is no figure: a stable word, a sentence, and where it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Missing {
    /// The stable word.
    pub cause: &'static str,
    /// One sentence without the device's name and without a full stop.
    pub sentence: String,
    /// Where to look, if one place shows it.
    pub evidence: Option<Evidence>,
}

impl Missing {
    /// Without a place.
    pub fn new(cause: &'static str, sentence: impl Into<String>) -> Self {
        Self { cause, sentence: sentence.into(), evidence: None }
    }

    /// With the channel and the time at which it was seen, seconds.
    #[must_use]
    pub fn seen(mut self, channel: &str, from_s: f64, to_s: f64) -> Self {
        self.evidence = Some(Evidence { channel: channel.to_owned(), from_s, to_s });
        self
    }
}

impl From<Missing> for Finding {
    fn from(missing: Missing) -> Self {
        let mut finding = Self::not_proven(missing.cause, missing.sentence);
        finding.evidence.extend(missing.evidence);
        finding
    }
}

/// Evidence in the token times between two moments, seconds.
#[must_use]
pub fn tokens(from_s: f64, to_s: f64) -> Evidence {
    Evidence { channel: "tokens".to_owned(), from_s, to_s }
}

/// For the middle of a sentence; abbreviations such as TTFT keep their capitals.
pub fn decapitalised(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if first.is_ascii_uppercase() && second.is_ascii_lowercase() => {
            first.to_ascii_lowercase().to_string() + &text[1..]
        }
        _ => text.to_owned(),
    }
}
