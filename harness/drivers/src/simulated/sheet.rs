//! The sheet `phone.toml`: which phone a sandbox holds. Whoever simulates the phone reads and checks it; the driver only
//! knows its keys.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::DriverError;
use crate::kinds::DeviceAddress;
use crate::local::files::device_error;
use crate::simulated::pool::make_private;

const NAME: &str = "phone.toml";

#[derive(Debug, Clone)]
pub(super) struct Sheet {
    text: String,
    phone: String,
    digests: PathBuf,
}

impl Sheet {
    /// The sheet of an address. `digests` is where phones keep the digests of files that they share.
    pub(super) fn of(address: &DeviceAddress, digests: &Path) -> Result<Self, DriverError> {
        let wrong = |problem: String| DriverError::ReadingAddress { device: address.device.clone(), problem };
        let (mut profile, mut seed, mut faults) = (None, 0, Vec::new());
        let mut surroundings = String::new();
        for (key, value) in &address.parts {
            match key.as_str() {
                "profile" => profile = Some(value.as_str()),
                "seed" => {
                    let parsed = value.parse::<u64>();
                    seed = parsed.map_err(|_| wrong(format!("the seed {value:?} is no whole number")))?;
                }
                "case" => {
                    let _ = writeln!(surroundings, "case = {}", quoted(value));
                }
                "faults" => faults.push(quoted(value)),
                other => {
                    let line = amount(other, value).map_err(wrong)?;
                    surroundings.push_str(&line);
                }
            }
        }
        let profile = profile.ok_or_else(|| wrong("it names no `profile`".to_owned()))?;
        let mut text = format!("profile = {}\nseed = {seed}\n{surroundings}", quoted(profile));
        let _ = writeln!(text, "faults = [{}]", faults.join(", "));
        let _ = writeln!(text, "digests = {}", quoted(&digests.to_string_lossy()));
        let phone = format!("{profile}, seed {seed}");
        Ok(Self { text, phone, digests: digests.to_owned() })
    }

    /// The phone in words.
    pub(super) fn phone(&self) -> &str {
        &self.phone
    }

    /// Makes what the sheet points to.
    pub(super) fn prepare(&self) -> Result<(), DriverError> {
        make_private(&self.digests)
    }

    /// Puts the sheet into a sandbox.
    pub(super) fn put_into(&self, root: &Path) -> Result<(), DriverError> {
        let path = root.join(NAME);
        if fs::read_to_string(&path).is_ok_and(|found| found == self.text) {
            return Ok(());
        }
        let part = path.with_extension("part");
        fs::write(&part, &self.text)
            .and_then(|()| fs::rename(&part, &path))
            .map_err(|error| device_error("writing", &path, error))
    }
}

/// Numbers of an address, and what they are called on the sheet, with their unit.
const AMOUNTS: [(&str, &str); 4] =
    [("ambient", "ambient_c"), ("start", "start_c"), ("charger", "charger_w"), ("charge", "charge_percent")];

/// The line of a number; what is wrong with it otherwise.
fn amount(key: &str, value: &str) -> Result<String, String> {
    let found = AMOUNTS.iter().find(|(known, _)| *known == key);
    let (_, name) = found.ok_or_else(|| format!("a simulated device has no `{key}`"))?;
    let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
    let number = number.ok_or_else(|| format!("the {key} {value:?} is no number"))?;
    // With a fraction: a whole number would be another type.
    Ok(format!("{name} = {number:?}\n"))
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control.is_control() => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(parts: &[(&str, &str)]) -> Result<Sheet, DriverError> {
        let parts = parts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let address = DeviceAddress { device: "virtual:p".to_owned(), state_dir: PathBuf::from("s"), parts };
        Sheet::of(&address, Path::new("/state/digests"))
    }

    #[test]
    fn every_key_of_an_address_is_on_the_sheet() {
        let parts = [
            ("profile", "a-phone"),
            ("seed", "7"),
            ("ambient", "28"),
            ("start", "31.5"),
            ("case", "boot"),
            ("charger", "15"),
            ("charge", "60"),
            ("faults", "x@1 s"),
            ("faults", "y\"\\\n"),
        ];
        let text = sheet(&parts).expect("a good address").text;
        let expected = "profile = \"a-phone\"\nseed = 7\nambient_c = 28.0\nstart_c = 31.5\n\
            case = \"boot\"\ncharger_w = 15.0\ncharge_percent = 60.0\nfaults = [\"x@1 s\", \"y\\\"\\\\\\U0000000A\"]\ndigests = \"/state/digests\"\n";
        assert_eq!(text, expected);
        let least = sheet(&[("profile", "a-phone")]).expect("a good address").text;
        assert_eq!(least, "profile = \"a-phone\"\nseed = 0\nfaults = []\ndigests = \"/state/digests\"\n");
    }

    #[test]
    fn a_wrong_address_is_named() {
        let p = ("profile", "a-phone");
        for (parts, word) in [
            (vec![], "profile"),
            (vec![p, ("seed", "-1")], "seed"),
            (vec![p, ("ambient", "NaN")], "ambient"),
            (vec![p, ("charge", "full")], "charge"),
            (vec![p, ("serial", "1")], "serial"),
        ] {
            let error = sheet(&parts).expect_err("a bad address").to_string();
            assert!(error.contains(word) && error.contains("virtual:p"), "{error}");
        }
    }
}
