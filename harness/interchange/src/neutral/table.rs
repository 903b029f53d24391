//! Rows of a neutral file become a session, whichever way they were written.

use edgesoak_protocol::reading::{Reading, Reason};
use edgesoak_protocol::{Quantity, quality, rule};
use edgesoak_record::import::RateWindows;

use super::column::{Channel, Column};
use super::run_facts::RunFacts;
use crate::complaint::{Complaint, shown};
use crate::limits::{RATE, READINGS, ROWS, TOKENS_PER_STAMP};
use crate::number::{count, is_none, moment, parse, within};
use crate::recording::{Counted, Moment, Prompt, Rates, Recording, Series, Stamp};
use crate::states;

const EVENTS: &str = "`event` is `submit`, `token` or `done`; every answer begins with a `submit` row";

/// The rows so far.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Option<Column>>,
    names: Vec<String>,
    facts: RunFacts,
    found: Recording,
    /// Readings of each column that is a channel.
    readings: Vec<Vec<(Moment, Reading<f64>)>>,
    rates: Vec<(Moment, Reading<f64>)>,
    /// Line and time of the first of them.
    rates_from: Option<(u64, Moment)>,
    before: Option<Moment>,
    rows: usize,
    readings_so_far: usize,
}

/// What a row says of a prompt.
#[derive(Default)]
struct Row<'t> {
    event: &'t str,
    item: &'t str,
    finish: &'t str,
    tokens: Option<u64>,
    prompt_tokens: Option<u64>,
}

impl Table {
    /// An empty one with what was said before the rows.
    pub(crate) fn new(facts: RunFacts, found: Recording) -> Self {
        let (columns, names, readings) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            columns,
            names,
            facts,
            found,
            readings,
            rates: Vec::new(),
            rates_from: None,
            before: None,
            rows: 0,
            readings_so_far: 0,
        }
    }

    /// The column of this name, which is added if it is new; `None` when there are too many.
    pub(crate) fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(place) = self.names.iter().position(|known| known == name) {
            return Some(place);
        }
        if self.names.len() >= crate::limits::COLUMNS {
            return None;
        }
        self.names.push(name.to_owned());
        self.columns.push(super::column::of(name));
        self.readings.push(Vec::new());
        Some(self.names.len() - 1)
    }

    /// One row: texts by column. An empty text says nothing; a word for "no value" is a missing reading.
    pub(crate) fn row(&mut self, line: u64, fields: &[(usize, &str)]) -> Result<(), Complaint> {
        self.rows += 1;
        // Every row has a time.
        let told = fields.iter().filter(|(_, text)| !text.is_empty()).count();
        self.readings_so_far += told.saturating_sub(1);
        if self.rows > ROWS || self.readings_so_far > READINGS {
            let words = format!("the file has more than {ROWS} rows or {READINGS} readings");
            return Err(Complaint::new(line, words, "split the file, or leave out what is not needed"));
        }
        let fields = || fields.iter().copied().filter(|(_, text)| !text.is_empty());
        let at = self.time(line, fields())?;
        let mut row = Row::default();
        for (place, text) in fields() {
            let name = &self.names[place];
            let tokens = |most: u64| count(line, name, parse(line, name, text)?, most).map(Some);
            match &self.columns[place] {
                None | Some(Column::Time(_)) => {}
                Some(
                    Column::Event | Column::Item | Column::Finish | Column::Tokens | Column::PromptTokens,
                ) if is_none(text) => {}
                Some(Column::Event) => row.event = text,
                Some(Column::Item) => row.item = text,
                Some(Column::Finish) => row.finish = text,
                Some(Column::Tokens) => row.tokens = tokens(u64::from(TOKENS_PER_STAMP))?,
                Some(Column::PromptTokens) => row.prompt_tokens = tokens(1 << 30)?,
                Some(Column::Rate(_, scale)) => {
                    let rate =
                        reading(line, name, text, |number| within(line, name, number * scale, 0.0, RATE))?;
                    self.rates.push((at, rate));
                    self.rates_from.get_or_insert((line, at));
                }
                Some(Column::Channel(channel)) => {
                    let value = channel_reading(line, name, channel, text)?;
                    self.readings[place].push((at, value));
                }
            }
        }
        if row.event.is_empty() { Ok(()) } else { self.event(line, at, &row) }
    }

    fn time<'t>(
        &mut self,
        line: u64,
        mut fields: impl Iterator<Item = (usize, &'t str)>,
    ) -> Result<Moment, Complaint> {
        let found = fields.find_map(|(place, text)| match self.columns[place] {
            Some(Column::Time(scale)) => Some((place, text, scale)),
            _ => None,
        });
        let Some((place, text, scale)) = found else {
            return Err(Complaint::new(
                line,
                "the row has no time",
                "every row has its time in `t_s`, `t_ms`, `t_us` or `t_ns`",
            ));
        };
        let name = &self.names[place];
        let at = moment(line, name, parse(line, name, text)? * scale)?;
        if self.before.is_some_and(|before| at < before) {
            let words = format!("its time {} lies before that of the row above", shown(text));
            return Err(Complaint::new(line, words, "put the rows in order of time, one session per file"));
        }
        self.before = Some(at);
        Ok(at)
    }

    fn event(&mut self, line: u64, at: Moment, row: &Row<'_>) -> Result<(), Complaint> {
        let wrong = |words: &str| Complaint::new(line, words, EVENTS);
        let open = self.found.prompts.last_mut().filter(|prompt| prompt.done.is_none());
        match (row.event, open) {
            ("submit", Some(_)) => return Err(wrong("a prompt is submitted before the one above is done")),
            ("submit", None) => {
                let item = crate::said::text(row.item).unwrap_or_default();
                let prompt = Prompt { item, submit: at, stamps: Vec::new(), done: None, prompt_tokens: None };
                self.found.prompts.push(prompt);
            }
            ("token" | "done", None) => return Err(wrong("there is no prompt that it could belong to")),
            ("token", Some(prompt)) => {
                let tokens = row.tokens.unwrap_or(1);
                let tokens = u32::try_from(tokens).ok().filter(|tokens| *tokens > 0);
                let tokens = tokens.ok_or_else(|| wrong("a callback without a token"))?;
                prompt.stamps.push(Stamp { at, tokens });
                same_size(prompt).map_err(|words| {
                    Complaint::new(line, words, "give rates instead: `rate_tokens_per_s`")
                })?;
            }
            ("done", Some(prompt)) => {
                let finish = if row.finish.is_empty() { "eos" } else { row.finish };
                if !["length", "eos", "stopped"].contains(&finish) {
                    let words =
                        format!("an answer ends by `length`, `eos` or `stopped`, not by `{}`", shown(finish));
                    return Err(Complaint::new(
                        line,
                        words,
                        "leave `finish` empty where an answer ended by itself",
                    ));
                }
                prompt.done = Some((at, finish.to_owned()));
            }
            (other, _) => return Err(wrong(&format!("`{}` is no event", shown(other)))),
        }
        if let (Some(tokens), Some(prompt)) = (row.prompt_tokens, self.found.prompts.last_mut()) {
            prompt.prompt_tokens = u32::try_from(tokens).ok();
        }
        Ok(())
    }

    /// The session; `line` is the last one.
    pub(crate) fn finish(mut self, line: u64) -> Result<Recording, Complaint> {
        for ((column, name), readings) in self.columns.iter().zip(&self.names).zip(self.readings) {
            if let (Some(Column::Channel(channel)), false) = (column, readings.is_empty()) {
                let Channel { name: own, quantity, unit, .. } = channel.clone();
                if self.found.series.iter().any(|known| known.name == own) {
                    let words = format!("`{}` reads what another column reads too", shown(name));
                    return Err(Complaint::new(
                        line,
                        words,
                        "leave one of them, or give each a name of its own",
                    ));
                }
                self.found.series.push(Series {
                    name: own,
                    quantity,
                    unit,
                    source: format!("column {name}"),
                    readings,
                });
            }
        }
        let unknown: Vec<&str> = self
            .names
            .iter()
            .zip(&self.columns)
            .filter(|(_, column)| column.is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        if !unknown.is_empty() {
            crate::said::fact(&mut self.found.facts, "columns left out", &unknown.join(", "));
        }
        self.found.energy = self.facts.energy(line)?;
        // Token times say more than rates: where a file has both, rates would only repeat them.
        if self.found.prompts.is_empty() && !self.rates.is_empty() {
            if let Some((line, _)) = self.rates_from.filter(|(_, at)| *at < 0) {
                let words = "there are rates before zero, where the session begins";
                return Err(Complaint::new(line, words, "count the time from where decoding begins"));
            }
            self.found.rates = Some(rates(&self.columns, self.rates, &self.facts, line)?);
        }
        from_first_submit(&mut self.found);
        if self.found.says_something() {
            return Ok(self.found);
        }
        let words = "the file has neither token times nor rates nor an energy";
        Err(Complaint::new(
            line,
            words,
            "name a column `rate_tokens_per_s`, or give `event` rows; see docs/import.md",
        ))
    }
}

/// A value, or that the file says that there is none.
fn reading(
    line: u64,
    name: &str,
    text: &str,
    ours: impl Fn(f64) -> Result<f64, Complaint>,
) -> Result<Reading<f64>, Complaint> {
    if is_none(text) { Ok(Err(Reason::Absent)) } else { ours(parse(line, name, text)?).map(Ok) }
}

fn channel_reading(line: u64, name: &str, channel: &Channel, text: &str) -> Result<Reading<f64>, Complaint> {
    let state = match channel.quantity {
        Quantity::ThermalStatus => states::thermal(text),
        Quantity::ChargeStatus => states::charge(text),
        Quantity::Plugged => states::flag(text),
        _ => {
            let value = reading(line, name, text, |number| Ok(number * channel.scale + channel.shift))?;
            return Ok(value.and_then(|value| plausible(channel.quantity, value)));
        }
    };
    Ok(match state {
        Some(state) => Ok(state),
        None if is_none(text) => Err(Reason::Absent),
        None => Err(Reason::Parse),
    })
}

fn plausible(quantity: Quantity, value: f64) -> Reading<f64> {
    match quantity {
        Quantity::Temperature | Quantity::Ambient => rule::celsius(value),
        _ if quality::plausible(quantity).contains(&value) => Ok(value),
        _ => Err(Reason::Implausible),
    }
}

/// The first callback brings one token or as many as the others, and the last may bring fewer.
fn same_size(prompt: &Prompt) -> Result<(), &'static str> {
    let [first, second, .., before, _] = prompt.stamps.as_slice() else { return Ok(()) };
    if before.tokens == second.tokens && (first.tokens == 1 || first.tokens == second.tokens) {
        return Ok(());
    }
    Err("the callbacks of one answer bring different numbers of tokens")
}

fn rates(
    columns: &[Option<Column>],
    readings: Vec<(Moment, Reading<f64>)>,
    facts: &RunFacts,
    line: u64,
) -> Result<Rates, Complaint> {
    let kinds: Vec<Counted> = columns
        .iter()
        .filter_map(|column| match column {
            Some(Column::Rate(counted, _)) => Some(*counted),
            _ => None,
        })
        .collect();
    let [counted] = kinds.as_slice() else {
        return Err(Complaint::new(line, "the file has more than one column of rates", "leave one of them"));
    };
    let windows = RateWindows { length: facts.window, is_timed: true };
    Ok(Rates { counted: *counted, windows, source: "column rate".to_owned(), readings })
}

/// Moves every time so that the first submit is zero.
fn from_first_submit(found: &mut Recording) {
    let Some(zero) = found.prompts.first().map(|prompt| prompt.submit) else { return };
    for prompt in &mut found.prompts {
        prompt.submit -= zero;
        prompt.stamps.iter_mut().for_each(|stamp| stamp.at -= zero);
        prompt.done.iter_mut().for_each(|(at, _)| *at -= zero);
    }
    for series in &mut found.series {
        series.readings.iter_mut().for_each(|(at, _)| *at -= zero);
    }
}
