//! Energy meters in the dump of the power statistics service, in HAL 1 and HAL 2 form, with or without deltas.
//!
//! Only measured rails are read: state residencies and energy consumers (partly modelled) stand in sections of
//! their own. The service prints single-precision numbers: 24 bits of the counter are true.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, refusal};
use super::rails::{Rail, Rails};
use super::{Capture, Fact};
use crate::parse::integer::decimal;

pub(super) fn parse(text: &str) -> Capture {
    let mut capture = Capture::default();
    let mut rails = Rails::default();
    let mut missing = Reason::Absent;
    let mut metered = false;
    let mut answered = false;
    // Without time in between a delta is the counter's beginning and not energy.
    let mut elapsed = None;
    for line in lines(text) {
        let line = line.trim();
        if line.starts_with("=====") {
            answered = true;
            metered = (line.contains("energy meter") || line.contains("rail energy data"))
                && !line.contains("End of");
        } else if !answered {
            missing = refusal(line).unwrap_or(missing);
        } else if !metered {
            // Residencies and consumers.
        } else if let Some(rest) = line.strip_prefix("Elapsed time:") {
            let digits = rest.split_whitespace().next().unwrap_or_default();
            elapsed = decimal(digits.as_bytes()).ok();
        } else if let Some(rail) = data(line, elapsed) {
            rails.push(rail);
        }
    }
    if let Some(elapsed) = elapsed {
        capture.fact("elapsed_ms", Fact::Number(elapsed));
    }
    rails.note(missing, &mut capture);
    capture
}

/// `[RAIL]:Subsystem 12.34 mWs (1.23)`, `RAIL 12.34 mWs` or `Subsystem RAIL 12.34 mWs`.
fn data(line: &str, elapsed: Option<i64>) -> Option<Rail<'_>> {
    let (left, right) = line.split_once(" mWs")?;
    let (names, raw) = left.trim_end().rsplit_once(char::is_whitespace)?;
    let names = names.trim();
    let name = match names.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => names.split_whitespace().next_back()?,
    };
    let delta = right.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')')).map(|text| {
        let text = text.trim();
        let value = if elapsed == Some(0) { Err(Reason::Sentinel) } else { millijoules(text) };
        (text, value)
    });
    (!name.is_empty()).then_some(Rail { name, raw, total: millijoules(raw), delta })
}

fn millijoules(text: &str) -> Reading<f64> {
    match text.parse::<f64>() {
        Ok(value) if !value.is_finite() => Err(Reason::Parse),
        // A counter never runs backwards.
        Ok(value) if value < 0.0 => Err(Reason::Implausible),
        Ok(value) => Ok(value),
        Err(_) => Err(Reason::Parse),
    }
}
