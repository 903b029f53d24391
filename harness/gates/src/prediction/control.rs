//! What is known of the governors of a device: at which temperatures of which zones they step its clocks down and up.
//!
//! Trip points and clocks are the device's own word. How often a governor looks, it does not tell: its steps do. A vendor
//! may lower clocks by a table of its own besides; a clock that fell while every trip point was far shows that there is one.

use edgesoak_record::Quantity;
use edgesoak_record::thermal_limits::{Cooled, GovernedZone, ThermalLimits, TripPoint};

use super::observed::Observed;
use crate::case::Case;

/// A trip point so near was reached: between two readings a zone may have been this much warmer, K.
const NEAR_K: f64 = 0.5;
/// A reading that belongs to a change of clocks is no further off, seconds.
const AROUND_S: f64 = 2.0;
/// Governors look no more often and no less often, seconds.
const POLLS_S: (f64, f64) = (0.5, 60.0);
/// Two steps within so many shortest spacings are neighbours.
const NEIGHBOURS: f64 = 1.5;

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
    if seen.clock.ladder.is_empty() {
        return Err("it does not tell its clocks");
    }
    let control = control(&limits, seen)?;
    let falls = falls(case, seen, &control.governors);
    if falls.iter().any(|fall| !fall.is_explained) {
        return Err("clocks were taken away at no trip point of its own");
    }
    let governors = control.governors.into_iter();
    let governors = governors.map(|governor| Governor { poll_s: poll(&falls, governor.zone), ..governor });
    Ok(Control { governors: governors.collect(), ..control })
}

fn control(limits: &ThermalLimits, seen: &Observed) -> Result<Control, &'static str> {
    let mut control = Control::default();
    for governed in &limits.zones {
        let zone = seen.zones.iter().position(|zone| zone.source == governed.source);
        for trip in governed.trips.iter().filter(|trip| !trip.cools.is_empty() || trip.kind == "critical") {
            let Some(zone) = zone else {
                return Err("a zone with trip points was not read throughout");
            };
            if trip.kind == "critical" {
                control.ends.push((zone, trip.celsius));
            } else {
                control.governors.push(governor(governed, trip, zone)?);
            }
        }
    }
    Ok(control)
}

fn governor(governed: &GovernedZone, trip: &TripPoint, zone: usize) -> Result<Governor, &'static str> {
    if trip.kind != "passive" || governed.governor != "step_wise" {
        return Err("it is not governed step by step");
    }
    let limit = |of: fn(&Cooled) -> Option<u32>| {
        let limits = trip.cools.iter().map(|cooled| of(cooled).and_then(|state| usize::try_from(state).ok()));
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

fn falls(case: &Case, seen: &Observed, governors: &[Governor]) -> Vec<Fall> {
    let mut before = 1.0;
    let mut falls = Vec::new();
    for (at, clock) in &seen.clock.changes {
        if *clock < before {
            let is_reached = |governor: &&Governor| {
                hottest_around(case, &seen.zones[governor.zone].name, *at) >= governor.trip_c - NEAR_K
            };
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

fn hottest_around(case: &Case, name: &str, at: f64) -> f64 {
    let channel = case.telemetry.of(Quantity::Temperature).find(|channel| channel.name == name);
    let around = channel.map(|channel| case.telemetry.values(channel, at - AROUND_S, at + AROUND_S));
    around.into_iter().flatten().map(|(_, celsius)| celsius).fold(f64::NEG_INFINITY, f64::max)
}

/// Neighbouring steps of one zone's governor are one look apart.
fn poll(falls: &[Fall], zone: usize) -> Option<f64> {
    let alone = falls.windows(2).filter(|pair| pair.iter().all(|fall| fall.zones == [zone]));
    let spacings: Vec<f64> = alone.map(|pair| pair[1].at - pair[0].at).collect();
    let least = spacings.iter().copied().fold(f64::INFINITY, f64::min);
    let mut near: Vec<f64> = spacings.into_iter().filter(|spacing| *spacing <= NEIGHBOURS * least).collect();
    crate::statistics::median(&mut near).map(|poll| poll.clamp(POLLS_S.0, POLLS_S.1))
}
