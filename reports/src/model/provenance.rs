//! Where everything came from: versions, digests, boots.

use std::collections::BTreeMap;

use edgesoak_record::memory::{MemoryPart, mebibytes};
use edgesoak_record::plan::SourceFile;
use edgesoak_record::session::{JournalEnding, RuntimeExit};
use edgesoak_record::{Import, MemoryOutlook, Run, SessionRecord};

use super::Fact;
use super::sources::Pair;
use crate::words::number::{bytes, plural};
use crate::words::text::{bounded, digest, name, sentence};
use crate::words::time::{date, span};

/// Different values of one thing that are listed.
const MOST_VALUES: usize = 24;

pub(super) fn of_run(run: &Run, pairs: &[Pair<'_>]) -> Vec<Fact> {
    let plan = &run.plan;
    let mut facts = vec![
        Fact::new("Run", name(&run.id), date(run.opened)),
        Fact::new("EdgeSoak", name(&run.version), ""),
        Fact::new("Plan", name(&plan.id), format!("schema {}, profile {}", plan.schema, name(&plan.profile))),
        Fact::new("Policy", bounded(&plan.policy_digest, 64), format!("tier {}", name(&plan.policy.tier))),
        Fact::new("Expected duration", span(plan.expected_s), ""),
    ];
    facts.extend(KINDS.iter().flat_map(|(label, of)| everywhere(label, *of, pairs)));
    facts
}

/// What a version or a digest is of, and where it is read.
type Kind = (&'static str, fn(&SessionRecord) -> Option<String>);

/// Whatever must be the same for a run to be made again.
const KINDS: &[Kind] = &[
    ("Artifact", |record| {
        let candidate = &record.planned.candidate;
        let quantisation = candidate.quantisation.as_deref().map(|text| format!(" {}", name(text)));
        let title = format!("{}{}", name(&candidate.id), quantisation.unwrap_or_default());
        Some(format!("{title} · {}", bounded(&candidate.sha256, 64)))
    }),
    ("Runtime", |record| {
        let runtime = record.runtime.as_ref()?;
        Some(format!("{} {}", name(&runtime.runtime), name(&runtime.version)))
    }),
    ("Runner", |record| verified(record, "runner")),
    ("Agent", |record| Some(name(&record.journal.as_ref()?.agent))),
    ("Operating system", |record| Some(name(record.os_build.as_deref()?))),
    ("Prompts", |record| Some(source(&record.planned.workload.prompts))),
    ("Template", |record| Some(source(record.planned.workload.template.file()?))),
    ("Corpus", |record| Some(source(&record.planned.workload.retrieval.as_ref()?.corpus))),
    ("Golden set", |record| {
        let asked = &record.golden.as_ref()?.asked;
        Some(format!("{} · {}", name(&asked.set), bounded(&asked.set_digest, 64)))
    }),
];

fn source(file: &SourceFile) -> String {
    format!("{} · {}", name(&file.path), bounded(&file.sha256, 64))
}

fn verified(record: &SessionRecord, what: &str) -> Option<String> {
    let file = record.verified.iter().find(|file| file.what == what)?;
    Some(bounded(&file.sha256, 64))
}

/// Each value that any session has, with the number of sessions that have it.
fn everywhere(label: &str, of: fn(&SessionRecord) -> Option<String>, pairs: &[Pair<'_>]) -> Vec<Fact> {
    let mut values: BTreeMap<String, usize> = BTreeMap::new();
    for value in pairs.iter().filter_map(|pair| of(pair.record?)) {
        *values.entry(value).or_default() += 1;
    }
    let more = values.len().saturating_sub(MOST_VALUES);
    let fact = |(value, sessions): (String, usize)| Fact::new(label, value, plural(sessions, "session"));
    let mut facts: Vec<Fact> = values.into_iter().take(MOST_VALUES).map(fact).collect();
    if more > 0 {
        facts.push(Fact::new(label, format!("{more} more"), "they stand in the database"));
    }
    facts
}

/// The runtime process and the proof of where its work ran.
pub(super) fn runtime(record: &SessionRecord) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(runtime) = &record.runtime {
        let how = format!("{} threads, context {}", runtime.threads, runtime.context);
        facts.push(Fact::new(
            "Runtime",
            format!("{} {}", name(&runtime.runtime), name(&runtime.version)),
            how,
        ));
        facts.push(Fact::new("Load", span(runtime.load.as_secs_f64()), "as the engine reports it"));
        facts.push(Fact::new("CPU features", features(&runtime.cpu_features), ""));
        facts.push(Fact::new("Exit", runtime.exit.as_ref().map_or("not seen".to_owned(), exit), ""));
    } else {
        facts.push(Fact::new("Runtime", "did not start", ""));
    }
    // A program from adb is killed later than an app: what survived there says less.
    if let Some(note) = record.notes.iter().find(|note| note.code.starts_with("oom-score")) {
        facts.push(Fact::new("Out of memory", sentence(&note.text), name(&note.code)));
    }
    match &record.placement {
        Some(placement) => {
            let parts: Vec<String> = placement
                .actual
                .iter()
                .take(6)
                .map(|part| format!("{} {} {}", part.units, name(&placement.unit), name(&part.device)))
                .collect();
            let asked = format!("asked for {}, {}", name(&placement.requested), name(&placement.confidence));
            facts.push(Fact::new("Placement", parts.join(", "), asked));
            facts.push(Fact::new("Evidence", sentence(&placement.evidence), sentence(&placement.raw)));
        }
        None => facts.push(Fact::new("Placement", "not reported", "the runtime gave no evidence")),
    }
    facts
}

/// What was expected of its memory, part by part.
pub(super) fn memory(outlook: &MemoryOutlook) -> Vec<Fact> {
    let prediction = match outlook {
        MemoryOutlook::Predicted(prediction) => prediction,
        MemoryOutlook::NotPredicted(why) => {
            return vec![Fact::new("Memory predicted", "not predicted", sentence(why))];
        }
    };
    let total = Fact::new("Memory predicted", mebibytes(prediction.total), "before anything was pushed");
    let part = |part: &MemoryPart| Fact::new(part.what.title(), mebibytes(part.bytes), sentence(&part.basis));
    std::iter::once(total).chain(prediction.parts.iter().take(8).map(part)).collect()
}

fn features(features: &[String]) -> String {
    if features.is_empty() {
        return "not reported".to_owned();
    }
    features.iter().take(24).map(|feature| name(feature)).collect::<Vec<_>>().join(" ")
}

fn exit(exit: &RuntimeExit) -> String {
    let how = match (exit.code, exit.signal) {
        (_, Some(signal)) => format!("killed by signal {signal}"),
        (Some(0), None) => "in order".to_owned(),
        (Some(code), None) => format!("with code {code}"),
        (None, None) => "unknown".to_owned(),
    };
    let rss =
        exit.last_rss_bytes.map(|size| format!(", last resident set {}", bytes(size))).unwrap_or_default();
    let words = if exit.last_words.is_empty() {
        String::new()
    } else {
        format!(": “{}”", sentence(&exit.last_words))
    };
    format!("{how}{rss}{words}")
}

/// Journal, boot and digests of a session.
pub(super) fn session(record: &SessionRecord) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(import) = &record.imported {
        return imported(import);
    }
    if let Some(journal) = &record.journal {
        let ending = match &journal.ending {
            JournalEnding::Finished { reason, .. } => format!("finished: {}", name(reason)),
            JournalEnding::Open => "open: the agent was killed or still runs".to_owned(),
            JournalEnding::Torn => "torn in the middle of a frame".to_owned(),
            JournalEnding::Corrupt(place) => format!("damaged: {}", sentence(place)),
        };
        let length = span(journal.last.since(journal.mono).as_secs_f64());
        facts.push(Fact::new("Journal", ending, length));
        facts.push(Fact::new("Opened", date(journal.wall), "the device's own clock"));
        facts.push(Fact::new("Agent", name(&journal.agent), ""));
        facts.push(Fact::new("Boot", name(&journal.boot_id), ""));
    } else {
        facts.push(Fact::new("Journal", "none", "the host has no frame of this session"));
    }
    facts.extend(clocks(record));
    for file in record.verified.iter().take(12) {
        let remark = format!("{}, {}…", bytes(file.bytes), digest(&file.sha256));
        facts.push(Fact::new("Verified on the device", name(&file.what), remark));
    }
    let planned = &record.planned;
    facts.push(Fact::new("Planned artifact", bounded(&planned.candidate.sha256, 64), licence(record)));
    facts.push(Fact::new(
        "Prompts",
        name(&planned.workload.prompts.path),
        digest(&planned.workload.prompts.sha256),
    ));
    facts
}

/// What the file of an imported session says of it.
fn imported(import: &Import) -> Vec<Fact> {
    let place = format!("{}, line {}, {}", name(&import.format), import.line, bytes(import.file.bytes));
    let mut facts = vec![
        Fact::new("Imported from", name(&import.file.path), place),
        Fact::new("File", bounded(&import.file.sha256, 64), "kept in the run's folder"),
    ];
    facts.extend(
        import.facts.iter().take(32).map(|fact| Fact::new(&name(&fact.about), sentence(&fact.text), "")),
    );
    facts
}

fn licence(record: &SessionRecord) -> String {
    record
        .planned
        .candidate
        .licence
        .as_deref()
        .map(|text| format!("licence {}", name(text)))
        .unwrap_or_default()
}

fn clocks(record: &SessionRecord) -> Option<Fact> {
    let best = record.clock_offsets.iter().min_by_key(|offset| offset.uncertainty_ns)?;
    let last = record.clock_offsets.last()?;
    let remark = format!("suspended for {}", span(last.suspended.as_secs_f64()));
    let text = format!(
        "{} ± {}\u{a0}µs",
        plural(record.clock_offsets.len(), "comparison"),
        crate::words::number::fixed(best.uncertainty_ns as f64 / 1e3, 0)
    );
    Some(Fact::new("Clock offset", text, remark))
}
