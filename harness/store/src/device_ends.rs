//! How the last sessions on a device ended.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::CloseState;

use crate::error::StoreError;
use crate::host_rows::close_word;
use crate::numbers::unsigned;
use crate::open::Store;

/// How a session ended on its device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEnd {
    /// The run that it belongs to.
    pub run: String,
    /// Profile of that run.
    pub profile: String,
    /// When that run was opened, wall time since the Unix epoch.
    pub opened: Nanos,
    /// Whether it reached its end.
    pub completed: bool,
    /// A stable word for why not; empty when completed.
    pub cause: String,
    /// Whose fault it was: `device`, `lab`, `config`, `harness`, `user`, or empty.
    pub whose: String,
}

impl Store {
    /// The last sessions on a device that were closed, the latest first, at most so many.
    pub fn device_ends(&self, device: &str, most: u32) -> Result<Vec<DeviceEnd>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT r.run_id, r.profile, r.opened_unix_ns, s.close_state = ?2, s.close_cause, s.whose \
                 FROM session s JOIN run r ON r.run_id = s.run_id \
                 WHERE s.device = ?1 AND s.close_state IS NOT NULL \
                 ORDER BY r.opened_unix_ns DESC, r.run_id DESC, s.position DESC LIMIT ?3",
            )
            .and_then(|mut query| {
                let of_row = |row: &rusqlite::Row<'_>| {
                    Ok(DeviceEnd {
                        run: row.get(0)?,
                        profile: row.get(1)?,
                        opened: Nanos(unsigned(2, row.get(2)?)?),
                        completed: row.get(3)?,
                        cause: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
                        whose: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
                    })
                };
                query.query_map((device, close_word(CloseState::Completed), most), of_row)?.collect()
            })
            .map_err(StoreError::read("earlier sessions"))
    }
}
