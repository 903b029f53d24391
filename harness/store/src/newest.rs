//! Which sessions tell of each candidate today.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::{Tried, Verdict};
use rusqlite::{Row, params, params_from_iter};
use serde::Serialize;

use crate::error::StoreError;
use crate::numbers::unsigned;
use crate::open::Store;

/// A session by its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionPlace {
    /// Run id.
    pub run: String,
    /// Session within the run.
    pub session: String,
    /// Route id.
    pub route: String,
    /// Candidate id.
    pub candidate: String,
    /// When the run was opened, wall time since the Unix epoch.
    pub opened: Nanos,
}

impl Store {
    /// Every session of a run, in the order of its plan.
    pub fn sessions_of(&self, run: &str) -> Result<Vec<SessionPlace>, StoreError> {
        let sql = "SELECT s.run_id, s.session, s.route, r.opened_unix_ns, s.candidate FROM session s \
                   JOIN run r ON r.run_id = s.run_id WHERE s.run_id = ?1 ORDER BY s.position";
        self.places(sql, &[run])
    }

    /// The sessions of the latest run of each candidate on each route and device, the latest run first; all repetitions within
    /// that run.
    ///
    /// A session that the lab lost, or that evaluated nothing, tells nothing, and an earlier one stands for it. Behind a session of any
    /// other verdict no earlier one counts. Sessions of runs that were not judged are left out.
    pub fn newest_sessions(&self) -> Result<Vec<SessionPlace>, StoreError> {
        let sql = "SELECT run_id, session, route, opened, candidate FROM (\
                   SELECT s.run_id, s.session, s.route, s.candidate, s.position, r.opened_unix_ns AS opened, \
                   rank() OVER (PARTITION BY s.candidate, s.route, s.family, s.device \
                   ORDER BY r.opened_unix_ns DESC, s.run_id DESC) AS age \
                   FROM session s JOIN run r ON r.run_id = s.run_id \
                   JOIN session_verdict v ON v.run_id = s.run_id AND v.session = s.session \
                   WHERE v.verdict NOT IN (?1, ?2)) \
                   WHERE age = 1 ORDER BY opened DESC, run_id DESC, position";
        self.places(sql, &[Verdict::Infrastructure.word(), Verdict::Nothing.word()])
    }

    /// Where routes were tried: in one run, or in every run that was judged; whatever became of it.
    pub fn tried(&self, run: Option<&str>) -> Result<Vec<Tried>, StoreError> {
        let sql = "SELECT DISTINCT s.route, s.family, s.is_virtual OR coalesce(s.says_virtual, 0) \
                   FROM session s LEFT JOIN verdict v ON v.run_id = s.run_id \
                   WHERE s.run_id = ?1 OR (?1 IS NULL AND v.run_id IS NOT NULL) ORDER BY 1, 2, 3";
        let tried =
            |row: &Row<'_>| Ok(Tried { route: row.get(0)?, family: row.get(1)?, is_virtual: row.get(2)? });
        self.connection
            .prepare_cached(sql)
            .and_then(|mut query| query.query_map(params![run], tried)?.collect())
            .map_err(StoreError::read("where routes were tried"))
    }

    fn places(&self, sql: &str, words: &[&str]) -> Result<Vec<SessionPlace>, StoreError> {
        let place = |row: &Row<'_>| {
            let opened = Nanos(unsigned(3, row.get(3)?)?);
            let (run, session, route) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(SessionPlace { run, session, route, candidate: row.get(4)?, opened })
        };
        self.connection
            .prepare_cached(sql)
            .and_then(|mut query| query.query_map(params_from_iter(words), place)?.collect())
            .map_err(StoreError::read("sessions of runs"))
    }
}
