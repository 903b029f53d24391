//! What a captured output says, as one JSON document.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use edgesoak_sensors::capture::{Capture, Fact, Kind};
use serde::Serialize;

use crate::error::AgentError;

/// Largest capture that is read, bytes.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Most zones and cooling devices of a folder, and how much of each of their files is read, bytes.
const MAX_ZONES: usize = 1024;
const MAX_ZONE_BYTES: u64 = 256;

/// The printed document.
#[derive(Debug, Serialize)]
pub(crate) struct Document {
    kind: &'static str,
    readings: Vec<Line>,
    facts: BTreeMap<String, FactValue>,
}

#[derive(Debug, Serialize)]
struct Line {
    channel: String,
    name: String,
    /// `null` exactly when there is a reason.
    value: Option<f64>,
    unit: &'static str,
    reason: Option<&'static str>,
    raw: String,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum FactValue {
    Flag(bool),
    Number(i64),
    Word(String),
}

/// The kind with this word; the error names all of them.
pub(crate) fn kind(word: &str) -> Result<Kind, AgentError> {
    Kind::from_word(word).ok_or_else(|| {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        AgentError::ReadingArguments(format!("there is no kind {word:?}; the kinds are {}", kinds.join(", ")))
    })
}

/// Reads a file, `-` for stdin, or a folder of thermal zones.
pub(crate) fn parse(kind: Kind, file: &Path) -> Result<Document, AgentError> {
    let reading = |source| AgentError::ReadingCapture { path: file.to_owned(), source };
    let text = if file == Path::new("-") {
        bounded(io::stdin().lock()).map_err(reading)?
    } else if kind.word() == "thermal-zones" && file.is_dir() {
        zones(file).map_err(reading)?
    } else {
        File::open(file).and_then(bounded).map_err(reading)?
    };
    Ok(document(kind, &kind.parse(&text)))
}

fn document(kind: Kind, capture: &Capture) -> Document {
    let readings = capture.readings().iter().map(|reading| Line {
        channel: reading.channel.clone(),
        name: reading.name.clone(),
        value: reading.value.ok(),
        unit: reading.unit.word(),
        reason: reading.value.err().map(edgesoak_protocol::Reason::word),
        raw: reading.raw.clone(),
    });
    let facts = capture.facts().iter().map(|(name, fact)| {
        let value = match fact {
            Fact::Flag(flag) => FactValue::Flag(*flag),
            Fact::Number(number) => FactValue::Number(*number),
            Fact::Word(word) => FactValue::Word(word.clone()),
        };
        (name.clone(), value)
    });
    Document { kind: kind.word(), readings: readings.collect(), facts: facts.collect() }
}

/// A text whole or not at all: the beginning of a table looks like a table.
fn bounded(source: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Zones and cooling devices of a folder, as `grep . FILES` would print them, in the order of their numbers; what
/// cannot be read is replaced by what the shell would say.
fn zones(folder: &Path) -> io::Result<String> {
    let mut parts: Vec<(&str, &str, u32)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        for (stem, file) in [("thermal_zone", "temp"), ("cooling_device", "cur_state")] {
            let number = name.to_str().and_then(|name| name.strip_prefix(stem)?.parse().ok());
            if let Some(number) = number.filter(|_| parts.len() < MAX_ZONES) {
                parts.push((stem, file, number));
            }
        }
    }
    parts.sort_unstable_by_key(|(stem, _, number)| (std::cmp::Reverse(*stem), *number));
    let mut text = String::new();
    for (stem, file, number) in parts {
        let part = format!("{stem}{number}");
        for file in ["type", file] {
            match first_line(&folder.join(&part).join(file)) {
                Ok(content) => text.extend([&part, "/", file, ":", &content, "\n"]),
                Err(error) => text.extend([&part, "/", file, ": ", said(&error), "\n"]),
            }
        }
    }
    Ok(text)
}

fn first_line(path: &Path) -> io::Result<String> {
    // A pipe would be waited for.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let mut text = String::new();
    File::open(path)?.take(MAX_ZONE_BYTES).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

fn said(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "Permission denied",
        io::ErrorKind::NotFound => "No such file or directory",
        _ => "Invalid argument",
    }
}
