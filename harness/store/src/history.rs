//! What earlier runs tell a new one.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::host_entry::{BetweenRunSigma, History};
use edgesoak_record::session::CloseState;
use edgesoak_record::{Gate, Plan, Verdict};
use rusqlite::params;

use crate::error::StoreError;
use crate::host_rows::close_word;
use crate::open::Store;

/// Fewer runs give no spread worth having.
const LEAST_RUNS: usize = 8;
/// Runs that were opened this long after those of a day are of another one, wherever midnight lies: 18 hours.
const NEXT_DAY_NS: i64 = 18 * 3_600_000_000_000;

impl Store {
    /// Standard deviation of `ln(sustained rate)` between the stored runs of each device and candidate of a
    /// plan.
    ///
    /// Imported runs say nothing of this lab's spread, and one file may have been imported many times: they do not count.
    /// A run counts once, with the first of its sessions that ran to their end, and only with the planned artifact: the
    /// spread is that of single sessions, which a mean over several would understate. Workloads have levels of their own: deviations are taken from the mean of the workload and pooled,
    /// `sigma^2 = sum of squares / (runs - workloads)`. Workloads with fewer than eight runs are left out, and
    /// a pair without any other has no entry. The days on which the runs were opened are counted beside them.
    ///
    /// Beside it stand the uses of the plan's waivers that are limited.
    pub fn history(&self, plan: &Plan) -> Result<History, StoreError> {
        let mut pairs = BTreeMap::new();
        for planned in &plan.sessions {
            let key = (planned.device.id.as_str(), planned.candidate.id.as_str());
            let workloads: &mut BTreeMap<_, _> = pairs.entry(key).or_default();
            workloads.insert(planned.workload.id.as_str(), planned.candidate.sha256.as_str());
        }
        let mut between_run_sigma = Vec::new();
        for ((device, candidate), workloads) in pairs {
            let mut pool = Pool::default();
            for (workload, sha256) in workloads {
                pool.add(&self.levels(device, candidate, workload, sha256)?);
            }
            if let Some((sigma, runs)) = pool.sigma() {
                let (device, candidate) = (device.to_owned(), candidate.to_owned());
                let days = days(&pool.opened);
                between_run_sigma.push(BetweenRunSigma { device, candidate, sigma, runs, days });
            }
        }
        Ok(History { between_run_sigma, waiver_uses: self.waiver_uses(&plan.policy.waivers)? })
    }

    /// `ln(sustained rate)` of every run with the time at which it was opened, oldest first.
    fn levels(
        &self,
        device: &str,
        candidate: &str,
        workload: &str,
        sha256: &str,
    ) -> Result<Vec<Level>, StoreError> {
        let rates: Vec<(String, f64, i64)> = self
            .connection
            .prepare_cached(
                "SELECT s.run_id, g.measured, r.opened_unix_ns FROM session s \
                 JOIN run r ON r.run_id = s.run_id \
                 JOIN session_verdict v ON v.run_id = s.run_id AND v.session = s.session \
                 JOIN gate_result g ON g.run_id = s.run_id AND g.session = s.session \
                 WHERE s.device = ?1 AND s.candidate = ?2 AND s.workload = ?3 AND s.artifact_sha256 = ?4 \
                 AND s.close_state = ?8 \
                 AND NOT EXISTS (SELECT 1 FROM import i WHERE i.session_id = s.id) \
                 AND v.verdict NOT IN (?5, ?6) AND g.gate = ?7 AND g.measured > 0 \
                 ORDER BY r.opened_unix_ns, s.run_id, s.position, g.position",
            )
            .and_then(|mut query| {
                let (sick, nothing) = (Verdict::Infrastructure.word(), Verdict::Nothing.word());
                let (gate, completed) = (Gate::SustainedTps.word(), close_word(CloseState::Completed));
                query
                    .query_map(
                        params![device, candidate, workload, sha256, sick, nothing, gate, completed],
                        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                    )?
                    .collect()
            })
            .map_err(StoreError::read("earlier verdicts"))?;
        let level = |(_, rate, opened): &(String, f64, i64)| Level { ln: rate.ln(), opened: *opened };
        Ok(rates.chunk_by(|one, other| one.0 == other.0).map(|run| level(&run[0])).collect())
    }
}

/// One run.
struct Level {
    /// `ln(sustained rate)`.
    ln: f64,
    /// Nanoseconds since the Unix epoch.
    opened: i64,
}

/// How many days these times are of.
fn days(opened: &BTreeSet<i64>) -> u32 {
    let (mut days, mut begun) = (0, None);
    for time in opened {
        if begun.is_none_or(|begun| time - begun >= NEXT_DAY_NS) {
            begun = Some(*time);
            days += 1;
        }
    }
    days
}

#[derive(Debug, Default)]
struct Pool {
    opened: BTreeSet<i64>,
    squares: f64,
    runs: u32,
    workloads: u32,
}

impl Pool {
    fn add(&mut self, levels: &[Level]) {
        if levels.len() < LEAST_RUNS {
            return;
        }
        let mean = levels.iter().map(|level| level.ln).sum::<f64>() / levels.len() as f64;
        self.squares += levels.iter().map(|level| (level.ln - mean).powi(2)).sum::<f64>();
        self.opened.extend(levels.iter().map(|level| level.opened));
        self.runs += u32::try_from(levels.len()).unwrap_or(u32::MAX);
        self.workloads += 1;
    }

    fn sigma(&self) -> Option<(f64, u32)> {
        let freedom = self.runs.checked_sub(self.workloads).filter(|freedom| *freedom > 0)?;
        Some(((self.squares / f64::from(freedom)).sqrt(), self.runs))
    }
}
