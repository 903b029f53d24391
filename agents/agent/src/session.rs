//! One session, from its lease to its last frame. Runs in the detached process.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;
use std::time::Duration;

use edgesoak_protocol::Group;
use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase, write_header};
use edgesoak_runtimes::Spawn;
use edgesoak_sensors::{Bank, FAST, Root, SLOW, clocks, identity};

use crate::alarm::{Alarm, End};
use crate::disk::{Disk, JournalFile};
use crate::engine::Engine;
use crate::error::AgentError;
use crate::inputs::Inputs;
use crate::interrupt::Interrupt;
use crate::job_file;
use crate::journal::{Journal, Writer};
use crate::layout::{AgentRoot, SessionDir, SessionName};
use crate::lease::Lease;
use crate::sampler::{Sampler, Sampling, Watched};
use crate::soak::Soak;
use crate::status;
use crate::temperatures::Temperatures;

/// How long a sensor may hold the last tick up. Slow ones take tens of milliseconds.
const LAST_TICK_LIMIT: Duration = Duration::from_secs(5);

/// A session that holds the lease and has its journal on the disk, but has not begun.
pub(crate) struct Session {
    job: Job,
    inputs: Inputs,
    dir: SessionDir,
    disk: Disk<JournalFile>,
    bank: Bank,
    groups: Vec<Group>,
    boot_id: String,
    start_ns: u64,
    _lease: Lease,
}

impl Session {
    /// Checks the job, takes the lease and opens the journal.
    pub(crate) fn prepare(root: &AgentRoot, name: &SessionName, system: &Root) -> Result<Self, AgentError> {
        let dir = root.session(name);
        let (job, inputs) = job_file::read(root, &dir, name)?;
        let lease = Lease::take(&root.lease(), name)?;
        if status::last_frame(root, name)?.is_some() {
            return Err(AgentError::SessionUsed);
        }
        clear_stillborn(&dir)?;
        let scratch = dir.scratch();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&scratch)
            .map_err(AgentError::io("creating", scratch))?;
        let bank = Bank::open(system);
        let groups = groups(&job);
        let header = header(&job, system, &bank, &groups);
        let disk = JournalFile::create(&dir.journal(), &dir.reserve(), &write_header(&header))
            .map_err(AgentError::io("creating", dir.journal()))?;
        let (boot_id, start_ns) = (header.boot_id, header.mono_ns);
        Ok(Self { job, inputs, dir, disk, bank, groups, boot_id, start_ns, _lease: lease })
    }

    /// Identity of this boot.
    pub(crate) fn boot_id(&self) -> &str {
        &self.boot_id
    }

    /// Runs the session to its last frame. Call it from the main thread; see [`Engine::start`].
    pub(crate) fn run(self) -> Result<(), AgentError> {
        let io = |doing| AgentError::io(doing, self.dir.path());
        let alarm = Arc::new(Alarm::default());
        let (journal, writer) =
            Journal::start(self.disk, alarm.clone()).map_err(io("starting a thread for"))?;
        let watched = Arc::new(Watched::default());
        let temperatures = Arc::new(Temperatures::of(self.bank.specs(), self.start_ns));
        let sampling = Sampling {
            bank: self.bank,
            groups: self.groups,
            limits: self.job.stop_at.clone(),
            journal: journal.clone(),
            alarm: alarm.clone(),
            watched: watched.clone(),
            temperatures: temperatures.clone(),
        };
        let run = Run {
            job: &self.job,
            inputs: &self.inputs,
            dir: &self.dir,
            journal: &journal,
            interrupt: &Interrupt::new(alarm.clone(), self.dir.stop()),
            watched,
            temperatures: &temperatures,
        };
        let end = match Sampler::start(sampling) {
            Ok(sampler) => {
                let end = run.drive().err().unwrap_or(End::new(FinishReason::Completed, ""));
                if !sampler.finish(LAST_TICK_LIMIT) {
                    journal.note("sampler-stuck", "a sensor does not answer: the last ticks are missing");
                }
                end
            }
            Err(error) => End::new(FinishReason::BadInput, format!("starting the sampler: {error}")),
        };
        close(writer, &alarm, &end);
        Ok(())
    }
}

/// A disk that failed explains every other end, and no session ends as completed without its journal.
fn close(writer: Writer, alarm: &Alarm, end: &End) {
    let disk_failed = alarm.raised().filter(|raised| raised.reason == FinishReason::DiskFailed);
    writer.close(disk_failed.unwrap_or(end));
}

/// What the main thread drives a run with.
struct Run<'a> {
    job: &'a Job,
    inputs: &'a Inputs,
    dir: &'a SessionDir,
    journal: &'a Journal,
    interrupt: &'a Interrupt,
    watched: Arc<Watched>,
    temperatures: &'a Temperatures,
}

impl Run<'_> {
    fn drive(&self) -> Result<(), End> {
        self.journal.append(&Frame::PhaseBegan { phase: Phase::Loading });
        self.inputs.verify(self.job, self.journal, self.interrupt)?;
        let prompter = self.inputs.prompter()?;
        let scratch = self.dir.scratch();
        let spawn = Spawn { program: &self.inputs.program, args: &self.job.runner.args, dir: &scratch };
        let silence_limit = Duration::from_millis(self.job.runner.silence_limit_ms);
        let mut engine =
            Engine::start(&spawn, silence_limit, self.journal, self.interrupt, self.watched.clone())?;
        let ended = engine.load(self.job, &self.inputs.artifact.to_string_lossy()).and_then(|()| {
            Soak {
                job: self.job,
                engine: &mut engine,
                prompter: &prompter,
                journal: self.journal,
                interrupt: self.interrupt,
                temperatures: self.temperatures,
                next_prompt: 0,
                next_item: 0,
            }
            .run()
        });
        engine.close();
        ended
    }
}

/// A journal that was cut short inside its header belongs to a start that never came about: nobody was told of it.
fn clear_stillborn(dir: &SessionDir) -> Result<(), AgentError> {
    match fs::remove_file(dir.journal()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(AgentError::io("removing", dir.journal())(error))
        }
        _ => Ok(()),
    }
}

fn groups(job: &Job) -> Vec<Group> {
    let group = |id, period_ms: u64| Group { id, period_ns: period_ms * 1_000_000 };
    vec![group(FAST, job.sampling.fast_period_ms), group(SLOW, job.sampling.slow_period_ms)]
}

fn header(job: &Job, system: &Root, bank: &Bank, groups: &[Group]) -> Header {
    let identity = identity::probe(system);
    Header {
        run: job.run.clone(),
        session: job.session.clone(),
        boot_id: identity.boot_id,
        mono_ns: clocks::mono_ns(),
        boottime_ns: clocks::boottime_ns(),
        wall_ns: clocks::wall_ns(),
        agent: env!("CARGO_PKG_VERSION").to_owned(),
        is_virtual: identity.is_virtual,
        groups: groups.to_vec(),
        channels: bank.specs().to_vec(),
    }
}
