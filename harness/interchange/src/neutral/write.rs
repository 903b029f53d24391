//! A session of ours in the neutral format: what `import` needs to come to the same rates, and the telemetry that the
//! format has columns for.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::io::{self, Write};
use std::iter::Peekable;

use edgesoak_protocol::Quantity;
use edgesoak_protocol::units::Nanos;
use edgesoak_record::Run;
use edgesoak_record::session::{Prompt, Sample, Samples, SessionRecord};
use serde_json::{Map, Value, json};

use super::column;
use crate::callbacks;
use crate::limits::COLUMNS;

/// Columns that are not channels: time, event and what it says.
const OTHERS: usize = 7;

/// Writes the session: an object about it, then a row per moment in the order of time.
pub(crate) fn write(run: &Run, record: &SessionRecord, out: &mut impl Write) -> io::Result<()> {
    line(out, &about(run, record))?;
    let zero = zero(record);
    let scored: Vec<&Prompt> = record.prompts.iter().filter(|prompt| prompt.phase == "soaking").collect();
    let mut telemetry = Telemetry::of(record, scored.is_empty());
    let mut before = Nanos(0);
    for (place, prompt) in scored.iter().enumerate() {
        let is_last = place + 1 == scored.len();
        events(prompt, is_last, &mut |at, mut event| {
            let at = at.max(before);
            before = at;
            telemetry.until(Some(at), zero, out)?;
            event.insert("t_ns".to_owned(), since(at, zero));
            line(out, &event)
        })?;
    }
    telemetry.until(None, zero, out)?;
    out.flush()
}

/// What is said of the session as a whole.
fn about(run: &Run, record: &SessionRecord) -> Map<String, Value> {
    let planned = &record.planned;
    let runtime = record.runtime.as_ref().map_or(&planned.candidate.runtime, |runtime| &runtime.runtime);
    let import = record.imported.as_ref();
    let energy = import.and_then(|import| import.energy);
    let window = import.and_then(|import| import.rates?.length);
    let is_virtual =
        planned.device.is_virtual || record.journal.as_ref().is_some_and(|journal| journal.is_virtual);
    let said = [
        // What makes it known for what it is.
        ("edgesoak_import", Some(json!(1))),
        ("exported from", Some(json!(format!("{} {}", run.id, planned.session)))),
        ("runtime", Some(json!(runtime))),
        ("model", Some(json!(planned.candidate.id))),
        ("quantisation", planned.candidate.quantisation.as_ref().map(|word| json!(word))),
        ("device", Some(json!(planned.device.id))),
        // Figures of a simulated device must not come back as those of hardware.
        ("virtual", is_virtual.then_some(json!(true))),
        ("route", Some(json!(planned.route.id))),
        ("workload", Some(json!(planned.workload.id))),
        ("system version", record.os_build.as_ref().map(|build| json!(build))),
        ("rate_window_s", window.map(|window| json!(window.as_secs_f64()))),
        ("energy_j", energy.map(|energy| json!(energy.microjoules as f64 / 1e6))),
        ("energy_over_s", energy.and_then(|energy| Some(json!(energy.over?.as_secs_f64())))),
        ("energy_tokens", energy.and_then(|energy| energy.tokens).map(|tokens| json!(tokens))),
    ];
    said.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// The first scored submit; where no prompt was scored, what an import counts from, or where the soak or the journal begins.
fn zero(record: &SessionRecord) -> Nanos {
    let imported = record.imported.as_ref().map(|import| import.zero);
    let soak = || record.phases.iter().find(|phase| phase.phase == "soaking").map(|phase| phase.begin);
    let journal = || record.journal.as_ref().map(|journal| journal.mono);
    crate::export::zero(record).or(imported).or_else(soak).or_else(journal).unwrap_or(Nanos(0))
}

fn since(at: Nanos, zero: Nanos) -> Value {
    // Device times are within what a database holds.
    json!(i128::from(at.0) - i128::from(zero.0))
}

fn line(out: &mut impl Write, object: &Map<String, Value>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

/// The rows of one prompt. One that never finished ends where the next one needs it to.
fn events(
    prompt: &Prompt,
    is_last: bool,
    row: &mut dyn FnMut(Nanos, Map<String, Value>) -> io::Result<()>,
) -> io::Result<()> {
    let event = |word: &str| Map::from_iter([("event".to_owned(), json!(word))]);
    let mut submit = event("submit");
    submit.insert("item".to_owned(), json!(prompt.item));
    submit.extend(prompt.prompt_tokens.map(|tokens| ("prompt_tokens".to_owned(), json!(tokens))));
    row(prompt.submit, submit)?;
    for (at, tokens) in callbacks::of(prompt) {
        let mut token = event("token");
        token.insert("tokens".to_owned(), json!(tokens));
        row(at, token)?;
    }
    let finish = match prompt.finish.as_deref() {
        Some(known @ ("length" | "eos")) => known,
        None if is_last => return Ok(()),
        _ => "stopped",
    };
    let mut done = event("done");
    done.insert("finish".to_owned(), json!(finish));
    row(prompt.token_times.last().copied().unwrap_or(prompt.submit), done)
}

/// Readings of all channels that the format has columns for, by time.
struct Telemetry<'r> {
    channels: Vec<(String, Peekable<<&'r Samples as IntoIterator>::IntoIter>)>,
    /// The channel that is read next, by time.
    next: BinaryHeap<Reverse<(Nanos, usize)>>,
    /// Time does not run backwards in a file.
    last: Nanos,
}

impl<'r> Telemetry<'r> {
    fn of(record: &'r SessionRecord, with_rates: bool) -> Self {
        let mut names = BTreeSet::new();
        let mut channels = Vec::new();
        let mut next = BinaryHeap::new();
        for channel in &record.channels {
            let name = match channel.quantity {
                Quantity::DecodeRate if with_rates => Some("rate_tokens_per_s".to_owned()),
                Quantity::ItemRate if with_rates => Some("rate_items_per_s".to_owned()),
                quantity => column::name_of(&channel.name, quantity, channel.unit),
            };
            // Of two channels whose names become the same, the first stays.
            let Some(name) = name.filter(|name| !names.contains(name)) else { continue };
            let mut samples = channel.samples.iter().peekable();
            let Some(first) = samples.peek().map(|sample| sample.t) else { continue };
            if channels.len() + OTHERS == COLUMNS {
                break;
            }
            names.insert(name.clone());
            next.push(Reverse((first, channels.len())));
            channels.push((name, samples));
        }
        Self { channels, next, last: Nanos(0) }
    }

    /// Writes the readings before a time, or all that are left.
    fn until(&mut self, end: Option<Nanos>, zero: Nanos, out: &mut impl Write) -> io::Result<()> {
        while let Some(Reverse((at, _))) = self.next.peek().copied() {
            if end.is_some_and(|end| at >= end) {
                return Ok(());
            }
            let mut row = Map::new();
            while let Some(Reverse((_, place))) = self.next.peek().copied().filter(|Reverse((t, _))| *t == at)
            {
                self.next.pop();
                self.take(place, &mut row);
            }
            if at >= self.last {
                self.last = at;
                row.insert("t_ns".to_owned(), since(at, zero));
                line(out, &row)?;
            }
        }
        Ok(())
    }

    /// Moves one reading into a row.
    fn take(&mut self, place: usize, row: &mut Map<String, Value>) {
        let Some((name, samples)) = self.channels.get_mut(place) else { return };
        let Some(Sample { value, .. }) = samples.next() else { return };
        // `null` is a reading without a value, and so is what no number can tell.
        row.insert(name.clone(), value.ok().map_or(Value::Null, |value| json!(value)));
        if let Some(following) = samples.peek() {
            self.next.push(Reverse((following.t, place)));
        }
    }
}
