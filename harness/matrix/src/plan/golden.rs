//! The golden set that a session answers: which version of it lies beside the matrix.

use std::fs;
use std::path::Path;

use edgesoak_record::golden::{PlannedGolden, Round};

use crate::node::{Node, Table};
use crate::plan::inputs::Inputs;
use crate::problem::Problem;
use crate::report::Report;
use crate::source::beside;

/// Where golden sets lie, from the folder of the matrix.
const FOLDER: &str = "golden_sets";
/// Most versions of one set that are looked at.
const MOST_VERSIONS: usize = 10_000;
/// Items of the gate split in a round of it, where the profile does not say: enough to see a set fall apart in half
/// an hour of a slow model, too few to prove a bar.
pub(super) const USUAL_ITEMS: u32 = 60;

type Version = [u32; 3];

/// What the profile asks of the route's set. `Ok(None)` where the profile asks nothing, or the route has no set;
/// `Err` when a problem was reported.
pub(super) fn of(
    profile: &Table,
    (route_id, route): (&str, &Table),
    inputs: &mut Inputs<'_>,
    reports: &mut Vec<Report>,
) -> Result<Option<PlannedGolden>, ()> {
    let round = profile.text("golden").and_then(|word| Round::ALL.into_iter().find(|one| one.word() == word));
    let (Some(round), Some(node)) = (round, route.get("golden_set")) else { return Ok(None) };
    // The language has checked its form.
    let Some((name, rest)) = node.as_text().and_then(|text| text.split_once('@')) else { return Ok(None) };
    let (number, slice) = rest.split_once(':').map_or((rest, None), |(number, slice)| (number, Some(slice)));
    let folder = format!("{FOLDER}/{name}");
    let Some([major, minor, patch]) = newest(&beside(inputs.base(), &folder), number) else {
        let complaint = format!("no version {number} of the golden set lies there");
        reports.push(refuse(node, format!("{folder}/{number}"), complaint));
        return Err(());
    };
    let version = format!("{major}.{minor}.{patch}");
    let manifest = inputs.file_at(format!("{folder}/{version}/manifest.json"), node, reports).ok_or(())?;
    let items = (round == Round::Gate).then(|| profile.integer("golden_items").unwrap_or(USUAL_ITEMS));
    let of_route = inputs.items(&format!("{folder}/{version}"), slice.unwrap_or(route_id));
    let answers = of_route.map(|of_route| of_route.answers(round, items.unwrap_or(u32::MAX)));
    let (set, slice) = (format!("{name}@{version}"), slice.map(str::to_owned));
    Ok(Some(PlannedGolden { set, slice, round, items, answers, manifest }))
}

fn refuse(node: &Node, path: String, complaint: String) -> Report {
    let problem = Problem::BadInput { path, complaint };
    let report = match node.at {
        Some(at) => Report::at(problem, at, "named here"),
        None => Report::nowhere(problem),
    };
    report.help("golden sets lie in `golden_sets/NAME/VERSION` beside the matrix")
}

/// The newest version in a set's folder that begins with the wanted numbers: `1.0` takes the last of 1.0.x.
fn newest(folder: &Path, wanted: &str) -> Option<Version> {
    let wanted: Vec<u32> = wanted.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let names = fs::read_dir(folder).ok()?.take(MOST_VERSIONS).flatten();
    let versions = names.filter_map(|entry| version(entry.file_name().to_str()?));
    versions.filter(|version| version.starts_with(&wanted)).max()
}

/// `1.0.2`, without leading zeros and without labels.
fn version(name: &str) -> Option<Version> {
    let parts: Vec<u32> = name.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let version: Version = parts.try_into().ok()?;
    (version.map(|part| part.to_string()).join(".") == name).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_that_was_asked_for_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["1.0.2", "1.0.10", "1.1.0", "0.9.0", "1.0.11-rc1", "01.0.99", "notes", "1.0"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let found = |wanted| newest(folder.path(), wanted);
        assert_eq!(found("1.0"), Some([1, 0, 10]));
        assert_eq!(found("1"), Some([1, 1, 0]));
        assert_eq!(found("1.0.2"), Some([1, 0, 2]));
        assert_eq!(found("2"), None);
        assert_eq!(newest(&folder.path().join("none"), "1"), None);
    }
}
