//! Every run in outline, in a handful of queries however many there are.

use std::collections::HashMap;

use edgesoak_protocol::units::Nanos;
use edgesoak_record::fleet::{FleetFigure, FleetRun, FleetSession, OUTLINED};
use edgesoak_record::{Gate, Outcome};
use rusqlite::{Connection, Row};

use crate::error::StoreError;
use crate::load::{close_state, word};
use crate::numbers::unsigned;
use crate::open::Store;
use crate::runs::verdict_from_word;

/// Where a session stands in what is collected.
type Place = (usize, usize);

impl Store {
    /// Every run in outline, the latest first, as of one moment.
    pub fn fleet(&self) -> Result<Vec<FleetRun>, StoreError> {
        let failed = StoreError::read("the outlines of the runs");
        let tx = self.connection.unchecked_transaction().map_err(StoreError::read("the runs"))?;
        outlines(&tx).map_err(failed)
    }
}

fn outlines(tx: &Connection) -> rusqlite::Result<Vec<FleetRun>> {
    let mut runs = runs(tx)?;
    let numbers: HashMap<String, usize> =
        runs.iter().enumerate().map(|(number, run)| (run.run.clone(), number)).collect();
    let mut places: HashMap<i64, Place> = HashMap::new();
    let mut by_name: HashMap<(usize, String), Place> = HashMap::new();
    each(tx, SESSIONS, &[], |row| {
        let Some(&number) = numbers.get(&row.get::<_, String>(1)?) else { return Ok(()) };
        let session = session(row)?;
        let place = (number, runs[number].sessions.len());
        places.insert(row.get(0)?, place);
        by_name.insert((number, session.session.clone()), place);
        runs[number].sessions.push(session);
        Ok(())
    })?;
    let mut at = |place: Option<&Place>, change: &mut dyn FnMut(&mut FleetSession)| {
        if let Some(session) = place.and_then(|(run, session)| runs.get_mut(*run)?.sessions.get_mut(*session))
        {
            change(session);
        }
    };
    let named = |row: &Row<'_>| -> rusqlite::Result<Option<&Place>> {
        let number = numbers.get(&row.get::<_, String>(0)?).copied();
        let name = row.get::<_, String>(1)?;
        Ok(number.and_then(|number| by_name.get(&(number, name))))
    };
    each(tx, FIGURES, &OUTLINED.map(Gate::word), |row| {
        let figure = figure(row)?;
        at(named(row)?, &mut |session| session.figures.push(figure.clone()));
        Ok(())
    })?;
    each(tx, PROBED, &[], |row| {
        let (health, cycles) = (number_in(row, 2)?, number_in(row, 3)?);
        at(named(row)?, &mut |session| {
            session.battery_health = health.or(session.battery_health);
            session.charge_cycles = cycles.or(session.charge_cycles);
        });
        Ok(())
    })?;
    // A channel is read last: it was measured while the session ran.
    each(tx, BATTERY, &[], |row| {
        let (is_health, value): (bool, Option<f64>) = (row.get(1)?, row.get(2)?);
        at(places.get(&row.get(0)?), &mut |session| {
            let kept = if is_health { &mut session.battery_health } else { &mut session.charge_cycles };
            *kept = value.filter(|value| value.is_finite()).or(*kept);
        });
        Ok(())
    })?;
    Ok(runs)
}

const SESSIONS: &str = "SELECT s.id, s.run_id, s.session, s.device, s.family, s.route, s.candidate, \
     s.is_virtual OR coalesce(s.says_virtual, 0), i.session_id IS NOT NULL, s.close_state, s.close_cause, v.verdict \
     FROM session s LEFT JOIN import i ON i.session_id = s.id \
     LEFT JOIN session_verdict v ON v.run_id = s.run_id AND v.session = s.session ORDER BY s.run_id, s.position";
const FIGURES: &str = "SELECT run_id, session, gate, outcome, measured, lo, hi, limit_value, unit FROM gate_result \
     WHERE gate IN (?1, ?2, ?3) ORDER BY run_id, session, position";
const PROBED: &str = "SELECT run_id, session, \
     json_extract(json, '$.event.probe.facts.battery_health_percent') AS health, \
     json_extract(json, '$.event.probe.facts.battery_cycles') AS cycles \
     FROM host_entry WHERE kind = 'probed' AND session IS NOT NULL AND (typeof(health) = 'text' OR typeof(cycles) = 'text') \
     ORDER BY run_id, line";
const BATTERY: &str = "SELECT c.session_id, c.quantity = 'battery-health', (SELECT r.value FROM sample_reading r \
     WHERE r.channel_id = c.id AND r.value IS NOT NULL ORDER BY r.seq DESC LIMIT 1) FROM channel c \
     WHERE c.quantity IN ('battery-health', 'charge-cycles') AND c.missing_reason IS NULL ORDER BY c.id DESC";

fn each(
    tx: &Connection,
    sql: &str,
    words: &[&str],
    mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut query = tx.prepare_cached(sql)?;
    let mut rows = query.query(rusqlite::params_from_iter(words))?;
    while let Some(row) = rows.next()? {
        take(row)?;
    }
    Ok(())
}

fn runs(tx: &Connection) -> rusqlite::Result<Vec<FleetRun>> {
    let sql = "SELECT r.run_id, r.opened_unix_ns, r.profile, r.tier, r.closed, r.interrupted, v.verdict, \
               coalesce(v.sentence, '') FROM run r LEFT JOIN verdict v ON v.run_id = r.run_id \
               ORDER BY r.opened_unix_ns DESC, r.run_id DESC";
    tx.prepare_cached(sql)?
        .query_map([], |row| {
            let verdict: Option<String> = row.get(6)?;
            Ok(FleetRun {
                run: row.get(0)?,
                opened: Nanos(unsigned(1, row.get(1)?)?),
                profile: row.get(2)?,
                tier: row.get(3)?,
                closed: row.get(4)?,
                interrupted: row.get(5)?,
                verdict: verdict.as_deref().and_then(verdict_from_word),
                sentence: row.get(7)?,
                sessions: Vec::new(),
            })
        })?
        .collect()
}

fn session(row: &Row<'_>) -> rusqlite::Result<FleetSession> {
    let closed: Option<String> = row.get(9)?;
    let close = closed.is_some().then(|| {
        Ok::<_, rusqlite::Error>((
            close_state(row, 9)?,
            row.get::<_, Option<String>>(10)?.unwrap_or_default(),
        ))
    });
    let verdict: Option<String> = row.get(11)?;
    Ok(FleetSession {
        session: row.get(2)?,
        device: row.get(3)?,
        family: row.get(4)?,
        route: row.get(5)?,
        candidate: row.get(6)?,
        is_virtual: row.get(7)?,
        is_imported: row.get(8)?,
        close: close.transpose()?,
        verdict: verdict.as_deref().and_then(verdict_from_word),
        figures: Vec::new(),
        battery_health: None,
        charge_cycles: None,
    })
}

fn figure(row: &Row<'_>) -> rusqlite::Result<FleetFigure> {
    const OUTCOMES: [Outcome; 4] = [Outcome::Pass, Outcome::Fail, Outcome::NotProven, Outcome::Info];
    Ok(FleetFigure {
        gate: word(row, 2, Gate::from_word)?,
        outcome: word(row, 3, |word| OUTCOMES.into_iter().find(|outcome| outcome.word() == word))?,
        measured: row.get(4)?,
        lo: row.get(5)?,
        hi: row.get(6)?,
        limit: row.get(7)?,
        unit: row.get(8)?,
    })
}

/// The number that a probe's text says; whatever else stands there says none.
fn number_in(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<f64>> {
    let text = row.get_ref(column)?.as_str_or_null().unwrap_or_default();
    Ok(text.and_then(|text| text.trim().parse().ok()).filter(|value: &f64| value.is_finite()))
}
