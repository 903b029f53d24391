//! What stood beside a device: lines of the host's journal as rows, and back.

use std::collections::BTreeMap;

use edgesoak_protocol::reading::Reason;
use edgesoak_protocol::units::{Celsius, Nanos, Ratio, Watts};
use edgesoak_record::host_entry::{HostEvent, MeterClock, MeterReading};
use edgesoak_record::lab::MeterScope;
use edgesoak_record::{AmbientReading, MeterTrace, PowerReading};
use rusqlite::{Connection, Row, params};

use crate::load::word;
use crate::load_device::nanos;
use crate::numbers::{Damage, Refusal, bounded, stored};

/// Stores what an entry about meters or rooms says; other entries have nothing to store.
pub(crate) fn insert(tx: &Connection, session: i64, line: i64, event: &HostEvent) -> Result<(), Refusal> {
    match event {
        HostEvent::MeterRead { meter, scope, gain_error_ppm, opened, readings } => {
            tx.prepare_cached(
                "INSERT INTO meter (session_id, meter, scope, gain_error_ppm) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET scope = excluded.scope, gain_error_ppm = excluded.gain_error_ppm",
            )?
            .execute(params![session, bounded(meter)?, scope.word(), gain_error_ppm])?;
            let opened = stored(opened.0)?;
            for (position, reading) in (0_i64..).zip(readings) {
                sample(tx, session, (line, position), (meter, opened), reading)?;
            }
        }
        HostEvent::MeterClock { meter, opened, clock } => {
            tx.prepare_cached(
                "INSERT INTO meter_clock (session_id, line, meter, opened_host_mono_ns, own_ns, host_mono_ns, \
                 drift_ppb, residual_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                session,
                line,
                bounded(meter)?,
                stored(opened.0)?,
                clock.own_ns,
                clock.host_ns,
                clock.drift_ppb,
                stored(clock.residual_ns)?,
            ])?;
        }
        HostEvent::AmbientRead { probe, host_mono, millicelsius, reason } => {
            let reason = either(*millicelsius, *reason)?;
            tx.prepare_cached(
                "INSERT INTO ambient_sample (session_id, line, probe, host_mono_ns, millicelsius, reason) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                session,
                line,
                bounded(probe)?,
                stored(host_mono.0)?,
                millicelsius,
                reason
            ])?;
        }
        _ => {}
    }
    Ok(())
}

fn sample(
    tx: &Connection,
    session: i64,
    (line, position): (i64, i64),
    (meter, opened): (&str, i64),
    reading: &MeterReading,
) -> Result<(), Refusal> {
    let reason = either(reading.microwatts, reading.reason)?;
    tx.prepare_cached(
        "INSERT INTO meter_sample (session_id, line, position, meter, opened_host_mono_ns, \
         arrived_host_mono_ns, own_ns, microwatts, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        session,
        line,
        position,
        meter,
        opened,
        stored(reading.arrived.0)?,
        reading.own_ns,
        reading.microwatts,
        reason,
    ])?;
    Ok(())
}

/// A reading is a value or a reason; the word of the reason.
fn either(value: Option<i64>, reason: Option<Reason>) -> Result<Option<&'static str>, Damage> {
    match (value, reason) {
        (Some(_), None) => Ok(None),
        (None, Some(reason)) => Ok(Some(reason.word())),
        _ => Err(Damage("a reading has neither a value nor a reason, or both")),
    }
}

/// Every meter of a session, with its readings by the time they were taken.
pub(crate) fn meters(tx: &Connection, session: i64) -> rusqlite::Result<Vec<MeterTrace>> {
    let clocks = clocks(tx, session)?;
    let mut query = tx.prepare_cached(
        "SELECT meter, scope, gain_error_ppm FROM meter WHERE session_id = ?1 ORDER BY meter",
    )?;
    let traces = query.query_map([session], |row| {
        let gain: Option<u32> = row.get(2)?;
        Ok(MeterTrace {
            name: row.get(0)?,
            scope: word(row, 1, MeterScope::from_word)?,
            gain_error: gain.map(|ppm| Ratio(f64::from(ppm) / 1e6)),
            readings: Vec::new(),
        })
    })?;
    let mut traces: Vec<MeterTrace> = traces.collect::<Result<_, _>>()?;
    for trace in &mut traces {
        trace.readings = readings(tx, session, &trace.name, &clocks)?;
        // Readings of one stream are in order; a stream that was opened anew may overlap the one before.
        trace.readings.sort_by_key(|reading| reading.host_mono);
    }
    Ok(traces)
}

type Clocks = BTreeMap<(String, Nanos), MeterClock>;

fn clocks(tx: &Connection, session: i64) -> rusqlite::Result<Clocks> {
    let mut query = tx.prepare_cached(
        "SELECT meter, opened_host_mono_ns, own_ns, host_mono_ns, drift_ppb, residual_ns FROM meter_clock \
         WHERE session_id = ?1 ORDER BY line",
    )?;
    let rows = query.query_map([session], |row| {
        let clock = MeterClock {
            own_ns: row.get(2)?,
            host_ns: row.get(3)?,
            drift_ppb: row.get(4)?,
            residual_ns: nanos(row, 5)?.0,
        };
        Ok(((row.get(0)?, nanos(row, 1)?), clock))
    })?;
    rows.collect()
}

fn readings(
    tx: &Connection,
    session: i64,
    meter: &str,
    clocks: &Clocks,
) -> rusqlite::Result<Vec<PowerReading>> {
    let mut query = tx.prepare_cached(
        "SELECT opened_host_mono_ns, arrived_host_mono_ns, own_ns, microwatts, reason FROM meter_sample \
         WHERE session_id = ?1 AND meter = ?2 ORDER BY line, position",
    )?;
    let rows = query.query_map(params![session, meter], |row| {
        let (opened, arrived): (Nanos, Nanos) = (nanos(row, 0)?, nanos(row, 1)?);
        let own: Option<i64> = row.get(2)?;
        let clock = clocks.get(&(meter.to_owned(), opened));
        let taken = clock.zip(own).and_then(|(clock, own)| clock.host(own));
        let microwatts: Option<i64> = row.get(3)?;
        let watts = match microwatts {
            Some(microwatts) => Ok(Watts(microwatts as f64 / 1e6)),
            None => Err(reason(row, 4)?),
        };
        Ok(PowerReading { host_mono: taken.unwrap_or(arrived), watts })
    })?;
    rows.collect()
}

/// What probes said of the room, in order.
pub(crate) fn ambient(tx: &Connection, session: i64) -> rusqlite::Result<Vec<AmbientReading>> {
    let mut query = tx.prepare_cached(
        "SELECT host_mono_ns, millicelsius, reason FROM ambient_sample WHERE session_id = ?1 ORDER BY line",
    )?;
    let rows = query.query_map([session], |row| {
        let millicelsius: Option<i64> = row.get(1)?;
        let celsius = match millicelsius {
            Some(millicelsius) => Ok(Celsius(millicelsius as f64 / 1e3)),
            None => Err(reason(row, 2)?),
        };
        Ok(AmbientReading { host_mono: nanos(row, 0)?, celsius })
    })?;
    rows.collect()
}

fn reason(row: &Row<'_>, column: usize) -> rusqlite::Result<Reason> {
    word(row, column, |word| Reason::ALL.into_iter().find(|reason| reason.word() == word))
}
