//! What would have been planned, had the session been one of ours. What a file does not say is left empty.

use edgesoak_record::plan::{ArtifactSource, Candidate, SourceFile, Template, Threads, Workload};
use edgesoak_record::units::{Hertz, Millis};

use crate::recording::Recording;

/// Id of the workload of every imported session: what was asked there, nobody here knows.
const WORKLOAD: &str = "imported";
/// Where a file names nothing.
const UNKNOWN: &str = "unknown";

/// What ran, by the file's own names. Nobody here has the artifact or its digest, and nothing says where it ran.
#[must_use]
pub fn candidate(recording: &Recording) -> Candidate {
    let names = &recording.names;
    let or_unknown = |name: &Option<String>| name.clone().unwrap_or_else(|| UNKNOWN.to_owned());
    Candidate {
        id: or_unknown(&names.model),
        runtime: or_unknown(&names.runtime),
        artifact: ArtifactSource::Path(String::new()),
        sha256: String::new(),
        licence: None,
        quantisation: names.quantisation.clone(),
        export_of: None,
        placement: UNKNOWN.to_owned(),
        threads: Threads::CoresLess(0),
        context: 0,
        runner_args: Vec::new(),
    }
}

/// A soak of the length that the route asks for, or of its own length where no route asks.
#[must_use]
pub fn workload(recording: &Recording, asked: Option<Millis>) -> Workload {
    let own = Millis(recording.end().unsigned_abs() / 1_000_000);
    Workload {
        id: WORKLOAD.to_owned(),
        duration: asked.unwrap_or(own),
        prompts: SourceFile { path: String::new(), sha256: String::new(), bytes: 0 },
        is_of_items: false,
        images: Vec::new(),
        output_tokens: recording.prompts.iter().map(crate::Prompt::tokens).max().unwrap_or(0),
        template: Template::Artifact,
        retrieval: None,
        think_time: Millis(0),
        sample_rate: Hertz(0.0),
        recovery_probe: None,
        settle: None,
    }
}
