//! Devices by gates, worst first: a symbol and a number in every cell.

use edgesoak_record::{Direction, Gate, GateResult, Outcome};

use super::gate_row::cause;
use super::sources::Pair;
use crate::words::gate::{Mood, name as gate_name, sign};
use crate::words::number::Amount;
use crate::words::text::sentence;

/// Gates that are one column: is this the thing that was to be tested?
pub(super) const INTEGRITY: &[Gate] =
    &[Gate::Artifact, Gate::Placement, Gate::Privacy, Gate::Leaks, Gate::RuntimeAlive, Gate::Journal];

/// Gates that are one column: can the figures be trusted?
pub(super) const VALIDITY: &[Gate] = &[
    Gate::StartGate,
    Gate::DataCoverage,
    Gate::Clocks,
    Gate::BackgroundCpu,
    Gate::DutyCycle,
    Gate::TimestampAgreement,
    Gate::Stalls,
];

/// Figures in the order of a release manager's questions.
pub(super) const FIGURES: &[Gate] = &[
    Gate::FloorTps,
    Gate::SustainedTps,
    Gate::BurstTps,
    Gate::BatteryTemperature,
    Gate::Temperature,
    Gate::TtftP95,
    Gate::TtftP90,
    Gate::TtftP50,
    Gate::TtftP99,
    Gate::ItlP95,
    Gate::E2eP95,
    Gate::Quality,
    Gate::FalseAnswers,
    Gate::Routing,
    Gate::TokensPerJoule,
    Gate::JoulesPerToken,
    Gate::MemoryGrowth,
    Gate::MemoryPeak,
    Gate::MemoryPrediction,
    Gate::Regression,
];

/// Columns with a figure of their own; what is over goes into one more.
const MOST_FIGURES: usize = 6;

/// The matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Matrix {
    pub columns: Vec<Heading>,
    pub rows: Vec<Row>,
}

/// Above a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    pub title: &'static str,
    pub unit: String,
    /// The bar, where every session has the same.
    pub bar: String,
    /// From the smallest to the largest bar, where they differ.
    pub range: String,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub device: String,
    /// Family, and route, candidate and session where rows would else look the same.
    pub under: String,
    pub is_virtual: bool,
    pub is_imported: bool,
    pub mood: Mood,
    /// Index of the session's section.
    pub section: usize,
    pub cells: Vec<Option<Cell>>,
}

/// One gate, or a group of gates, of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub mood: Mood,
    pub number: String,
    /// The bar, or the gate that is meant.
    pub under: String,
    /// For screen readers and the pointer.
    pub sentence: String,
    pub accepted: bool,
}

enum Column {
    Figure(Gate),
    Group(&'static str, Vec<Gate>),
}

impl Matrix {
    pub fn of(pairs: &[Pair<'_>]) -> Self {
        let columns = columns(pairs);
        let mut rows: Vec<Row> = pairs
            .iter()
            .enumerate()
            .map(|(section, pair)| Row {
                device: pair.device(),
                under: under(pair, pairs),
                is_virtual: pair.is_virtual(),
                is_imported: pair.is_imported(),
                mood: pair.mood(),
                section,
                cells: columns.iter().map(|column| cell(column, pair)).collect(),
            })
            .collect();
        let columns = columns.iter().enumerate().map(|(place, column)| match column {
            Column::Figure(gate) => {
                let (bar, range) = bars(*gate, pairs, place, &mut rows);
                Heading { title: gate_name(*gate), unit: heading_unit(*gate), bar, range }
            }
            Column::Group(title, _) => {
                Heading { title, unit: "kept".to_owned(), bar: String::new(), range: String::new() }
            }
        });
        Self { columns: columns.collect(), rows }
    }
}

/// The bar of a column, taken out of its cells where all of them have the same, else from where to where bars go.
fn bars(gate: Gate, pairs: &[Pair<'_>], place: usize, rows: &mut [Row]) -> (String, String) {
    let limits = || pairs.iter().filter_map(|pair| pair.gate(gate)?.limit).filter(|limit| limit.is_finite());
    let (Some(least), Some(most)) = (limits().reduce(f64::min), limits().reduce(f64::max)) else {
        return (String::new(), String::new());
    };
    let shown = |limit| plain(gate, limit, Amount::limit);
    if shown(least) != shown(most) {
        return (String::new(), format!("{} {}–{}", sign(gate), shown(least), shown(most)));
    }
    for cell in rows.iter_mut().filter_map(|row| row.cells[place].as_mut()) {
        cell.under.clear();
    }
    (format!("{} {}", sign(gate), shown(least)), String::new())
}

fn heading_unit(gate: Gate) -> String {
    match gate.unit() {
        "ratio" => "%".to_owned(),
        unit => unit.to_owned(),
    }
}

fn under(pair: &Pair<'_>, pairs: &[Pair<'_>]) -> String {
    let mut parts = vec![pair.family()];
    if pairs.iter().any(|other| other.route() != pair.route()) {
        parts.push(pair.route());
    }
    if pairs.iter().any(|other| other.candidate() != pair.candidate()) {
        parts.push(pair.candidate());
    }
    if pairs.iter().filter(|other| other.device() == pair.device()).count() > 1 {
        parts.push(pair.session());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

/// A promise or a figure with a bar: a figure without one has its place in the session's section.
fn is_judged(result: &GateResult) -> bool {
    let promise = result.gate.direction() == Direction::Holds && result.outcome != Outcome::Info;
    promise || result.blocking || result.limit.is_some() || result.outcome == Outcome::Fail
}

fn columns(pairs: &[Pair<'_>]) -> Vec<Column> {
    let judged =
        |gate: Gate| pairs.iter().filter_map(move |pair| pair.gate(gate)).filter(|result| is_judged(result));
    let grouped = |gate: &Gate| INTEGRITY.contains(gate) || VALIDITY.contains(gate);
    let others = Gate::ALL.iter().filter(|gate| !FIGURES.contains(gate) && !grouped(gate));
    let asked: Vec<Gate> =
        FIGURES.iter().chain(others).copied().filter(|gate| judged(*gate).next().is_some()).collect();
    // What fails must be seen; among the rest the order above decides.
    let mut chosen = asked.clone();
    chosen
        .sort_by_key(|gate| judged(*gate).map(|result| Mood::from(result.outcome)).min() != Some(Mood::Fail));
    chosen.truncate(MOST_FIGURES);
    let (shown, rest): (Vec<Gate>, Vec<Gate>) = asked.into_iter().partition(|gate| chosen.contains(gate));
    let mut columns: Vec<Column> = shown.into_iter().map(Column::Figure).collect();
    for (title, gates) in
        [("Others", rest), ("Integrity", INTEGRITY.to_vec()), ("Validity", VALIDITY.to_vec())]
    {
        if gates.iter().any(|gate| judged(*gate).next().is_some()) {
            columns.push(Column::Group(title, gates));
        }
    }
    columns
}

fn cell(column: &Column, pair: &Pair<'_>) -> Option<Cell> {
    match column {
        Column::Figure(gate) => pair.gate(*gate).filter(|result| is_judged(result)).map(figure),
        Column::Group(_, gates) => group(gates, pair),
    }
}

fn figure(result: &GateResult) -> Cell {
    let number = match result.measured.filter(|value| value.is_finite()) {
        Some(value) if result.gate.direction() != Direction::Holds => plain(result.gate, value, Amount::of),
        _ => cause(result).unwrap_or_else(|| Mood::from(result.outcome).word().to_owned()),
    };
    let under = match result.limit.filter(|limit| limit.is_finite()) {
        Some(limit) => format!("{} {}", sign(result.gate), plain(result.gate, limit, Amount::limit)),
        None => String::new(),
    };
    Cell {
        mood: result.outcome.into(),
        number,
        under,
        sentence: sentence(&result.sentence),
        accepted: result.accepted.is_some(),
    }
}

/// The number alone, in the unit of the column's heading.
fn plain(gate: Gate, value: f64, amount: fn(f64, &str) -> Amount) -> String {
    amount(value, gate.unit()).number
}

fn group(gates: &[Gate], pair: &Pair<'_>) -> Option<Cell> {
    let results: Vec<&GateResult> =
        gates.iter().filter_map(|gate| pair.gate(*gate)).filter(|result| is_judged(result)).collect();
    let worst = results.iter().min_by_key(|result| (Mood::from(result.outcome), !result.blocking))?;
    let kept = results.iter().filter(|result| result.outcome == Outcome::Pass).count();
    let mood = Mood::from(worst.outcome);
    let under = if mood == Mood::Pass { String::new() } else { gate_name(worst.gate).to_lowercase() };
    let told: Vec<String> = results
        .iter()
        .filter(|result| result.outcome != Outcome::Pass)
        .map(|result| format!("{}: {}", gate_name(result.gate), result.sentence))
        .collect();
    Some(Cell {
        mood,
        number: format!("{kept}/{}", results.len()),
        under,
        sentence: sentence(&if told.is_empty() { "All kept.".to_owned() } else { told.join(" ") }),
        accepted: worst.accepted.is_some(),
    })
}
