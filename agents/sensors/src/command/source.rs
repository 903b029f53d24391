//! A command in a session: asked again and again, away from the sampler of files.

use std::fmt;
use std::time::Duration;

use edgesoak_protocol::{RawReading, Reason};

use super::list::Command;
use super::live::Runner;
use super::wanted::Wanted;
use crate::capture::{Capture, Fact};
use crate::root::Root;

/// New names that are told.
const MAX_APPEARED: usize = 16;

/// A command whose answer gives the channels of one group.
///
/// Belongs on a thread of its own: a read may take as long as the command's deadline, some seconds.
pub struct CommandSource {
    root: Root,
    command: &'static Command,
    group: u8,
    wanted: Vec<Wanted>,
    runner: Runner,
    told: bool,
    /// The finer unit of [`Command::unit`] was seen.
    proven: bool,
}

/// What a command printed in one read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawOutput {
    /// The command, such as `dumpsys battery`.
    pub source: String,
    /// Kind of its parser.
    pub kind: &'static str,
    /// The lines that count, at most 16 KiB.
    pub text: String,
    /// Everything it printed, bytes.
    pub bytes: u64,
    /// How long it took, nanoseconds.
    pub took_ns: u64,
    /// Readings that were not there when the device was probed and so have no channel; told once.
    pub appeared: Vec<String>,
}

impl fmt::Debug for CommandSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandSource")
            .field("command", &self.command.argv)
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}

impl CommandSource {
    pub(crate) fn new(root: Root, command: &'static Command, group: u8, wanted: Vec<Wanted>) -> Self {
        Self { root, command, group, wanted, runner: Runner::default(), told: false, proven: false }
    }

    /// Learns the unit of an answer; says which channel it tells nothing of, since a small number in the unit that this
    /// device is known to use looks like one in the other.
    pub(crate) fn learn_unit(&mut self, capture: &Capture) -> Option<&'static str> {
        let unit = self.command.unit.as_ref()?;
        let Some(Fact::Word(now)) = capture.facts().get(unit.fact) else { return None };
        let was_proven = self.proven;
        self.proven |= now == unit.proven;
        (was_proven && now != unit.proven).then_some(unit.channel)
    }

    /// Its group in the channel table.
    #[must_use]
    pub fn group(&self) -> u8 {
        self.group
    }

    /// The command as a person would type it.
    #[must_use]
    pub fn line(&self) -> String {
        self.command.line()
    }

    /// Time between two reads where the job allows one every `command_period_ms`: commands that wake other
    /// services up keep to it and are never read more often than every 10 s; cheap ones have a period of their
    /// own.
    #[must_use]
    pub fn period(&self, command_period_ms: u64) -> Duration {
        period(self.command, command_period_ms)
    }

    /// Runs the command; clears `out`, then gives one value per present channel of the group, in their order.
    ///
    /// Gives what was printed, or `None` where nothing was: the readings then all have the reason. Takes at most
    /// the command's deadline (5 s) and a moment.
    pub fn read(&mut self, out: &mut Vec<RawReading>) -> Option<RawOutput> {
        out.clear();
        let limits = self.command.limits();
        let answer = self.root.run_again(&mut self.runner, self.command.argv, &limits);
        let text = match answer.text {
            Ok(text) if answer.whole => text,
            // Half an answer may miss any line, also the one that says that all of it is faked.
            Ok(text) => {
                out.resize(self.wanted.len(), RawReading(Err(Reason::Parse)));
                return Some(self.output(&text, answer.bytes, answer.took, Vec::new()));
            }
            Err(reason) => {
                out.resize(self.wanted.len(), RawReading(Err(reason)));
                return None;
            }
        };
        let capture = self.command.parse(&text);
        let refused = refusal(&capture);
        let unclear = self.learn_unit(&capture);
        let mut hint = 0;
        out.extend(self.wanted.iter().map(|wanted| {
            let reading = match wanted.take(&capture, &mut hint) {
                // Nothing is nothing in either unit.
                Ok(number) if number != 0 && wanted.is_reading(unclear) => Err(Reason::Implausible),
                reading => reading,
            };
            // Where the answer as a whole is a refusal, that is why the channel is absent.
            RawReading(reading.map_err(|own| refused.filter(|_| own == Reason::Absent).unwrap_or(own)))
        }));
        let appeared = self.appeared(&capture);
        Some(self.output(&text, answer.bytes, answer.took, appeared))
    }

    fn output(&self, text: &str, bytes: u64, took: Duration, appeared: Vec<String>) -> RawOutput {
        RawOutput {
            source: self.command.line(),
            kind: self.command.kind.word(),
            text: self.command.kept(text),
            bytes,
            took_ns: super::filter::nanoseconds(took),
            appeared,
        }
    }

    fn appeared(&mut self, capture: &Capture) -> Vec<String> {
        if self.told {
            return Vec::new();
        }
        let is_new = |name: &&String| {
            let known = |wanted: &Wanted| matches!(wanted, Wanted::Reading(known) if known == *name);
            self.command.quantity(name).is_some() && !self.wanted.iter().any(known)
        };
        let names = capture.readings().iter().filter(|reading| reading.value.is_ok());
        let new: Vec<String> =
            names.map(|reading| &reading.channel).filter(is_new).take(MAX_APPEARED).cloned().collect();
        self.told = !new.is_empty();
        new
    }
}

/// Why an answer has no reading at all, where it has none.
pub(crate) fn refusal(capture: &Capture) -> Option<Reason> {
    let mut reasons = capture.readings().iter().map(|reading| reading.value.err());
    let first = reasons.next()??;
    reasons.all(|reason| reason.is_some()).then_some(first)
}

pub(crate) fn period(command: &Command, command_period_ms: u64) -> Duration {
    let allowed = Duration::from_millis(command_period_ms);
    if command.is_dump() { command.period.max(allowed) } else { command.period }
}
