//! Everything about one session.

use edgesoak_record::session::Note;
use edgesoak_record::{Gate, SessionRecord, thermal_limits};

use super::answers::Answers;
use super::channel_row::ChannelRow;
use super::gate_row::{GateRow, LatencyRow};
use super::privacy::Privacy;
use super::slowdown::SlowdownRow;
use super::sources::Pair;
use super::{Fact, overhead, provenance};
use crate::plot::sheet::Sheet;
use crate::words::gate::Mood;
use crate::words::number::Amount;
use crate::words::text::{name, sentence};
use crate::words::time::clock;

/// Most notes listed.
const MOST_NOTES: usize = 60;

/// A note of the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoteRow {
    pub at: String,
    pub code: String,
    pub text: String,
}

/// One section of the page.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub index: usize,
    pub device: String,
    /// Family, route, candidate, repetition.
    pub chips: Vec<String>,
    pub is_virtual: bool,
    pub is_imported: bool,
    pub mood: Mood,
    pub sentence: String,
    /// Burst, floor, retention: what the strips show, in numbers.
    pub gist: String,
    /// How it was closed, unless in order.
    pub close: Option<String>,
    /// Shown unfolded.
    pub open: bool,
    pub slowdowns: Vec<SlowdownRow>,
    /// Where it would settle, in a sentence.
    pub outlook: Option<String>,
    pub answers: Option<Answers>,
    pub privacy: Option<Privacy>,
    pub sheet: Option<Sheet>,
    pub gates: Vec<GateRow>,
    pub figures: Vec<GateRow>,
    pub latencies: Vec<LatencyRow>,
    pub trust: Vec<Fact>,
    pub runtime: Vec<Fact>,
    pub provenance: Vec<Fact>,
    pub channels: Vec<ChannelRow>,
    pub channels_left_out: usize,
    pub notes: Vec<NoteRow>,
    pub notes_left_out: usize,
}

impl Session {
    /// The section of a session that may be one of several.
    pub fn of(index: usize, pair: &Pair<'_>, several: bool) -> Self {
        let (gates, figures) = GateRow::split(pair);
        let record = pair.record;
        let judged = pair.verdict.map(|verdict| sentence(&verdict.sentence));
        let from = |facts: fn(&SessionRecord) -> Vec<Fact>| record.map(facts).unwrap_or_default();
        let sheet = record.and_then(|record| Sheet::of(record, pair.verdict));
        Self {
            index,
            device: pair.device(),
            chips: chips(pair),
            is_virtual: pair.is_virtual(),
            is_imported: pair.is_imported(),
            mood: pair.mood(),
            sentence: judged.unwrap_or_else(|| "This session was not judged.".to_owned()),
            gist: gist(pair),
            close: record.and_then(closing),
            open: !several || pair.mood() != Mood::Pass,
            slowdowns: SlowdownRow::all(pair),
            outlook: pair
                .verdict
                .and_then(|verdict| verdict.prediction.as_ref())
                .map(|known| sentence(&known.sentence)),
            answers: Answers::of(pair),
            privacy: Privacy::of(pair),
            gates,
            figures,
            latencies: LatencyRow::table(pair),
            trust: from(overhead::facts),
            runtime: from(provenance::runtime)
                .into_iter()
                .chain(pair.memory.into_iter().flat_map(provenance::memory))
                .collect(),
            provenance: from(provenance::session),
            channels: record.map(ChannelRow::all).unwrap_or_default(),
            channels_left_out: record
                .map_or(0, |record| record.channels.len().saturating_sub(super::channel_row::MOST)),
            notes: record.map(|record| notes(record, sheet.as_ref())).unwrap_or_default(),
            notes_left_out: record.map_or(0, |record| told(record).count().saturating_sub(MOST_NOTES)),
            sheet,
        }
    }
}

fn chips(pair: &Pair<'_>) -> Vec<String> {
    let mut chips = vec![pair.session(), pair.family(), pair.route(), pair.candidate()];
    if let Some(repeat) = pair.record.map(|record| record.planned.repeat).filter(|repeat| *repeat > 1) {
        chips.push(format!("repeat {repeat}"));
    }
    chips.push(pair.standing().word().to_owned());
    chips.retain(|chip| !chip.is_empty());
    chips
}

fn gist(pair: &Pair<'_>) -> String {
    const WORDS: [(Gate, &str); 6] = [
        (Gate::BurstTps, "burst"),
        (Gate::SustainedTps, "sustained"),
        (Gate::FloorTps, "floor"),
        (Gate::Retention, "retained"),
        (Gate::TtftP50, "first token"),
        (Gate::Temperature, "hottest"),
    ];
    let parts = WORDS.iter().filter_map(|(gate, word)| {
        let result = pair.gate(*gate)?;
        let value = result.measured.filter(|value| value.is_finite())?;
        Some(format!("{word} {}", Amount::of(value, &result.unit).full()))
    });
    let shape = pair.verdict.and_then(|verdict| verdict.soak_shape).map(|shape| shape.phrase().to_owned());
    parts.chain(shape).collect::<Vec<_>>().join(" · ")
}

fn closing(record: &SessionRecord) -> Option<String> {
    let close = record.close.as_ref()?;
    if close.cause.is_empty() && close.detail.is_empty() {
        return None;
    }
    let whose = if close.whose.is_empty() { String::new() } else { format!(" ({})", name(&close.whose)) };
    Some(format!("Closed: {}{whose}. {}", name(&close.cause), sentence(&close.detail)).trim_end().to_owned())
}

/// Notes for people; those for programs stand in the journal.
fn told(record: &SessionRecord) -> impl Iterator<Item = &Note> {
    record.notes.iter().filter(|note| note.code != thermal_limits::NOTE)
}

fn notes(record: &SessionRecord, sheet: Option<&Sheet>) -> Vec<NoteRow> {
    let rows = told(record).take(MOST_NOTES).map(|note| NoteRow {
        at: sheet.map_or_else(String::new, |sheet| clock(sheet.timeline.at(note.t))),
        code: name(&note.code),
        text: sentence(&note.text),
    });
    rows.collect()
}
