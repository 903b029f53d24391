//! Sessions with a series of decode rates, one JSON object each, as benchmark apps of phones export them.
//!
//! The series stands under `metrics.decodeRateRollingWindow`, one rate per second, each over the last
//! `decodeRateWindowSeconds` (5 where the file does not say). The files do not say when the first rate was taken: zero of
//! the session is that moment. A rate of zero is a window without two tokens.

use edgesoak_protocol::reading::{Reading, Reason};
use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{Quantity, Unit};
use edgesoak_record::import::SYSTEM_VERSION;
use edgesoak_record::import::{EnergySum, RateWindows};
use serde_json::Value;

use crate::complaint::Complaint;
use crate::documents::{Object, field, inner, number, words, wrong};
use crate::format::Format;
use crate::limits::{RATE, SESSION_S, SHORTEST_WINDOW_S};
use crate::number::nanos;
use crate::recording::{Counted, Moment, Rates, Recording, Series};
use crate::said::fact;
use crate::states;

/// Where the rates stand.
const RATES: &str = "decodeRateRollingWindow";
/// Window of the rates where the file does not say, seconds.
const USUAL_WINDOW_S: f64 = 5.0;
/// Time from one rate to the next where the file does not say, seconds.
const USUAL_STEP_S: f64 = 1.0;
/// How far a series may be from the length that the file tells, as a part of one.
const LENGTH_MARGIN: f64 = 0.10;
/// Sums of energy, with the factor to joules; the first that is there counts.
const ENERGIES: [(&str, f64); 4] = [
    ("energyJoules", 1.0),
    ("energyKilojoules", 1e3),
    ("energyWattHours", 3_600.0),
    ("energyMilliwattHours", 3.6),
];
/// Most energy of a session, joules: some days of a workstation.
const JOULES: f64 = 1e8;

/// Whether an object is a session of this kind.
pub(crate) fn fits(object: &Object) -> bool {
    object.get("metrics").is_some_and(Value::is_object) || object.contains_key(RATES)
}

/// One object as a session.
pub(crate) fn recording(line: u64, object: &Object) -> Result<Recording, Complaint> {
    let mut found = Recording::new(Format::DecodeRates, line);
    // Some exports have no level below the session.
    let metrics = inner(line, object, "metrics")?.unwrap_or(object);
    describe(line, object, metrics, &mut found)?;
    found.rates = rates(line, metrics, &mut found)?;
    found.energy = energy(line, metrics)?;
    let end = found.end();
    let states = [("initialThermalState", 0), ("finalThermalState", end)];
    let read = states.into_iter().filter_map(|(key, at)| Some((at, state(metrics, key)?)));
    push(&mut found, "thermal-status", Quantity::ThermalStatus, "metrics.*ThermalState", read.collect());
    let battery = inner_or_word(line, object, "device")?.and_then(|device| words(device, "batteryState"));
    let charge = battery.map(|word| (0, states::charge(&word).ok_or(Reason::Parse)));
    let source = "device.batteryState";
    push(&mut found, "battery/status", Quantity::ChargeStatus, source, charge.into_iter().collect());
    Ok(found)
}

fn state(metrics: &Object, key: &str) -> Option<Reading<f64>> {
    words(metrics, key).map(|word| states::thermal(&word).ok_or(Reason::Parse))
}

fn push(
    found: &mut Recording,
    name: &str,
    quantity: Quantity,
    source: &str,
    readings: Vec<(Moment, Reading<f64>)>,
) {
    if !readings.is_empty() {
        let (name, source) = (name.to_owned(), source.to_owned());
        found.series.push(Series { name, quantity, unit: Unit::One, source, readings });
    }
}

/// What ran where, in the file's words.
fn describe(line: u64, object: &Object, metrics: &Object, found: &mut Recording) -> Result<(), Complaint> {
    found.names.runtime = words(object, "runtime");
    if let Some(model) = inner_or_word(line, object, "model")? {
        found.names.model = words(model, "id").or_else(|| words(model, "displayName"));
        found.names.quantisation = words(model, "quantization");
    } else {
        found.names.model = words(object, "model");
    }
    let facts = &mut found.facts;
    if let Some(device) = inner_or_word(line, object, "device")? {
        for (about, key) in [
            ("device", "modelIdentifier"),
            ("system", "systemName"),
            (SYSTEM_VERSION, "systemVersion"),
            ("build", "buildConfiguration"),
            ("low power mode", "isLowPowerModeEnabled"),
        ] {
            if let Some(text) = words(device, key) {
                fact(facts, about, &text);
            }
        }
    } else if let Some(device) = words(object, "device") {
        fact(facts, "device", &device);
    }
    for (about, from, key) in [
        ("task", object, "task"),
        ("taken at", object, "timestamp"),
        ("source of energy", metrics, "energySource"),
        ("highest thermal state", metrics, "peakThermalState"),
        ("battery used, per cent", metrics, "batteryDeltaPercent"),
    ] {
        if let Some(text) = words(from, key) {
            fact(facts, about, &text);
        }
    }
    Ok(())
}

/// An object where one may stand; a plain word is none, and no fault.
fn inner_or_word<'a>(line: u64, object: &'a Object, key: &str) -> Result<Option<&'a Object>, Complaint> {
    match field(object, key) {
        Some(Value::String(_)) => Ok(None),
        _ => inner(line, object, key),
    }
}

fn rates(line: u64, metrics: &Object, found: &mut Recording) -> Result<Option<Rates>, Complaint> {
    let list = match field(metrics, RATES) {
        None => return Ok(None),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(wrong(line, RATES, "a list of numbers")),
    };
    let window = number(line, metrics, "decodeRateWindowSeconds", SHORTEST_WINDOW_S, 3_600.0)?;
    let window = match window {
        Some(window) => window,
        None => number(line, metrics, "decodeRateWindowMilliseconds", SHORTEST_WINDOW_S * 1e3, 3.6e6)?
            .map_or(USUAL_WINDOW_S, |millis| millis / 1e3),
    };
    let (step, is_timed) = step(line, metrics, list.len(), window, found)?;
    let point = |(index, value): (usize, &Value)| {
        let at = nanos(index as f64 * step);
        if value.is_null() {
            return Ok((at, Err(Reason::Absent)));
        }
        let rate = value.as_f64().ok_or_else(|| wrong(line, RATES, "a list of numbers"))?;
        Ok((at, Ok(crate::number::within(line, RATES, rate, 0.0, RATE)?)))
    };
    let ends = list.len().saturating_sub(1) as f64 * step;
    crate::number::within(line, RATES, ends, 0.0, SESSION_S)?;
    let all: Vec<_> = list.iter().enumerate().map(point).collect::<Result<_, _>>()?;
    if all.is_empty() {
        return Ok(None);
    }
    let length = Some(Nanos(nanos(window).unsigned_abs()));
    Ok(Some(Rates {
        counted: Counted::Tokens,
        windows: RateWindows { length, is_timed },
        source: format!("metrics.{RATES}"),
        readings: all,
    }))
}

/// Seconds from one rate to the next: as the file says, else the one of the usual ones that makes the series as long as
/// the session was; and whether that is so. Where neither does, nobody knows when the rates were taken.
fn step(
    line: u64,
    metrics: &Object,
    rates: usize,
    window: f64,
    found: &mut Recording,
) -> Result<(f64, bool), Complaint> {
    if let Some(step) = number(line, metrics, "decodeRateStepSeconds", 0.01, 3_600.0)? {
        return Ok((step, true));
    }
    let told = |key| number(line, metrics, key, 0.0, SESSION_S);
    let length = match told("totalGenerationTimeSeconds")? {
        Some(length) => Some(length),
        None => told("energyMeasurementWindowSeconds")?,
    };
    let Some(length) = length.filter(|length| *length > 0.0) else {
        return Ok((USUAL_STEP_S, true));
    };
    let off = |step: f64| ((rates.saturating_sub(1) as f64 * step + window) / length - 1.0).abs();
    let nearest = if off(window) < off(USUAL_STEP_S) { window } else { USUAL_STEP_S };
    if rates > 1 && off(nearest) > LENGTH_MARGIN {
        let words = format!(
            "{rates} rates do not fill the {length:.0} s that the file tells; one per second is assumed"
        );
        fact(&mut found.facts, "times", &words);
        return Ok((USUAL_STEP_S, false));
    }
    Ok((nearest, true))
}

fn energy(line: u64, metrics: &Object) -> Result<Option<EnergySum>, Complaint> {
    let mut joules = None;
    for (key, factor) in ENERGIES {
        let read = number(line, metrics, key, 0.0, JOULES / factor)?.map(|energy| energy * factor);
        joules = joules.or(read.filter(|joules| *joules > 0.0));
    }
    let Some(joules) = joules else { return Ok(None) };
    let over = number(line, metrics, "energyMeasurementWindowSeconds", 0.0, SESSION_S)?;
    // Energy that was measured over a part of the session comes with the tokens of that part.
    let mut tokens = None;
    for key in ["energyWindowTokenCount", "generatedTokenCount"] {
        let counted = number(line, metrics, key, 0.0, 1e12)?;
        let counted = counted.map(|count| crate::number::count(line, key, count, 1 << 40)).transpose()?;
        tokens = tokens.or(counted.filter(|count| *count > 0));
    }
    let microjoules = crate::number::count(line, "energyJoules", (joules * 1e6).round(), 1 << 52)?;
    Ok(Some(EnergySum { microjoules, over: over.map(|over| Nanos(nanos(over).unsigned_abs())), tokens }))
}
