//! `edgesoak golden diff`: what changed between two versions, and whether the number says so.

use std::fmt::Write as _;
use std::path::Path;

use edgesoak_golden::Difference;
use edgesoak_record::Verdict;

use super::open;
use crate::args::{Format, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::sentences::some_of;
use crate::terminal::{printable, say};

/// Most ids that are listed of one kind.
const MOST: usize = 20;

/// Shows what changed; the exit code is 1 where the version number says too small a step.
pub fn show(shared: &Shared, old: &Path, new: &Path) -> Result<u8, Failure> {
    let (from, to) = (open::Place::of(shared, old).set()?, open::Place::of(shared, new).set()?);
    if from.manifest.name != to.manifest.name {
        let names = format!("`{}` and `{}`", from.manifest.name, to.manifest.name);
        return Err(
            Failure::config(format!("{names} are different sets, not versions of one")).reason("other_set")
        );
    }
    let difference = Difference::between(&from, &to);
    match shared.format() {
        Format::Json => {
            let mut document = serde_json::to_value(&difference).unwrap_or_default();
            document["obeys"] = difference.obeys().into();
            print_json(&document)?;
        }
        Format::Human => say(&printable(&told(&difference)))?,
    }
    let verdict = if difference.obeys() { Verdict::Pass } else { Verdict::Fail };
    Ok(verdict.exit_code())
}

fn told(difference: &Difference) -> String {
    let Difference { from, to, added, removed, changed, same, grounds, step, least, .. } = difference;
    let mut text = format!("{from} -> {to}: {same} items are the same\n");
    for (what, ids) in
        [("removed", removed), ("changed", changed), ("added", added), ("answers rest on", grounds)]
    {
        if !ids.is_empty() {
            let _ = writeln!(text, "  {what} ({}): {}", ids.len(), some_of(ids, MOST));
        }
    }
    let _ = match (step, least) {
        (Some(step), Some(_)) if difference.obeys() => {
            writeln!(text, "A {step} step: {}. The version number says so.", difference.why())
        }
        (Some(step), Some(least)) => writeln!(
            text,
            "A {step} step: {}. The version number does not say so: it must be {least} at least.",
            difference.why()
        ),
        _ => writeln!(text, "Nothing was changed."),
    };
    text
}
