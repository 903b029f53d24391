//! Names of runs.

use chrono::{DateTime, Utc};
use edgesoak_protocol::units::Nanos;

const MAX_PROFILE: usize = 40;

/// `YYYYMMDD-HHMMSS-<profile>-<4 hex>` in UTC: sorts by time, is safe as a file name on host and device.
pub(crate) fn run_id(wall: Nanos, profile: &str, suffix: [u8; 2]) -> String {
    let seconds = i64::try_from(wall.0 / 1_000_000_000).unwrap_or(0);
    let at: DateTime<Utc> = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let plain = |c: char| match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9') => c,
        _ => '-',
    };
    let profile: String = profile.chars().take(MAX_PROFILE).map(plain).collect();
    format!("{}-{profile}-{:02x}{:02x}", at.format("%Y%m%d-%H%M%S"), suffix[0], suffix[1])
}

/// Names within a run's directory that are taken.
const TAKEN: [&str; 7] =
    ["inputs", "imported", "host.journal", "lock", "reserve", "report.html", "verdict.json"];

/// Whether a name of the plan may become a directory: what agents accept too.
pub(crate) fn is_session_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._:-".contains(c);
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 64
        && name.starts_with(ends)
        && name.ends_with(ends)
        && name.chars().all(plain)
        && !name.contains("..")
        && !TAKEN.contains(&name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_id_tells_time_and_profile() {
        let wall = Nanos::from_secs(1_767_323_045);
        assert_eq!(run_id(wall, "quick", [0x0a, 0xf3]), "20260102-030405-quick-0af3");
        assert_eq!(run_id(wall, "Pr Gate/../x", [0, 0]), "20260102-030405-pr-gate----x-0000");
    }

    #[test]
    fn session_names_stay_in_their_directory() {
        assert!(is_session_name("s01"));
        for bad in
            ["", ".", "..", "a/b", "inputs/../x", "S01", "-x", "a..b", "s 1", "inputs", &"a".repeat(65)]
        {
            assert!(!is_session_name(bad), "{bad:?} must be refused");
        }
    }

    proptest! {
        #[test]
        fn every_id_is_a_plain_name(nanos: u64, profile in ".{0,80}", suffix: [u8; 2]) {
            let id = run_id(Nanos(nanos), &profile, suffix);
            prop_assert!(id.len() <= 64);
            prop_assert!(id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        }
    }
}
