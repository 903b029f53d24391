//! A file, recognised and read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::complaint::Complaint;
use crate::csv_line::fields;
use crate::documents::Documents;
use crate::error::InterchangeError;
use crate::limits::{COMMENTS, FILE_BYTES, READINGS, SESSIONS};
use crate::lines::Lines;
use crate::recording::Recording;
use crate::{decode_rates, llama_bench, minutes, neutral};

/// What is done about a file that nothing recognises.
const KNOWN: &str =
    "docs/import.md lists the formats; the neutral CSV takes any rates, token times and readings";

/// A file, read once.
#[derive(Debug)]
pub struct Source {
    /// Its bytes: those that its sessions were read from.
    pub bytes: Vec<u8>,
    /// Its sessions, in its order.
    pub recordings: Vec<Recording>,
}

/// Reads a file and every session of it.
///
/// # Errors
/// If the file cannot be read, is too large, or has a line that is not what its format says; with the line and what to do.
pub fn read(path: &Path) -> Result<Source, InterchangeError> {
    let opening = |source| InterchangeError::Opening { path: path.to_owned(), source };
    // A pipe that nobody writes to would never open.
    if !std::fs::metadata(path).map_err(opening)?.is_file() {
        return Err(InterchangeError::NotAFile { path: path.to_owned() });
    }
    let file = File::open(path).map_err(opening)?;
    let mut size = file.metadata().map_err(opening)?.len();
    let mut bytes = Vec::new();
    if size <= FILE_BYTES {
        let reading = |source| InterchangeError::Reading { path: path.to_owned(), source };
        file.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(reading)?;
        // It may have grown meanwhile.
        size = bytes.len() as u64;
    }
    if size > FILE_BYTES {
        return Err(InterchangeError::TooLarge { path: path.to_owned(), bytes: size });
    }
    let recordings = recordings(Lines::new(&bytes)).map_err(|Complaint { line, problem, hint }| {
        InterchangeError::Parsing { path: path.to_owned(), line, problem, hint }
    })?;
    Ok(Source { bytes, recordings })
}

/// The sessions of a text.
fn recordings(mut lines: Lines<'_>) -> Result<Vec<Recording>, Complaint> {
    let mut comments = Vec::new();
    loop {
        let Some((line, text)) = lines.next_line()? else {
            return Err(Complaint::new(lines.number().max(1), "the file says nothing", KNOWN));
        };
        let trimmed = text.trim_start();
        if let Some(comment) = trimmed.strip_prefix('#') {
            if comments.len() >= COMMENTS {
                let words = format!("more than {COMMENTS} comments stand before the table");
                return Err(Complaint::new(line, words, "leave out what does not describe the session"));
            }
            comments.push((line, comment.trim().to_owned()));
        } else if trimmed.starts_with(['{', '[']) {
            return objects((line, text), lines);
        } else {
            return table(&comments, line, &text, &mut lines);
        }
    }
}

fn table(
    comments: &[(u64, String)],
    line: u64,
    text: &str,
    lines: &mut Lines<'_>,
) -> Result<Vec<Recording>, Complaint> {
    let header = fields(line, text)?;
    if minutes::fits(&header) {
        return Ok(vec![minutes::recording(comments, &header, lines)?]);
    }
    if neutral::csv::fits(&header) {
        return Ok(vec![neutral::csv::recording(comments, line, &header, lines)?]);
    }
    let hint = if header.iter().any(|column| column == "avg_ts") {
        "run `llama-bench` with `-o jsonl`, which has the time of every repetition"
    } else {
        KNOWN
    };
    Err(Complaint::new(line, "this is the header of no table that is known", hint))
}

fn objects(first: (u64, String), lines: Lines<'_>) -> Result<Vec<Recording>, Complaint> {
    let line = first.0;
    let mut documents = Documents::new(first, lines)?;
    let unknown = || Complaint::new(line, "this is no session of a format that is known", KNOWN);
    let kind = documents.peek().ok_or_else(unknown)?;
    if neutral::ndjson::fits(kind) {
        return Ok(vec![neutral::ndjson::recording(&mut documents)?]);
    }
    if !decode_rates::fits(kind) && !llama_bench::fits(kind) {
        return Err(unknown());
    }
    let (mut found, mut silent, mut size) = (Vec::new(), 0_u64, 0);
    while let Some((line, object)) = documents.next_object()? {
        let recording = if decode_rates::fits(&object) {
            Some(decode_rates::recording(line, &object)?)
        } else if llama_bench::fits(&object) {
            llama_bench::recording(line, &object)?
        } else {
            let words = "this is no session, unlike what stands before it";
            return Err(Complaint::new(line, words, "keep files of different formats apart"));
        };
        match recording.filter(Recording::says_something) {
            Some(recording) if found.len() < SESSIONS && size + recording.size() <= READINGS => {
                size += recording.size();
                found.push(recording);
            }
            Some(_) => {
                let words = format!("the file has more than {SESSIONS} sessions or {READINGS} readings");
                return Err(Complaint::new(line, words, "split the file"));
            }
            None => silent += 1,
        }
    }
    if found.is_empty() {
        let words = format!("none of its {silent} objects has rates of decoding or an energy");
        return Err(Complaint::new(
            line,
            words,
            "export a run that decodes for longer than a window of its rates",
        ));
    }
    Ok(found)
}
