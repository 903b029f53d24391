//! Longer prompts: the same ones with ever more in front of them, or others.

use std::collections::BTreeMap;

use edgesoak_record::slowdown::Cause;

use crate::measure::soak::Soak;

/// Part of the changes of a prompt's length that are growth, from which on it carries what came before.
const LEAST_GROWING: f64 = 0.6;
/// How often each prompt grows at least, by then: a prompt that is longer once is another prompt.
const LEAST_STEPS: usize = 3;

/// What made contexts longer.
#[must_use]
pub fn cause(soak: &Soak) -> Cause {
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut changes, mut longer) = (0_usize, 0_usize);
    for (prompt, span) in soak.prompts.iter().zip(soak.spans.iter()) {
        let Some(length) = span.prompt_tokens else { continue };
        if let Some(before) = known.insert(&prompt.item, length) {
            changes += usize::from(length != before);
            longer += usize::from(length > before);
        }
    }
    let grows = longer >= LEAST_STEPS * known.len() && longer as f64 >= LEAST_GROWING * changes as f64;
    if grows { Cause::Context } else { Cause::PromptMix }
}
