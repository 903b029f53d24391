//! `artifact`: every file on the device had its planned digest.

use edgesoak_record::gate::Gate;
use edgesoak_record::session::{JournalEnding, SessionRecord};

use crate::case::Case;
use crate::explain::Explained;
use crate::outcome::Finding;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Every file on the device (artifact, prompts, corpus, template, golden items) was hashed there with SHA-256, and each digest is the planned one.",
    decides: "One digest that differs fails it, however the session ended. A file that nobody hashed leaves it not proven.",
    settings: &[],
    source: "SHA-256, FIPS 180-4.",
};

/// What was planned, as (what, digest). Which items a session asks is known when it asks; an unknown digest is empty.
fn planned(record: &SessionRecord) -> Vec<(&'static str, &str)> {
    let workload = &record.planned.workload;
    let mut files = vec![
        ("artifact", record.planned.candidate.sha256.as_str()),
        ("prompts", workload.prompts.sha256.as_str()),
    ];
    files.extend(workload.retrieval.as_ref().map(|retrieval| ("corpus", retrieval.corpus.sha256.as_str())));
    files.extend(workload.template.file().map(|template| ("template", template.sha256.as_str())));
    files.extend(workload.images.iter().map(|image| ("image", image.sha256.as_str())));
    let items = record.golden.as_ref().map(|golden| golden.asked.items_sha256.as_deref().unwrap_or_default());
    files.extend(items.map(|digest| ("items", digest)));
    files
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let ending = case.record.journal.as_ref().map(|journal| &journal.ending);
    if let Some(JournalEnding::Finished { reason, .. }) = ending
        && reason == "digest-mismatch"
    {
        return Finding::fail(gate.word(), "A file on the device does not have its planned digest");
    }
    let files = planned(case.record);
    for (what, digest) in &files {
        let found: Vec<&str> = case
            .record
            .verified
            .iter()
            .filter(|file| file.what == *what)
            .map(|file| file.sha256.as_str())
            .collect();
        if found.is_empty() || digest.is_empty() {
            let words = format!("Nobody verified the digest of the {what} on the device");
            return Finding::not_proven("not_verified", words);
        }
        if found.iter().any(|found| found != digest) {
            let words = format!("The {what} on the device is not the planned file: its SHA-256 differs");
            return Finding::fail(gate.word(), words);
        }
    }
    let names: Vec<&str> = files.iter().map(|file| file.0).collect();
    Finding::pass(format!("The device has the planned files: {}", names.join(", ")))
        .observed(files.len() as u64)
}
