//! `artifact`: every file on the device had its planned digest.

use std::collections::BTreeSet;

use edgesoak_record::gate::Gate;
use edgesoak_record::session::{JournalEnding, SessionRecord};

use crate::case::Case;
use crate::explain::Explained;
use crate::outcome::Finding;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Every file on the device (artifact, prompts, corpus, template, images, golden items) was hashed there with SHA-256, and the digests of each kind are the planned ones: all of them, and no other.",
    decides: "One digest that differs fails it, however the session ended. A file that nobody hashed leaves it not proven.",
    settings: &[],
    source: "SHA-256, FIPS 180-4.",
};

/// What was planned: each kind of file, with the digests of those of it. Which items a session asks is known when it asks;
/// an unknown digest is empty.
fn planned(record: &SessionRecord) -> Vec<(&'static str, BTreeSet<&str>)> {
    let workload = &record.planned.workload;
    let one = |what, digest| (what, BTreeSet::from([digest]));
    let mut files = vec![
        one("artifact", record.planned.candidate.sha256.as_str()),
        one("prompts", workload.prompts.sha256.as_str()),
    ];
    files
        .extend(workload.retrieval.as_ref().map(|retrieval| one("corpus", retrieval.corpus.sha256.as_str())));
    files.extend(workload.template.file().map(|template| one("template", template.sha256.as_str())));
    let asked = record.golden.as_ref().map(|golden| &golden.asked);
    let of_prompts = workload.images.iter().map(|image| &image.sha256);
    let of_items = asked.into_iter().flat_map(|asked| &asked.items).flat_map(|item| &item.images);
    let images: BTreeSet<&str> = of_prompts.chain(of_items).map(String::as_str).collect();
    files.extend((!images.is_empty()).then_some(("image", images)));
    let items = asked.map(|asked| asked.items_sha256.as_deref().unwrap_or_default());
    files.extend(items.map(|digest| one("items", digest)));
    files
}

/// The digests that the device found of a kind of file.
fn verified<'a>(record: &'a SessionRecord, what: &str) -> BTreeSet<&'a str> {
    let files = record.verified.iter().filter(|file| file.what == what);
    files.map(|file| file.sha256.as_str()).collect()
}

/// Judges it. A file that is another one outweighs one that nobody looked at.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let ending = case.record.journal.as_ref().map(|journal| &journal.ending);
    if let Some(JournalEnding::Finished { reason, .. }) = ending
        && reason == "digest-mismatch"
    {
        return Finding::fail(gate.word(), "A file on the device does not have its planned digest");
    }
    let files = planned(case.record);
    let known = |digests: &BTreeSet<&str>| !digests.contains("");
    let is_other = |(what, digests): &&(&str, BTreeSet<&str>)| {
        known(digests) && !verified(case.record, what).is_subset(digests)
    };
    if let Some((what, _)) = files.iter().find(is_other) {
        let words = format!("The {what} on the device is not the planned file: its SHA-256 differs");
        return Finding::fail(gate.word(), words);
    }
    let is_open = |(what, digests): &&(&str, BTreeSet<&str>)| {
        !known(digests) || !digests.is_subset(&verified(case.record, what))
    };
    if let Some((what, _)) = files.iter().find(is_open) {
        let words = format!("Nobody verified the digest of the {what} on the device");
        return Finding::not_proven("not_verified", words);
    }
    let names: Vec<&str> = files.iter().map(|file| file.0).collect();
    let count: usize = files.iter().map(|file| file.1.len()).sum();
    Finding::pass(format!("The device has the planned files: {}", names.join(", "))).observed(count as u64)
}
