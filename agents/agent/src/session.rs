//! One session, from its lease to its last frame. Runs in the detached process.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use edgesoak_prompts::Template;
use edgesoak_protocol::job::{self, Job};
use edgesoak_protocol::journal::{FinishReason, Frame, Header, Phase, RuntimeEnd, write_header};
use edgesoak_protocol::{Group, ThermalLimits, thermal_limits};
use edgesoak_runtimes::Spawn;
use edgesoak_sensors::{Bank, Root, clocks, identity};

use crate::aftermath::{Before, Death};
use crate::alarm::{Alarm, End};
use crate::answering::{self, Questions};
use crate::answers::Answers;
use crate::claim::{Claim, Plan};
use crate::commands::{Commands, Spent};
use crate::digest::fingerprint;
use crate::disk::{Disk, JournalFile};
use crate::egress::Egress;
use crate::engine::Engine;
use crate::error::AgentError;
use crate::hand_over;
use crate::inputs::Inputs;
use crate::interrupt::Interrupt;
use crate::journal::{Journal, Writer};
use crate::layout::{Home, SessionDir, SessionName};
use crate::limits::Guard;
use crate::pack;
use crate::process_group;
use crate::sampler::{Sampling, Watched};
use crate::settings::{self, Held};
use crate::soak::Soak;
use crate::supplies::Supplies;
use crate::temperatures::Temperatures;
use crate::unplug;
use crate::watchdog::{Pulse, Watchdog};
use crate::worker::Worker;

/// How long a sensor may hold the last tick up. Slow ones take tens of milliseconds.
const LAST_TICK_LIMIT: Duration = Duration::from_secs(5);
/// How long a command may hold up the end of the session.
const COMMAND_PATIENCE: Duration = Duration::from_millis(500);
/// How long a command may take to reach its own deadline and be killed.
const LAST_COMMAND_LIMIT: Duration = Duration::from_secs(10);

/// A session that holds the lease and has its journal on the disk, but has not begun.
pub(crate) struct Session {
    claim: Claim,
    disk: Disk<JournalFile>,
    bank: Bank,
    groups: Vec<Group>,
    boot_id: String,
    start_ns: u64,
    system: Root,
    /// Where answers will be asked for; none where nothing is answered.
    listener: Option<UnixListener>,
}

impl Session {
    /// Checks the job, takes the lease and opens the journal.
    pub(crate) fn prepare(home: &Home, name: &SessionName, system: &Root) -> Result<Self, AgentError> {
        let claim = Claim::take(home, name)?;
        let scratch = claim.plan.dir.scratch();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&scratch)
            .map_err(AgentError::io("creating", scratch))?;
        let answering = claim.plan.job.answering.as_ref();
        let listener = answering.map(|plan| hand_over::bind(&claim.plan.dir, &plan.salt)).transpose()?;
        let bank = Bank::open(system);
        let job::Sampling { fast_period_ms, slow_period_ms, command_period_ms } = claim.plan.job.sampling;
        let groups = bank.groups(fast_period_ms, slow_period_ms, command_period_ms);
        let header = header(&claim.plan.job, system, &bank, &groups);
        let disk =
            JournalFile::create(&claim.plan.dir.journal(), &claim.plan.dir.reserve(), &write_header(&header))
                .map_err(AgentError::io("creating", claim.plan.dir.journal()))?;
        let (boot_id, start_ns) = (header.boot_id, header.mono_ns);
        let system = system.clone();
        Ok(Self { claim, disk, bank, groups, boot_id, start_ns, system, listener })
    }

    /// Identity of this boot.
    pub(crate) fn boot_id(&self) -> &str {
        &self.boot_id
    }

    /// Runs the session to its last frame. Call it from the main thread; see [`Engine::start`].
    pub(crate) fn run(mut self) -> Result<(), AgentError> {
        let Claim { plan: Plan { job, inputs, dir }, changes, lease: _held } = self.claim;
        let io = AgentError::io("starting a thread for", dir.path());
        let alarm = Arc::new(Alarm::default());
        let answers = Arc::new(Answers::default());
        let served = self.listener.map_or(Ok(()), |listener| hand_over::serve(listener, answers.clone()));
        let (journal, writer) = served.and_then(|()| Journal::start(self.disk, alarm.clone())).map_err(io)?;
        let (watched, pulse) = (Arc::new(Watched::default()), Arc::new(Pulse::default()));
        let spent = Arc::new(Spent::default());
        let temperatures = Arc::new(Temperatures::of(self.bank.specs(), self.start_ns));
        let supplies = Arc::new(Supplies::of(self.bank.specs()));
        let guard = Guard {
            limits: job.stop_at.clone(),
            alarm: alarm.clone(),
            temperatures: temperatures.clone(),
            supplies: supplies.clone(),
        };
        let commands = Commands {
            sources: self.bank.take_commands(),
            specs: self.bank.specs().to_vec(),
            groups: self.groups.clone(),
            guard: guard.clone(),
            journal: journal.clone(),
            spent: spent.clone(),
        };
        let sampling = Sampling {
            bank: self.bank,
            groups: self.groups,
            guard,
            journal: journal.clone(),
            watched: watched.clone(),
            pulse: pulse.clone(),
            spent,
        };
        let watchdog = Watchdog::new(pulse, journal.clone());
        let run = Run {
            job: &job,
            inputs: &inputs,
            dir: &dir,
            journal: &journal,
            interrupt: &Interrupt::new(alarm.clone(), dir.stop()).watching(watchdog),
            watched,
            temperatures: &temperatures,
            supplies: &supplies,
            system: &self.system,
            answers: &answers,
        };
        let held = Held::new(&self.system, &journal, changes, &job);
        let (end, commands) = measured(sampling, commands, &journal, || run.with(held));
        close(writer, &alarm, &end);
        // Its session has ended; what is waited for is that no program of it is left behind.
        commands.map(|commands| commands.ends_within(LAST_COMMAND_LIMIT));
        Ok(())
    }
}

/// What `run` comes to while everything is measured, and the thread of the commands.
fn measured(
    sampling: Sampling,
    commands: Commands,
    journal: &Journal,
    run: impl FnOnce() -> End,
) -> (End, Option<Worker>) {
    match sampling.start().and_then(|sampler| Ok((sampler, commands.start()?))) {
        Ok((sampler, commands)) => {
            let end = run();
            stop_measuring(journal, &sampler, commands.as_ref());
            (end, commands)
        }
        Err(error) => {
            (End::new(FinishReason::BadInput, ["starting the sampler: ", &error.to_string()].concat()), None)
        }
    }
}

fn stop_measuring(journal: &Journal, sampler: &Worker, commands: Option<&Worker>) {
    if commands.is_some_and(|commands| !commands.ends_within(COMMAND_PATIENCE)) {
        journal.note("command-stuck", "a command does not answer: its last reading is missing");
    }
    // Last, because its last frame tells what everything cost.
    if !sampler.ends_within(LAST_TICK_LIMIT) {
        journal.note("sampler-stuck", "a sensor does not answer: the last ticks are missing");
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
    supplies: &'a Supplies,
    system: &'a Root,
    answers: &'a Answers,
}

impl Run<'_> {
    /// Drives the run with the settings of its job, which are given back whatever happens.
    fn with(&self, mut held: Held<'_>) -> End {
        if let Some((code, text)) = process_group::leave(self.system, std::process::id()) {
            self.journal.note(code, text);
        }
        self.note_limits();
        let (pack, go_on) = (pack::Begun::with(self.system), || self.interrupt.check());
        // A setting that cannot be made is told while somebody still stands there with the cable.
        let made = held.make(self.job, &go_on).and_then(|()| match self.job.unplug {
            Some(rule) => unplug::wait(rule, self.supplies, self.journal, &go_on),
            None => Ok(()),
        });
        let end = made.and_then(|()| self.drive()).err();
        pack.tell(self.system, self.journal);
        let moved = held.give_back();
        // Behind the settings: a radio that they turned off may be the way of whoever takes the answers.
        if let Some(plan) = &self.job.answering {
            answering::wait_until_taken(plan, self.answers, self.journal, self.interrupt);
        }
        end.or(moved).unwrap_or(End::new(FinishReason::Completed, ""))
    }

    /// The trip points of the device, where it tells of any: whole, for they are read by programs, or not at all.
    fn note_limits(&self) {
        let limits = edgesoak_sensors::thermal_limits(self.system);
        let text = limits.to_note();
        if limits != ThermalLimits::default() && text.len() <= thermal_limits::MOST_NOTE {
            let code = thermal_limits::NOTE.to_owned();
            self.journal.append(&Frame::Note { code, text });
        }
    }

    fn drive(&self) -> Result<(), End> {
        let before = Before::look(self.system);
        self.journal.append(&Frame::PhaseBegan { phase: Phase::Loading });
        let mut look = |path: &Path| fingerprint(path, &mut || self.interrupt.asked().is_none());
        let verified = self.inputs.verify(self.job, &mut look, &mut |frame| self.journal.append(&frame));
        // Why a file was not read to its end stands here.
        self.interrupt.check()?;
        verified?;
        let prompter = self.inputs.prompter(self.job, Template::Artifact(&self.inputs.artifact))?;
        let items = self.inputs.items(self.job, &prompter)?;
        let asked = self.job.answering.as_ref().zip(items.as_ref());
        let questions = asked.map(|(plan, items)| Questions { plan, items, answers: self.answers });
        let scratch = self.dir.scratch();
        let spawn = Spawn { program: &self.inputs.program, args: &self.job.runner.args, dir: &scratch };
        let silence_limit = Duration::from_millis(self.job.runner.silence_limit_ms);
        let mut egress = Egress::new(self.system, self.journal, self.job.local_only);
        let mut engine = Engine::start(
            &spawn,
            &mut egress,
            silence_limit,
            self.journal,
            self.interrupt,
            self.watched.clone(),
        )?;
        let pid = engine.pid();
        settings::settle_oom_score(self.system, self.journal, pid, self.job);
        let ended = engine.load(self.job, &self.inputs.artifact.to_string_lossy()).and_then(|()| {
            Soak {
                job: self.job,
                engine: &mut engine,
                prompter: &prompter,
                inputs: self.inputs,
                journal: self.journal,
                interrupt: self.interrupt,
                temperatures: self.temperatures,
                questions,
                next_prompt: 0,
                next_item: 0,
            }
            .run()
        });
        egress.look();
        let closed = engine.close();
        egress.tell();
        let death = match (&ended, closed) {
            (Err(end), Some(RuntimeEnd::Signalled(signal))) if end.reason == FinishReason::RuntimeDied => {
                Some(Death { pid, signal })
            }
            _ => None,
        };
        before.tell(self.journal, death);
        ended
    }
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
