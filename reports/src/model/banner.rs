//! The verdict in words.

use edgesoak_record::{Run, RunVerdict};

use super::sources::Pair;
use crate::words::gate::Mood;
use crate::words::text::sentence;

/// The first thing on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Banner {
    pub mood: Mood,
    /// The cause in plain English.
    pub sentence: String,
    /// What limits the verdict: reused, redacted, interrupted, virtual devices only.
    pub remarks: Vec<String>,
}

impl Banner {
    pub fn of(run: &Run, verdict: &RunVerdict, pairs: &[Pair<'_>]) -> Self {
        let mut remarks: Vec<String> =
            verdict.reused.iter().map(|reused| sentence(&reused.sentence)).collect();
        remarks.extend(verdict.redacted.iter().map(|remark| sentence(remark)));
        if let Some(why) = &run.interrupted {
            remarks.push(sentence(&format!("The run was ended early: {why}")));
        } else if !run.closed && !pairs.is_empty() {
            remarks.push("The run is not closed: it still runs or can be resumed.".to_owned());
        }
        if !pairs.is_empty() && pairs.iter().all(Pair::is_virtual) {
            remarks.push("◇ Virtual devices only: nothing here proves anything about hardware.".to_owned());
        }
        if pairs.iter().any(Pair::is_imported) {
            remarks.push(
                "Imported sessions were measured by another program: nothing of ours watched them."
                    .to_owned(),
            );
        }
        Self { mood: verdict.verdict.into(), sentence: sentence(&verdict.sentence), remarks }
    }
}
