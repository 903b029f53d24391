//! How much the telemetry can say about heat: the grade of evidence that a family may demand.

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, is_clock_of};

use crate::case::Case;
use crate::outcome::{Missing, quoted};

/// The grade of a session: `A` with cooling state, clock and recovery probe, `B` with clock and temperature,
/// `C` with either sign of heat alone.
pub fn of(case: &Case) -> Option<char> {
    let is_read = |channel: &Channel| case.telemetry.during_soak(channel).next().is_some();
    let read = |quantity| case.telemetry.of(quantity).any(is_read);
    let cooling = read(Quantity::CoolingState);
    let placement = &case.record.planned.candidate.placement;
    let of_the_decoder = |channel: &&Channel| is_clock_of(placement, &channel.name, channel.quantity);
    let clock = case.telemetry.of(Quantity::ClockCurrent).filter(of_the_decoder).any(is_read);
    let temperature = read(Quantity::Temperature);
    let recovery = case.record.prompts.iter().any(|prompt| prompt.phase == "recovering");
    match (cooling, clock, temperature) {
        (true, true, _) if recovery => Some('A'),
        (_, true, true) => Some('B'),
        (true, _, _) | (_, _, true) => Some('C'),
        _ => None,
    }
}

/// What the family's demand lacks; `None` when it demands nothing or has it.
pub fn lacking(case: &Case) -> Option<Missing> {
    let demanded = case.record.planned.device.evidence.as_deref()?;
    let rank = |grade: &str| ["A", "B", "C"].iter().position(|known| *known == grade);
    let has = of(case).and_then(|grade| rank(&grade.to_string()));
    let enough = rank(demanded).zip(has).is_some_and(|(demanded, has)| has <= demanded);
    let found = of(case).map_or("none".to_owned(), |grade| grade.to_string());
    let demanded = quoted(demanded, 8);
    let words = format!("The family demands heat evidence of grade {demanded}, and this session has {found}");
    (!enough).then(|| Missing::new("evidence_grade", words))
}
