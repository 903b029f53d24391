//! External meters: timed by the host, brought to the device's clock, and checked against the load's own edges.

use edgesoak_record::MeterTrace;
use edgesoak_record::lab::MeterScope;

use super::load_edges::{self, Edges, Seen};
use super::{Measured, idle, integral};
use crate::case::Case;
use crate::case::host_clock::HostClock;
use crate::defaults::{EXTERNAL_GAIN, LONGEST_GAP_S, METER_MISALIGNED_S};
use crate::outcome::{Missing, quoted};

/// Scopes from the whole device down to parts of it: the first that can be used counts.
const ORDER: [MeterScope; 5] =
    [MeterScope::Battery, MeterScope::Board, MeterScope::Wall, MeterScope::Package, MeterScope::Rail];

/// Energy by the best meter; `Ok(None)` without any, `Err` with why each of them cannot be used.
pub fn over(case: &Case, end: f64) -> Result<Option<Measured>, Vec<Missing>> {
    let mut meters: Vec<&MeterTrace> = case.record.meters.iter().collect();
    let rank = |scope: MeterScope| ORDER.iter().position(|known| *known == scope);
    meters.sort_by(|a, b| rank(a.scope).cmp(&rank(b.scope)).then(a.name.cmp(&b.name)));
    let mut refused = Vec::new();
    for meter in meters {
        match by(case, meter, end) {
            Ok(mut measured) => {
                measured.notes.extend(refused.into_iter().map(|why: Missing| why.sentence));
                return Ok(Some(measured));
            }
            Err(why) => refused.push(why),
        }
    }
    if refused.is_empty() { Ok(None) } else { Err(refused) }
}

fn by(case: &Case, meter: &MeterTrace, end: f64) -> Result<Measured, Missing> {
    let name = quoted(&meter.name, 60);
    let Some(clock) = HostClock::of(case.record) else {
        let words =
            format!("meter {name} cannot be brought to the device's time: the clocks were never compared");
        return Err(Missing::new("no_clock_offsets", words));
    };
    let all = on_device_time(case, meter, &clock);
    let off = misalignment(case, &name, &clock, &all)?;
    let readings = |from: f64, to: f64| -> Vec<(f64, f64)> {
        all.iter().copied().filter(|(t, _)| (from..=to).contains(t)).collect()
    };
    let found = integral::trapezoid(&readings(0.0, end), end, LONGEST_GAP_S, &format!("meter {name}"))?;
    let claimed = meter.gain_error.map(|gain| gain.0).filter(|gain| gain.is_finite() && *gain >= 0.0);
    let note = match off {
        Some(lag) => format!("meter {name} follows the load to {:.0} ms", about_ms(lag.abs())),
        None => format!("meter {name} saw no rest that its clock could be checked by"),
    };
    Ok(Measured {
        joules: found.joules,
        scope: meter.scope.word(),
        channel: meter.name.clone(),
        gain: claimed.unwrap_or(EXTERNAL_GAIN),
        sampling: found.sampling + (clock.uncertainty_s + off.unwrap_or(0.0).abs()) / end,
        resolution: 0.0,
        refresh_s: found.refresh_s,
        counted: None,
        idle_watts: idle::watts(case, readings),
        notes: vec![note],
    })
}

/// Finite readings as (seconds since the first scored submit, watts).
fn on_device_time(case: &Case, meter: &MeterTrace, clock: &HostClock) -> Vec<(f64, f64)> {
    let mut readings: Vec<(f64, f64)> = meter
        .readings
        .iter()
        .filter_map(|reading| {
            let t = case.telemetry.seconds(clock.device_ns(reading.host_mono)?);
            Some((t, reading.watts.ok().map(|watts| watts.0).filter(|watts| watts.is_finite())?))
        })
        .collect();
    readings.sort_by(|a, b| a.0.total_cmp(&b.0));
    readings
}

/// How far the meter lags behind the load, seconds; `None` where the load has no edges to compare it with.
fn misalignment(
    case: &Case,
    name: &str,
    clock: &HostClock,
    readings: &[(f64, f64)],
) -> Result<Option<f64>, Missing> {
    let seen = load_edges::compare(&Edges::of(case), readings);
    let off = match seen {
        Seen::NoEdges => None,
        Seen::Unrelated(correlation) => {
            let words = format!(
                "meter {name} does not follow the load (correlation {correlation:.2}), as another device's would"
            );
            return Err(Missing::new("meter_unrelated", words));
        }
        Seen::Lag(lag) => Some(lag),
    };
    let worst = off.unwrap_or(0.0).abs().max(clock.uncertainty_s);
    if worst < METER_MISALIGNED_S {
        return Ok(off);
    }
    let words = format!(
        "meter {name} is {:.0} ms off the load's edges, with clocks compared to {:.0} ms; {:.0} ms are too many",
        about_ms(off.unwrap_or(0.0)),
        clock.uncertainty_s * 1e3,
        METER_MISALIGNED_S * 1e3
    );
    Err(Missing::new("meter_misaligned", words))
}

/// Milliseconds, as far as edges tell them.
fn about_ms(seconds: f64) -> f64 {
    (seconds * 10.0).round() * 100.0
}
