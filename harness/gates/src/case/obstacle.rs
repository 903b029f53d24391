//! Why a session cannot be evaluated as a whole.

use edgesoak_record::session::{CloseState, JournalEnding, SessionRecord};

/// Whether it is worth to try again, and what a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// What kind of end it was.
    pub kind: Kind,
    /// A stable word: lower-case letters, digits and underscores.
    pub cause: String,
    /// One sentence without the device's name.
    pub sentence: String,
}

/// Kinds of ends before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The runtime died, hung or had to be stopped for heat: the product's own outcome.
    Product,
    /// A person, the configuration or a start condition ended it; trying again changes nothing by itself.
    Decided,
    /// The lab or the harness failed; the only kind that is worth a retry.
    Infrastructure,
    /// It never began, and nobody said why.
    NeverBegan,
}

impl Obstacle {
    /// What stands in the way of evaluating this session; `None` when it ran to its end.
    #[must_use]
    pub fn of(record: &SessionRecord) -> Option<Self> {
        let ending = record.journal.as_ref().map(|journal| &journal.ending);
        let by_a_person = record.close.as_ref().is_some_and(|close| close.whose == "user");
        if let Some(JournalEnding::Finished { reason, detail }) = ending
            && reason != "completed"
            && !by_a_person
        {
            return Some(finished_early(reason, detail));
        }
        let Some(close) = &record.close else {
            return Some(not_closed(record));
        };
        match (close.state, ending) {
            (CloseState::Completed, Some(JournalEnding::Finished { .. })) => None,
            (CloseState::Completed, ending) => Some(journal_not_whole(ending)),
            (state, _) => Some(closed_early(state, &close.cause, &close.detail, &close.whose)),
        }
    }
}

/// The agent ended the session by itself.
fn finished_early(reason: &str, detail: &str) -> Obstacle {
    let (kind, what) = match reason {
        "temperature-limit" => (Kind::Product, "the agent stopped the session at its temperature limit"),
        "runtime-died" => (Kind::Product, "the runtime process died"),
        "runtime-silent" => (Kind::Product, "the runtime process hung and was killed"),
        "runtime-failed" => (Kind::Decided, "the runtime reported an error"),
        "battery-limit" => (Kind::Decided, "the agent stopped the session at its battery limit"),
        "stopped" => (Kind::Decided, "the session was stopped before its end"),
        "digest-mismatch" => (Kind::Decided, "a file on the device did not have its planned digest"),
        "setting-failed" => (Kind::Decided, "a setting of the device could not be made, or did not stay"),
        "start-gate-timeout" => (Kind::Decided, "a condition of the start did not come to hold in time"),
        "bad-input" => (Kind::Decided, "the agent could not use the job, the prompts or the template"),
        "disk-failed" => (Kind::Infrastructure, "the device's disk was full or failed"),
        _ => (Kind::Decided, "the agent ended the session early"),
    };
    Obstacle { kind, cause: word(reason), sentence: with_detail(what, detail) }
}

fn not_closed(record: &SessionRecord) -> Obstacle {
    let (kind, cause, sentence) = if record.journal.is_some() || !record.prompts.is_empty() {
        (Kind::Decided, "unfinished", "the session has not been closed by the host yet")
    } else {
        (Kind::NeverBegan, "not_run", "the session never began")
    };
    Obstacle { kind, cause: cause.to_owned(), sentence: sentence.to_owned() }
}

/// The host says that all is well, but the journal does not.
fn journal_not_whole(ending: Option<&JournalEnding>) -> Obstacle {
    let (cause, sentence) = match ending {
        None => ("no_journal", "there is no device journal".to_owned()),
        Some(JournalEnding::Corrupt(place)) => {
            ("journal_corrupt", with_detail("the device journal is damaged", place))
        }
        Some(JournalEnding::Torn) => ("journal_torn", "the device journal ends inside a frame".to_owned()),
        Some(_) => ("journal_open", "the device journal has no end".to_owned()),
    };
    Obstacle { kind: Kind::Infrastructure, cause: cause.to_owned(), sentence }
}

fn closed_early(state: CloseState, cause: &str, detail: &str, whose: &str) -> Obstacle {
    let cause = word(cause);
    let what = match state {
        CloseState::NotRun => "the session was not run",
        _ => "the session ended before its time",
    };
    // A device that restarts by itself may have done so for heat: never brushed aside as a lab problem.
    let kind = match (whose, cause.as_str()) {
        ("user" | "config", _) | (_, "stopped_by_user" | "start_gate_timeout" | "device_restarted") => {
            Kind::Decided
        }
        _ => Kind::Infrastructure,
    };
    let detail = if detail.is_empty() { cause.replace('_', " ") } else { detail.to_owned() };
    Obstacle { kind, cause, sentence: with_detail(what, &detail) }
}

/// A stable word out of text that may hold anything.
#[must_use]
pub fn word(text: &str) -> String {
    let word: String = text
        .chars()
        .take(40)
        .map(|char| if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '_' })
        .collect();
    if word.is_empty() { "unknown".to_owned() } else { word }
}

/// A sentence with a bounded, printable detail behind it.
fn with_detail(what: &str, detail: &str) -> String {
    let detail: String =
        detail.chars().map(|char| if char.is_control() { ' ' } else { char }).take(300).collect();
    let detail = detail.trim().trim_end_matches('.');
    if detail.is_empty() { what.to_owned() } else { format!("{what}: {detail}") }
}
