//! A model in a runtime.

use edgesoak_record::plan::{ArtifactSource, Candidate, Threads};

use crate::node::{Table, Value};

/// From an effective table.
pub(super) fn of(id: &str, candidate: &Table) -> Option<Candidate> {
    let artifact = candidate.table("artifact")?;
    let options = candidate.table("options")?;
    Some(Candidate {
        id: id.to_owned(),
        runtime: candidate.text("runtime")?.to_owned(),
        artifact: source(artifact)?,
        sha256: artifact.text("sha256")?.to_owned(),
        licence: candidate.text("licence").map(str::to_owned),
        quantisation: candidate.text("quantisation").map(str::to_owned),
        export_of: candidate.text("export_of").map(str::to_owned),
        placement: candidate.text("placement")?.to_owned(),
        threads: threads(options)?,
        context: options.integer("context")?,
        runner_args: options.texts("args"),
    })
}

/// Whether the candidate is meant for this route on this family; without a list it is meant for all.
pub(super) fn fits(candidate: &Table, route: &str, family: &str) -> bool {
    names(candidate, "routes", route) && names(candidate, "families", family)
}

/// Whether the profile measures it; without a list it measures all.
pub(super) fn is_wanted(profile: &Table, candidate: &str) -> bool {
    names(profile, "candidates", candidate)
}

/// Whether the profile measures this route; without a list it measures all.
pub(super) fn serves(profile: &Table, route: &str) -> bool {
    names(profile, "routes", route)
}

fn names(table: &Table, key: &str, id: &str) -> bool {
    table.get(key).is_none() || table.list(key).iter().any(|node| node.as_text() == Some(id))
}

fn source(artifact: &Table) -> Option<ArtifactSource> {
    let cached = artifact.text("cache").map(|name| ArtifactSource::Cache(name.to_owned()));
    cached.or_else(|| artifact.text("path").map(|path| ArtifactSource::Path(path.to_owned())))
}

fn threads(options: &Table) -> Option<Threads> {
    match options.get("threads")?.value {
        Value::Threads(threads) => Some(threads),
        _ => None,
    }
}
