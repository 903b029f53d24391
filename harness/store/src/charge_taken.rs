//! What sessions take out of a battery, by earlier ones of the same job.

use edgesoak_record::plan::PlannedSession;
use edgesoak_record::session::{CloseState, SessionRecord};
use edgesoak_record::{Quantity, Verdict};
use rusqlite::{OptionalExtension as _, params};

use crate::error::StoreError;
use crate::host_rows::close_word;
use crate::open::Store;

/// What a session took out of its device's battery.
#[derive(Debug, Clone, PartialEq)]
pub struct ChargeTaken {
    /// The run that it belonged to.
    pub run: String,
    /// Charge between its first reading and its last, per cent; of several batteries, of the one that gave most.
    pub percent: f64,
}

impl Store {
    /// What the last judged session of a job took that ran to its end from the battery alone: same device, route,
    /// candidate, workload, length and artifact. `None` without such a session, or where its charge was not read.
    pub fn charge_taken(&self, planned: &PlannedSession) -> Result<Option<ChargeTaken>, StoreError> {
        let found: Option<(String, String)> = self
            .connection
            .prepare_cached(
                "SELECT s.run_id, s.session FROM session s \
                 JOIN run r ON r.run_id = s.run_id \
                 JOIN session_verdict v ON v.run_id = s.run_id AND v.session = s.session \
                 WHERE s.device = ?1 AND s.route = ?2 AND s.candidate = ?3 AND s.workload = ?4 \
                 AND s.artifact_sha256 = ?5 AND s.planned_soak_ms = ?6 AND s.close_state = ?7 \
                 AND v.verdict NOT IN (?8, ?9) \
                 ORDER BY r.opened_unix_ns DESC, s.run_id DESC, s.position DESC LIMIT 1",
            )
            .and_then(|mut query| {
                let (sick, nothing) = (Verdict::Infrastructure.word(), Verdict::Nothing.word());
                let soak_ms = i64::try_from(planned.workload.duration.0).unwrap_or(i64::MAX);
                query
                    .query_row(
                        params![
                            planned.device.id,
                            planned.route.id,
                            planned.candidate.id,
                            planned.workload.id,
                            planned.candidate.sha256,
                            soak_ms,
                            close_word(CloseState::Completed),
                            sick,
                            nothing
                        ],
                        |row| Ok((row.get(0)?, row.get(1)?)),
                    )
                    .optional()
            })
            .map_err(StoreError::read("earlier sessions"))?;
        let Some((run, session)) = found else { return Ok(None) };
        let record = self.load_session(&run, &PlannedSession { session, ..planned.clone() })?;
        Ok(taken(&record).map(|percent| ChargeTaken { run, percent }))
    }
}

/// Nothing where a charge rose: then a charger had a part in it, or another battery.
fn taken(record: &SessionRecord) -> Option<f64> {
    let levels = record.channels.iter().filter(|channel| channel.quantity == Quantity::ChargeLevel);
    let falls = levels.filter_map(|channel| {
        let values: Vec<f64> = channel
            .samples
            .iter()
            .filter_map(|sample| sample.value.ok())
            .filter(|value| value.is_finite())
            .collect();
        let fall = values.first()? - values.last()?;
        Some(if values.is_sorted_by(|earlier, later| earlier >= later) { Ok(fall) } else { Err(()) })
    });
    falls.reduce(|one, other| Ok(one?.max(other?)))?.ok()
}
