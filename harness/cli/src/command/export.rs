//! `edgesoak export`: a stored run as files for other programs.

use std::collections::BTreeMap;

use edgesoak_interchange::{ExportedFile, InterchangeError, Target};
use serde_json::json;

use crate::args::{Export, ExportKind, Format, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::stored::{self, JudgedRun};
use crate::terminal::{printable, say};

/// Writes every kind into a folder of its own, one session in memory at a time.
pub fn export(shared: &Shared, asked: &Export) -> Result<u8, Failure> {
    let (store, JudgedRun { run, verdict, .. }) = stored::load(shared, &asked.run.name)?;
    let own = || shared.out.join("runs").join(&run.id).join("export");
    let folder = asked.output.clone().unwrap_or_else(own);
    let kinds = if asked.kinds.is_empty() { &[ExportKind::Csv][..] } else { &asked.kinds };
    let mut exports = Vec::new();
    for kind in kinds {
        let target = kind.target();
        if !exports.iter().any(|(known, _)| *known == target) {
            let folder = folder.join(target.word());
            let export = edgesoak_interchange::Export::begin(target, &folder, &run, &verdict);
            exports.push((target, export.map_err(|error| not_written(&error))?));
        }
    }
    for planned in &run.plan.sessions {
        let record =
            store.load_session(&run.id, planned).map_err(|error| stored::unreadable(shared, &error))?;
        for (_, export) in &mut exports {
            export.session(&record).map_err(|error| not_written(&error))?;
        }
    }
    let mut written = Vec::new();
    for (target, export) in exports {
        written.push((target, export.finish().map_err(|error| not_written(&error))?));
    }
    match shared.format() {
        Format::Json => print_json(&document(&run.id, &written))?,
        Format::Human => say(&printable(&words(&written)))?,
    }
    Ok(0)
}

fn document(run: &str, written: &[(Target, Vec<ExportedFile>)]) -> serde_json::Value {
    let file = |file: &ExportedFile| json!({ "path": file.path.display().to_string(), "bytes": file.bytes });
    let of_kind = |(target, files): &(Target, Vec<ExportedFile>)| {
        (target.word().to_owned(), files.iter().map(file).collect::<Vec<_>>())
    };
    json!({ "run": run, "files": written.iter().map(of_kind).collect::<BTreeMap<_, _>>() })
}

fn words(written: &[(Target, Vec<ExportedFile>)]) -> String {
    let lines = written.iter().map(|(target, files)| {
        let folder = files.first().and_then(|file| file.path.parent());
        let folder = folder.map_or_else(String::new, |folder| folder.display().to_string());
        let bytes: u64 = files.iter().map(|file| file.bytes).sum();
        let count = files.len();
        let noun = if count == 1 { "file" } else { "files" };
        format!("Exported {}: {count} {noun}, {} KiB, in {folder}\n", target.word(), bytes.div_ceil(1024))
    });
    lines.collect()
}

fn not_written(error: &InterchangeError) -> Failure {
    Failure::infrastructure("the run could not be exported")
        .because(error)
        .hint(error.hint())
        .reason("export")
}
