//! How much the telemetry can say about heat: the grade of evidence that a family owes for a claim that blocks.

use edgesoak_record::gate::Gate;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::session::Channel;
use edgesoak_record::slowdown::Grade;
use edgesoak_record::verdict::Outcome;
use edgesoak_record::{Quantity, is_clock_of};

use crate::case::Case;
use crate::outcome::{Finding, Missing};

/// Claims about what heat does to speed. That a bar of temperature is kept needs a thermometer and no more.
const CLAIMS: &[Gate] = &[
    Gate::SustainedTps,
    Gate::FloorTps,
    Gate::WorstMinuteTps,
    Gate::Last30sTps,
    Gate::Retention,
    Gate::ThrottleDepth,
    Gate::TimeToThrottle,
    Gate::TimeTo90,
    Gate::TimeTo75,
    Gate::Regression,
];

/// The best that a file of another program can hold: signs of heat, and neither caps nor cooling devices behind them.
const MOST_IMPORTED: Grade = Grade::C;

/// What `edgesoak explain` says of doubts about a claim.
pub const EXPLAINED: &str = "A session that is no good evidence takes its pass away, or both pass and fail; so does less evidence of heat than the family owes, which takes a pass: grade A is cooling state, clock and recovery probe, B clock and temperature, C one sign of heat. An imported session owes C at the most. The sentence says why.";

/// Whether a gate claims what heat does to speed.
#[must_use]
pub fn is_claim(gate: Gate) -> bool {
    CLAIMS.contains(&gate)
}

/// The grade of a session: `A` with cooling state, clock and recovery probe, `B` with clock and temperature,
/// `C` with either sign of heat alone.
pub fn of(case: &Case) -> Option<Grade> {
    let is_read = |channel: &Channel| case.telemetry.during_soak(channel).next().is_some();
    let read = |quantity| case.telemetry.of(quantity).any(is_read);
    let cooling = read(Quantity::CoolingState);
    let placement = &case.record.planned.candidate.placement;
    let of_the_decoder = |channel: &&Channel| is_clock_of(placement, &channel.name, channel.quantity);
    let clock = case.telemetry.of(Quantity::ClockCurrent).filter(of_the_decoder).any(is_read);
    let temperature = read(Quantity::Temperature);
    let status = read(Quantity::ThermalStatus);
    let recovery = case.record.prompts.iter().any(|prompt| prompt.phase == "recovering");
    match (cooling, clock, temperature) {
        (true, true, _) if recovery => Some(Grade::A),
        (_, true, true) => Some(Grade::B),
        (true, _, _) | (_, _, true) => Some(Grade::C),
        _ if status => Some(Grade::C),
        _ => None,
    }
}

/// Whether a session of this grade has what is owed. An imported one cannot owe what no file of its kind can show.
#[must_use]
pub fn is_enough(owed: Grade, has: Option<Grade>, is_imported: bool) -> bool {
    let owed = if is_imported { owed.max(MOST_IMPORTED) } else { owed };
    has.is_some_and(|has| has.reaches(owed))
}

/// A grade as it stands in a sentence.
#[must_use]
pub fn letter(grade: Option<Grade>) -> String {
    grade.map_or_else(|| "none".to_owned(), |grade| grade.letter().to_string())
}

/// A pass of a blocking claim about heat, held against what the family owes for it; everything else stays as it is.
pub fn owed(case: &Case, gate: Gate, finding: Finding) -> Finding {
    if finding.outcome != Outcome::Pass || !is_claim(gate) {
        return finding;
    }
    match lacking(case) {
        Some(missing) => finding.lacking(&missing),
        None => finding,
    }
}

/// What the session lacks; `None` where nothing is owed, or it has it.
fn lacking(case: &Case) -> Option<Missing> {
    let device = &case.record.planned.device;
    let by_device = || Grade::from_letter(device.evidence.as_deref()?);
    let owed = OwedEvidence::by(&device.family, &case.run.plan.policy.evidence).or_else(by_device)?;
    let has = of(case);
    let words = format!(
        "The family owes heat evidence of grade {}, and this session has {}",
        owed.letter(),
        letter(has)
    );
    (!is_enough(owed, has, case.record.imported.is_some())).then(|| Missing::new("evidence_grade", words))
}
