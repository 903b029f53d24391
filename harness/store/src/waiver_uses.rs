//! How often stored runs used a waiver.

use edgesoak_record::host_entry::WaiverUses;
use edgesoak_record::policy::Waiver;
use rusqlite::params;

use crate::error::StoreError;
use crate::open::Store;

impl Store {
    /// Runs whose latest verdict was excused by each of these waivers that may be used so often only. One that
    /// nobody used has no entry.
    pub(crate) fn waiver_uses(&self, waivers: &[Waiver]) -> Result<Vec<WaiverUses>, StoreError> {
        let mut all: Vec<WaiverUses> = Vec::new();
        for waiver in waivers.iter().filter(|waiver| waiver.max_uses.is_some()) {
            let Waiver { gate, ticket, .. } = waiver;
            if all.iter().any(|known| known.gate == *gate && known.ticket == *ticket) {
                continue;
            }
            let runs: u32 = self
                .connection
                .prepare_cached(
                    "SELECT COUNT(DISTINCT v.run_id) FROM verdict v, \
                     json_each(v.json, '$.sessions') s, json_each(s.value, '$.gates') g \
                     WHERE g.value ->> 'gate' = ?1 AND g.value ->> 'waived' = ?2",
                )
                .and_then(|mut query| query.query_row(params![gate.word(), ticket], |row| row.get(0)))
                .map_err(StoreError::read("uses of a waiver"))?;
            if runs > 0 {
                all.push(WaiverUses { gate: *gate, ticket: ticket.clone(), runs });
            }
        }
        Ok(all)
    }
}
