//! One run from its plan to its end, through as many processes as it takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use edgesoak_controller::{ControllerError, ResumeRequest, RunReport, RunRequest, Terms};
use edgesoak_record::Plan;
use edgesoak_record::host_entry::{History, HostEntry};
use tokio::sync::watch;

use crate::dice::Dice;
use crate::host::{Host, out};
use crate::sinks::Audience;
use crate::truth::Truth;

/// Processes that are started for one run before somebody looks at the host first.
const MOST_STARTS: usize = 12;

pub struct Errand {
    pub number: usize,
    pub host: Arc<Host>,
    pub plan: Plan,
    /// How it shares the lab.
    pub terms: Terms,
    /// When it begins.
    pub at: Duration,
    /// The acts at which its first processes die.
    pub deaths: Vec<u64>,
    pub dice: Dice,
    pub truth: Arc<Truth>,
    pub tally: Tally,
}

/// What became of an errand's processes.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub killed: u32,
    pub resumed: u32,
    /// Errors that ended a process, as far as they were told.
    pub errors: Vec<String>,
    pub report: Option<RunReport>,
    /// Nothing is left to be done.
    pub is_closed: bool,
}

/// How a process ended.
enum End {
    Killed,
    Reported(Box<RunReport>),
    Failed(ControllerError),
}

impl Errand {
    /// Runs, and takes the run up again whenever its process was killed.
    pub async fn carry_out(&mut self) {
        self.host.dawn.until(self.at).await;
        for _ in 0..MOST_STARTS {
            match self.process().await {
                End::Killed => {
                    self.tally.killed += 1;
                    let pause = self.dice.seconds(5..240);
                    tokio::time::sleep(pause).await;
                }
                End::Reported(report) => {
                    self.tally.report = Some(*report);
                    return;
                }
                End::Failed(ControllerError::RunIsClosed { .. }) => {
                    self.tally.is_closed = true;
                    return;
                }
                End::Failed(error) => {
                    self.tally.errors.push(error.to_string());
                    return;
                }
            }
        }
        self.truth.broken(format!("run {} never ends", self.number));
    }

    /// Somebody takes the run up until nothing is left to be done.
    pub async fn see_to_the_end(&mut self) {
        for _ in 0..6 {
            if self.host.run_dir(self.number).is_none() || self.tally.is_closed {
                return;
            }
            self.deaths.clear();
            self.carry_out().await;
        }
        if !self.tally.is_closed {
            let left = self.tally.report.as_ref().map(|report| format!("{:?}", report.closes));
            self.truth
                .broken(format!("run {} is never closed: {left:?} {:?}", self.number, self.tally.errors));
        }
    }

    async fn process(&mut self) -> End {
        let dies_at = if self.deaths.is_empty() { u64::MAX } else { self.deaths.remove(0) };
        let (process, world) = self.host.start(self.number, dies_at);
        let run_dir = self.host.run_dir(self.number);
        self.tally.resumed += u32::from(run_dir.is_some());
        let before = run_dir.as_deref().map_or(0, |dir| self.lines(dir).len());
        let (audience, patience) = (Audience::default(), self.dice.within(1..400));
        let sinks = audience.sinks(patience);
        let (_keep, cancel) = watch::channel(false);
        let work = async {
            match run_dir {
                None => edgesoak_controller::run(self.request(), world, sinks, cancel).await,
                Some(dir) => {
                    edgesoak_controller::resume(self.resume_request(dir), world, sinks, cancel).await
                }
            }
        };
        let ended = tokio::select! {
            biased;
            () = process.death() => None,
            ended = work => Some(ended),
        };
        audience.bell.ring();
        process.kill();
        match ended {
            None => End::Killed,
            Some(Ok(report)) => {
                self.check_audience(&report, &audience, before);
                End::Reported(Box::new(report))
            }
            Some(Err(error)) => End::Failed(error),
        }
    }

    /// Whoever listens hears what is on the disk, in its order.
    pub fn check_audience(&self, report: &RunReport, audience: &Audience, before: usize) {
        let lines = self.lines(&report.dir);
        for (who, heard) in [("attentive", &audience.attentive), ("slow", &audience.slow)] {
            let heard = heard.lock().expect("unpoisoned");
            if heard.entries[..] != lines[before.min(lines.len())..] {
                let (told, kept) = (heard.entries.len(), lines.len() - before);
                self.truth.broken(format!("{}: {who} heard {told} lines, {kept} are kept", report.run));
            }
            heard.wrong.iter().for_each(|wrong| self.truth.broken(format!("{}: {who}: {wrong}", report.run)));
        }
        if report.sink_failures.iter().any(|failure| failure != "failing: it has had enough") {
            self.truth.broken(format!("{}: {:?}", report.run, report.sink_failures));
        }
    }

    /// Whole lines of the host's journal.
    fn lines(&self, dir: &Path) -> Vec<HostEntry> {
        let bytes = self.host.disk.get(&dir.join("host.journal")).unwrap_or_default();
        let whole = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
        whole.map(|line| serde_json::from_slice(line).expect("an entry")).collect()
    }

    fn request(&self) -> RunRequest {
        RunRequest {
            plan: self.plan.clone(),
            lab: self.host.lab.clone(),
            history: History::default(),
            out: out(self.number).into(),
            base: "base".into(),
            cache: "cache".into(),
            agents_dir: "agents".into(),
            state_dir: "state".into(),
            terms: self.terms.clone(),
            version: "0.1.0".to_owned(),
        }
    }

    fn resume_request(&self, run_dir: PathBuf) -> ResumeRequest {
        ResumeRequest {
            run_dir,
            lab: self.host.lab.clone(),
            base: "base".into(),
            cache: "cache".into(),
            agents_dir: "agents".into(),
            state_dir: "state".into(),
            terms: self.terms.clone(),
            addresses: BTreeMap::new(),
        }
    }
}
