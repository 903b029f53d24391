//! Why clocks fell: by heat, by order, or because the work went to other cores.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;
use edgesoak_record::slowdown::{Cause, Grade, Suspect};
use edgesoak_record::verdict::Evidence;

use crate::attribution::cause::Found;
use crate::attribution::cooling::{self, Sign};
use crate::attribution::course::Course;
use crate::attribution::suspects::{Burden, at_points, clocks};
use crate::case::Case;
use crate::defaults::{CAUSE_CLOCK_LN, CAUSE_LEAST_PART, CAUSE_WARMED_K};
use crate::figures;
use crate::outcome::quoted;

/// What cools, and what says that it is hot.
const COOLING: &[Quantity] = &[Quantity::CoolingState];
const ANNOUNCED: &[Quantity] = &[Quantity::ThermalStatus, Quantity::Headroom];
/// A part of what clocks lose that no cap shows.
const SLACK_LN: f64 = 0.05;
/// A clock has begun to fall when it has lost this part of what it loses.
const ONSET: f64 = 0.25;

/// Clocks with what they and their caps lost between the begin and the slowest stretch, as natural logarithms.
struct Fallen<'a> {
    channel: &'a Channel,
    lost: f64,
    /// `None` where no cap can be read.
    cap_lost: Option<f64>,
}

/// Why the clocks fell whose burden is `clock`.
#[must_use]
pub fn why(case: &Case, course: &Course, clock: &[f64], recovered: Option<f64>) -> Found {
    let fallen = fallen(case, course);
    if let Some(found) = other_cores(&fallen, course) {
        return found;
    }
    let came_back = recovered.is_some_and(|part| part >= CAUSE_LEAST_PART);
    let warmed = warmed(case, course, clock);
    let cooling = cooling::sign(case, course, clock, COOLING);
    let status = cooling::sign(case, course, clock, ANNOUNCED);
    let goes_with = |sign: &&Sign, quantities: &[Quantity]| {
        sign.part >= CAUSE_LEAST_PART
            && cooling::accompanied(case, quantities).is_none_or(|part| part >= CAUSE_LEAST_PART)
    };
    let cooled = cooling.as_ref().filter(|sign| goes_with(sign, COOLING));
    // Where cooling devices can be read, what is announced beside them proves nothing.
    let announced = status.as_ref().filter(|sign| cooling.is_none() && goes_with(sign, ANNOUNCED));
    let sign = cooled.or(announced);
    let unsaid = cooling.is_none() && status.is_none();
    if sign.is_some() || came_back || unsaid && warmed.is_some() {
        let grade = match (cooled.is_some() && came_back, warmed.is_some()) {
            (true, _) => Grade::A,
            (false, true) => Grade::B,
            (false, false) => Grade::C,
        };
        return heat(course, grade, sign, warmed);
    }
    by_order(&fallen, course, cooling.is_some())
}

/// A loss that a rest brought back, on a device that announced heat or warmed: a sign of heat, and no more than that.
#[must_use]
pub fn went_with_a_rest(
    case: &Case,
    course: &Course,
    burdens: &[Burden],
    recovered: Option<f64>,
) -> Option<Found> {
    recovered.filter(|part| *part >= CAUSE_LEAST_PART)?;
    let announced =
        |burden: &&Burden| burden.suspect == Suspect::ThermalStatus && course.rise(&burden.values) > 0.0;
    if let Some(burden) = burdens.iter().find(announced) {
        let (from_s, to_s) = course.late();
        let evidence = vec![Evidence { channel: burden.channel.clone(), from_s, to_s }];
        let seen = "the system announced heat".to_owned();
        return Some(Found { cause: Cause::Thermal, grade: Some(Grade::C), seen, evidence });
    }
    let warmed = warmed(case, course, &course.slowness())?;
    Some(heat(course, Grade::C, None, Some(warmed)))
}

/// A temperature that had risen before the clocks fell.
struct Warmed {
    channel: String,
    kelvin: f64,
    since: f64,
}

fn warmed(case: &Case, course: &Course, clock: &[f64]) -> Option<Warmed> {
    let (early, late) = course.means(clock);
    let begun = early + ONSET * (late - early);
    let onset = clock.iter().position(|burden| *burden >= begun)?;
    let of = |channel: &Channel| {
        let (_, cold) = case.telemetry.values(channel, f64::NEG_INFINITY, f64::INFINITY).next()?;
        let values = at_points(case, channel, &course.points)?;
        let warm = values.iter().position(|celsius| celsius - cold >= CAUSE_WARMED_K)?;
        let hottest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let since = course.points[warm].from;
        (warm <= onset).then(|| Warmed { channel: channel.name.clone(), kelvin: hottest - cold, since })
    };
    let warm = case.telemetry.of(Quantity::Temperature).filter_map(of);
    warm.max_by(|a, b| a.kelvin.total_cmp(&b.kelvin))
}

fn heat(course: &Course, grade: Grade, sign: Option<&Sign>, warmed: Option<Warmed>) -> Found {
    let (from_s, to_s) = course.late();
    let (mut seen, mut evidence) = (Vec::new(), Vec::new());
    if let Some(warmed) = warmed {
        seen.push(format!("{} had warmed by {:.0} K", quoted(&warmed.channel, 60), warmed.kelvin));
        evidence.push(Evidence { channel: warmed.channel, from_s: warmed.since, to_s });
    }
    if let Some(sign) = sign {
        seen.push(format!("{} rose with what they lost", quoted(&sign.channel, 60)));
        evidence.push(Evidence { channel: sign.channel.clone(), from_s, to_s });
    }
    Found { cause: Cause::Thermal, grade: Some(grade), seen: seen.join(", and "), evidence }
}

fn fallen<'a>(case: &'a Case, course: &Course) -> Vec<Fallen<'a>> {
    let caps = clocks(case, Quantity::ClockCap, &course.points);
    let lost = |values: &[f64]| -course.rise(values);
    let cap_of = |name: &str| {
        let stem = |name: &str| name.rsplit_once(['/', '_']).map(|(stem, _)| stem.to_owned());
        let of_clock = [stem(name), Some(name.to_owned())];
        let cap = caps.iter().find(|(cap, _)| {
            let of_cap = stem(&cap.name);
            of_cap.is_some() && of_clock.contains(&of_cap)
        });
        cap.map(|(_, values)| lost(values))
    };
    clocks(case, Quantity::ClockCurrent, &course.points)
        .into_iter()
        .map(|(channel, values)| Fallen { channel, lost: lost(&values), cap_lost: cap_of(&channel.name) })
        .collect()
}

/// One cluster went idle, though nothing forbade it to run, and another one woke up.
fn other_cores(fallen: &[Fallen], course: &Course) -> Option<Found> {
    let is_free = |clock: &&Fallen| clock.cap_lost.is_none_or(|lost| lost < clock.lost / 2.0);
    let left = fallen.iter().filter(|clock| clock.lost >= CAUSE_CLOCK_LN).find(is_free)?;
    let taken = fallen.iter().find(|clock| clock.lost <= -CAUSE_CLOCK_LN)?;
    let (from_s, to_s) = course.late();
    let grade = if left.cap_lost.is_some() { Grade::A } else { Grade::B };
    let name = |clock: &Fallen| quoted(&clock.channel.name, 60);
    let seen = format!("{} fell though it was free to run, and {} rose", name(left), name(taken));
    let evidence =
        [left, taken].map(|clock| Evidence { channel: clock.channel.name.clone(), from_s, to_s }).to_vec();
    Some(Found { cause: Cause::SlowerCores, grade: Some(grade), seen, evidence })
}

/// Caps fell without any sign of heat; where no cap fell, nobody knows why the clocks did.
fn by_order(fallen: &[Fallen], course: &Course, cooling_is_read: bool) -> Found {
    let capped = |clock: &&Fallen| {
        clock.lost > SLACK_LN && clock.cap_lost.is_some_and(|lost| lost >= clock.lost / 2.0)
    };
    let (from_s, to_s) = course.late();
    let Some(clock) = fallen.iter().filter(capped).max_by(|a, b| a.lost.total_cmp(&b.lost)) else {
        let seen = "the clocks fell, and no cap and no sign of heat with them".to_owned();
        return Found { cause: Cause::Unexplained, grade: None, seen, evidence: Vec::new() };
    };
    let percent = figures::with_unit(1.0 - (-clock.lost).exp(), "ratio");
    let name = quoted(&clock.channel.name, 60);
    let (grade, words) = if cooling_is_read {
        (Grade::A, "and no cooling device was behind it")
    } else {
        (Grade::B, "without a sign of heat")
    };
    Found {
        cause: Cause::PolicyCap,
        grade: Some(grade),
        seen: format!("{name} and its cap fell by {percent}, {words}"),
        evidence: vec![Evidence { channel: clock.channel.name.clone(), from_s, to_s }],
    }
}
