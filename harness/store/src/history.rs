//! What earlier runs tell a new one.

use std::collections::BTreeSet;

use edgesoak_record::host_entry::{BetweenRunSigma, History};
use edgesoak_record::session::CloseState;
use edgesoak_record::{Gate, Plan, PlannedSession, Verdict};
use rusqlite::params;

use crate::error::StoreError;
use crate::host_rows::close_word;
use crate::open::Store;

/// Fewer runs give no spread worth having.
const LEAST_RUNS: u32 = 8;
/// Runs that were opened this long after those of a day are of another one, wherever midnight lies: 18 hours.
const NEXT_DAY_NS: i64 = 18 * 3_600_000_000_000;

impl Store {
    /// Standard deviation of `ln(sustained rate)` between the stored runs of each device and candidate of a plan, in the
    /// candidate's runtime.
    ///
    /// What is pooled ran on this device, in the same runtime and at the same place: the candidate itself, the other
    /// candidates that the plan runs there, and the policy's canary, each with its planned artifact. Every candidate has a level of
    /// its own on every workload and route: deviations are taken from the mean of their group, and
    /// `sigma^2 = sum of squares / (runs - groups)`. A group of one run tells nothing. With fewer than seven degrees of freedom, those of eight
    /// runs of one thing, there is no entry; `runs` is one more than there are.
    ///
    /// A run counts once in a group, with the first of its sessions that ran to their end: the spread is that of single
    /// sessions, which a mean over several would understate. Imported runs say nothing of this lab's spread, and one file may have been
    /// imported many times: they do not count. Beside them stands on how many days the group of most days was opened.
    ///
    /// Beside it stand the uses of the plan's waivers that are limited. What the runs named in `without` say is left out of both.
    pub fn history(&self, plan: &Plan, without: &[String]) -> Result<History, StoreError> {
        let mut between_run_sigma: Vec<BetweenRunSigma> = Vec::new();
        let mut seen = BTreeSet::new();
        let listed = serde_json::Value::from(without).to_string();
        for planned in &plan.sessions {
            let (device, candidate) = (&planned.device.id, &planned.candidate.id);
            if !seen.insert((device, candidate)) {
                continue;
            }
            let mut pool = Pool::default();
            for (candidate, sha256) in akin(plan, planned) {
                self.pool(&mut pool, device, (candidate, sha256), &listed)?;
            }
            between_run_sigma.extend(pool.spread(device, candidate));
        }
        Ok(History { between_run_sigma, waiver_uses: self.waiver_uses(&plan.policy.waivers, without, None)? })
    }

    /// Adds every group of runs of a candidate, with its artifact, on a device; `without` lists runs as JSON.
    fn pool(
        &self,
        pool: &mut Pool,
        device: &str,
        (candidate, sha256): (&str, &str),
        without: &str,
    ) -> Result<(), StoreError> {
        let rows: Vec<Row> = self
            .connection
            .prepare_cached(
                "SELECT s.workload, s.route, s.run_id, g.measured, r.opened_unix_ns FROM session s \
                 JOIN run r ON r.run_id = s.run_id \
                 JOIN session_verdict v ON v.run_id = s.run_id AND v.session = s.session \
                 JOIN gate_result g ON g.run_id = s.run_id AND g.session = s.session \
                 WHERE s.device = ?1 AND s.candidate = ?2 AND s.artifact_sha256 = ?3 AND s.close_state = ?7 \
                 AND NOT EXISTS (SELECT 1 FROM import i WHERE i.session_id = s.id) \
                 AND v.verdict NOT IN (?4, ?5) AND g.gate = ?6 AND g.measured > 0 \
                 AND s.run_id NOT IN (SELECT value FROM json_each(?8)) \
                 ORDER BY s.workload, s.route, r.opened_unix_ns, s.run_id, s.position, g.position",
            )
            .and_then(|mut query| {
                let (sick, nothing) = (Verdict::Infrastructure.word(), Verdict::Nothing.word());
                let (gate, completed) = (Gate::SustainedTps.word(), close_word(CloseState::Completed));
                query
                    .query_map(
                        params![device, candidate, sha256, sick, nothing, gate, completed, without],
                        |row| {
                            let group = (row.get(0)?, row.get(1)?);
                            Ok(Row { group, run: row.get(2)?, rate: row.get(3)?, opened: row.get(4)? })
                        },
                    )?
                    .collect()
            })
            .map_err(StoreError::read("earlier verdicts"))?;
        for group in rows.chunk_by(|one, other| one.group == other.group) {
            let runs = group.chunk_by(|one, other| one.run == other.run);
            pool.add(&runs.map(|run| &run[0]).collect::<Vec<&Row>>());
        }
        Ok(())
    }
}

/// Candidates, each with its artifact, that scatter for the same reasons as this one: same device, runtime and place.
fn akin<'a>(plan: &'a Plan, planned: &'a PlannedSession) -> BTreeSet<(&'a str, &'a str)> {
    let (runtime, placement) = (&planned.candidate.runtime, &planned.candidate.placement);
    let beside = plan.sessions.iter().filter(|other| other.device.id == planned.device.id);
    let beside = beside
        .map(|other| &other.candidate)
        .filter(|other| (&other.runtime, &other.placement) == (runtime, placement));
    let canary = plan
        .policy
        .canary
        .iter()
        .filter(|canary| (&canary.runtime, &canary.placement) == (runtime, placement));
    let beside = beside.map(|other| (other.id.as_str(), other.sha256.as_str()));
    beside.chain(canary.map(|canary| (canary.candidate.as_str(), canary.sha256.as_str()))).collect()
}

/// One judged session.
struct Row {
    /// Workload and route.
    group: (String, String),
    run: String,
    rate: f64,
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
    days: u32,
    squares: f64,
    freedom: u32,
}

impl Pool {
    /// Adds the runs of one group; a single one has no deviation.
    fn add(&mut self, group: &[&Row]) {
        if group.len() < 2 {
            return;
        }
        let levels: Vec<f64> = group.iter().map(|row| row.rate.ln()).collect();
        let mean = levels.iter().sum::<f64>() / levels.len() as f64;
        self.squares += levels.iter().map(|level| (level - mean).powi(2)).sum::<f64>();
        self.freedom += u32::try_from(levels.len() - 1).unwrap_or(u32::MAX);
        // No deviation of a group crosses from one of its days to a day of another group.
        self.days = self.days.max(days(&group.iter().map(|row| row.opened).collect()));
    }

    fn spread(&self, device: &str, candidate: &str) -> Option<BetweenRunSigma> {
        (self.freedom + 1 >= LEAST_RUNS).then(|| BetweenRunSigma {
            device: device.to_owned(),
            candidate: candidate.to_owned(),
            sigma: (self.squares / f64::from(self.freedom)).sqrt(),
            runs: self.freedom + 1,
            days: self.days,
        })
    }
}
