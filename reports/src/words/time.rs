//! Spans and dates.

use edgesoak_record::units::Nanos;

use super::number::{NONE, fixed, number, round};

/// A span in words: "0.4 s", "42 s", "2 min 52 s", "1 h 05 min".
pub(crate) fn span(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return NONE.to_owned();
    }
    if seconds < 9.95 {
        return format!("{}\u{a0}s", round(seconds));
    }
    let whole = seconds.round();
    let (hours, minutes, rest) = parts(whole);
    match (hours > 0.0, minutes > 0.0, rest > 0.0) {
        (true, _, _) => format!("{hours}\u{a0}h\u{a0}{minutes:02}\u{a0}min"),
        (false, true, true) => format!("{minutes}\u{a0}min\u{a0}{rest}\u{a0}s"),
        (false, true, false) => format!("{minutes}\u{a0}min"),
        (false, false, _) => format!("{rest}\u{a0}s"),
    }
}

/// A place on a time axis: "2:52", "1:05:00".
pub(crate) fn clock(seconds: f64) -> String {
    if !seconds.is_finite() || seconds.abs() > 1e9 {
        return NONE.to_owned();
    }
    let sign = if seconds < -0.5 { "−" } else { "" };
    let (hours, minutes, rest) = parts(seconds.abs().round());
    if hours > 0.0 {
        format!("{sign}{hours}:{minutes:02}:{rest:02}")
    } else {
        format!("{sign}{minutes}:{rest:02}")
    }
}

fn parts(whole_seconds: f64) -> (f64, f64, f64) {
    let hours = (whole_seconds / 3_600.0).floor();
    let minutes = ((whole_seconds - hours * 3_600.0) / 60.0).floor();
    (hours, minutes, whole_seconds - hours * 3_600.0 - minutes * 60.0)
}

/// Milliseconds or microseconds, for costs of the agent.
pub(crate) fn short(span: Nanos) -> String {
    let millis = span.as_millis_f64();
    if millis < 1.0 {
        format!("{}\u{a0}µs", fixed(millis * 1e3, 0))
    } else {
        format!("{}\u{a0}ms", number(millis))
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A wall time in UTC: "21 Nov 2026, 14:03 UTC". Leap seconds do not exist on this clock.
pub(crate) fn date(since_epoch: Nanos) -> String {
    let seconds = since_epoch.0 / 1_000_000_000;
    let (day, second_of_day) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day_of_month) = civil(day);
    let name = usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or(NONE);
    let (hour, minute) = (second_of_day / 3_600, second_of_day % 3_600 / 60);
    format!("{day_of_month} {name} {year}, {hour:02}:{minute:02} UTC")
}

/// The day of a wall time in UTC: "21 Nov 2026".
pub(crate) fn day(since_epoch: Nanos) -> String {
    let date = date(since_epoch);
    date.split_once(',').map_or(date.clone(), |(day, _)| day.to_owned())
}

/// A wall time in UTC as JUnit wants it, without a zone: "2026-11-21T14:03:00".
pub(crate) fn stamp(since_epoch: Nanos) -> String {
    let seconds = since_epoch.0 / 1_000_000_000;
    let (day, second_of_day) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day_of_month) = civil(day);
    let (hour, minute, second) = (second_of_day / 3_600, second_of_day % 3_600 / 60, second_of_day % 60);
    format!("{year:04}-{month:02}-{day_of_month:02}T{hour:02}:{minute:02}:{second:02}")
}

/// Year, month and day of a day counted from 1 January 1970, in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of its year.
fn civil(day: u64) -> (u64, u64, u64) {
    let since_march = day + 719_468;
    let era = since_march / 146_097;
    let day_of_era = since_march % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_words() {
        let shown: Vec<_> = [0.42, 42.2, 60.0, 172.0, 3_900.0].map(span).into();
        assert_eq!(
            shown,
            [
                "0.42\u{a0}s",
                "42\u{a0}s",
                "1\u{a0}min",
                "2\u{a0}min\u{a0}52\u{a0}s",
                "1\u{a0}h\u{a0}05\u{a0}min"
            ]
        );
        assert_eq!(span(f64::NAN), NONE);
    }

    #[test]
    fn clocks_on_an_axis() {
        assert_eq!(
            [0.0, 172.0, 599.6, 3_900.0, -12.0].map(clock),
            ["0:00", "2:52", "10:00", "1:05:00", "−0:12"]
        );
    }

    #[test]
    fn dates_over_leap_years() {
        assert_eq!(date(Nanos(0)), "1 Jan 1970, 00:00 UTC");
        assert_eq!(date(Nanos::from_secs(951_782_400)), "29 Feb 2000, 00:00 UTC");
        assert_eq!(date(Nanos::from_secs(1_795_270_980)), "21 Nov 2026, 14:23 UTC");
        assert_eq!(day(Nanos::from_secs(1_795_270_980)), "21 Nov 2026");
        assert_eq!(stamp(Nanos::from_secs(951_782_461)), "2000-02-29T00:01:01");
        assert_eq!(date(Nanos(u64::MAX)), "21 Jul 2554, 23:34 UTC");
    }
}
