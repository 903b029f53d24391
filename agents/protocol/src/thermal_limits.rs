//! What a device tells of its own governors: trip points of its thermal zones, and the clocks that there are.
//!
//! None of it changes while a device runs. A session's agent reads it once and notes it as [`NOTE`]; what is not there could
//! not be read.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Code of the note that holds them, as JSON.
pub const NOTE: &str = "thermal-limits";

/// Most zones, trip points of one zone, ladders, and clocks of one ladder that are kept.
pub const MOST_ZONES: usize = 64;
/// See [`MOST_ZONES`].
pub const MOST_TRIPS: usize = 12;
/// See [`MOST_ZONES`].
pub const MOST_LADDERS: usize = 16;
/// See [`MOST_ZONES`].
pub const MOST_CLOCKS: usize = 64;
/// Longest note, bytes: well within a frame.
pub const MOST_NOTE: usize = 256 * 1024;
/// Longest word of a kernel that is kept, in characters.
pub const MOST_WORD: usize = 32;

/// Trip points and clocks of a device.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ThermalLimits {
    /// Zones with trip points.
    #[serde(default)]
    pub zones: Vec<GovernedZone>,
    /// Clocks that can be set.
    #[serde(default)]
    pub ladders: Vec<Ladder>,
    /// Whether there is more of it than could be read or is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}

/// A thermal zone with trip points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GovernedZone {
    /// Where its temperature is read: the source of its channel.
    pub source: String,
    /// The kernel's word for its governor, such as `step_wise`; empty where it is not told.
    #[serde(default)]
    pub governor: String,
    /// Its trip points.
    pub trips: Vec<TripPoint>,
}

/// A trip point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TripPoint {
    /// The kernel's word: `active`, `passive`, `hot`, `critical`.
    pub kind: String,
    /// °C.
    pub celsius: f64,
    /// It lets go this far below, K.
    #[serde(default)]
    pub hysteresis_k: f64,
    /// The cooling devices that it uses.
    #[serde(default)]
    pub cools: Vec<Cooled>,
}

/// A cooling device of a trip point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cooled {
    /// Its type.
    pub kind: String,
    /// Lowest state that it is set to once the trip point is reached; absent where the kernel does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<u32>,
    /// Highest state that it is set to; absent where the kernel does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
}

/// The clocks that one domain can run at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ladder {
    /// Where its cap is read: the source of its channel.
    pub source: String,
    /// Clocks, rising, hertz.
    pub hertz: Vec<f64>,
}

impl ThermalLimits {
    /// From the text of a note; `None` where it is none, contradicts itself, or has more of anything than is ever noted.
    #[must_use]
    pub fn from_note(text: &str) -> Option<Self> {
        let limits: Self = serde_json::from_str(text).ok()?;
        let zones = limits.zones.len() <= MOST_ZONES
            && limits.zones.iter().all(|zone| {
                let is_sound = |trip: &TripPoint| {
                    let rises = |cooled: &Cooled| {
                        cooled.least.zip(cooled.most).is_none_or(|(least, most)| least <= most)
                    };
                    trip.celsius.is_finite()
                        && trip.hysteresis_k.is_finite()
                        && trip.hysteresis_k >= 0.0
                        && trip.cools.iter().all(rises)
                };
                zone.trips.len() <= MOST_TRIPS && zone.trips.iter().all(is_sound)
            });
        let ladders = limits.ladders.len() <= MOST_LADDERS
            && limits.ladders.iter().all(|ladder| {
                let rises = ladder.hertz.windows(2).all(|pair| pair[0] < pair[1]);
                ladder.hertz.len() <= MOST_CLOCKS && rises && ladder.hertz.iter().all(|hertz| *hertz > 0.0)
            });
        let zone_sources = limits.zones.iter().map(|zone| zone.source.as_str());
        let ladder_sources = limits.ladders.iter().map(|ladder| ladder.source.as_str());
        let sources = are_distinct(zone_sources) && are_distinct(ladder_sources);
        (zones && ladders && sources).then_some(limits)
    }

    /// The text of its note.
    #[must_use]
    pub fn to_note(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn are_distinct<'a>(sources: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    sources.into_iter().all(|source| seen.insert(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(hertz: &[f64], hysteresis_k: f64) -> ThermalLimits {
        let trip = TripPoint {
            kind: "passive".to_owned(),
            celsius: 41.5,
            hysteresis_k,
            cools: vec![Cooled { kind: "cpufreq-cpu4".to_owned(), least: None, most: Some(6) }],
        };
        let source = "/sys/class/thermal/thermal_zone3/temp".to_owned();
        ThermalLimits {
            zones: vec![GovernedZone { source, governor: "step_wise".to_owned(), trips: vec![trip] }],
            ladders: vec![Ladder { source: "policy4".to_owned(), hertz: hertz.to_vec() }],
            partial: false,
        }
    }

    #[test]
    fn a_note_comes_back_as_it_was() {
        let limits = ThermalLimits { partial: true, ..limits(&[3e8, 2e9], 0.4) };
        assert_eq!(ThermalLimits::from_note(&limits.to_note()), Some(limits));
    }

    #[test]
    fn nonsense_is_none() {
        for wrong in [limits(&[2e9, 3e8], 0.4), limits(&[-1.0, 3e8], 0.4), limits(&[3e8], -1.0)] {
            assert_eq!(ThermalLimits::from_note(&wrong.to_note()), None);
        }
        let mut falling = limits(&[], 0.0);
        falling.zones[0].trips[0].cools[0].least = Some(7);
        assert_eq!(ThermalLimits::from_note(&falling.to_note()), None);
        let mut twice = limits(&[3e8], 0.0);
        twice.ladders.push(twice.ladders[0].clone());
        assert_eq!(ThermalLimits::from_note(&twice.to_note()), None);
        let many =
            ThermalLimits { zones: vec![limits(&[], 0.0).zones[0].clone(); 65], ..ThermalLimits::default() };
        assert_eq!(ThermalLimits::from_note(&many.to_note()), None);
        assert_eq!(ThermalLimits::from_note("warm"), None);
        assert_eq!(
            ThermalLimits::from_note(
                r#"{"zones":[{"source":"a","trips":[{"kind":"hot","celsius":1e999}]}]}"#
            ),
            None
        );
    }
}
