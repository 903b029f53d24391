//! Figures that public measurements must give; skipped where the data is not at hand.

use edgesoak_gates::rolling_rules::{first_below, peak};

#[test]
fn a_phone_that_loses_half_its_rate() {
    let path = "../../../shared/data/traces/iphone17pro-litert-lm-gemma-4-e2b.jsonl";
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: {path} is not here");
        return;
    };
    let line: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    let rates: Vec<f64> = line["metrics"]["decodeRateRollingWindow"]
        .as_array()
        .expect("a series")
        .iter()
        .map(|rate| rate.as_f64().expect("a number"))
        .collect();
    let series: Vec<(f64, f64)> =
        rates.iter().enumerate().map(|(second, rate)| (second as f64, *rate)).collect();
    let top = peak(&series).expect("three rates");
    assert_eq!(format!("{top:.1}"), "56.7");
    assert_eq!(first_below(&series, 0.90 * top, 5.0), Some(13.0));
    assert_eq!(first_below(&series, 0.75 * top, 5.0), Some(40.0));
    // Windows of 5 s that lie within the last 30 s.
    let last = &rates[rates.len() - 26..];
    assert_eq!(format!("{:.1}", last.iter().sum::<f64>() / last.len() as f64), "26.1");
}
