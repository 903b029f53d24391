//! The channel table while the device is probed.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use edgesoak_protocol::probe::ProbedCommand;
use edgesoak_protocol::{ChannelSpec, Quantity, Reading, Reason, Unit, rule};

use crate::bank::{FAST, SLOW};
use crate::capture::{Capture, Fact};
use crate::command::{Command, CommandSource, Server};
use crate::errno;
use crate::root::Root;
use crate::source::{BUFFER_BYTES, Kind, Parse, Source};

/// Most channels of a device; the header of a journal must stay small whatever a device claims to have.
const MAX_CHANNELS: usize = 1024;
/// A read that never takes less than this, such as a fuel gauge behind a slow bus, would delay every fast tick.
const SLOW_READ: Duration = Duration::from_millis(2);

/// A channel in the making: what its numbers mean.
#[derive(Debug, Clone)]
pub(crate) struct Channel {
    pub name: String,
    pub quantity: Quantity,
    pub unit: Unit,
    /// Factor from the raw integer to `unit`.
    pub scale: f64,
    pub rule: u16,
}

impl Channel {
    /// A channel whose value is `raw * scale`.
    pub fn new(name: impl Into<String>, quantity: Quantity, unit: Unit, scale: f64) -> Self {
        Self { name: name.into(), quantity, unit, scale, rule: rule::PLAIN }
    }

    /// A temperature with its sentinels.
    pub fn celsius(name: impl Into<String>, scale: f64) -> Self {
        Self { rule: rule::TEMPERATURE, ..Self::new(name, Quantity::Temperature, Unit::Celsius, scale) }
    }
}

/// A file in the making.
pub(crate) struct Entry<'a> {
    /// Absolute path on the device.
    pub path: &'a str,
    pub group: u8,
    pub kind: Kind,
    pub parse: Parse,
    pub channels: Vec<Channel>,
}

/// A source with the position of its first channel in the table.
#[derive(Debug)]
pub(crate) struct Placed {
    pub source: Source,
    pub group: u8,
    pub first: usize,
    pub count: usize,
}

/// One reading of a command when the device was probed.
#[derive(Debug)]
pub(crate) struct Answered {
    /// Position of its channel in the table.
    pub place: usize,
    pub reading: Reading<i64>,
    /// As it was printed.
    pub raw: String,
}

/// Everything found so far.
pub(crate) struct Table<'a> {
    pub root: &'a Root,
    pub specs: Vec<ChannelSpec>,
    pub placed: Vec<Placed>,
    /// The process that answers dumps, where it can be seen.
    pub server: Option<Server<'a>>,
    /// Commands that give channels, in the order of their groups.
    pub commands: Vec<CommandSource>,
    /// What each of them is.
    pub periods: Vec<&'static Command>,
    /// Every command that was tried.
    pub probed_commands: Vec<ProbedCommand>,
    /// What the commands gave when they were tried.
    pub answered: Vec<Answered>,
    /// What is no reading.
    pub facts: BTreeMap<String, String>,
    /// Position of each name.
    names: HashMap<String, usize>,
    /// Whether each row had a value when it was probed.
    valued: Vec<bool>,
    buffer: Vec<u8>,
}

impl<'a> Table<'a> {
    pub fn new(root: &'a Root) -> Self {
        let buffer = vec![0; BUFFER_BYTES];
        Self {
            root,
            specs: Vec::new(),
            placed: Vec::new(),
            server: None,
            commands: Vec::new(),
            periods: Vec::new(),
            probed_commands: Vec::new(),
            answered: Vec::new(),
            facts: BTreeMap::new(),
            names: HashMap::new(),
            valued: Vec::new(),
            buffer,
        }
    }

    /// The integer in a file, to learn what it means before it becomes a channel.
    pub fn peek(&self, path: &str) -> Reading<i64> {
        match self.root.read(path, 64) {
            Ok(text) => crate::parse::integer::decimal(&text),
            Err(error) => Err(errno::reason(&error)),
        }
    }

    /// Opens and reads the file; channels that it does not give stand in the table with their reason.
    pub fn add(&mut self, entry: Entry<'_>) {
        let mut source = Source::open(self.root, entry.path, entry.kind, entry.parse);
        let mut readings = vec![Err(Reason::Absent); entry.channels.len()];
        let reads_slowly = (0..3).all(|_| {
            let started = Instant::now();
            source.read(&mut self.buffer, &mut readings);
            started.elapsed() > SLOW_READ
        });
        let group = if reads_slowly { SLOW } else { entry.group };
        let first = self.specs.len();
        for (channel, reading) in entry.channels.into_iter().zip(readings) {
            self.row(channel, group, entry.path, Probed::File(reading));
        }
        let count = self.specs.len() - first;
        if self.specs[first..].iter().any(|spec| spec.missing.is_none()) {
            self.placed.push(Placed { source, group, first, count });
        }
    }

    /// One integer, one channel.
    pub fn add_integer(&mut self, path: &str, group: u8, channel: Channel) {
        let (kind, parse) = (Kind::Small, crate::parse::integer::one as Parse);
        self.add(Entry { path, group, kind, parse, channels: vec![channel] });
    }

    /// Channels whose file is not known yet: they are always part of the ticks.
    pub fn add_unopened(&mut self, source: &str, parse: Parse, channels: Vec<Channel>) {
        let first = self.specs.len();
        for channel in channels {
            self.row(channel, FAST, source, Probed::Later);
        }
        let count = self.specs.len() - first;
        self.placed.push(Placed { source: Source::closed(self.root, parse), group: FAST, first, count });
    }

    /// A row for something that cannot be read.
    pub fn add_missing(&mut self, channel: Channel, source: &str, reason: Reason) {
        self.row(channel, SLOW, source, Probed::Missing(reason));
    }

    /// A channel of a command's answer; says whether it has a place in the ticks.
    pub fn add_answer(
        &mut self,
        channel: Channel,
        group: u8,
        source: &str,
        reading: Reading<i64>,
        raw: String,
    ) -> bool {
        let place = self.specs.len();
        self.row(channel, group, source, Probed::Answer(reading));
        let Some(spec) = self.specs.get(place) else { return false };
        let ticks = spec.missing.is_none();
        self.answered.push(Answered { place, reading, raw });
        ticks
    }

    /// Notes what is no reading.
    pub fn fact(&mut self, name: &str, value: &str) {
        self.facts.insert(name.to_owned(), value.to_owned());
    }

    /// Notes a fact of an answer as `name`, if it has it.
    pub fn fact_of(&mut self, name: &str, theirs: &str, capture: &Capture) {
        let value = match capture.facts().get(theirs) {
            Some(Fact::Flag(flag)) => flag.to_string(),
            Some(Fact::Number(number)) => number.to_string(),
            Some(Fact::Word(word)) => word.clone(),
            None => return,
        };
        self.facts.insert(name.to_owned(), value);
    }

    /// Whether any row of this kind had a value.
    pub fn has_value(&self, is_wanted: &dyn Fn(&ChannelSpec) -> bool) -> bool {
        self.specs.iter().zip(&self.valued).any(|(spec, valued)| *valued && is_wanted(spec))
    }

    /// Puts `suffix` behind the source of the newest row, if that row is of `path`: a full table took none.
    pub fn annotate(&mut self, path: &str, suffix: &str) {
        if let Some(spec) = self.specs.last_mut().filter(|spec| spec.source == path) {
            spec.source.push_str(suffix);
        }
    }

    /// Whether any row so far has one of these quantities and is there, if only to be refused.
    pub fn has(&self, quantities: &[Quantity]) -> bool {
        let there = |spec: &ChannelSpec| spec.missing != Some(Reason::Absent);
        self.specs.iter().any(|spec| quantities.contains(&spec.quantity) && there(spec))
    }

    fn row(&mut self, channel: Channel, group: u8, source: &str, probed: Probed) {
        let place = self.specs.len();
        if place >= MAX_CHANNELS {
            return;
        }
        let Channel { name, quantity, unit, scale, rule } = channel;
        let source = source.to_owned();
        let mut spec = ChannelSpec { name, quantity, unit, scale, rule, group, source, missing: None };
        spec.missing = match probed {
            Probed::Later => None,
            Probed::Missing(reason) => Some(reason),
            Probed::File(reading) => missing(&spec, reading),
            Probed::Answer(reading) => reading.err().filter(|reason| is_lasting(*reason)),
        };
        let valued = match probed {
            Probed::Later | Probed::Missing(_) => false,
            Probed::File(reading) | Probed::Answer(reading) => spec.value(reading).is_ok(),
        };
        self.claim(&mut spec, place);
        self.specs.push(spec);
        self.valued.push(valued);
    }

    /// Two zones of one type are told apart by their order: `cpu`, `cpu#1`, `cpu#2`. A row that gives nothing
    /// yields its name to one that does: the same thing is called the same wherever it can be read.
    fn claim(&mut self, spec: &mut ChannelSpec, place: usize) {
        let Some(holder) = self.names.get(&spec.name).copied() else {
            self.names.insert(spec.name.clone(), place);
            return;
        };
        let other = self.free(&spec.name);
        if spec.missing.is_none() && self.specs[holder].missing.is_some() {
            self.names.insert(spec.name.clone(), place);
            self.names.insert(other.clone(), holder);
            self.specs[holder].name = other;
        } else {
            self.names.insert(other.clone(), place);
            spec.name = other;
        }
    }

    fn free(&self, name: &str) -> String {
        let mut ordinal = 1_usize;
        loop {
            let candidate = [name, "#", &ordinal.to_string()].concat();
            if !self.names.contains_key(&candidate) {
                return candidate;
            }
            ordinal += 1;
        }
    }
}

/// What a row gave when the device was probed.
#[derive(Clone, Copy)]
enum Probed {
    /// Its file is not known yet.
    Later,
    Missing(Reason),
    File(Reading<i64>),
    Answer(Reading<i64>),
}

/// A part that is off or failed for the moment may answer later, as may a sensor of temperature that is parked, and a
/// current may grow until it tells its unit, so they keep their places in the ticks; everything else will not change
/// during a run.
fn missing(spec: &ChannelSpec, reading: Reading<i64>) -> Option<Reason> {
    spec.value(reading).err().filter(|reason| match reason {
        Reason::Offline | Reason::Failed => false,
        Reason::Sentinel => spec.quantity != Quantity::Temperature,
        Reason::Implausible => spec.rule != rule::FLOW,
        _ => true,
    })
}

/// A service that gives no value for a sensor now may give one later; what it refuses or does not have stays so.
fn is_lasting(reason: Reason) -> bool {
    matches!(reason, Reason::Denied | Reason::Absent | Reason::CommandMissing | Reason::NotATemperature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_gives_nothing_yields_its_name() {
        let root = Root::new("/nowhere");
        let mut table = Table::new(&root);
        let channel = || Channel::new("battery/level", Quantity::ChargeLevel, Unit::Percent, 1.0);
        table.add_integer("/denied", SLOW, channel());
        assert!(table.add_answer(channel(), 2, "service", Ok(50), "50".to_owned()));
        assert!(table.add_answer(channel(), 2, "again", Ok(50), "50".to_owned()));
        assert!(!table.add_answer(channel(), 2, "nothing", Err(Reason::Absent), String::new()));
        let rows: Vec<_> = table.specs.iter().map(|spec| (&*spec.name, &*spec.source)).collect();
        assert_eq!(
            rows,
            [
                ("battery/level#1", "/denied"),
                ("battery/level", "service"),
                ("battery/level#2", "again"),
                ("battery/level#3", "nothing")
            ]
        );
        assert!(table.has_value(&|spec| spec.name == "battery/level"));
        assert!(!table.has_value(&|spec| spec.source == "nothing"));
    }

    #[test]
    fn a_full_table_keeps_its_rows_as_they_are() {
        let root = Root::new("/nowhere");
        let mut table = Table::new(&root);
        let channel = || Channel::new("rapl/package-0", Quantity::Energy, Unit::Joule, 1e-6);
        for _ in 0..MAX_CHANNELS {
            table.add_missing(channel(), "/first", Reason::Denied);
        }
        table.add_integer("/one/too/many", SLOW, channel());
        table.annotate("/one/too/many", " modulo 7");
        assert_eq!(table.specs.len(), MAX_CHANNELS);
        assert!(table.specs.iter().all(|spec| spec.source == "/first"));
    }
}
