//! A charger that was plugged in during the soak: it heats, and vendors cap what a charging phone may draw.

use edgesoak_record::slowdown::{Cause, Grade, Share, Suspect};

use crate::attribution::cause::Found;
use crate::attribution::course::{self, Course};
use crate::case::{Case, supply};
use crate::defaults::CAUSE_LEAST_PART;

/// Time before the plug that tells the level until then, seconds.
const BEFORE_S: f64 = 60.0;

/// The charger as the cause: half of the loss came behind it, and only clocks, if anything, went with that.
pub fn plugged(case: &Case, course: &Course, winner: Option<&Share>) -> Option<Found> {
    if case.record.planned.device.power == "mains" {
        return None;
    }
    if winner.is_some_and(|share| !matches!(share.suspect, Suspect::Clock | Suspect::ThermalStatus)) {
        return None;
    }
    let seen = supply::attached(case)?;
    let place = seen.evidence?;
    let before: Vec<f64> = course
        .points
        .iter()
        .filter(|point| point.to <= place.from_s && point.to > place.from_s - BEFORE_S)
        .map(|point| point.slowness)
        .collect();
    if before.is_empty() {
        return None;
    }
    let level = course::level(course.slowed, &before);
    let (early, late) = course.levels(&course.slowness());
    let part = (late - level) / (late - early);
    let grade = if winner.is_some() { Grade::A } else { Grade::C };
    (part >= CAUSE_LEAST_PART).then(|| Found {
        cause: Cause::Charger,
        grade: Some(grade),
        seen: format!("{:.0} % of it came after {} changed", part * 100.0, place.channel),
        evidence: vec![place],
    })
}
