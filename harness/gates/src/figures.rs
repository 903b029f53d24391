//! Numbers for people: rounded as far as they can be trusted, always with their unit.

/// A value in a gate's unit.
#[must_use]
pub fn with_unit(value: f64, unit: &str) -> String {
    match unit {
        "ratio" if is_whole(value * 100.0) => format!("{:.0} %", value * 100.0),
        "ratio" => format!("{:.1} %", value * 100.0),
        "" => significant(value),
        "1/s" => format!("{} items/s", significant(value)),
        "°C" => format!("{value:.1} °C"),
        "s" => seconds(value),
        "tokens/s" if value.abs() < 100.0 => format!("{value:.1} tokens/s"),
        _ => format!("{} {unit}", significant(value)),
    }
}

/// Seconds: whole ones from 10 on.
#[must_use]
pub fn seconds(value: f64) -> String {
    if value.abs() >= 10.0 { format!("{value:.0} s") } else { format!("{value:.1} s") }
}

/// Minutes for an expectation: never less than one.
#[must_use]
pub fn about_minutes(seconds: f64) -> String {
    let minutes = (seconds / 60.0).ceil().clamp(1.0, 1e6);
    if minutes < 1.5 { "about 1 minute".to_owned() } else { format!("about {minutes:.0} minutes") }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-9
}

/// Three significant digits; whole numbers from 100 on.
fn significant(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || size == 0.0 => format!("{value:.0}"),
        size if is_whole(size) => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{about_minutes, seconds, with_unit};

    #[test]
    fn rounded_for_a_sentence() {
        assert_eq!(with_unit(16.84, "tokens/s"), "16.8 tokens/s");
        assert_eq!(with_unit(18.0, "tokens/s"), "18.0 tokens/s");
        assert_eq!(with_unit(0.983, "ratio"), "98.3 %");
        assert_eq!(with_unit(0.05, "ratio"), "5 %");
        assert_eq!(with_unit(5000.0, "ms"), "5000 ms");
        assert_eq!(with_unit(0.1463, "J/token"), "0.146 J/token");
        assert_eq!(with_unit(61.25, "°C"), "61.2 °C");
        assert_eq!(with_unit(3.0, ""), "3");
        assert_eq!(seconds(9.96), "10.0 s");
        assert_eq!(about_minutes(770.0), "about 13 minutes");
        assert_eq!(about_minutes(5.0), "about 1 minute");
    }
}
