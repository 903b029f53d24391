//! `edgesoak golden seal`: digests and a signature into the manifest.

use std::path::Path;

use edgesoak_golden::{Files, GoldenSet, MANIFEST, Manifest, manifest_text, seal as sealed};
use serde_json::json;

use super::open;
use crate::args::{Format, Shared};
use crate::command::print_json;
use crate::command::report::write_whole;
use crate::failure::Failure;
use crate::keys;
use crate::terminal::{printable, say};

/// Seals a set.
pub fn seal(shared: &Shared, set: &Path, key: Option<&Path>) -> Result<u8, Failure> {
    let folder = open::Place::of(shared, set).folder;
    let mut files = open::files(&folder)?;
    let key = key.map(keys::secret).transpose()?;
    let parent = parent(&folder, &files)?;
    let broken = |errors| open::broken(&folder, &errors);
    let manifest = sealed(&files, parent.as_ref(), key.as_ref()).map_err(broken)?;
    let text = manifest_text(&manifest).map_err(broken)?;
    files.put(MANIFEST, text.as_str());
    // What is written must load.
    GoldenSet::load(&files).map_err(broken)?;
    write_whole(&folder.join(MANIFEST), &text).map_err(|error| {
        Failure::infrastructure(format!("cannot write the manifest of {}", folder.display())).because(&error)
    })?;
    let signed = manifest.signature.as_ref().map(|signature| &signature.key_id);
    match shared.format() {
        Format::Json => print_json(&json!({
            "set": manifest.reference(),
            "set_digest": manifest.set_digest,
            "manifest_digest": manifest.manifest_digest,
            "key_id": signed,
        }))?,
        Format::Human => say(&printable(&sentence(&manifest)))?,
    }
    Ok(0)
}

fn sentence(manifest: &Manifest) -> String {
    let signed = match &manifest.signature {
        Some(signature) => format!("signed by key {}", signature.key_id),
        None => "not signed".to_owned(),
    };
    let digest = manifest.manifest_digest.as_deref().unwrap_or_default();
    format!("{}: sealed, {signed}; manifest {digest}\n", manifest.reference())
}

/// The version that the manifest names as its parent, where it stands beside the set.
fn parent(folder: &Path, files: &Files) -> Result<Option<GoldenSet>, Failure> {
    // A manifest that cannot be read is told by what seals it.
    let manifest: Option<Manifest> = files.get(MANIFEST).and_then(|bytes| serde_json::from_slice(bytes).ok());
    let Some(version) = manifest.and_then(|manifest| manifest.parent) else { return Ok(None) };
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let beside = whole.with_file_name(version.to_string());
    if beside.is_dir() { open::set(&beside).map(Some) } else { Ok(None) }
}
