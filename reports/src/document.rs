//! Verdicts as one JSON document, for programs of other people.

use edgesoak_record::comparison::Comparison;
use edgesoak_record::{NotRun, Policy, Release, Run, RunVerdict};
use serde::Serialize;

use crate::comparison::Beside;
use crate::words::text::without_tricks;

/// What the document of a comparison is.
pub(crate) const COMPARISON: &str = "edgesoak-comparison";
/// What the document of a release is.
pub(crate) const RELEASE: &str = "edgesoak-release";

/// What every document begins with: what it is, and the version of its form. Members are added without a new version; one
/// that goes or means something else makes a new one.
#[derive(Serialize)]
pub(crate) struct Document<T> {
    schema: &'static str,
    version: u32,
    #[serde(flatten)]
    body: T,
}

impl<T: Serialize> Document<T> {
    /// Version 1 of this form.
    pub(crate) fn first(schema: &'static str, body: T) -> Self {
        Self { schema, version: 1, body }
    }

    /// The text: members in the order of their declaration, so that equal data give equal bytes.
    pub(crate) fn written(&self) -> String {
        // Only a map with keys that are no texts, or a failing `Serialize`, could be refused: verdicts have neither.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        without_tricks(&(text + "\n"))
    }

    /// The same in one line that may stand within an element: nothing in it looks like markup, or ends a line of a script.
    pub(crate) fn embedded(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
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
}

/// A run and how it was judged.
#[derive(Serialize)]
pub(crate) struct OfRun<'a> {
    run: Outline<'a>,
    policy: &'a Policy,
    verdict: &'a RunVerdict,
}

#[derive(Serialize)]
struct Outline<'a> {
    id: &'a str,
    opened_unix_ns: u64,
    edgesoak: &'a str,
    plan: &'a str,
    profile: &'a str,
    policy_digest: &'a str,
    closed: bool,
    interrupted: Option<&'a str>,
}

impl<'a> OfRun<'a> {
    pub(crate) fn of(run: &'a Run, verdict: &'a RunVerdict) -> Self {
        Self { run: Outline::of(run), policy: &run.plan.policy, verdict }
    }
}

impl<'a> Outline<'a> {
    fn of(run: &'a Run) -> Self {
        Self {
            id: &run.id,
            opened_unix_ns: run.opened.0,
            edgesoak: &run.version,
            plan: &run.plan.id,
            profile: &run.plan.profile,
            policy_digest: &run.plan.policy_digest,
            closed: run.closed,
            interrupted: run.interrupted.as_deref(),
        }
    }
}

/// A run and its verdict as JSON: `schema` is `edgesoak-run`.
#[must_use]
pub fn json(run: &Run, verdict: &RunVerdict) -> String {
    Document::first("edgesoak-run", OfRun::of(run, verdict)).written()
}

#[derive(Serialize)]
struct OfComparison<'a> {
    comparison: &'a Comparison,
    runs: Vec<OfPart<'a>>,
    not_run: &'a [NotRun],
}

#[derive(Serialize)]
struct OfPart<'a> {
    run: Outline<'a>,
    verdict: &'a RunVerdict,
}

/// A comparison as JSON, with the runs that were made for it: `schema` is `edgesoak-comparison`.
#[must_use]
pub fn comparison_json(comparison: &Comparison, beside: &Beside<'_>) -> String {
    of_comparison(comparison, beside).written()
}

/// The same for the page.
pub(crate) fn comparison_data(comparison: &Comparison, beside: &Beside<'_>) -> String {
    of_comparison(comparison, beside).embedded()
}

fn of_comparison<'a>(comparison: &'a Comparison, beside: &Beside<'a>) -> Document<OfComparison<'a>> {
    let runs = beside.parts.iter().map(|part| OfPart { run: Outline::of(part.run), verdict: part.verdict });
    let body = OfComparison { comparison, runs: runs.collect(), not_run: beside.not_run };
    Document::first(COMPARISON, body)
}

#[derive(Serialize)]
struct OfRelease<'a> {
    release: &'a Release,
}

/// A release as JSON: `schema` is `edgesoak-release`.
#[must_use]
pub fn release_json(release: &Release) -> String {
    Document::first(RELEASE, OfRelease { release }).written()
}

/// The same for the page.
pub(crate) fn release_data(release: &Release) -> String {
    Document::first(RELEASE, OfRelease { release }).embedded()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up;

    #[test]
    fn nothing_ends_the_element_and_nothing_is_lost() {
        #[derive(Serialize)]
        struct Body {
            text: &'static str,
        }
        let hostile = "</script><!--<script>&\u{2028}\u{2029}\"\\";
        let text = Document::first("hostile", Body { text: hostile }).embedded();
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        let back: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(back["text"], hostile);
    }

    #[test]
    fn a_document_says_what_it_is_before_all_else() {
        let (run, verdict) = made_up::ten_minutes();
        let text = json(&run, &verdict);
        assert!(text.starts_with("{\n  \"schema\": \"edgesoak-run\",\n  \"version\": 1,\n"), "{text}");
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let whole = serde_json::to_value(&verdict).expect("plain data");
        assert_eq!(document["verdict"], whole);
    }
}
