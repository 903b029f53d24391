//! What a captured output says, as one JSON document.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, CapturedReading, Fact, Kind};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::error::AgentError;

/// Largest capture that is read, bytes.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Zones and cooling devices of a folder have lower numbers; how much of each of their files is read, bytes.
const MAX_ZONES: u32 = 1024;
const MAX_ZONE_BYTES: u64 = 256;

/// The printed document.
pub(crate) struct Document {
    kind: Kind,
    capture: Capture,
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_struct("Document", 3)?;
        document.serialize_field("kind", self.kind.word())?;
        document.serialize_field("readings", &Readings(self.capture.readings()))?;
        document.serialize_field("facts", &Facts(&self.capture))?;
        document.end()
    }
}

struct Readings<'a>(&'a [CapturedReading]);

impl Serialize for Readings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Line))
    }
}

struct Line<'a>(&'a CapturedReading);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reading = self.0;
        let mut line = serializer.serialize_struct("Line", 6)?;
        line.serialize_field("channel", reading.channel.as_str())?;
        line.serialize_field("name", reading.name.as_str())?;
        // `null` exactly when there is a reason.
        line.serialize_field("value", &reading.value.ok())?;
        line.serialize_field("unit", reading.unit.word())?;
        line.serialize_field("reason", &reading.value.err().map(Reason::word))?;
        line.serialize_field("raw", reading.raw.as_str())?;
        line.end()
    }
}

struct Facts<'a>(&'a Capture);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.facts().iter().map(|(name, fact)| (name.as_str(), FactValue(fact))))
    }
}

struct FactValue<'a>(&'a Fact);

impl Serialize for FactValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Fact::Flag(flag) => serializer.serialize_bool(*flag),
            Fact::Number(number) => serializer.serialize_i64(*number),
            Fact::Word(word) => serializer.serialize_str(word),
        }
    }
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
    Ok(Document { kind, capture: kind.parse(&text) })
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

/// Zones and cooling devices of a folder, as `grep . FILES` would print them; what cannot be read is replaced by
/// what the shell would say. Exact paths are tried: a device may refuse the listing and not the files.
fn zones(folder: &Path) -> io::Result<String> {
    let mut text = String::new();
    for (stem, file) in [("thermal_zone", "temp"), ("cooling_device", "cur_state")] {
        for number in 0..MAX_ZONES {
            let part = [stem, &number.to_string()].concat();
            let path = folder.join(&part);
            match fs::metadata(&path) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            }
            for file in ["type", file] {
                match first_line(&path.join(file)) {
                    Ok(content) => text.extend([&part, "/", file, ":", &content, "\n"]),
                    Err(error) => text.extend([&part, "/", file, ": ", said(&error), "\n"]),
                }
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
