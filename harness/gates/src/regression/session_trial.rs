//! What one session says for a comparison.

use edgesoak_record::import::{SYSTEM_VERSION, TOLD_WORKLOAD};
use edgesoak_record::plan::{NamedTemplate, Template, Workload};
use edgesoak_record::slowdown::{Slowdown, Slowed};
use edgesoak_record::trial::{Burst, SessionTrial, Setup, Shown, SlowedBy, Trial, TrialAnswers};
use edgesoak_record::verdict::{GateResult, Outcome};
use edgesoak_record::{Import, hex};
use sha2::{Digest as _, Sha256};

use crate::answers::SessionAnswers;
use crate::case::obstacle::Obstacle;
use crate::case::{Case, ambient, supply};
use crate::promise::{burst_tps, evidence_grade, settled, sustained_tps};
use crate::verdict::precedence;

/// Why a session of items is no evidence here: its answers are counted whole, and decode rates are compared.
pub(super) const COUNTED_WHOLE: &str = "counted_by_items";
/// The template that an artifact brings along.
const OWN_TEMPLATE: &str = "artifact";
/// The question goes out bare.
const NO_TEMPLATE: &str = "question";

/// Reads a judged session. `doubt` is the first thing that speaks against it as evidence; which one, and whether there is
/// any, was decided before its rate was looked at.
#[must_use]
pub fn of_session(
    case: &Case,
    gates: &[GateResult],
    obstacle: Option<&Obstacle>,
    doubt: Option<&str>,
    slowdowns: &[Slowdown],
) -> SessionTrial {
    let planned = &case.record.planned;
    let began_s = case.record.journal.as_ref().map_or(case.run.opened, |journal| journal.wall).as_secs_f64();
    let trial = Trial {
        began_s,
        setup: setup(case),
        ambient: ambient::at_start(case).map(|air| air.celsius),
        grade: evidence_grade::of(case),
        is_imported: case.record.imported.is_some(),
        shown: shown(case, gates, obstacle, doubt),
        burst: match burst_tps::estimate(case) {
            Ok(estimate) => Burst::Rate(estimate.value),
            Err(missing) => Burst::Missing { cause: missing.cause.to_owned() },
        },
        slowed: slowdowns
            .iter()
            .find(|slowdown| slowdown.slowed == Slowed::Decode)
            .map(|slowdown| SlowedBy { cause: slowdown.cause, grade: slowdown.grade }),
        answers: answers(case, obstacle),
    };
    SessionTrial {
        run: case.run.id.clone(),
        session: planned.session.clone(),
        device: planned.device.id.clone(),
        family: planned.device.family.clone(),
        route: planned.route.id.clone(),
        candidate: planned.candidate.id.clone(),
        artifact_sha256: planned.candidate.sha256.clone(),
        is_virtual: case.is_virtual(),
        trial,
    }
}

/// None of a session that did not come to its end. Doubts are about times: they leave answers alone.
fn answers(case: &Case, obstacle: Option<&Obstacle>) -> Option<TrialAnswers> {
    let golden = case.record.golden.as_ref().filter(|_| obstacle.is_none())?;
    Some(SessionAnswers::of(golden).of_trial())
}

fn setup(case: &Case) -> Setup {
    let planned = &case.record.planned;
    let imported = case.record.imported.as_ref();
    let of_file = || imported?.fact(SYSTEM_VERSION).map(str::to_owned);
    let serial = planned.device.address.iter().find(|part| part.key == "serial");
    let template = match &planned.workload.template {
        Template::Artifact => OWN_TEMPLATE.to_owned(),
        Template::File(file) => file.sha256.clone(),
        Template::Named(NamedTemplate::Question) => NO_TEMPLATE.to_owned(),
    };
    Setup {
        unit: serial.map_or_else(|| planned.device.id.clone(), |part| part.value.clone()),
        os_build: case.record.os_build.clone().or_else(of_file),
        route: planned.route.id.clone(),
        workload: imported.map_or_else(|| of_plan(&planned.workload), of_import),
        template,
        power: Some(power(case).to_owned()),
    }
}

/// What comes after the soak changes nothing of it.
fn of_plan(workload: &Workload) -> String {
    digest(&Workload { recovery_probe: None, ..workload.clone() })
}

/// What the file's own session was asked is not known here: it is that of no other file, unless somebody says so.
fn of_import(import: &Import) -> String {
    let of_file = || format!("of file {}", import.file.sha256);
    import.fact(TOLD_WORKLOAD).map_or_else(of_file, |told| format!("{told} (as told)"))
}

/// What fed the device, as it was seen, else as it was planned.
fn power<'a>(case: &'a Case<'_>) -> &'a str {
    let end = case.telemetry.soak().map(|(_, end)| end);
    if supply::attached(case).is_some() {
        return "mains";
    }
    match end.map(|end| supply::discharged_throughout(case, end)) {
        Some(Ok(())) => "battery",
        _ => &case.record.planned.device.power,
    }
}

/// The beginning of the SHA-256 of a part of the plan as JSON.
fn digest(part: &impl serde::Serialize) -> String {
    // Plans are made of strings and numbers; one that cannot be written equals nothing.
    let bytes = serde_json::to_vec(part).unwrap_or_default();
    hex(&Sha256::digest(bytes)[..8])
}

fn shown(case: &Case, gates: &[GateResult], obstacle: Option<&Obstacle>, doubt: Option<&str>) -> Shown {
    let broken = gates.iter().find(|gate| gate.outcome == Outcome::Fail && precedence::is_integrity(gate));
    if let Some(gate) = broken {
        let sentence = gate.sentence.trim_end_matches('.').to_owned();
        return Shown::Broken { cause: gate.gate.word().to_owned(), sentence };
    }
    if case.is_of_items() {
        return Shown::Invalid { cause: COUNTED_WHOLE.to_owned() };
    }
    if let Some(cause) = obstacle.map(|obstacle| obstacle.cause.as_str()).or(doubt) {
        return Shown::Invalid { cause: cause.to_owned() };
    }
    match sustained_tps::estimate(case) {
        Ok(estimate) => Shown::Rate { rate: estimate.value, settled: settled::is_settled(case) },
        Err(missing) => Shown::Invalid { cause: missing.cause.to_owned() },
    }
}
