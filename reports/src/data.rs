//! Everything that the page says as numbers, for programs: one JSON document in a block that no browser runs.

use edgesoak_record::verdict::Evidence;
use edgesoak_record::{GateResult, Run, RunVerdict, SessionVerdict};
use serde::Serialize;

use crate::model::{Fact, Session, SettingRow};
use crate::plot::sheet::Sheet;
use crate::plot::strip::Body;
use crate::words::text::{bounded, name, sentence};

/// What the document is.
const SCHEMA: &str = "edgesoak-report";
/// Changes with the meaning of a key; new keys do not change it.
const VERSION: u32 = 1;
/// Most gates of a session, and places of a gate.
const MOST_GATES: usize = 100;
const MOST_PLACES: usize = 6;
/// Longest digest.
const DIGEST: usize = 64;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: u32,
    edgesoak: String,
    run: String,
    opened_ns: u64,
    plan: String,
    profile: String,
    tier: String,
    policy_digest: String,
    verdict: &'static str,
    exit: u8,
    reason: String,
    sentence: String,
    facts: Vec<FactData<'a>>,
    trust: Vec<FactData<'a>>,
    provenance: Vec<FactData<'a>>,
    sessions: Vec<SessionData<'a>>,
    settings: Vec<[&'a str; 3]>,
    settings_left_out: usize,
}

#[derive(Serialize)]
struct FactData<'a> {
    label: &'a str,
    value: &'a str,
    remark: &'a str,
}

#[derive(Serialize)]
struct SessionData<'a> {
    session: String,
    device: String,
    family: String,
    route: String,
    candidate: String,
    #[serde(rename = "virtual")]
    is_virtual: bool,
    #[serde(rename = "imported")]
    is_imported: bool,
    verdict: &'static str,
    sentence: String,
    doubts: Vec<[String; 2]>,
    gates: Vec<GateData>,
    facts: Vec<FactData<'a>>,
    strips: Option<StripsData<'a>>,
}

#[derive(Serialize)]
struct GateData {
    gate: &'static str,
    outcome: &'static str,
    measured: Option<f64>,
    lo: Option<f64>,
    hi: Option<f64>,
    limit: Option<f64>,
    unit: String,
    n: u64,
    cause: Option<String>,
    blocking: bool,
    accepted: Option<String>,
    evidence: Vec<PlaceData>,
}

#[derive(Serialize)]
struct PlaceData {
    channel: String,
    from_s: f64,
    to_s: f64,
}

/// The rows of the tables under the strips: means over `step_s` from each of `from_s` on.
#[derive(Serialize)]
struct StripsData<'a> {
    step_s: f64,
    from_s: Vec<f64>,
    lines: Vec<LineData<'a>>,
}

#[derive(Serialize)]
struct LineData<'a> {
    strip: &'static str,
    line: &'a str,
    unit: &'static str,
    values: Vec<Option<f64>>,
}

/// What the page is made of, as far as the document tells it.
pub(crate) struct Told<'a> {
    pub facts: &'a [Fact],
    pub trust: &'a [Fact],
    pub provenance: &'a [Fact],
    pub sessions: &'a [Session],
    pub settings: &'a [SettingRow],
    pub settings_left_out: usize,
}

/// The document as text that may stand within an element: nothing in it looks like markup.
pub(crate) fn document(run: &Run, verdict: &RunVerdict, told: &Told<'_>) -> String {
    let judged = |session: &Session| verdict.sessions.iter().find(|judged| judged.session == session.word);
    let plan = &run.plan;
    let document = Document {
        schema: SCHEMA,
        version: VERSION,
        edgesoak: name(&run.version),
        run: name(&run.id),
        opened_ns: run.opened.0,
        plan: name(&plan.id),
        profile: name(&plan.profile),
        tier: name(&plan.policy.tier),
        policy_digest: bounded(&plan.policy_digest, DIGEST),
        verdict: verdict.verdict.word(),
        exit: verdict.exit,
        reason: name(&verdict.reason),
        sentence: sentence(&verdict.sentence),
        facts: told.facts.iter().map(FactData::of).collect(),
        trust: told.trust.iter().map(FactData::of).collect(),
        provenance: told.provenance.iter().map(FactData::of).collect(),
        sessions: told.sessions.iter().map(|session| SessionData::of(session, judged(session))).collect(),
        settings: told.settings.iter().map(|row| [&*row.key, &*row.value, &*row.origin]).collect(),
        settings_left_out: told.settings_left_out,
    };
    // Texts and numbers alone: there is nothing in it that could not be written.
    escaped(&serde_json::to_string(&document).unwrap_or_default())
}

/// What would end the element, or a line of a script, is written as a number.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 16);
    for character in json.chars() {
        match character {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            other => text.push(other),
        }
    }
    text
}

impl<'a> FactData<'a> {
    fn of(fact: &'a Fact) -> Self {
        Self { label: &fact.label, value: &fact.value, remark: &fact.remark }
    }
}

impl<'a> SessionData<'a> {
    fn of(session: &'a Session, judged: Option<&SessionVerdict>) -> Self {
        let text =
            |of: fn(&SessionVerdict) -> &String| judged.map(|judged| name(of(judged))).unwrap_or_default();
        let doubts = judged.map(|judged| judged.doubts.as_slice()).unwrap_or_default();
        let gates = judged.map(|judged| judged.gates.as_slice()).unwrap_or_default();
        Self {
            session: name(&session.word),
            device: session.device.clone(),
            family: text(|judged| &judged.family),
            route: text(|judged| &judged.route),
            candidate: text(|judged| &judged.candidate),
            is_virtual: session.is_virtual,
            is_imported: session.is_imported,
            verdict: judged.map_or("nothing", |judged| judged.verdict.word()),
            sentence: session.sentence.clone(),
            doubts: doubts
                .iter()
                .take(8)
                .map(|doubt| [name(&doubt.cause), sentence(&doubt.sentence)])
                .collect(),
            gates: gates.iter().take(MOST_GATES).map(GateData::of).collect(),
            facts: session.provenance.iter().map(FactData::of).collect(),
            strips: session.sheet.as_ref().map(StripsData::of),
        }
    }
}

impl GateData {
    fn of(result: &GateResult) -> Self {
        Self {
            gate: result.gate.word(),
            outcome: result.outcome.word(),
            measured: result.measured,
            lo: result.lo,
            hi: result.hi,
            limit: result.limit,
            unit: name(&result.unit),
            n: result.n,
            cause: result.cause.as_deref().map(name),
            blocking: result.blocking,
            accepted: result.accepted.as_deref().map(name),
            evidence: result.evidence.iter().take(MOST_PLACES).map(PlaceData::of).collect(),
        }
    }
}

impl PlaceData {
    fn of(part: &Evidence) -> Self {
        Self { channel: name(&part.channel), from_s: part.from_s, to_s: part.to_s }
    }
}

impl<'a> StripsData<'a> {
    fn of(sheet: &'a Sheet) -> Self {
        let drawn = sheet.strips.iter().filter_map(|strip| match &strip.body {
            Body::Drawn(drawn) => Some((strip, drawn)),
            Body::Missing(_) => None,
        });
        let lines = drawn.flat_map(|(strip, drawn)| {
            let shown = drawn.lines.iter().filter(|line| !line.rows.is_empty());
            shown.map(move |line| LineData {
                strip: strip.title,
                line: &line.name,
                unit: strip.unit,
                values: line.rows.iter().map(|row| row.and_then(five_digits)).collect(),
            })
        });
        Self { step_s: sheet.timeline.row(), from_s: sheet.timeline.rows(), lines: lines.collect() }
    }
}

/// A mean holds no more than that.
fn five_digits(value: f64) -> Option<f64> {
    format!("{value:.4e}").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_and_nothing_is_lost() {
        let hostile = "</script><!--<script>&\u{2028}\u{2029}\"\\";
        let text = escaped(&serde_json::json!([hostile]).to_string());
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        let back: Vec<String> = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(back, [hostile]);
    }

    #[test]
    fn a_mean_has_five_digits() {
        assert_eq!(five_digits(16.842_424_2), Some(16.842));
        assert_eq!(five_digits(f64::NAN), None);
    }
}
