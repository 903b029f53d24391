//! What an outcome rests on: how its figure is made, where it is seen, and which runs it was taken from.

use edgesoak_record::explanation::{Explain, Explanation, Setting};
use edgesoak_record::verdict::Evidence;
use edgesoak_record::{GateResult, Quantity, SessionRecord};

use crate::plot::sheet::Sheet;
use crate::words::text::name;
use crate::words::time::clock;

/// Most places of one outcome that are told.
const MOST_PLACES: usize = 6;

/// What is told of an outcome to whoever doubts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Basis {
    /// Head and words: how the figure is made, what decides, what doubts do to it.
    pub rules: Vec<(&'static str, &'static str)>,
    /// Values that it rests on.
    pub settings: String,
    /// Where to look.
    pub places: Vec<Place>,
}

/// A part of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub text: String,
    /// Id of the strip that shows it, if one does.
    pub strip: Option<String>,
}

/// What the rows of a session have in common.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub index: usize,
    pub record: Option<&'a SessionRecord>,
    pub sheet: Option<&'a Sheet>,
    pub explain: Option<Explain>,
}

impl Basis {
    pub fn of(result: &GateResult, ground: &Ground<'_>) -> Self {
        let explained = ground.explain.and_then(|explain| explain(result.gate));
        let places = result.evidence.iter().take(MOST_PLACES).map(|part| Place::of(part, ground)).collect();
        let settings = explained.as_ref().map(|known| settings(known.settings)).unwrap_or_default();
        Self { rules: explained.as_ref().map(rules).unwrap_or_default(), settings, places }
    }
}

/// What is said of a gate, with a head for each part.
pub(crate) fn rules(explained: &Explanation) -> Vec<(&'static str, &'static str)> {
    vec![
        ("How it is made", explained.formula),
        ("What decides", explained.decides),
        ("Doubts", explained.doubts),
        ("Source", explained.source),
    ]
}

/// Every setting with its value.
pub(crate) fn settings(settings: &[Setting]) -> String {
    settings.iter().map(Setting::title).collect::<Vec<_>>().join(" · ")
}

impl Place {
    fn of(part: &Evidence, ground: &Ground<'_>) -> Self {
        let when = if part.to_s - part.from_s > 0.5 {
            format!("{} to {}", clock(part.from_s), clock(part.to_s))
        } else {
            format!("at {}", clock(part.from_s))
        };
        Self { text: format!("{} {when}", name(&part.channel)), strip: strip(&part.channel, ground) }
    }
}

/// The strip that shows a channel.
fn strip(channel: &str, ground: &Ground<'_>) -> Option<String> {
    let (record, sheet) = (ground.record?, ground.sheet?);
    let titles: &[&str] = match record.channels.iter().find(|known| known.name == channel) {
        Some(known) => drawn_in(known.quantity),
        None if ["tokens", "prompts", "items"].contains(&channel) => &["Decode", "Items"],
        None => &[],
    };
    let strip = sheet.strips.iter().find(|strip| titles.contains(&strip.title))?;
    Some(strip.anchor(ground.index))
}

/// The strips in which a quantity is drawn.
fn drawn_in(quantity: Quantity) -> &'static [&'static str] {
    match quantity {
        Quantity::Temperature => &["Temperature"],
        Quantity::ClockCurrent | Quantity::ClockCap | Quantity::ClockMax | Quantity::CoolingState => {
            &["Clock"]
        }
        Quantity::Power | Quantity::Energy | Quantity::Current | Quantity::Plugged => &["Power"],
        Quantity::RuntimeMemory => &["Memory"],
        Quantity::CpuTime => &["Processor"],
        Quantity::Pressure => &["Waiting"],
        Quantity::DecodeRate | Quantity::ItemRate => &["Decode", "Items"],
        _ => &[],
    }
}
