//! Why a command could not do its work: a sentence, a hint, an exit code and a word for the last line.

use std::error::Error;
use std::fmt::Write as _;

use edgesoak_record::Verdict;

/// Exit code of usage and configuration errors.
pub const CONFIG: u8 = 2;
/// Exit code of infrastructure errors: the only one worth a retry.
pub const INFRASTRUCTURE: u8 = 4;

/// A command that ends without a verdict.
#[derive(Debug)]
pub struct Failure {
    message: String,
    causes: Vec<String>,
    hint: Option<String>,
    exit: u8,
    reason: &'static str,
    /// `message` is a whole text already.
    rendered: bool,
}

impl Failure {
    /// Something the user can mend in arguments, files or installation.
    pub fn config(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            causes: Vec::new(),
            hint: None,
            exit: CONFIG,
            reason: "configuration",
            rendered: false,
        }
    }

    /// There was nothing to evaluate.
    pub fn nothing(message: impl Into<String>) -> Self {
        Self { exit: Verdict::Nothing.exit_code(), reason: "nothing_planned", ..Self::config(message) }
    }

    /// A configuration error that shows its own source.
    pub fn diagnosed(report: &miette::Report) -> Self {
        Self::found(format!("{report:?}"))
    }

    /// A configuration error whose whole text is there already.
    pub fn found(text: String) -> Self {
        Self { message: text, rendered: true, ..Self::config("") }
    }

    /// Something of the lab or this host failed; trying again may help.
    pub fn infrastructure(message: impl Into<String>) -> Self {
        Self { exit: INFRASTRUCTURE, reason: "infrastructure", ..Self::config(message) }
    }

    /// Adds the chain of causes of an error.
    #[must_use]
    pub fn because(mut self, error: &dyn Error) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.causes.push(error.to_string());
            cause = error.source();
        }
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the word of the last line.
    #[must_use]
    pub fn reason(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    /// The chain of causes, outermost first.
    pub fn causes(&self) -> &[String] {
        &self.causes
    }

    /// The exit code.
    pub fn exit(&self) -> u8 {
        self.exit
    }

    /// `verdict=error exit=2 reason=configuration`.
    pub fn last_line(&self) -> String {
        format!("verdict=error exit={} reason={}", self.exit, self.reason)
    }

    /// What a person reads on stderr.
    pub fn render(&self) -> String {
        if self.rendered {
            return self.message.trim_end().to_owned();
        }
        let mut text = format!("error: {}", self.message);
        for cause in &self.causes {
            let _ = write!(text, "\n  because: {cause}");
        }
        if let Some(hint) = &self.hint {
            let _ = write!(text, "\n  hint: {hint}");
        }
        text
    }
}
