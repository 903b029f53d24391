//! The matrix, and what its default profile needs.

use edgesoak_record::plan::ArtifactSource;

use super::finding::Finding;
use super::program;
use crate::args::{Selection, Shared};
use crate::command::plan;
use crate::places::Places;

/// The matrix, and for each candidate of the default profile its runner and its artifact.
pub fn of_profile(shared: &Shared, places: &Places) -> Vec<Finding> {
    let plan = match plan::make(shared, &Selection::default()) {
        Ok(plan) => plan,
        Err(failure) => {
            return vec![Finding::bad("matrix", failure.render(), "`edgesoak plan` shows every problem")];
        }
    };
    let mut findings = vec![Finding::good(
        "matrix",
        format!("{}: profile {}, {} sessions", shared.matrix.display(), plan.profile, plan.sessions.len()),
    )];
    let mut seen = Vec::new();
    for candidate in plan.sessions.iter().map(|session| &session.candidate) {
        if seen.contains(&&candidate.id) {
            continue;
        }
        seen.push(&candidate.id);
        findings.push(program::starts(&places.agents, &format!("edgesoak-{}", candidate.runtime)));
        let path = match &candidate.artifact {
            ArtifactSource::Cache(name) => places.cache.join(name),
            ArtifactSource::Path(path) => shared.matrix.with_file_name(path),
        };
        findings.push(match path.metadata() {
            Ok(facts) => Finding::good("artifact", format!("{}: {} bytes", path.display(), facts.len())),
            Err(error) => Finding::bad(
                "artifact",
                format!("{}: {error}", path.display()),
                "scripts/fetch_model fetches the default model; put any other artifact there yourself",
            ),
        });
    }
    findings
}
