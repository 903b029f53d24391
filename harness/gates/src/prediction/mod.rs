//! Where a soak would have come to rest, had it gone on, and where in other air. Information, never a gate.
//!
//! [`observed`] brings rates, clocks, power and temperatures to one grid; [`network`] fits how each zone warms to them and
//! [`work`] what decoding yields and costs at a clock; [`control`] knows the governors, by the device's own trip points.
//! [`run_on`] lets such a device go on, and [`rest`] does so with all devices that the soak allows. Where it is not known
//! what holds a device, nothing is said beyond what was seen: the answer is then a reason.

mod clocks;
mod control;
mod coolers;
mod device;
mod network;
mod observed;
mod rest;
mod run_on;
mod words;
mod work;

use edgesoak_record::Quantity;
use edgesoak_record::prediction::{Expected, Prediction, ThermalNetwork};

use crate::case::doubt::Doubt;
use crate::case::{Case, ambient};
use crate::outcome::Missing;
use crate::promise;
use crate::statistics::random::Random;
use device::Known;
use observed::Observed;
use rest::{Outlook, Rest};

/// Air in which people use such devices, °C.
const OTHER_AIR_C: [f64; 3] = [25.0, 35.0, 40.0];
/// Shorter soaks say nothing about a case that takes minutes to warm, seconds.
pub const SHORTEST_S: f64 = 300.0;
/// Air that moves further than this while a device works is no air of one temperature, K.
const MOST_MOVES_K: f64 = 2.0;
/// What loses less than this part has not slowed down.
const LEAST_LOSS: f64 = 0.05;

/// What a session that nothing kept from its end says of times and rooms that it did not see; `None` where it neither
/// slowed down nor shows how it warms.
#[must_use]
pub fn of(case: &Case, doubts: &[Doubt]) -> Option<Prediction> {
    let soak = case.soak.as_ref().ok()?;
    if case.record.imported.is_some() || promise::clocks::broken(case).is_some() {
        return None;
    }
    let slowed = lost(soak)? >= LEAST_LOSS;
    let known = doubts.first().map_or_else(|| known(case), |doubt| Err(doubt.why.clone()));
    match known {
        Ok((seen, known)) => Some(told(case, &seen, &known)),
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

fn known(case: &Case) -> Result<(Observed, Known), Missing> {
    let soak = case.timed()?;
    if soak.end() < SHORTEST_S {
        let words = format!("the soak lasted {}", crate::figures::seconds(soak.end()));
        return Err(Missing::new("too_short", words));
    }
    let Some(air) = ambient::at_start(case) else {
        return Err(Missing::new("no_ambient", "nobody measured the air around it"));
    };
    if air.moves_k > MOST_MOVES_K {
        let words = format!("the air around it moved by {:.1} K", air.moves_k);
        return Err(Missing::new("no_ambient", words));
    }
    let seen = Observed::of(case, soak, air.celsius);
    if seen.zones.is_empty() {
        let why = case.telemetry.why_missing(Quantity::Temperature);
        return Err(Missing::new("no_sensor", format!("no temperature was read throughout ({why})")));
    }
    let words = "no temperature follows what it did, or none moved";
    let known = Known::of(&seen).ok_or_else(|| Missing::new("no_fit", words))?;
    if !known.explains_rates(&seen) {
        return Err(Missing::new("no_fit", "its clocks do not say how fast it ran"));
    }
    Ok((seen, known))
}

fn told(case: &Case, seen: &Observed, known: &Known) -> Prediction {
    let control = control::of(case, seen).and_then(|control| {
        let governors =
            known.placed(&control).ok_or("a zone with trip points does not follow what it did")?;
        Ok((control, governors))
    });
    // Android's vendors cap clocks from user space, unless the kernel's trip points look after the case.
    let looks_after =
        |governors: &[control::Governor]| governors.iter().any(|governor| known.is_case(governor.zone));
    let is_android = case.telemetry.of(Quantity::ThermalStatus).next().is_some();
    let has_vendor = is_android && !control.as_ref().is_ok_and(|(_, governors)| looks_after(governors));
    let outlook = Outlook { seen, known, control, has_vendor };
    let airs: Vec<f64> = [seen.ambient].into_iter().chain(OTHER_AIR_C).collect();
    let rests = outlook.rests(&airs, &|| random(case));
    let watched = outlook.watched();
    Prediction {
        sentence: words::sentence(&outlook, &rests),
        cause: None,
        network: known.network(watched).map(|network| ThermalNetwork {
            zone: seen.zones[known.followed()[watched]].name.clone(),
            time_constants_s: network.taus.to_vec(),
            kelvin_per_watt: seen.watts.as_ref().map(|_| network.gain()),
            error_k: network.error,
            hottest_c: outlook.hottest(watched),
        }),
        expected: rests.iter().map(|(air, rest)| expected(*air, rest)).collect(),
    }
}

/// The same for every air, so that they differ by the air alone.
fn random(case: &Case) -> Random {
    Random::from_words(&[&case.run.id, &case.record.planned.session, "prediction"])
}

fn expected(ambient_c: f64, rest: &Rest) -> Expected {
    let unknown = |cause: &str, celsius| Expected {
        ambient_c,
        floor_tps: None,
        lo: None,
        hi: None,
        celsius,
        cause: Some(cause.to_owned()),
    };
    match *rest {
        Rest::At { floor, lo, hi, celsius } => Expected {
            floor_tps: Some(floor),
            lo: Some(lo),
            hi: Some(hi),
            cause: None,
            ..unknown("", Some(celsius))
        },
        Rest::Unseen { celsius } => unknown("hotter_than_seen", Some(celsius)),
        Rest::TooHot { celsius } => unknown("too_hot", Some(celsius)),
        Rest::Wide { lo, hi, is_unmet } => {
            let cause = if is_unmet { "unmet_governor" } else { "not_settled" };
            Expected { lo: Some(lo), hi: Some(hi), ..unknown(cause, None) }
        }
    }
}
