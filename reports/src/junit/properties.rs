//! Digests, versions and figures as properties: what a machine reads beside the outcomes.

use edgesoak_record::comparison::Comparison;
use edgesoak_record::plan::PlannedSession;
use edgesoak_record::verdict::GateResult;
use edgesoak_record::{Release, Run, RunVerdict, SessionRecord, SessionVerdict};

use crate::comparison;
use crate::words::text::{bounded, name, sentence};

/// Longest digest shown: that of SHA-512 in hex.
const DIGEST: usize = 128;
/// Most files that were verified on a device, and most sentences of what was accepted.
const MOST: usize = 12;

type Properties = Vec<(String, String)>;

pub(super) fn of_run(run: &Run, verdict: &RunVerdict) -> Properties {
    let plan = &run.plan;
    let mut pairs = vec![
        ("run", name(&run.id)),
        ("edgesoak", name(&run.version)),
        ("verdict", verdict.verdict.word().to_owned()),
        ("exit", verdict.exit.to_string()),
        ("reason", name(&verdict.reason)),
        ("profile", name(&plan.profile)),
        ("tier", name(&plan.policy.tier)),
        ("plan", name(&plan.id)),
        ("policy_digest", bounded(&plan.policy_digest, DIGEST)),
    ];
    pairs.extend(verdict.reused.iter().map(|reused| ("reused", sentence(&reused.sentence))));
    pairs.extend(verdict.redacted.iter().map(|remark| ("redacted", sentence(remark))));
    pairs.extend(verdict.accepted.iter().take(MOST).map(|words| ("accepted", sentence(words))));
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub(super) fn of_comparison(comparison: &Comparison) -> Properties {
    let mut pairs = vec![
        ("verdict".to_owned(), comparison.verdict.word().to_owned()),
        ("exit".to_owned(), comparison.exit.to_string()),
        ("reason".to_owned(), name(&comparison.reason)),
        ("policy".to_owned(), comparison::policy(comparison)),
    ];
    for side in &comparison.sides {
        let word = comparison::word(side);
        pairs.push((format!("{word}.runs"), comparison::listed(&side.runs)));
        let artifacts = side.artifacts_sha256.iter().take(MOST);
        pairs.extend(artifacts.map(|sha256| (format!("{word}.artifact_sha256"), bounded(sha256, DIGEST))));
    }
    let accepted = comparison.accepted.iter().take(MOST);
    pairs.extend(accepted.map(|words| ("accepted".to_owned(), sentence(words))));
    pairs
}

pub(super) fn of_release(release: &Release) -> Properties {
    let mut pairs = vec![
        ("release".to_owned(), name(&release.name)),
        ("verdict".to_owned(), release.verdict.word().to_owned()),
        ("exit".to_owned(), release.exit.to_string()),
        ("reason".to_owned(), name(&release.reason)),
        ("tier".to_owned(), name(&release.tier)),
        ("policy_digest".to_owned(), bounded(&release.policy_digest, DIGEST)),
    ];
    for held in &release.references {
        pairs.push((held.reference.title().to_owned(), name(&held.name)));
    }
    pairs.extend(release.accepted.iter().take(MOST).map(|words| ("accepted".to_owned(), sentence(words))));
    pairs
}

/// What there is of a session. `prefix` tells repetitions apart.
pub(super) fn of_session(
    prefix: &str,
    planned: Option<&PlannedSession>,
    record: Option<&SessionRecord>,
    verdict: Option<&SessionVerdict>,
) -> Properties {
    let mut pairs = planned.map(of_plan).unwrap_or_default();
    pairs.extend(record.map(of_record).unwrap_or_default());
    if let Some(verdict) = verdict {
        pairs.push(("session".to_owned(), name(&verdict.session)));
        pairs.push(("virtual".to_owned(), verdict.is_virtual.to_string()));
        if verdict.is_imported {
            pairs.push(("imported".to_owned(), true.to_string()));
        }
        pairs.push(("verdict".to_owned(), verdict.verdict.word().to_owned()));
        pairs.extend(verdict.gates.iter().flat_map(of_gate));
    }
    for pair in &mut pairs {
        pair.0.insert_str(0, prefix);
    }
    pairs
}

fn of_plan(planned: &PlannedSession) -> Properties {
    let workload = &planned.workload;
    let mut pairs = vec![
        ("family", name(&planned.device.family)),
        ("runtime", name(&planned.candidate.runtime)),
        ("artifact_sha256", bounded(&planned.candidate.sha256, DIGEST)),
        ("prompts_sha256", bounded(&workload.prompts.sha256, DIGEST)),
    ];
    pairs.extend(workload.template.file().map(|file| ("template_sha256", bounded(&file.sha256, DIGEST))));
    pairs.extend(planned.candidate.quantisation.as_deref().map(|text| ("quantisation", name(text))));
    pairs.extend(planned.route.golden_set.as_deref().map(|text| ("golden_set", name(text))));
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn of_record(record: &SessionRecord) -> Properties {
    let mut pairs: Properties = Vec::new();
    if let Some(runtime) = &record.runtime {
        pairs.push(("runtime_version".to_owned(), name(&runtime.version)));
    }
    if let Some(journal) = &record.journal {
        pairs.push(("agent".to_owned(), name(&journal.agent)));
    }
    if let Some(leaks) = &record.leaks {
        let places = leaks.searches.iter().map(|searched| searched.places.len()).sum::<usize>();
        let counts = [
            ("planted", leaks.planted.secrets.len()),
            ("handled", leaks.handled()),
            ("places", places),
            ("found", leaks.found().count()),
        ];
        pairs.extend(counts.map(|(what, number)| (format!("secrets.{what}"), number.to_string())));
    }
    if let Some(golden) = &record.golden {
        let texts = golden.answers.iter().filter(|answer| answer.text.is_some()).count();
        pairs.push(("answers.texts_stored".to_owned(), texts.to_string()));
    }
    pairs.extend(
        record
            .verified
            .iter()
            .take(MOST)
            .map(|file| (format!("verified_sha256.{}", name(&file.what)), bounded(&file.sha256, DIGEST))),
    );
    pairs
}

/// The value of a gate with its bounds and bar, in the gate's unit, as many digits as there are.
fn of_gate(gate: &GateResult) -> Properties {
    let figures = [("", gate.measured), (".lo", gate.lo), (".hi", gate.hi), (".limit", gate.limit)];
    let finite =
        figures.into_iter().filter_map(|(part, value)| Some((part, value.filter(|v| v.is_finite())?)));
    let mut pairs: Properties =
        finite.map(|(part, value)| (format!("{}{part}", gate.gate), format!("{value:?}"))).collect();
    if !pairs.is_empty() && !gate.unit.is_empty() {
        pairs.push((format!("{}.unit", gate.gate), name(&gate.unit)));
    }
    pairs
}
