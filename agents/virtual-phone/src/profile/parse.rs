//! From text to a checked profile, with errors that name file, line, key and the nearest known key.

use super::Profile;
use super::check::check;
use crate::error::{PhoneError, nearest};

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
    let begin = error.span().map_or(0, |span| span.start);
    let line = 1 + text.get(..begin).unwrap_or_default().matches('\n').count();
    let problem = error.message().to_owned();
    PhoneError::ReadingProfile { file: file.to_owned(), line, hint: nearest_key(&problem), problem }
}

/// "unknown field `a`, expected one of `b`, `c`": the one of `b`, `c` that is nearest to `a`.
fn nearest_key(problem: &str) -> Option<String> {
    let mut quoted = problem.split('`').skip(1).step_by(2);
    let unknown = quoted.next().filter(|_| problem.starts_with("unknown"))?;
    nearest(unknown, quoted)
}
