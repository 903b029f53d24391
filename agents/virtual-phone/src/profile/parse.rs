//! From text to a checked profile, with errors that name file, line, key and the nearest known key.

use super::Profile;
use super::check::check;
use crate::error::{PhoneError, line_of, nearest_key};

/// Longest profile, bytes. The largest of ours has a tenth of it.
const MOST_BYTES: usize = 256 << 10;

pub(super) fn parse(file: &str, text: &str) -> Result<Profile, PhoneError> {
    if text.len() > MOST_BYTES {
        return Err(PhoneError::ReadingProfile {
            file: file.to_owned(),
            line: 1,
            problem: format!("a profile has at most {MOST_BYTES} bytes"),
            hint: None,
        });
    }
    let profile: Profile = toml::from_str(text).map_err(|error| unreadable(file, text, &error))?;
    check(file, &profile)?;
    Ok(profile)
}

fn unreadable(file: &str, text: &str, error: &toml::de::Error) -> PhoneError {
    let line = line_of(text, error);
    let problem = error.message().to_owned();
    PhoneError::ReadingProfile { file: file.to_owned(), line, hint: nearest_key(&problem), problem }
}
