//! Everything about one session.

use edgesoak_record::explanation::Explain;
use edgesoak_record::session::Note;
use edgesoak_record::{Gate, SessionRecord, thermal_limits};

use super::answers::Answers;
use super::basis::Ground;
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

/// Columns of the strips of a session that is told in short: a third of the others.
const FEW_COLUMNS: f64 = 310.0;
/// Most runs of one thing that are named.
const MOST_RUNS: usize = 12;

/// How much is told of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Everything, at full resolution.
    Full,
    /// Its gates and coarse strips: it is one of very many.
    Short,
}

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
    pub scope: Scope,
    /// Its name within the run.
    pub name: String,
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
    /// Runs of the same device, route and candidate: which count, and why others do not.
    pub runs: Vec<String>,
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
    /// The section of one of these sessions; `pair` has its whole record.
    pub fn of(index: usize, pair: &Pair<'_>, pairs: &[Pair<'_>], explain: Option<Explain>) -> Self {
        let scope = if index < super::MOST_IN_FULL { Scope::Full } else { Scope::Short };
        let record = pair.record;
        let sheet = record.and_then(|record| Sheet::of(record, pair.verdict));
        let sheet = match scope {
            Scope::Full => sheet,
            Scope::Short => sheet.map(|sheet| sheet.coarser(FEW_COLUMNS)),
        };
        let (gates, figures) =
            GateRow::split(pair, &Ground { index, record, sheet: sheet.as_ref(), explain });
        let judged = pair.verdict.map(|verdict| sentence(&verdict.sentence));
        let from = |facts: fn(&SessionRecord) -> Vec<Fact>| record.map(facts).unwrap_or_default();
        let memory = pair.memory.into_iter().flat_map(provenance::memory);
        let prediction = pair.verdict.and_then(|verdict| verdict.prediction.as_ref());
        Self {
            index,
            scope,
            name: pair.session(),
            device: pair.device(),
            chips: chips(pair),
            is_virtual: pair.is_virtual(),
            is_imported: pair.is_imported(),
            mood: pair.mood(),
            sentence: judged.unwrap_or_else(|| "This session was not judged.".to_owned()),
            gist: gist(pair),
            close: record.and_then(closing),
            open: pairs.len() == 1 || (pair.mood() != Mood::Pass && scope == Scope::Full),
            runs: runs(pair, pairs),
            slowdowns: SlowdownRow::all(pair),
            outlook: prediction.map(|known| sentence(&known.sentence)),
            answers: Answers::of(pair),
            privacy: Privacy::of(pair),
            gates,
            figures,
            latencies: LatencyRow::table(pair),
            trust: from(overhead::facts),
            runtime: from(provenance::runtime).into_iter().chain(memory).collect(),
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

/// Every run of the same device, route and candidate, this one among them, and whether it counts.
fn runs(pair: &Pair<'_>, pairs: &[Pair<'_>]) -> Vec<String> {
    let same = |other: &&Pair<'_>| {
        (other.device(), other.route(), other.candidate()) == (pair.device(), pair.route(), pair.candidate())
    };
    let mut told: Vec<String> = pairs.iter().filter(same).map(run_words).collect();
    told.sort_unstable();
    let more = told.len().saturating_sub(MOST_RUNS);
    told.truncate(MOST_RUNS);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told
}

fn run_words(pair: &Pair<'_>) -> String {
    let session = pair.session();
    let doubts = pair.verdict.map(|verdict| verdict.doubts.as_slice()).unwrap_or_default();
    let why: Vec<String> = doubts.iter().take(3).map(|doubt| sentence(&doubt.sentence)).collect();
    match (pair.is_evidence(), why.is_empty()) {
        (true, _) => format!("{session} counts."),
        (false, true) => format!("{session} is discarded: {}.", pair.standing().word()),
        (false, false) => format!("{session} is discarded: {}", why.join(" ")),
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
