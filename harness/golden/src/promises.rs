//! What a set promises beyond its form: names that lead somewhere, quotes that stand where they are said to.

use std::collections::BTreeSet;

use edgesoak_signing::Signature;

use crate::expect::Expect;
use crate::files::{Files, MANIFEST, UNSEALED, stays_inside};
use crate::finding::Finding;
use crate::image;
use crate::item::{Item, bad_name, bad_words};
use crate::limits::{MAX_FILES, MAX_TAGS, MOST_DOCS};
use crate::manifest::{Manifest, SCHEMA, Template};
use crate::problem::Problem;
use crate::score::{Scorer, Unfit};
use crate::set::GoldenSet;

/// Most tokens that an answer may be given.
const MOST_TOKENS: u32 = 8192;

/// What is wrong with a manifest, seen alone and beside the names of the files.
pub(crate) fn of_manifest(manifest: &Manifest, files: &Files) -> Vec<Finding> {
    let value = |holds: bool, key: &str, complaint: &str| (!holds).then(|| Problem::value(key, complaint));
    if let Some(problem) =
        value(manifest.schema == SCHEMA, "schema", "is of another program: this one knows 1")
    {
        return vec![in_manifest(files, problem)];
    }
    let mut problems: Vec<Option<Problem>> = Vec::new();
    problems.push(bad_name("name", &manifest.name));
    problems.push(bad_words("title", &manifest.title));
    problems.push(bad_words("licence", &manifest.licence));
    let code = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase());
    problems.push(value(manifest.languages.iter().all(code), "languages", "holds codes of two letters"));
    let grows = manifest.parent.is_none_or(|parent| parent < manifest.version);
    problems.push(value(grows, "parent", "must be an earlier version"));
    let top_k = manifest.retrieval.as_ref().map_or(1, |retrieval| retrieval.top_k as usize);
    problems.push(value((1..=MOST_DOCS).contains(&top_k), "top_k", "must be from 1 to 64"));
    let max_new = manifest.generation.as_ref().map_or(1, |generation| generation.max_new);
    problems.push(value((1..=MOST_TOKENS).contains(&max_new), "max_new", "must be from 1 to 8192"));
    problems.push(value(manifest.slices.len() <= MAX_TAGS, "slices", "are at most 32"));
    problems.push(value(manifest.files.len() <= MAX_FILES, "files", "are at most 256"));
    problems.push(manifest.template.as_ref().and_then(|template| bad_template(manifest, template)));
    let algorithm = manifest.signature.as_ref().is_none_or(Signature::is_of_known_algorithm);
    problems.push(value(algorithm, "algorithm", "must be `ed25519`"));
    let changes = manifest.changelog.iter().flat_map(|change| &change.changes);
    problems.push(changes.into_iter().find_map(|change| bad_words("changes", change)));
    let mut findings: Vec<Finding> =
        problems.into_iter().flatten().map(|problem| in_manifest(files, problem)).collect();
    findings.extend(of_paths(manifest, files));
    findings
}

/// A template is a file of the set or that of an artifact, and has the digest that it is said to have.
fn bad_template(manifest: &Manifest, template: &Template) -> Option<Problem> {
    let is_one = template.path.is_some() != template.artifact.is_some();
    if !is_one {
        return Some(Problem::value("template", "is a `path` of the set, or the `artifact` that holds it"));
    }
    let listed = manifest.files.iter().find(|file| Some(&file.path) == template.path.as_ref())?;
    let said = template.sha256.as_ref()?;
    let differs = !listed.sha256.is_empty() && *said != listed.sha256;
    differs.then(|| Problem::value("template", "has another `sha256` than its file"))
}

/// A problem of the manifest, at the line of its key.
fn in_manifest(files: &Files, problem: Problem) -> Finding {
    let line = match &problem {
        Problem::Value { key, .. } => line_of(files, key),
        _ => None,
    };
    Finding { line, ..Finding::of(MANIFEST, problem) }
}

/// The first line of the manifest in which this word stands between quotes.
pub(crate) fn line_of(files: &Files, word: &str) -> Option<u64> {
    let text = std::str::from_utf8(files.get(MANIFEST)?).ok()?;
    let quoted = format!("\"{word}\"");
    (1..).zip(text.lines()).find(|(_, line)| line.contains(&quoted)).map(|(number, _)| number)
}

/// Paths stay in the set, stand once, and those with a meaning are sealed like all others.
fn of_paths(manifest: &Manifest, files: &Files) -> Vec<Finding> {
    let mut findings = Vec::new();
    let listed: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    for (at, path) in listed.iter().enumerate() {
        let problem = if !stays_inside(path) || UNSEALED.contains(path) {
            Problem::value("path", "must be a plain path in the set, and neither its manifest nor its README")
        } else if listed[..at].contains(path) {
            Problem::Twice { kind: "file", id: (*path).to_owned() }
        } else {
            continue;
        };
        findings.push(Finding { line: line_of(files, path), ..Finding::of(MANIFEST, problem) });
    }
    let template = manifest.template.as_ref().and_then(|template| template.path.as_ref());
    let corpus = manifest.retrieval.as_ref().map(|retrieval| &retrieval.corpus);
    let named =
        manifest.schemas.iter().chain(&manifest.soak).chain(&manifest.items).chain(template).chain(corpus);
    for path in named.filter(|path| !listed.contains(&path.as_str())) {
        findings.push(Finding::unknown(
            MANIFEST,
            line_of(files, path),
            "listed file",
            path,
            listed.iter().copied(),
        ));
    }
    findings
}

/// What is wrong with items beside the documents, schemas and tags of their set.
pub(crate) fn of_items(set: &GoldenSet, files: &Files) -> Vec<Finding> {
    let mut findings: Vec<Finding> = set.items.iter().flat_map(|item| of_item(set, item)).collect();
    findings.extend(image::findings(set, files));
    let tags: BTreeSet<&str> = set
        .items
        .iter()
        .flat_map(|item| item.tags.keys())
        .map(String::as_str)
        .chain(["route", "split"])
        .collect();
    for slice in set.manifest.slices.iter().filter(|slice| !tags.contains(slice.as_str())) {
        findings.push(Finding::unknown(MANIFEST, line_of(files, slice), "tag", slice, tags.iter().copied()));
    }
    findings
}

fn of_item(set: &GoldenSet, item: &Item) -> Vec<Finding> {
    let file = set.manifest.items.as_deref().unwrap_or_default();
    let mut findings = Vec::new();
    let cited = cited(&item.expect);
    let refs = item.refs.iter().map(|reference| reference.doc.as_str());
    let docs = item.docs.iter().flatten().map(String::as_str);
    for id in refs.chain(docs).chain(cited).filter(|id| !set.documents.contains_key(*id)) {
        let known = set.documents.keys().map(String::as_str);
        findings.push(Finding::unknown(file, Some(item.line), "document", id, known));
    }
    for reference in &item.refs {
        let stands = |text: &str| !reference.quote.is_empty() && text.contains(&reference.quote);
        if set.documents.get(&reference.doc).is_some_and(|document| !stands(&document.text)) {
            let problem = Problem::Quote { doc: reference.doc.clone() };
            findings.push(Finding::at(file, item.line, problem));
        }
    }
    if let Some(cluster) = set.manifest.cluster.as_ref().filter(|tag| item.slice(tag).is_none()) {
        let problem = Problem::value("tags", format!("lacks `{cluster}`, which tells clusters apart"));
        findings.push(Finding::at(file, item.line, problem));
    }
    if let Err(error) = Scorer::prepare(&item.expect, &set.ground(item)) {
        findings.push(unfit(&set.manifest, item, &error));
    }
    findings
}

/// An expectation that no answer can be held against, at its line.
pub(crate) fn unfit(manifest: &Manifest, item: &Item, unfit: &Unfit) -> Finding {
    let file = manifest.items.as_deref().unwrap_or_default();
    Finding::at(file, item.line, Problem::Expectation { complaint: unfit.to_string() })
}

/// Documents that an expectation wants to be cited.
fn cited(expect: &Expect) -> Vec<&str> {
    match expect {
        Expect::Citation(citation) => citation.groups.iter().flatten().map(String::as_str).collect(),
        _ => expect.parts().into_iter().flat_map(cited).collect(),
    }
}
