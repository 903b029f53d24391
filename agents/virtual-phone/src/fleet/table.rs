//! The table's text, read strictly and checked.

use serde::{Deserialize, Serialize};

use crate::body::surroundings::Surroundings;
use crate::error::{PhoneError, nearest};
use crate::fault::{CATALOGUE, Faults};
use crate::profile::Profile;

const FILE: &str = "fleet.toml";
const TEXT: &str = include_str!("../../fleet.toml");

/// A gate that must or may be red, and why, as the gate itself says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Red {
    /// Word of the gate.
    pub gate: String,
    /// Its cause; the gate's own word where a bar is missed.
    pub cause: String,
}

/// The whole table.
#[derive(Debug, Clone)]
pub struct Fleet {
    /// Healthy devices first.
    pub rows: Vec<Row>,
}

/// One device with its work and at most one fault.
#[derive(Debug, Clone)]
pub struct Row {
    /// `PROFILE/CANDIDATE`, the room where it is another than that of all profiles, and the fault behind it.
    pub name: String,
    /// Name of the same row without its fault.
    pub twin: String,
    /// Kind of device.
    pub profile: String,
    /// The air around it, in which it has lain for long, °C.
    pub room_c: f64,
    /// What runs on it.
    pub candidate: Runs,
    /// Words of the fault.
    pub fault: Option<String>,
    /// What must be red first, for the fault.
    pub planted: Option<Red>,
    /// What is red on the healthy device: ten minutes cannot show it.
    pub red: Vec<Red>,
    /// Words of the gates that may be red too with the fault, whatever their cause.
    pub also: Vec<String>,
    /// Word of the cause that a slowdown by the fault must be given.
    pub slowed_by: Option<String>,
    /// The job ends at this temperature.
    pub stop_at_c: Option<f64>,
}

/// A candidate of the table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    /// Name.
    pub name: String,
    /// Which model.
    pub model: Model,
    /// `cpu`, `gpu`, `npu`.
    pub device: String,
    /// Threads.
    pub threads: u32,
}

/// A described model that comes with the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Model {
    /// A third of a billion weights.
    #[serde(rename = "dense-350m-q4")]
    Dense350M,
    /// A billion weights.
    #[serde(rename = "dense-1b-q4")]
    Dense1B,
}

impl Model {
    /// Its file.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Dense350M => "models/dense-350m-q4.toml",
            Self::Dense1B => "models/dense-1b-q4.toml",
        }
    }

    /// Its description.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Dense350M => include_str!("../../models/dense-350m-q4.toml"),
            Self::Dense1B => include_str!("../../models/dense-1b-q4.toml"),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    candidate: Vec<Runs>,
    healthy: Vec<Healthy>,
    faulty: Vec<Faulty>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Healthy {
    profile: String,
    candidates: Vec<String>,
    room_c: Option<f64>,
    /// `GATE CAUSE`.
    #[serde(default)]
    red: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Faulty {
    fault: String,
    on: Vec<String>,
    planted: Option<Red>,
    #[serde(default)]
    also: Vec<String>,
    slowed_by: Option<String>,
    stop_at_c: Option<f64>,
}

impl Fleet {
    /// The table that comes with the product.
    pub fn built_in() -> Result<Self, PhoneError> {
        let written: Written = toml::from_str(TEXT).map_err(|error| PhoneError::ReadingProfile {
            file: FILE.to_owned(),
            line: error.span().map_or(1, |span| TEXT[..span.start].matches('\n').count() + 1),
            problem: error.message().to_owned(),
            hint: None,
        })?;
        let mut rows = Vec::new();
        for healthy in &written.healthy {
            Profile::built_in(&healthy.profile)?;
            for name in &healthy.candidates {
                rows.push(healthy_row(&written, healthy, name)?);
            }
        }
        let known = rows.clone();
        for faulty in &written.faulty {
            for name in &faulty.on {
                let twin = known.iter().find(|row| row.name == *name).ok_or_else(|| {
                    wrong("faulty.on", name, nearest(name, known.iter().map(|row| row.name.as_str())))
                })?;
                rows.push(faulty_row(twin, faulty)?);
            }
        }
        Ok(Self { rows })
    }
}

fn healthy_row(written: &Written, healthy: &Healthy, name: &str) -> Result<Row, PhoneError> {
    let candidates = || written.candidate.iter();
    let candidate = candidates().find(|candidate| candidate.name == name).ok_or_else(|| {
        wrong("healthy.candidates", name, nearest(name, candidates().map(|known| known.name.as_str())))
    })?;
    let room = healthy.room_c.map_or_else(String::new, |celsius| format!(" at {celsius} C"));
    let name = format!("{}/{name}{room}", healthy.profile);
    Ok(Row {
        name: name.clone(),
        twin: name,
        profile: healthy.profile.clone(),
        room_c: healthy.room_c.unwrap_or(Surroundings::ROOM.ambient.0),
        candidate: candidate.clone(),
        fault: None,
        planted: None,
        red: healthy.red.iter().map(|words| red(words)).collect::<Result<_, _>>()?,
        also: Vec::new(),
        slowed_by: None,
        stop_at_c: None,
    })
}

/// `GATE CAUSE`.
fn red(words: &str) -> Result<Red, PhoneError> {
    let (gate, cause) = words.split_once(' ').ok_or_else(|| wrong("healthy.red", words, None))?;
    Ok(Red { gate: gate.to_owned(), cause: cause.to_owned() })
}

fn faulty_row(twin: &Row, faulty: &Faulty) -> Result<Row, PhoneError> {
    let planted = Faults::read(&[&faulty.fault])?;
    let kind = planted.kinds().next().unwrap_or(CATALOGUE[0]);
    let of_kind = || Red { gate: kind.gate.to_owned(), cause: kind.cause.to_owned() };
    Ok(Row {
        name: format!("{} {}", twin.name, faulty.fault),
        fault: Some(faulty.fault.clone()),
        planted: Some(faulty.planted.clone().unwrap_or_else(of_kind)),
        also: faulty.also.clone(),
        slowed_by: faulty.slowed_by.clone(),
        stop_at_c: faulty.stop_at_c,
        ..twin.clone()
    })
}

fn wrong(key: &str, name: &str, hint: Option<String>) -> PhoneError {
    let (file, key) = (FILE.to_owned(), key.to_owned());
    PhoneError::CheckingProfile { file, key, problem: format!("names {name}, which is not there"), hint }
}
