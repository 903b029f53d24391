//! Files that a plan names, hashed once each.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use edgesoak_record::hex;
use edgesoak_record::plan::SourceFile;
use sha2::{Digest, Sha256};

use crate::node::Node;
use crate::plan::golden_items::Items;
use crate::problem::Problem;
use crate::report::Report;
use crate::source::beside;

/// Prompts, corpora and templates are pushed to devices with every run: they are small.
const MAX_BYTES: u64 = 64 << 20;

/// Input files below the matrix' folder.
pub(super) struct Inputs<'a> {
    base: &'a Path,
    /// What was found, or what is wrong; a file that many workloads name is told once.
    known: HashMap<PathBuf, Option<SourceFile>>,
    /// Items of golden sets, by folder and route.
    items: HashMap<(PathBuf, String), Option<Items>>,
}

impl<'a> Inputs<'a> {
    pub fn new(base: &'a Path) -> Self {
        Inputs { base, known: HashMap::new(), items: HashMap::new() }
    }

    /// The file with its digest; a problem is reported the first time.
    pub fn file(&mut self, node: &Node, reports: &mut Vec<Report>) -> Option<SourceFile> {
        self.file_at(node.as_text()?.to_owned(), node, reports)
    }

    /// The items of a route in the golden set of this folder.
    pub fn items(&mut self, folder: &str, route: &str) -> Option<Items> {
        let folder = beside(self.base, folder);
        let count = || Items::of(&folder, route);
        *self.items.entry((folder.clone(), route.to_owned())).or_insert_with(count)
    }

    /// The folder of the matrix.
    pub fn base(&self) -> &'a Path {
        self.base
    }

    /// The same for a file whose path follows from what stands at `node`.
    pub fn file_at(
        &mut self,
        relative: String,
        node: &Node,
        reports: &mut Vec<Report>,
    ) -> Option<SourceFile> {
        let path = beside(self.base, &relative);
        if let Some(known) = self.known.get(&path) {
            return known.clone();
        }
        let found = match digest(&path) {
            Ok((sha256, bytes)) => Some(SourceFile { path: relative, sha256, bytes }),
            Err(complaint) => {
                reports.push(refuse(node, &relative, complaint));
                None
            }
        };
        self.known.insert(path, found.clone());
        found
    }

    /// That a large file is there; its digest is checked when it is pushed.
    pub fn present(&mut self, node: &Node, reports: &mut Vec<Report>) {
        let Some(relative) = node.as_text() else { return };
        let path = beside(self.base, relative);
        if self.known.contains_key(&path) {
            return;
        }
        if let Err(complaint) = regular(&path) {
            reports.push(refuse(node, relative, complaint));
            self.known.insert(path, None);
        }
    }
}

pub(super) fn refuse(node: &Node, relative: &str, complaint: String) -> Report {
    let problem = Problem::BadInput { path: relative.to_owned(), complaint };
    match node.at {
        Some(at) => {
            Report::at(problem, at, "named here").help("paths are relative to the folder of the matrix")
        }
        None => Report::nowhere(problem),
    }
}

/// The length of a regular file that is not empty.
fn regular(path: &Path) -> Result<u64, String> {
    let facts = std::fs::metadata(path).map_err(words)?;
    if !facts.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    if facts.len() == 0 {
        return Err("it is empty".to_owned());
    }
    Ok(facts.len())
}

fn digest(path: &Path) -> Result<(String, u64), String> {
    if regular(path)? > MAX_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_BYTES >> 20));
    }
    let mut file = File::open(path).map_err(words)?.take(MAX_BYTES);
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    let mut bytes = 0;
    loop {
        let n = file.read(&mut buffer).map_err(words)?;
        if n == 0 {
            return Ok((hex(&hasher.finalize()), bytes));
        }
        hasher.update(&buffer[..n]);
        bytes += n as u64;
    }
}

/// The same words on every system for what goes wrong most.
#[expect(clippy::needless_pass_by_value, reason = "used as a function in map_err")]
fn words(error: io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
    }
}
