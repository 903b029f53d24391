//! Every channel of this device with its open file.

use std::collections::BTreeMap;
use std::fmt;

use edgesoak_protocol::channel::Group;
use edgesoak_protocol::probe::{ProbedChannel, ProbedCommand};
use edgesoak_protocol::quality::Quality;
use edgesoak_protocol::{ChannelSpec, RawReading, Reading, Reason};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::classes;
use crate::command::{self, Command, CommandSource};
use crate::facts;
use crate::root::Root;
use crate::source::BUFFER_BYTES;
use crate::table::{Answered, Placed, Table};

/// The group sampled at the job's rate: temperatures, clocks, power, processor time, the runtime's memory.
pub const FAST: u8 = 0;
/// The group sampled at about 1 Hz: what changes slowly or costs more to read.
pub const SLOW: u8 = 1;

/// Every channel of this device with its open file, in a fixed order.
///
/// Reading allocates nothing once the caller's vector has grown, and each file is read once per tick however
/// many channels it holds.
pub struct Bank {
    root: Root,
    specs: Vec<ChannelSpec>,
    placed: Vec<Placed>,
    commands: Vec<CommandSource>,
    periods: Vec<&'static Command>,
    probed_commands: Vec<ProbedCommand>,
    answered: Vec<Answered>,
    facts: BTreeMap<String, String>,
    buffer: Vec<u8>,
    readings: Vec<Reading<i64>>,
}

impl fmt::Debug for Bank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bank").field("root", &self.root).field("specs", &self.specs).finish_non_exhaustive()
    }
}

impl Bank {
    /// Probes the device by opening and reading each exact path and by running each command once; keeps the
    /// descriptors open.
    ///
    /// Never fails: what cannot be read is in [`Bank::specs`] with its reason. Keeps one descriptor per present
    /// file open, and raises this process's limit of descriptors as far as it may: a server with hundreds of
    /// processors has more files than the usual 1024.
    pub fn open(root: &Root) -> Bank {
        raise_descriptor_limit();
        let mut table = Table::new(root);
        for find in classes::ALL {
            find(&mut table);
        }
        let Table { specs, placed, commands, periods, probed_commands, answered, facts, .. } = table;
        let widest = placed.iter().map(|placed| placed.count).max().unwrap_or(0);
        let readings = vec![Err(Reason::Absent); widest];
        Bank {
            root: root.clone(),
            specs,
            placed,
            commands,
            periods,
            probed_commands,
            answered,
            facts,
            buffer: vec![0; BUFFER_BYTES],
            readings,
        }
    }

    /// Present and missing channels. A missing one has its reason and no place in the ticks.
    pub fn specs(&self) -> &[ChannelSpec] {
        &self.specs
    }

    /// The groups of the channel table: [`FAST`], [`SLOW`], then one for each command that gives channels.
    ///
    /// `command_period_ms` bounds commands that wake other services up; see [`CommandSource::period`].
    pub fn groups(&self, fast_period_ms: u64, slow_period_ms: u64, command_period_ms: u64) -> Vec<Group> {
        let files = [fast_period_ms, slow_period_ms].map(|period| period.saturating_mul(1_000_000));
        let commands = self.periods.iter().map(|command| {
            let period = command::period(command, command_period_ms);
            u64::try_from(period.as_nanos()).unwrap_or(u64::MAX)
        });
        let periods = files.into_iter().chain(commands);
        (0..=u8::MAX).zip(periods).map(|(id, period_ns)| Group { id, period_ns }).collect()
    }

    /// The commands that give channels, for the thread that asks them; an empty list the second time.
    pub fn take_commands(&mut self) -> Vec<CommandSource> {
        std::mem::take(&mut self.commands)
    }

    /// Every command that was tried when the device was probed, with its cost or why it gave nothing.
    pub fn probed_commands(&self) -> &[ProbedCommand] {
        &self.probed_commands
    }

    /// What is no reading: where temperatures come from, and who the device says that it is.
    ///
    /// Asks the device (`getprop`, `id`, and on some the last broadcast of its battery): for a probe, never for a
    /// running session.
    pub fn facts(&self) -> BTreeMap<String, String> {
        let mut facts = self.facts.clone();
        facts::probe(&self.root, &mut facts);
        facts
    }

    /// Clears `out`, then reads one value per present channel of `group`, in the order of [`Bank::specs`].
    pub fn read(&mut self, group: u8, out: &mut Vec<RawReading>) {
        out.clear();
        for placed in self.placed.iter_mut().filter(|placed| placed.group == group) {
            let readings = &mut self.readings[..placed.count];
            placed.source.read(&mut self.buffer, readings);
            let specs = &self.specs[placed.first..placed.first + placed.count];
            let present = specs.iter().zip(readings.iter()).filter(|(spec, _)| spec.missing.is_none());
            out.extend(present.map(|(_, reading)| RawReading(*reading)));
        }
    }

    /// The channels of the runtime follow this process from now on; `None` makes them `Absent`.
    ///
    /// The descriptors belong to this very process: once it has ended they read `Absent`, also when its number
    /// is used again.
    pub fn watch_runtime(&mut self, pid: Option<u32>) {
        for placed in &mut self.placed {
            let source = &self.specs[placed.first].source;
            if let Some(file) = source.strip_prefix(classes::RUNTIME_SOURCE) {
                let path = pid.map(|pid| format!("/proc/{pid}/{file}"));
                placed.source.follow(path.as_deref());
            }
        }
    }

    /// One reading of everything, scaled, in the order of [`Bank::specs`]. Files are read now; commands were when
    /// the device was probed.
    pub fn probed(&mut self) -> Vec<ProbedChannel> {
        let mut ticks = [FAST, SLOW].map(|group| {
            let mut values = Vec::new();
            self.read(group, &mut values);
            values.into_iter()
        });
        let mut answered = self.answered.iter().peekable();
        let probed = self.specs.iter().enumerate().map(|(place, spec)| {
            let answer = answered.next_if(|answer| answer.place == place);
            let raw = match (answer, spec.missing) {
                (Some(answer), _) => answer.reading,
                (None, Some(reason)) => Err(reason),
                (None, None) => {
                    let next = ticks[usize::from(spec.group != FAST)].next();
                    next.map_or(Err(Reason::Absent), |RawReading(raw)| raw)
                }
            };
            let text = match answer {
                Some(answer) => answer.raw.clone(),
                None => raw.map(|raw| raw.to_string()).unwrap_or_default(),
            };
            let reading = spec.value(raw);
            ProbedChannel {
                name: spec.name.clone(),
                quantity: spec.quantity,
                unit: spec.unit,
                source: spec.source.clone(),
                value: reading.ok(),
                missing: reading.err(),
                raw: text,
                quality: Quality::default(),
            }
        });
        probed.collect()
    }
}

/// Where the system refuses, files beyond the limit stand in the table as failed.
fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}
