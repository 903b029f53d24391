//! Everything that the page says as numbers, for programs: one JSON document in a block that no browser runs.

use edgesoak_record::{Run, RunVerdict};
use serde::Serialize;
use serde_json::Value;

use crate::document::{Document, OfRun};
use crate::model::{Fact, Session, SettingRow};
use crate::plot::sheet::Sheet;
use crate::plot::strip::Body;
use crate::words::text::{SENTENCE, bounded};

/// What the document is.
pub(crate) const SCHEMA: &str = "edgesoak-report";
/// Most members of a list: a page is mailed.
const MOST_MEMBERS: usize = 600;

/// A run as its own document tells it, with bounds, and what the page tells besides.
#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    of_run: Value,
    #[serde(flatten)]
    told: &'a Told<'a>,
    strips: Vec<Strips<'a>>,
}

/// What the page is made of, as far as the document tells it.
#[derive(Serialize)]
pub(crate) struct Told<'a> {
    pub tested: &'a [Fact],
    pub trust: &'a [Fact],
    pub provenance: &'a [Fact],
    pub settings: &'a [SettingRow],
    pub settings_left_out: usize,
}

/// The rows of the tables under the strips of a session: means over `step_s` from each of `from_s` on.
#[derive(Serialize)]
struct Strips<'a> {
    session: &'a str,
    step_s: f64,
    from_s: Vec<f64>,
    lines: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    strip: &'static str,
    line: &'a str,
    unit: &'static str,
    values: Vec<Option<f64>>,
}

/// The document as text that may stand within an element.
pub(crate) fn document(run: &Run, verdict: &RunVerdict, sessions: &[Session], told: &Told<'_>) -> String {
    // Plain data: there is nothing in it that could not be written.
    let mut of_run = serde_json::to_value(OfRun::of(run, verdict)).unwrap_or_default();
    bound(&mut of_run);
    let strips = sessions.iter().filter_map(|session| Some(Strips::of(session, session.sheet.as_ref()?)));
    Document::first(SCHEMA, Page { of_run, told, strips: strips.collect() }).embedded()
}

/// Cuts whatever a hostile file made long.
fn bound(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > SENTENCE => *text = bounded(text, SENTENCE),
        Value::Array(members) => {
            members.truncate(MOST_MEMBERS);
            members.iter_mut().for_each(bound);
        }
        Value::Object(members) => members.values_mut().for_each(bound),
        _ => {}
    }
}

impl<'a> Strips<'a> {
    fn of(session: &'a Session, sheet: &'a Sheet) -> Self {
        let drawn = sheet.strips.iter().filter_map(|strip| match &strip.body {
            Body::Drawn(drawn) => Some((strip, drawn)),
            Body::Missing(_) => None,
        });
        let lines = drawn.flat_map(|(strip, drawn)| {
            let shown = drawn.lines.iter().filter(|line| !line.rows.is_empty());
            shown.map(move |line| Row {
                strip: strip.title,
                line: &line.name,
                unit: strip.unit,
                values: line.rows.iter().map(|row| row.and_then(five_digits)).collect(),
            })
        });
        let (step_s, from_s) = (sheet.timeline.row(), sheet.timeline.rows());
        Self { session: &session.name, step_s, from_s, lines: lines.collect() }
    }
}

/// A mean holds no more than that.
fn five_digits(value: f64) -> Option<f64> {
    format!("{value:.4e}").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mean_has_five_digits() {
        assert_eq!(five_digits(16.842_424_2), Some(16.842));
        assert_eq!(five_digits(f64::NAN), None);
    }

    #[test]
    fn long_texts_and_lists_are_cut_wherever_they_are() {
        let mut value = json!({ "a": [{ "b": "x".repeat(1_000) }], "c": vec![0; 1_000] });
        bound(&mut value);
        assert_eq!(value["a"][0]["b"].as_str().map(|text| text.chars().count()), Some(SENTENCE + 1));
        assert_eq!(value["c"].as_array().map(Vec::len), Some(MOST_MEMBERS));
    }
}
