//! Which runs there are, and which one a person means.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::Verdict;
use rusqlite::OptionalExtension as _;

use crate::error::StoreError;
use crate::numbers::unsigned;
use crate::open::Store;

/// How many candidates an ambiguous prefix is answered with.
const SHOWN_MATCHES: u32 = 5;
/// The word for the run that was opened last.
const LATEST: &str = "latest";

/// One line about a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSummary {
    /// Run id.
    pub run: String,
    /// When it was opened, wall time since the Unix epoch.
    pub opened: Nanos,
    /// Profile of the matrix.
    pub profile: String,
    /// Latest verdict, if it was judged.
    pub verdict: Option<Verdict>,
    /// The host closed it.
    pub closed: bool,
}

impl Store {
    /// Every run, the latest first.
    pub fn runs(&self) -> Result<Vec<RunSummary>, StoreError> {
        self.connection
            .prepare_cached(
                "SELECT r.run_id, r.opened_unix_ns, r.profile, r.closed, v.verdict FROM run r \
                 LEFT JOIN verdict v ON v.run_id = r.run_id ORDER BY r.opened_unix_ns DESC, r.run_id DESC",
            )
            .and_then(|mut query| {
                query
                    .query_map([], |row| {
                        let verdict: Option<String> = row.get(4)?;
                        Ok(RunSummary {
                            run: row.get(0)?,
                            opened: Nanos(unsigned(1, row.get(1)?)?),
                            profile: row.get(2)?,
                            closed: row.get(3)?,
                            verdict: verdict.as_deref().and_then(verdict_from_word),
                        })
                    })?
                    .collect()
            })
            .map_err(StoreError::read("the runs"))
    }

    /// The latest run of a plan that was opened at this time or later and tells anything about it, if that one was closed whole
    /// and passed or failed.
    ///
    /// A run that the lab lost, or that evaluated nothing, tells nothing. Behind a latest run of any other kind no older verdict holds.
    pub fn decided_run(&self, plan: &str, since: Nanos) -> Result<Option<String>, StoreError> {
        let since = i64::try_from(since.0).unwrap_or(i64::MAX);
        let latest: Option<(String, bool)> = self
            .connection
            .prepare_cached(
                "SELECT r.run_id, r.closed = 1 AND r.interrupted IS NULL AND COALESCE(v.verdict, '') IN (?3, ?4) \
                 FROM run r LEFT JOIN verdict v ON v.run_id = r.run_id \
                 WHERE r.plan_id = ?1 AND r.opened_unix_ns >= ?2 AND COALESCE(v.verdict, '') NOT IN (?5, ?6) \
                 ORDER BY r.opened_unix_ns DESC, r.run_id DESC LIMIT 1",
            )
            .and_then(|mut query| {
                let words = [Verdict::Pass, Verdict::Fail, Verdict::Infrastructure, Verdict::Nothing];
                let [pass, fail, sick, nothing] = words.map(Verdict::word);
                query
                    .query_row((plan, since, pass, fail, sick, nothing), |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()
            })
            .map_err(StoreError::read("earlier runs of a plan"))?;
        Ok(latest.filter(|(_, holds)| *holds).map(|(run, _)| run))
    }

    /// The run with this id, the only one whose id begins like this, or the `latest`.
    pub fn resolve(&self, name: &str) -> Result<String, StoreError> {
        let failed = StoreError::read("the runs");
        if name == LATEST {
            return self
                .connection
                .prepare_cached("SELECT run_id FROM run ORDER BY opened_unix_ns DESC, run_id DESC LIMIT 1")
                .and_then(|mut query| query.query_row([], |row| row.get(0)).optional())
                .map_err(failed)?
                .ok_or_else(|| StoreError::UnknownRun { name: name.to_owned() });
        }
        let mut matches: Vec<String> = self
            .connection
            .prepare_cached(
                "SELECT run_id FROM run WHERE substr(run_id, 1, length(?1)) = ?1 \
                 ORDER BY run_id = ?1 DESC, run_id LIMIT ?2",
            )
            .and_then(|mut query| query.query_map((name, SHOWN_MATCHES), |row| row.get(0))?.collect())
            .map_err(failed)?;
        if name.is_empty() || matches.is_empty() {
            return Err(StoreError::UnknownRun { name: name.to_owned() });
        }
        if matches.len() == 1 || matches[0] == name {
            return Ok(matches.swap_remove(0));
        }
        Err(StoreError::AmbiguousRun { name: name.to_owned(), matches })
    }
}

pub(crate) fn verdict_from_word(word: &str) -> Option<Verdict> {
    [Verdict::Pass, Verdict::Fail, Verdict::NotProven, Verdict::Infrastructure, Verdict::Nothing]
        .into_iter()
        .find(|verdict| verdict.word() == word)
}
