//! Words that keep a query on the device: copied into the run, and read from there, so that it can be resumed without its
//! matrix.

use std::collections::BTreeMap;
use std::sync::Arc;

use edgesoak_golden::SensitiveTerms;
use edgesoak_record::plan::PlannedSession;

use crate::context::Places;
use crate::error::ControllerError;
use crate::world::Disk;

/// Largest list of terms, bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Prepared terms by the digest of their file.
pub(crate) type TermsByDigest = BTreeMap<String, Arc<SensitiveTerms>>;

/// Reads the terms of these sessions from the run.
pub(crate) fn load<'p>(
    sessions: impl IntoIterator<Item = &'p PlannedSession>,
    places: &Places,
    disk: &dyn Disk,
) -> Result<TermsByDigest, ControllerError> {
    let mut all = TermsByDigest::new();
    for routing in sessions.into_iter().filter_map(|session| session.route.routing.as_ref()) {
        let file = &routing.sensitive_terms;
        if all.contains_key(&file.sha256) {
            continue;
        }
        let path = places.input(&file.sha256);
        let bytes =
            disk.read(&path, MAX_BYTES).map_err(|source| ControllerError::CopyingInput { path, source })?;
        let terms = SensitiveTerms::read(&bytes)
            .map_err(|source| ControllerError::ReadingTerms { path: file.path.clone(), source })?;
        all.insert(file.sha256.clone(), terms.into());
    }
    Ok(all)
}
