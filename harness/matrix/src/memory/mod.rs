//! What the sessions of a plan will take of their devices' memory, before anything is pushed.

mod architecture;
mod gguf_runner;

use std::collections::{BTreeMap, HashMap};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use edgesoak_gguf::{GgufError, Header};
use edgesoak_record::MemoryOutlook;
use edgesoak_record::plan::{ArtifactSource, Candidate, PlannedSession};

use crate::source::beside;
use gguf_runner::Processor;

/// The one runtime whose memory was measured.
const MEASURED: &str = "gguf-runner";

/// An outlook for each session, by its name. `base` is the folder of the matrix, `cache` that of cached artifacts.
pub(crate) fn outlooks(
    sessions: &[PlannedSession],
    base: &Path,
    cache: &Path,
) -> BTreeMap<String, MemoryOutlook> {
    let mut headers: HashMap<PathBuf, Result<Header, String>> = HashMap::new();
    let mut known = BTreeMap::new();
    for session in sessions {
        let candidate = &session.candidate;
        let predicted = is_measured(candidate).and_then(|()| {
            let (path, name) = match &candidate.artifact {
                ArtifactSource::Cache(name) => (cache.join(name), name),
                ArtifactSource::Path(path) => (beside(base, path), path),
            };
            let header = headers.entry(path).or_insert_with_key(|path| read(path, name));
            let header = header.as_ref().map_err(Clone::clone)?;
            gguf_runner::prediction(header, candidate.context, processor(session))
        });
        let outlook = predicted.map_or_else(MemoryOutlook::NotPredicted, MemoryOutlook::Predicted);
        known.insert(session.session.clone(), outlook);
    }
    known
}

/// Whether what such a candidate takes was ever measured; else why not.
fn is_measured(candidate: &Candidate) -> Result<(), String> {
    if candidate.runtime != MEASURED {
        return Err(format!("only what `{MEASURED}` takes is known, not `{}`", candidate.runtime));
    }
    if candidate.placement != "cpu" {
        return Err(format!(
            "what is taken where the model runs on the {} is not known",
            candidate.placement
        ));
    }
    if !candidate.runner_args.is_empty() {
        return Err(format!("`{MEASURED}` takes no arguments, and what these would change is not known"));
    }
    Ok(())
}

fn read(path: &Path, name: &str) -> Result<Header, String> {
    Header::read(path).map_err(|error| match error {
        GgufError::ReadingFile { source, .. } if source.kind() == ErrorKind::NotFound => {
            format!("{name} is not on this host")
        }
        GgufError::ReadingFile { source, .. } => format!("{name} cannot be read: {source}"),
        GgufError::ReadingHeader { offset, fault, .. } => format!("{name}, byte {offset}: {fault}"),
        other => other.to_string(),
    })
}

/// Devices that are this machine have its processor. Behind every other driver stand phones and boards.
fn processor(session: &PlannedSession) -> Processor {
    if session.device.driver == "local" && cfg!(target_arch = "x86_64") {
        Processor::X86
    } else {
        Processor::Arm
    }
}

#[cfg(test)]
mod tests;
