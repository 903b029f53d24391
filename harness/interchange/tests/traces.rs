//! Public traces of others; skipped where they are not at hand.

use std::path::Path;

use edgesoak_interchange::{Counted, read};
use edgesoak_protocol::Quantity;

const TRACES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/traces");

#[test]
fn a_phone_that_loses_half_its_rate() {
    let path = Path::new(TRACES).join("iphone17pro-litert-lm-gemma-4-e2b.jsonl");
    if !path.exists() {
        println!("skipped: {} is not here", path.display());
        return;
    }
    let found = read(&path).expect("a trace").recordings;
    let rates = found[0].rates.as_ref().expect("rates");
    assert_eq!((found.len(), rates.counted, rates.readings.len()), (1, Counted::Tokens, 657));
    let energy = found[0].energy.expect("an energy");
    let joules_per_token = energy.microjoules as f64 / 1e6 / energy.tokens.expect("tokens") as f64;
    assert!((joules_per_token - 0.146).abs() < 0.002, "{joules_per_token}");
}

#[test]
fn half_an_hour_of_frames_beside_a_charger() {
    for name in ["sustained_galaxyzfold_sd8elite_30min.csv", "sustained_pixel8pro_tensorG3_30min.csv"] {
        let path = Path::new(TRACES).join(name);
        if !path.exists() {
            println!("skipped: {} is not here", path.display());
            continue;
        }
        let found = &read(&path).expect("a trace").recordings[0];
        let rates = found.rates.as_ref().expect("rates");
        assert_eq!((rates.counted, rates.readings.len()), (Counted::Items, 30));
        let charging = found.series.iter().find(|series| series.quantity == Quantity::ChargeStatus);
        assert!(charging.expect("a status").readings.iter().all(|(_, status)| *status == Ok(2.0)));
    }
}
