//! Words for states, as the numbers that channels hold.

/// Severity that a system announces, 0 none to 6 shutdown: Android's words, Apple's four, or the number itself.
pub(crate) fn thermal(word: &str) -> Option<f64> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "none" | "nominal" | "0" => 0.0,
        "light" | "fair" | "1" => 1.0,
        "moderate" | "2" => 2.0,
        "severe" | "serious" | "3" => 3.0,
        "critical" | "4" => 4.0,
        "emergency" | "5" => 5.0,
        "shutdown" | "6" => 6.0,
        _ => return None,
    })
}

/// What a battery does: 1 unknown, 2 charging, 3 discharging, 4 not charging, 5 full.
pub(crate) fn charge(word: &str) -> Option<f64> {
    Some(match word.trim().to_ascii_lowercase().replace(['_', '-'], " ").as_str() {
        "unknown" | "1" => 1.0,
        "charging" | "2" => 2.0,
        "discharging" | "unplugged" | "3" => 3.0,
        "not charging" | "4" => 4.0,
        "full" | "5" => 5.0,
        _ => return None,
    })
}

/// Yes or no.
pub(crate) fn flag(word: &str) -> Option<f64> {
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => 1.0,
        "false" | "no" | "0" => 0.0,
        _ => return None,
    })
}
