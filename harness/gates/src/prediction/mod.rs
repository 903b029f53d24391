//! Where a soak would have come to rest, had it gone on, and where in other air. Information, never a gate.
//!
//! `observed` brings rates, power and temperatures to one grid; `network` fits the thermal network of each zone to them;
//! `throttling` says where such a device comes to rest. What a soak did not see is not made up: the answer is then a
//! reason.

mod network;
mod observed;
mod throttling;
mod words;

use edgesoak_record::Quantity;
use edgesoak_record::prediction::{Expected, Prediction, ThermalNetwork};

use crate::case::{Case, ambient};
use crate::outcome::Missing;
use crate::promise;
use observed::Seen;
use throttling::{LEAST_LOSS, Rest, Throttling};

/// Air in which people use such devices, °C.
const OTHER_AIR_C: [f64; 3] = [25.0, 35.0, 40.0];
/// Shorter soaks say nothing about a case that takes minutes to warm, seconds.
pub const SHORTEST_S: f64 = 300.0;

/// What a session says of times and rooms that it did not see; `None` where it neither slowed down nor shows how it
/// warms.
#[must_use]
pub fn of(case: &Case) -> Option<Prediction> {
    let soak = case.soak.as_ref().ok()?;
    if case.record.imported.is_some() || promise::clocks::broken(case).is_some() {
        return None;
    }
    let slowed = lost(soak)? >= LEAST_LOSS;
    match zones(case) {
        Ok((seen, zones)) => Some(told(&seen, &zones)),
        Err(missing) if slowed => Some(Prediction {
            sentence: format!("Nobody can say where it would settle: {}", missing.sentence),
            cause: Some(missing.cause.to_string()),
            network: None,
            expected: Vec::new(),
        }),
        Err(_) => None,
    }
}

/// The part of its rate that it lost from the first minute to the last.
fn lost(soak: &crate::measure::soak::Soak) -> Option<f64> {
    let first = soak.timeline.window(0.0, 60.0).rate()?;
    let last = soak.timeline.window(soak.end() - 60.0, soak.end()).rate()?;
    Some(1.0 - last / first)
}

fn zones(case: &Case) -> Result<(Seen, Vec<Throttling>), Missing> {
    let soak = case.timed()?;
    if soak.end() < SHORTEST_S {
        let words = format!("the soak lasted {}", crate::figures::seconds(soak.end()));
        return Err(Missing::new("too_short", words));
    }
    let Some(air) = ambient::at_start(case) else {
        return Err(Missing::new("no_ambient", "nobody measured the air around it"));
    };
    let seen = Seen::of(case, soak, air.celsius);
    if seen.names.is_empty() {
        let why = case.telemetry.why_missing(Quantity::Temperature);
        return Err(Missing::new("no_sensor", format!("no temperature was read throughout ({why})")));
    }
    let zones = throttling::of(&seen.observed);
    if zones.is_empty() {
        let words = "no temperature follows what it did, or none moved";
        return Err(Missing::new("no_fit", words));
    }
    Ok((seen, zones))
}

fn told(seen: &Seen, zones: &[Throttling]) -> Prediction {
    let here = seen.observed.ambient;
    let airs = [here].into_iter().chain(OTHER_AIR_C);
    let rests: Vec<(f64, &Throttling, Rest)> =
        airs.filter_map(|air| throttling::rest(zones, air).map(|(zone, rest)| (air, zone, rest))).collect();
    let watched = rests.first().map(|(_, zone, _)| *zone);
    Prediction {
        sentence: words::sentence(seen, &rests),
        cause: None,
        network: watched.map(|zone| ThermalNetwork {
            zone: seen.names[zone.zone].clone(),
            time_constants_s: zone.network.taus.to_vec(),
            kelvin_per_watt: zone.network.gains.first().copied().filter(|_| !seen.observed.watts.is_empty()),
            error_k: zone.network.error,
            hottest_c: zone.hottest,
        }),
        expected: rests.iter().map(|(air, _, rest)| expected(*air, rest)).collect(),
    }
}

fn expected(ambient_c: f64, rest: &Rest) -> Expected {
    let unknown = |cause: &str| Expected {
        ambient_c,
        floor_tps: None,
        lo: None,
        hi: None,
        celsius: None,
        cause: Some(cause.to_owned()),
    };
    match *rest {
        Rest::At { floor, lo, hi, celsius } => Expected {
            ambient_c,
            floor_tps: Some(floor),
            lo: Some(lo),
            hi: Some(hi),
            celsius: Some(celsius),
            cause: None,
        },
        Rest::Unseen { .. } => unknown("hotter_than_seen"),
        Rest::Wide { lo, hi } => Expected { lo: Some(lo), hi: Some(hi), ..unknown("not_settled") },
    }
}
