//! The sheet `phone.toml`: which phone a sandbox holds.

use std::fs;
use std::path::{Path, PathBuf};

use edgesoak_protocol::units::Celsius;
use serde::Deserialize;

use super::error::SandboxError;
use crate::body::surroundings::Surroundings;
use crate::error::PhoneError;
use crate::fault::Faults;
use crate::profile::{Profile, built_in_names};

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
    /// What goes wrong, in the words of the catalogue.
    #[serde(default)]
    pub faults: Vec<String>,
    /// Folder in which phones keep the digests of large files that they share.
    pub digests: Option<PathBuf>,
}

/// A sheet whose words all mean something.
#[derive(Debug)]
pub(super) struct Phone {
    pub(super) sheet: Sheet,
    pub(super) profile: Profile,
    pub(super) surroundings: Surroundings,
}

impl Phone {
    /// Reads and checks the sheet of a home.
    pub(super) fn of(home: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let sheet = read(&home.join(NAME))?;
        let profile = Profile::built_in(&sheet.profile).map_err(|error| with_all_names(&error, home))?;
        let mut surroundings = Surroundings::ROOM;
        if let Some(celsius) = sheet.ambient_c {
            // It has lain there for long.
            surroundings.ambient = Celsius(celsius);
            surroundings.start = Celsius(celsius);
        }
        surroundings.check()?;
        let phone = Self { sheet, profile, surroundings };
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
    fn a_wrong_sheet_says_what_is_wrong() {
        for (text, words) in [
            ("profile = \"sm6115-scaner\"", &["sm6115-scanner", "tensor-phone"][..]),
            ("seed = 7", &["line 1", "profile"]),
            ("profile = \"pi-board\"\nsede = 7", &["line 2", "sede"]),
            ("profile = \"pi-board\"\nambient_c = 300.0", &["300"]),
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
