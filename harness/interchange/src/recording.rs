//! One session as a file tells it, before it becomes a journal. Times are nanoseconds from the session's zero: the first
//! submit where prompts have times, else the begin of the rates.

use edgesoak_protocol::reading::Reading;
use edgesoak_protocol::units::Nanos;
use edgesoak_protocol::{Quantity, Unit};
use edgesoak_record::Import;
use edgesoak_record::import::{EnergySum, ImportedFact, RateWindows};
use edgesoak_record::plan::SourceFile;

use crate::format::Format;

/// Nanoseconds from the session's zero; telemetry may begin before it.
pub type Moment = i64;

/// One session of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// What kind of file it is.
    pub format: Format,
    /// Line on which the session begins, from 1.
    pub line: u64,
    /// What ran, as far as the file says.
    pub names: Names,
    /// Prompts with the times of their tokens, in order.
    pub prompts: Vec<Prompt>,
    /// Rates, where there are no times of tokens.
    pub rates: Option<Rates>,
    /// Telemetry.
    pub series: Vec<Series>,
    /// Energy over the session.
    pub energy: Option<EnergySum>,
    /// What else the file says.
    pub facts: Vec<ImportedFact>,
    /// It was measured on a simulated device, says the file.
    pub is_virtual: bool,
}

/// What ran, in the file's words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// The engine.
    pub runtime: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Its quantisation.
    pub quantisation: Option<String>,
}

/// A prompt whose tokens have times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Id of the item, if the file has one.
    pub item: String,
    /// When it was submitted.
    pub submit: Moment,
    /// Callbacks of the engine, in order.
    pub stamps: Vec<Stamp>,
    /// When it ended and by what word, if the file says so.
    pub done: Option<(Moment, String)>,
    /// Its length, tokens.
    pub prompt_tokens: Option<u32>,
}

impl Prompt {
    /// Its tokens as journals count them: the first callback is one token, whatever it brings.
    pub(crate) fn tokens(&self) -> u32 {
        let rest = self.stamps.iter().skip(1).map(|stamp| stamp.tokens);
        rest.fold(u32::from(!self.stamps.is_empty()), u32::saturating_add)
    }
}

/// One callback of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: Moment,
    /// How many tokens it brought.
    pub tokens: u32,
}

/// A series of rates, each at the end of its window.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// What is counted.
    pub counted: Counted,
    /// The windows behind them.
    pub windows: RateWindows,
    /// Where they stand in the file.
    pub source: String,
    /// Rates per second in time order, or why there is none.
    pub readings: Vec<(Moment, Reading<f64>)>,
}

/// What a rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Tokens of an answer.
    Tokens,
    /// Answers, frames or anything else that comes whole.
    Items,
}

/// The readings of one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the channel, such as `battery/temperature`.
    pub name: String,
    /// What it measures.
    pub quantity: Quantity,
    /// Unit of the readings.
    pub unit: Unit,
    /// Where it stands in the file.
    pub source: String,
    /// Values in time order, or why there is none.
    pub readings: Vec<(Moment, Reading<f64>)>,
}

impl Recording {
    /// An empty one.
    pub(crate) fn new(format: Format, line: u64) -> Self {
        Self {
            format,
            line,
            names: Names::default(),
            prompts: Vec::new(),
            rates: None,
            series: Vec::new(),
            energy: None,
            facts: Vec::new(),
            is_virtual: false,
        }
    }

    /// Readings, rates and tokens.
    pub(crate) fn size(&self) -> usize {
        let tokens: usize = self.prompts.iter().map(|prompt| prompt.stamps.len()).sum();
        let series: usize = self.series.iter().map(|series| series.readings.len()).sum();
        tokens + series + self.rates.as_ref().map_or(0, |rates| rates.readings.len())
    }

    /// Whether there is anything that could be judged.
    pub(crate) fn says_something(&self) -> bool {
        !self.prompts.is_empty()
            || self.rates.as_ref().is_some_and(|rates| !rates.readings.is_empty())
            || self.energy.is_some()
    }

    /// Where the session's zero stands in its journal: the first reading of all is its begin.
    #[must_use]
    pub fn zero(&self) -> Nanos {
        let first = self.series.iter().filter_map(|series| series.readings.first().map(|(at, _)| *at));
        Nanos(first.min().unwrap_or(0).min(0).unsigned_abs())
    }

    /// Where the session comes from, for its record.
    #[must_use]
    pub fn import(&self, file: SourceFile) -> Import {
        Import {
            format: self.format.word().to_owned(),
            file,
            line: self.line,
            zero: self.zero(),
            rates: self.rates.as_ref().map(|rates| rates.windows),
            energy: self.energy,
            facts: self.facts.clone(),
        }
    }

    /// The last moment that the file tells of, at least zero.
    #[must_use]
    pub fn end(&self) -> Moment {
        let tokens = self.prompts.iter().flat_map(|prompt| {
            let done = prompt.done.iter().map(|(at, _)| *at);
            done.chain(prompt.stamps.last().map(|stamp| stamp.at))
        });
        let rates = self.rates.iter().filter_map(|rates| rates.readings.last().map(|(at, _)| *at));
        // Telemetry that goes on after the last token is no part of the session.
        tokens.chain(rates).max().unwrap_or(0).max(0)
    }
}
