//! Reading the public runs: rates over windows of time.

use std::path::{Path, PathBuf};

/// A mean rate between two times.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Begin, seconds.
    pub from_s: f64,
    /// End, seconds.
    pub to_s: f64,
    /// Items per second.
    pub rate: f64,
}

/// A file of the data folder, if that is there.
pub fn path(relative: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(relative);
    path.exists().then_some(path)
}

/// One window per line of a table of minutes: `minute,frames,...`.
pub fn minutes(relative: &str) -> Option<Vec<Window>> {
    let text = std::fs::read_to_string(path(relative)?).expect("a readable table");
    let windows =
        text.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).map(|line| {
            let mut fields = line.split(',');
            let minute: f64 = fields.next().and_then(|field| field.parse().ok()).expect("a minute");
            let frames: f64 =
                fields.next().and_then(|field| field.parse().ok()).expect("frames of the minute");
            Window { from_s: (minute - 1.0) * 60.0, to_s: minute * 60.0, rate: frames / 60.0 }
        });
    Some(windows.collect())
}

/// One window per value of a rolling rate, once per second.
pub fn rolling(relative: &str) -> Option<Vec<Window>> {
    let text = std::fs::read_to_string(path(relative)?).expect("a readable run");
    let run: serde_json::Value = serde_json::from_str(&text).expect("a run in JSON");
    let metrics = &run["metrics"];
    let length_s = metrics["decodeRateWindowSeconds"].as_f64().expect("the length of the window");
    let rates = metrics["decodeRateRollingWindow"].as_array().expect("the rolling rate");
    let windows = rates.iter().enumerate().map(|(second, rate)| Window {
        from_s: second as f64,
        to_s: second as f64 + length_s,
        rate: rate.as_f64().expect("a rate"),
    });
    Some(windows.collect())
}
