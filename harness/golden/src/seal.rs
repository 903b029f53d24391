//! Digests that seal a set: what they are taken over, whether they hold, and how they get into the manifest.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::nearest::suggest;
use edgesoak_record::{canonical, hex};
use edgesoak_signing::{Purpose, SecretKey};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::difference::Difference;
use crate::expect::Expect;
use crate::files::{Files, MANIFEST, UNSEALED};
use crate::finding::{Finding, GoldenErrors};
use crate::item::Item;
use crate::json;
use crate::manifest::{Manifest, SealedFile};
use crate::problem::Problem;
use crate::promises::line_of;
use crate::score::version_of;
use crate::set::{GoldenSet, read_manifest};
use crate::version::Step;

/// Keys of the manifest that its own digest cannot cover.
const UNDIGESTED: [&str; 2] = ["manifest_digest", "signature"];

/// What to do about a digest that does not hold.
fn mend(manifest: &Manifest) -> &'static str {
    if manifest.sealed {
        "put back what was sealed; what changes gets a version of its own"
    } else {
        "`edgesoak golden seal` writes the digests of a set that is not sealed yet"
    }
}

/// SHA-256 over the sorted digests of the items, joined by line feeds.
#[must_use]
pub fn set_digest(items: &[Item]) -> String {
    let mut digests: Vec<&str> = items.iter().map(|item| item.digest.as_str()).collect();
    digests.sort_unstable();
    hex(&Sha256::digest(digests.join("\n")))
}

/// The canonical manifest without some of its keys.
pub(crate) fn canonical_without(manifest: &Value, keys: &[&str]) -> String {
    let mut rest = manifest.clone();
    if let Value::Object(members) = &mut rest {
        members.retain(|key, _| !keys.contains(&key.as_str()));
    }
    canonical::text(&rest)
}

fn manifest_digest(manifest: &Value) -> String {
    hex(&Sha256::digest(canonical_without(manifest, &UNDIGESTED)))
}

/// Every digest, list and version of the manifest that does not hold.
pub(crate) fn findings(set: &GoldenSet, files: &Files) -> Vec<Finding> {
    let manifest = &set.manifest;
    let mut findings = of_files(manifest, files);
    let mut differs = |what, found: String, sealed: Option<&String>, key: &str| {
        if sealed != Some(&found) {
            let sealed = sealed.cloned().unwrap_or_else(|| "none".to_owned());
            let finding = Finding::of(MANIFEST, Problem::Digest { what, found, sealed }).hint(mend(manifest));
            findings.push(Finding { line: line_of(files, key), ..finding });
        }
    };
    if manifest.items.is_some() {
        differs(
            "the digest of the items",
            set_digest(&set.items),
            manifest.set_digest.as_ref(),
            "set_digest",
        );
    }
    if manifest.sealed
        && let Some(Ok((value, _))) = files
            .get(MANIFEST)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .map(|text| json::read::<Value>(MANIFEST, 1, text))
    {
        let found = manifest_digest(&value);
        differs("the digest of the manifest", found, manifest.manifest_digest.as_ref(), "manifest_digest");
    }
    findings.extend(of_scorers(set, files));
    findings
}

/// Every listed file that is not there as it was sealed, and every file that is not listed.
pub(crate) fn of_files(manifest: &Manifest, files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    for sealed in &manifest.files {
        let Some(bytes) = files.get(&sealed.path) else {
            findings.push(Finding::of(&sealed.path, Problem::Missing));
            continue;
        };
        let found = sealed_file(&sealed.path, bytes);
        if found.sha256 != sealed.sha256 {
            let problem = Problem::Digest {
                what: "its digest",
                found: found.sha256,
                sealed: if sealed.sha256.is_empty() { "none".to_owned() } else { sealed.sha256.clone() },
            };
            findings.push(Finding::of(&sealed.path, problem).hint(mend(manifest)));
        } else if found.lines != sealed.lines {
            let line = line_of(files, &sealed.path);
            let count = |lines: Option<u64>| lines.map_or("no count".to_owned(), |lines| lines.to_string());
            let complaint = format!("is {}; {} has {}", count(sealed.lines), sealed.path, count(found.lines));
            let finding = Finding::of(MANIFEST, Problem::value("lines", complaint));
            findings.push(Finding { line, ..finding });
        }
    }
    let listed: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    for path in files.paths().filter(|path| !UNSEALED.contains(path) && !listed.contains(path)) {
        let hint = format!("remove it, or list it under `files`; {}", suggest(path, listed.iter().copied()));
        findings.push(Finding::of(path, Problem::Unlisted).hint(hint));
    }
    findings
}

/// A file as the manifest lists it.
fn sealed_file(path: &str, bytes: &[u8]) -> SealedFile {
    let count = || memchr::memchr_iter(b'\n', bytes).count() as u64;
    SealedFile {
        path: path.to_owned(),
        sha256: hex(&Sha256::digest(bytes)),
        lines: std::path::Path::new(path).extension().is_some_and(|kind| kind == "jsonl").then(count),
    }
}

fn of_scorers(set: &GoldenSet, files: &Files) -> Vec<Finding> {
    let sealed = &set.manifest.scorers;
    let known = scorers(&set.items);
    let line = line_of(files, "scorers");
    let mut findings = Vec::new();
    for (scorer, version) in sealed {
        match known.get(scorer) {
            Some(known) if known == version => {}
            Some(known) => {
                let problem =
                    Problem::ScorerVersion { scorer: scorer.clone(), sealed: *version, known: *known };
                let hint = "a new major version of the set takes the new rule; this program cannot go back";
                findings.push(Finding { line, ..Finding::of(MANIFEST, problem) }.hint(hint));
            }
            None => {
                let names = known.keys().map(String::as_str);
                findings.push(Finding::unknown(MANIFEST, line, "item that uses scorer", scorer, names));
            }
        }
    }
    let lacking: Vec<String> = known
        .keys()
        .filter(|scorer| !sealed.contains_key(*scorer))
        .map(|scorer| format!("`{scorer}`"))
        .collect();
    if !lacking.is_empty() {
        let problem = Problem::value("scorers", format!("lacks {}, which items use", lacking.join(", ")));
        findings.push(Finding { line, ..Finding::of(MANIFEST, problem) }.hint(mend(&set.manifest)));
    }
    findings
}

/// The scorers that items use, with the versions of this program.
fn scorers(items: &[Item]) -> BTreeMap<String, u32> {
    fn gather(expect: &Expect, into: &mut BTreeMap<String, u32>) {
        into.insert(expect.scorer().to_owned(), version_of(expect.scorer()).unwrap_or_default());
        for part in expect.parts() {
            gather(part, into);
        }
    }
    let mut scorers = BTreeMap::new();
    for item in items {
        gather(&item.expect, &mut scorers);
    }
    scorers
}

/// Digests of what answers rest on beside the items: other files by path, settings by key.
pub(crate) fn grounds(manifest: &Manifest, files: &Files) -> BTreeMap<String, String> {
    let others = manifest.files.iter().filter(|file| Some(&file.path) != manifest.items.as_ref());
    let digests = others.filter_map(|file| {
        let bytes = files.get(&file.path)?;
        Some((file.path.clone(), hex(&Sha256::digest(bytes))))
    });
    let mut grounds: BTreeMap<String, String> = digests.collect();
    let settings = [
        ("template", serde_json::to_value(&manifest.template)),
        ("retrieval", serde_json::to_value(&manifest.retrieval)),
        ("generation", serde_json::to_value(&manifest.generation)),
        ("scorers", serde_json::to_value(&manifest.scorers)),
    ];
    for (key, value) in settings {
        let digest = value.ok().and_then(|value| canonical::digest(&value).ok());
        grounds.insert(format!("manifest.json `{key}`"), digest.unwrap_or_default());
    }
    grounds
}

/// A manifest with all its digests, and its signature where a key is given.
///
/// A version that is sealed stays as it is: it may be signed, and nothing else. `parent` is the set of the version
/// that the manifest names as its parent.
pub fn seal(
    files: &Files,
    parent: Option<&GoldenSet>,
    key: Option<&SecretKey>,
) -> Result<Manifest, GoldenErrors> {
    let mut set = GoldenSet::draft(files)?;
    if set.manifest.sealed {
        unchanged(&set, files)?;
    }
    fill(&mut set, files)?;
    follows(&set, parent)?;
    let mut manifest = set.manifest;
    manifest.sealed = true;
    let written = |manifest: &Manifest| {
        serde_json::to_value(manifest)
            .map_err(|error| Finding::of(MANIFEST, Problem::Json { complaint: error.to_string() }))
    };
    let digest = manifest_digest(&written(&manifest)?);
    if manifest.manifest_digest.as_ref() != Some(&digest) {
        manifest.manifest_digest = Some(digest);
        manifest.signature = None;
    }
    if let Some(key) = key {
        let signed = canonical_without(&written(&manifest)?, &["signature"]);
        manifest.signature = Some(key.sign(Purpose::GoldenSet, signed.as_bytes()));
    }
    Ok(manifest)
}

/// Brings digests, lines and scorer versions of the manifest up to what is there.
fn fill(set: &mut GoldenSet, files: &Files) -> Result<(), GoldenErrors> {
    for sealed in &mut set.manifest.files {
        if let Some(bytes) = files.get(&sealed.path) {
            *sealed = sealed_file(&sealed.path, bytes);
        }
    }
    set.manifest.set_digest = set.manifest.items.is_some().then(|| set_digest(&set.items));
    set.manifest.scorers = scorers(&set.items);
    set.grounds = grounds(&set.manifest, files);
    let rest = of_files(&set.manifest, files);
    if rest.is_empty() { Ok(()) } else { Err(GoldenErrors::new(rest)) }
}

/// Refuses to seal a sealed version anew that is not what it was.
fn unchanged(set: &GoldenSet, files: &Files) -> Result<(), GoldenErrors> {
    let changed = findings(set, files);
    let Some(first) = changed.first() else { return Ok(()) };
    let version = set.manifest.version;
    let items_changed = set.manifest.set_digest.as_ref() != Some(&set_digest(&set.items));
    let others = set.manifest.files.iter().filter(|file| Some(&file.path) != set.manifest.items.as_ref());
    let grounds_changed = others.into_iter().any(|file| {
        files.get(&file.path).is_none_or(|bytes| sealed_file(&file.path, bytes).sha256 != file.sha256)
    });
    let becomes = |step| version.after(step);
    let hint = if grounds_changed {
        format!("put it back, or make it version {}: what answers rest on was changed", becomes(Step::Major))
    } else if items_changed {
        format!(
            "put it back, or make it version {} if items were only added, else {}",
            becomes(Step::Minor),
            becomes(Step::Major)
        )
    } else {
        format!("put it back, or make it version {}", becomes(Step::Patch))
    };
    let what = first.to_string();
    Err(Finding::of(MANIFEST, Problem::SealedChanged { version, what }).hint(hint).into())
}

/// Refuses a number that is too near to that of the parent for what was changed.
fn follows(set: &GoldenSet, parent: Option<&GoldenSet>) -> Result<(), GoldenErrors> {
    let Some(named) = set.manifest.parent else { return Ok(()) };
    let parent = parent
        .filter(|parent| (&parent.manifest.name, parent.manifest.version) == (&set.manifest.name, named));
    let Some(parent) = parent else {
        let problem = Problem::Unknown { kind: "parent version", id: named.to_string() };
        let hint = "the parent is looked for beside the set; without one, `parent` is null";
        return Err(Finding::of(MANIFEST, problem).hint(hint).into());
    };
    let difference = Difference::between(parent, set);
    if difference.obeys() {
        return Ok(());
    }
    let step = difference.step.unwrap_or(Step::Patch);
    let version = set.manifest.version;
    let problem = Problem::Step { parent: named, version, step, why: difference.why() };
    let hint =
        format!("make it version {}, in its manifest and as the name of its folder", named.after(step));
    Err(Finding::of(MANIFEST, problem).hint(hint).into())
}

/// The manifest as its file holds it.
pub fn manifest_text(manifest: &Manifest) -> Result<String, GoldenErrors> {
    let text = serde_json::to_string_pretty(manifest)
        .map_err(|error| Finding::of(MANIFEST, Problem::Json { complaint: error.to_string() }))?;
    Ok(text + "\n")
}

/// The bytes that a signature of this set is over.
pub(crate) fn signed_bytes(files: &Files) -> Result<Vec<u8>, GoldenErrors> {
    read_manifest(files)?;
    let text = crate::contents::document_text(files, MANIFEST)?;
    let (value, _) = json::read::<Value>(MANIFEST, 1, text)?;
    Ok(canonical_without(&value, &["signature"]).into_bytes())
}
