//! Other prompts than at the begin: a loss that is gone where each prompt is held against itself.

use std::collections::BTreeMap;

use edgesoak_record::slowdown::{Cause, Grade, Slowed, Suspect};
use edgesoak_record::verdict::Evidence;

use crate::attribution::cause::Found;
use crate::attribution::course::Course;
use crate::attribution::words;
use crate::defaults::{CAUSE_LEAST_PART, PROMPT_MIX_P};
use crate::measure::rates::Span;
use crate::measure::soak::Soak;
use crate::statistics::wilcoxon;

/// A prompt: one that came back longer is another one.
type Item<'a> = (&'a str, Option<u32>);

/// Times of one prompt within the begin and within the slowest stretch, as natural logarithms.
#[derive(Default)]
struct Seen {
    early: Vec<f64>,
    late: Vec<f64>,
}

impl Seen {
    /// What the prompt itself lost.
    fn lost(&self) -> Option<f64> {
        Some(mean(&self.late)? - mean(&self.early)?)
    }
}

/// The mix of prompts as the cause: with a fixed effect for every prompt, less than half of the loss is left, by the means
/// and by the signs of all prompts that came at both times. `winner` is the suspect that explains most.
#[must_use]
pub fn of(soak: &Soak, course: &Course, loss: f64, winner: Option<Suspect>) -> Option<Found> {
    let items = items(soak, course);
    let all = |of: fn(&Seen) -> &[f64]| mean(&items.values().flat_map(of).copied().collect::<Vec<f64>>());
    let half = CAUSE_LEAST_PART * loss;
    // What single prompts show must be the loss that is to be explained.
    all(|seen| &seen.late).zip(all(|seen| &seen.early)).filter(|(late, early)| late - early >= half)?;
    let own: Vec<f64> = items.values().filter_map(Seen::lost).collect();
    let over: Vec<f64> = own.iter().map(|own| own - half).collect();
    let p = wilcoxon::negative_p(&over)?;
    let left = mean(&own).filter(|left| *left < half && p <= PROMPT_MIX_P)?;
    let (from_s, to_s) = course.late();
    // Longer prompts are a mechanism that was read, too.
    let grade = if winner == Some(Suspect::Context) { Grade::A } else { Grade::B };
    Some(Found {
        cause: Cause::PromptMix,
        grade: Some(grade),
        seen: words::each_prompt(own.len(), 1.0 - (-left).exp(), p),
        evidence: vec![Evidence { channel: "prompts".to_owned(), from_s, to_s }],
    })
}

fn items<'a>(soak: &'a Soak, course: &Course) -> BTreeMap<Item<'a>, Seen> {
    let (from, to) = course.late();
    let mut items: BTreeMap<Item, Seen> = BTreeMap::new();
    for (prompt, span) in soak.prompts.iter().zip(soak.spans.iter()) {
        let Some(slowness) = slowness(course.slowed, span) else { continue };
        let seen = items.entry((prompt.item.as_str(), span.prompt_tokens)).or_default();
        if span.submit < course.early() {
            seen.early.push(slowness);
        } else if span.submit >= from - 1e-6 && span.first() < to {
            seen.late.push(slowness);
        }
    }
    items
}

/// The logarithm of the time that a token of this prompt took, or its first one.
fn slowness(slowed: Slowed, span: &Span) -> Option<f64> {
    let seconds = match slowed {
        Slowed::Decode => (span.last() - span.first()) / (span.tokens() - 1.0),
        Slowed::FirstToken => span.first() - span.submit,
    };
    Some(seconds.ln()).filter(|slowness| slowness.is_finite())
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
