//! Numbers of a file: finite, within bounds, with their unit.

use crate::complaint::{Complaint, shown};
use crate::limits::SESSION_S;
use crate::recording::Moment;

/// Words that stand for "no value" in tables.
const NONE: [&str; 6] = ["n/a", "na", "nan", "null", "none", "-"];

/// Whether a field says that there is no value. `NONE` is a thermal status too: whoever reads words looks there first.
pub(crate) fn is_none(text: &str) -> bool {
    let text = text.trim();
    NONE.iter().any(|none| text.eq_ignore_ascii_case(none))
}

/// A decimal number.
pub(crate) fn parse(line: u64, what: &str, text: &str) -> Result<f64, Complaint> {
    let number: Result<f64, _> = text.trim().parse();
    match number {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(Complaint::new(
            line,
            format!("`{}` is `{}`, which is no number", shown(what), shown(text)),
            "write plain decimal numbers; leave a field empty where nothing was read",
        )),
    }
}

/// A number within bounds.
pub(crate) fn within(line: u64, what: &str, number: f64, low: f64, high: f64) -> Result<f64, Complaint> {
    if (low..=high).contains(&number) {
        return Ok(number);
    }
    let words = format!("`{}` is {number}, and only {low} to {high} can be", shown(what));
    Err(Complaint::new(line, words, "look whether the unit is the one that the name says"))
}

/// Seconds as a moment.
pub(crate) fn moment(line: u64, what: &str, seconds: f64) -> Result<Moment, Complaint> {
    within(line, what, seconds, -SESSION_S, SESSION_S).map(nanos)
}

/// Seconds within the bounds of a session as nanoseconds.
#[expect(clippy::cast_possible_truncation, reason = "two days at most")]
pub(crate) fn nanos(seconds: f64) -> Moment {
    (seconds.clamp(-SESSION_S, SESSION_S) * 1e9).round() as Moment
}

/// A count within bounds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked, and at most 2^53")]
pub(crate) fn count(line: u64, what: &str, number: f64, most: u64) -> Result<u64, Complaint> {
    let number = within(line, what, number, 0.0, most as f64)?;
    if number.fract().abs() > 0.0 {
        let words = format!("`{}` is {number}, which is no count", shown(what));
        return Err(Complaint::new(line, words, "write a whole number"));
    }
    Ok(number as u64)
}
