//! How often stored runs used a waiver.

use edgesoak_record::host_entry::WaiverUses;
use edgesoak_record::policy::Waiver;
use edgesoak_record::units::Nanos;
use rusqlite::params;

use crate::error::StoreError;
use crate::open::Store;

impl Store {
    /// Runs whose latest verdict was excused by each of these waivers that may be used so often only: all but those in `without`, and
    /// where a time is given those that were opened before it. A waiver that nobody used has no entry.
    pub fn waiver_uses(
        &self,
        waivers: &[Waiver],
        without: &[String],
        before: Option<Nanos>,
    ) -> Result<Vec<WaiverUses>, StoreError> {
        let without = serde_json::Value::from(without).to_string();
        let before = before.map_or(i64::MAX, |before| i64::try_from(before.0).unwrap_or(i64::MAX));
        let mut all: Vec<WaiverUses> = Vec::new();
        for waiver in waivers.iter().filter(|waiver| waiver.max_uses.is_some()) {
            let Waiver { gate, ticket, .. } = waiver;
            if all.iter().any(|known| known.gate == *gate && known.ticket == *ticket) {
                continue;
            }
            let runs: u32 = self
                .connection
                .prepare_cached(
                    "SELECT COUNT(DISTINCT v.run_id) FROM verdict v JOIN run r ON r.run_id = v.run_id, \
                     json_each(v.json, '$.sessions') s, json_each(s.value, '$.gates') g \
                     WHERE g.value ->> 'gate' = ?1 AND g.value ->> 'waived' = ?2 AND r.opened_unix_ns < ?3 \
                     AND v.run_id NOT IN (SELECT value FROM json_each(?4))",
                )
                .and_then(|mut query| {
                    query.query_row(params![gate.word(), ticket, before, without], |row| row.get(0))
                })
                .map_err(StoreError::read("uses of a waiver"))?;
            if runs > 0 {
                all.push(WaiverUses { gate: *gate, ticket: ticket.clone(), runs });
            }
        }
        Ok(all)
    }
}
