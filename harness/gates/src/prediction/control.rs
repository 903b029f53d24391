//! What is known of the governors of a device: at which temperatures of which zones they step its clocks down and up.
//!
//! Trip points and clocks are the device's own word. How often a governor looks, it does not tell: its steps do. A vendor
//! may lower clocks by a table of its own besides; a clock that fell while every trip point was far shows that there is one.

use edgesoak_record::Quantity;
use edgesoak_record::thermal_limits::{Cooled, GovernedZone, ThermalLimits, TripPoint};

use super::coolers;
use super::observed::{Observed, Zone};
use crate::case::Case;

/// A trip point so near was reached: between two readings a zone may have been this much warmer, K.
const NEAR_K: f64 = 0.5;
/// A reading that belongs to a change of clocks is no further off, seconds.
const AROUND_S: f64 = 2.0;
/// Governors look no more often and no less often, seconds.
const POLLS_S: (f64, f64) = (0.5, 60.0);
/// Two steps within so many shortest spacings are neighbours.
const NEIGHBOURS: f64 = 1.5;

/// A clock within this part of the highest is the highest.
const STILL: f64 = 1e-3;
/// Changes of clocks that are followed.
const MOST_CHANGES: usize = 10_000;

/// A step-wise governor of one trip point.
#[derive(Debug, Clone, PartialEq)]
pub struct Governor {
    /// Position of its zone.
    pub zone: usize,
    /// It takes a clock with every look while the zone is at least so warm and rises, °C.
    pub trip_c: f64,
    /// It gives one back with every look below this, °C.
    pub release_c: f64,
    /// Time between two looks, seconds; `None` where it was never seen to act.
    pub poll_s: Option<f64>,
    /// Clocks that it takes at least, once it takes any.
    pub least: usize,
    /// Clocks that it takes at most; `None` where nobody says.
    pub most: Option<usize>,
}

impl Governor {
    /// Whether it takes clocks one by one, rather than all that it ever takes at once.
    #[must_use]
    pub fn steps(&self) -> bool {
        self.most != Some(self.least)
    }

    /// Whether the soak shows how it acts.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.poll_s.is_some() || !self.steps()
    }
}

/// What is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Control {
    /// The governors.
    pub governors: Vec<Governor>,
    /// Zones with the temperatures at which the device ends itself, °C.
    pub ends: Vec<(usize, f64)>,
}

/// The governors of a session's device, or why they are not known.
pub fn of(case: &Case, seen: &Observed) -> Result<Control, &'static str> {
    let limits = case.thermal_limits().ok_or("its trip points cannot be read")?;
    if limits.partial {
        return Err("not all of its trip points could be read");
    }
    if seen.clock.ladder.is_empty() {
        return Err("it does not tell its clocks");
    }
    if seen.clock.changes.len() > MOST_CHANGES {
        return Err("its clocks change too often to follow them");
    }
    let control = control(&limits, &case.record.planned.candidate.placement, seen)?;
    let courses = courses(case, seen, &control.governors);
    if control.governors.iter().any(|governor| is_idle(governor, &courses[governor.zone], seen)) {
        return Err("a trip point was passed and nothing came of it");
    }
    let falls = falls(&courses, seen, &control.governors);
    if falls.iter().any(|fall| !fall.is_explained) {
        return Err("clocks were taken away at no trip point of its own");
    }
    let governors = control.governors.into_iter();
    let governors = governors.map(|governor| Governor { poll_s: poll(&falls, governor.zone), ..governor });
    Ok(Control { governors: governors.collect(), ..control })
}

fn control(limits: &ThermalLimits, placement: &str, seen: &Observed) -> Result<Control, &'static str> {
    let mut control = Control::default();
    for governed in &limits.zones {
        let zone = seen.zones.iter().position(|zone| zone.source == governed.source);
        for trip in &governed.trips {
            let coolers = coolers(trip, placement)?;
            if coolers.is_empty() && trip.kind != "critical" {
                continue;
            }
            let Some(zone) = zone else {
                return Err("a zone with trip points was not read throughout");
            };
            if trip.celsius <= seen.ambient {
                return Err("a trip point is no warmer than the air");
            }
            if trip.kind == "critical" {
                control.ends.push((zone, trip.celsius));
            } else {
                control.governors.push(governor(governed, (trip, &coolers), zone)?);
            }
        }
    }
    Ok(control)
}

/// The cooling devices of a trip point that take clocks from what decodes.
fn coolers<'a>(trip: &'a TripPoint, placement: &str) -> Result<Vec<&'a Cooled>, &'static str> {
    let mut acting = Vec::new();
    for cooled in &trip.cools {
        if coolers::acts_on(placement, &cooled.kind)
            .ok_or("nobody knows what one of its cooling devices takes")?
        {
            acting.push(cooled);
        }
    }
    Ok(acting)
}

fn governor(
    governed: &GovernedZone,
    (trip, coolers): (&TripPoint, &[&Cooled]),
    zone: usize,
) -> Result<Governor, &'static str> {
    if trip.kind != "passive" || governed.governor != "step_wise" {
        return Err("it is not governed step by step");
    }
    let limit = |of: fn(&Cooled) -> Option<u32>| {
        let limits = coolers.iter().map(|cooled| of(cooled).and_then(|state| usize::try_from(state).ok()));
        limits.collect::<Option<Vec<usize>>>()?.into_iter().max()
    };
    Ok(Governor {
        zone,
        trip_c: trip.celsius,
        release_c: trip.celsius - trip.hysteresis_k,
        poll_s: None,
        least: limit(|cooled| cooled.least).unwrap_or(0),
        most: limit(|cooled| cooled.most),
    })
}

/// A clock that was taken away.
struct Fall {
    at: f64,
    /// Whether any trip point had been reached.
    is_explained: bool,
    /// Zones of those whose governors step.
    zones: Vec<usize>,
}

/// What each zone read from shortly before the soak on, (seconds, °C); empty for zones without a governor.
fn courses(case: &Case, seen: &Observed, governors: &[Governor]) -> Vec<Vec<(f64, f64)>> {
    let course = |(place, zone): (usize, &Zone)| {
        let is_governed = governors.iter().any(|governor| governor.zone == place);
        let mut all = case.telemetry.of(Quantity::Temperature).filter(|_| is_governed);
        let channel = all.find(|channel| channel.name == zone.name);
        let course = channel.map(|channel| case.telemetry.values(channel, -AROUND_S, f64::INFINITY));
        course.into_iter().flatten().collect()
    };
    seen.zones.iter().enumerate().map(course).collect()
}

/// Whether its zone stayed over its trip point for longer than any governor waits, with all clocks left.
fn is_idle(governor: &Governor, course: &[(f64, f64)], seen: &Observed) -> bool {
    let changes = &seen.clock.changes;
    let is_free = |from: f64, to: f64| {
        let first = changes.partition_point(|(at, _)| *at < from);
        let before = first.checked_sub(1).map_or(1.0, |place| changes[place].1);
        let fell = changes.get(first).is_some_and(|(at, _)| *at <= to);
        before >= 1.0 - STILL && !fell
    };
    let end = seen.step * seen.tokens.len() as f64;
    let mut since = None;
    course.iter().filter(|(t, _)| (0.0..=end).contains(t)).any(|(t, celsius)| {
        if *celsius < governor.trip_c + NEAR_K {
            since = None;
            return false;
        }
        let since = since.get_or_insert(*t);
        t - *since > POLLS_S.1 && is_free(*since, *t)
    })
}

fn falls(courses: &[Vec<(f64, f64)>], seen: &Observed, governors: &[Governor]) -> Vec<Fall> {
    let mut before = 1.0;
    let mut falls = Vec::new();
    for (at, clock) in &seen.clock.changes {
        if *clock < before {
            let hottest: Vec<f64> = courses.iter().map(|course| hottest_around(course, *at)).collect();
            let is_reached = |governor: &&Governor| hottest[governor.zone] >= governor.trip_c - NEAR_K;
            let reached: Vec<&Governor> = governors.iter().filter(is_reached).collect();
            let mut zones: Vec<usize> =
                reached.iter().filter(|governor| governor.steps()).map(|governor| governor.zone).collect();
            zones.dedup();
            falls.push(Fall { at: *at, is_explained: !reached.is_empty(), zones });
        }
        before = *clock;
    }
    falls
}

fn hottest_around(course: &[(f64, f64)], at: f64) -> f64 {
    let first = course.partition_point(|(t, _)| *t < at - AROUND_S);
    let around = course[first..].iter().take_while(|(t, _)| *t <= at + AROUND_S);
    around.map(|reading| reading.1).fold(f64::NEG_INFINITY, f64::max)
}

/// Neighbouring steps of one zone's governor are one look apart.
fn poll(falls: &[Fall], zone: usize) -> Option<f64> {
    let alone = falls.windows(2).filter(|pair| pair.iter().all(|fall| fall.zones == [zone]));
    let spacings: Vec<f64> = alone.map(|pair| pair[1].at - pair[0].at).collect();
    let least = spacings.iter().copied().fold(f64::INFINITY, f64::min);
    let mut near: Vec<f64> = spacings.into_iter().filter(|spacing| *spacing <= NEIGHBOURS * least).collect();
    crate::statistics::median(&mut near).map(|poll| poll.clamp(POLLS_S.0, POLLS_S.1))
}
