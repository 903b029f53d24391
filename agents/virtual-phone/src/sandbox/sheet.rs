//! The sheet `phone.toml`: which phone a sandbox holds.

use std::fs;
use std::path::{Path, PathBuf};

use edgesoak_protocol::units::{Celsius, Ratio, Watts};
use serde::Deserialize;

use super::error::SandboxError;
use crate::body::surroundings::{Case, Charger, Surroundings};
use crate::error::PhoneError;
use crate::fault::Faults;
use crate::profile::{Profile, built_in_names};
use crate::spill::Spills;

/// Name below the home.
const NAME: &str = "phone.toml";
/// Longest sheet, bytes.
const MOST_BYTES: u64 = 64 << 10;

/// Which phone it is, as the driver wrote it down.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Name of a profile that comes with the product.
    pub profile: String,
    /// Which unit of its kind; 0 is the nominal one.
    #[serde(default)]
    pub seed: u64,
    /// Air around it, °C; absent for the room of the profiles.
    pub ambient_c: Option<f64>,
    /// The whole device when a session begins, °C; absent where it has lain in that air for long.
    pub start_c: Option<f64>,
    /// What covers it; absent for nothing.
    pub case: Option<Cover>,
    /// What a charger gives that is plugged in, W; absent where none is.
    pub charger_w: Option<f64>,
    /// Charge of its battery, %; absent for that of the profiles.
    pub charge_percent: Option<f64>,
    /// What goes wrong, in the words of the catalogue.
    #[serde(default)]
    pub faults: Vec<String>,
    /// What it answers to questions: JSON lines of `asked`, words of the question, `answer`, and `confidence` where the
    /// runtime says how sure it is; absent where it says that no model answers.
    pub answers: Option<PathBuf>,
    /// Folder in which phones keep the digests of large files that they share.
    pub digests: Option<PathBuf>,
}

/// What covers a device, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cover {
    /// Nothing.
    Bare,
    /// A thin sleeve.
    Sleeve,
    /// The rubber boot of a warehouse.
    Boot,
}

impl Sheet {
    /// What stands around the phone when a session begins.
    fn surroundings(&self) -> Surroundings {
        let room = Surroundings::ROOM;
        let ambient = self.ambient_c.map_or(room.ambient, Celsius);
        let case = match self.case.unwrap_or(Cover::Bare) {
            Cover::Bare => Case::BARE,
            Cover::Sleeve => Case::SLEEVE,
            Cover::Boot => Case::BOOT,
        };
        Surroundings {
            ambient,
            start: self.start_c.map_or(ambient, Celsius),
            case,
            charger: self.charger_w.map(|watts| Charger { most: Watts(watts) }),
            charge: self.charge_percent.map_or(room.charge, |percent| Ratio(percent / 100.0)),
        }
    }
}

/// A sheet whose words all mean something.
#[derive(Debug)]
pub(super) struct Phone {
    pub(super) sheet: Sheet,
    pub(super) profile: Profile,
    pub(super) surroundings: Surroundings,
    /// Prompts that it leaves behind.
    pub(super) spills: Spills,
}

impl Phone {
    /// Reads and checks the sheet of a home.
    pub(super) fn of(home: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let mut sheet = read(&home.join(NAME))?;
        let (spills, faults) = Spills::read(&sheet.faults)?;
        sheet.faults = faults;
        let profile = Profile::built_in(&sheet.profile).map_err(|error| with_all_names(&error, home))?;
        let surroundings = sheet.surroundings();
        surroundings.check()?;
        let phone = Self { sheet, profile, surroundings, spills };
        phone.faults()?;
        Ok(phone)
    }

    /// What goes wrong with it, from the beginning.
    pub(super) fn faults(&self) -> Result<Faults, PhoneError> {
        Faults::read(&self.sheet.faults)
    }
}

/// A person who misspelt a profile wants to see them all.
fn with_all_names(error: &PhoneError, home: &Path) -> Box<dyn std::error::Error + Send + Sync> {
    let known: Vec<&str> = built_in_names().collect();
    let problem = format!("{error}; the profiles are {}", known.join(", "));
    SandboxError::ReadingSheet { path: home.join(NAME), line: None, problem }.into()
}

fn read(path: &Path) -> Result<Sheet, SandboxError> {
    let found = fs::metadata(path).map_err(SandboxError::file("reading", path))?;
    let wrong = |line, problem| SandboxError::ReadingSheet { path: path.to_owned(), line, problem };
    if found.len() > MOST_BYTES {
        return Err(wrong(None, format!("a sheet has at most {MOST_BYTES} bytes")));
    }
    let text = fs::read_to_string(path).map_err(SandboxError::file("reading", path))?;
    toml::from_str(&text).map_err(|error| {
        let begin = error.span().map_or(0, |span| span.start);
        let line = 1 + text.get(..begin).unwrap_or_default().matches('\n').count();
        wrong(Some(line), error.message().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(text: &str) -> Result<Phone, String> {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join(NAME), text).expect("room");
        Phone::of(dir.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_sheet_names_one_phone() {
        let phone =
            phone("profile = \"sm6115-scanner\"\nseed = 7\nambient_c = 28.0\nfaults = []\n").expect("right");
        assert_eq!((phone.profile.name.as_str(), phone.sheet.seed), ("sm6115-scanner", 7));
        assert_eq!(phone.surroundings.start, Celsius(28.0));
    }

    #[test]
    fn a_sheet_says_what_stands_around_a_phone() {
        let words = "start_c = 31.0\ncase = \"boot\"\ncharger_w = 15.0\ncharge_percent = 60.0\n";
        let phone = phone(&format!("profile = \"pi-board\"\nambient_c = 28.0\n{words}")).expect("right");
        let expected = Surroundings {
            ambient: Celsius(28.0),
            start: Celsius(31.0),
            case: Case::BOOT,
            charger: Some(Charger { most: Watts(15.0) }),
            charge: Ratio(0.6),
        };
        assert_eq!(phone.surroundings, expected);
    }

    #[test]
    fn a_wrong_sheet_says_what_is_wrong() {
        for (text, words) in [
            ("profile = \"sm6115-scaner\"", &["sm6115-scanner", "tensor-phone"][..]),
            ("seed = 7", &["line 1", "profile"]),
            ("profile = \"pi-board\"\nsede = 7", &["line 2", "sede"]),
            ("profile = \"pi-board\"\nambient_c = 300.0", &["300"]),
            ("profile = \"pi-board\"\nstart_c = 90.0", &["start", "90"]),
            ("profile = \"pi-board\"\ncase = \"boots\"", &["line 2", "boots", "sleeve"]),
            ("profile = \"pi-board\"\ncharger_w = 0.0", &["charger", "0.1"]),
            ("profile = \"pi-board\"\ncharge_percent = 130.0", &["charge", "1.3"]),
            ("profile = \"pi-board\"\nfaults = [\"thermal-runawy\"]", &["thermal-runaway"]),
        ] {
            let problem = phone(text).expect_err(text);
            assert!(words.iter().all(|word| problem.contains(word)), "{text}: {problem}");
        }
        let long = format!("profile = \"{}\"", "x".repeat(70_000));
        assert!(phone(&long).expect_err("long").contains("at most"));
        assert!(Phone::of(Path::new("/nonexistent")).is_err());
    }
}
