//! Has the device settled? Decided from the rate and the temperatures of the last 180 s.
//!
//! Settled means: the rate no longer drifts, **and** little temperature is still to come. With a thermal time
//! constant `tau` a body that warms at `dT/dt` approaches its end by another `dT/dt * tau`.

use edgesoak_protocol::job::SettleRule;

use crate::bins::{BIN_SECONDS, WINDOW_BINS};

/// What is known at the end of the soak: `(seconds, mean)` of 30 s bins.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Decode rate, tokens per second.
    pub rates: Vec<(f64, f64)>,
    /// Every temperature channel, °C.
    pub temperatures: Vec<Vec<(f64, f64)>>,
}

/// The outcome, with a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settling {
    /// Both conditions hold.
    Settled(String),
    /// At least one does not, or cannot be shown yet.
    Unsettled(String),
    /// No temperature can be read, so nothing can be said.
    Unknown,
}

/// What follows for a soak that has reached its planned length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Stable word of the note that says so.
    pub code: &'static str,
    /// Sentence of that note.
    pub text: String,
    /// Its new length, where it is extended, milliseconds.
    pub longer_ms: Option<u64>,
}

/// Whether a soak of this length ends now.
#[must_use]
pub fn decide(rule: &SettleRule, evidence: &Evidence, planned_ms: u64) -> Decision {
    let (code, text) = match judge(rule, evidence) {
        Settling::Settled(why) => ("settled", why),
        Settling::Unknown => ("settle-unknown", "no temperature can be read on this device".to_owned()),
        Settling::Unsettled(why) if planned_ms >= rule.max_soak_ms => {
            ("settle-never", format!("{why}; the soak has its greatest length"))
        }
        Settling::Unsettled(why) => {
            let longer_ms = planned_ms.saturating_add(rule.step_ms).min(rule.max_soak_ms);
            let seconds = longer_ms as f64 / 1e3;
            let text = format!("{why}; the soak is extended to {seconds} s");
            return Decision { code: "settle-extended", text, longer_ms: Some(longer_ms) };
        }
    };
    Decision { code, text, longer_ms: None }
}

/// Judges the evidence against the rule.
#[must_use]
pub fn judge(rule: &SettleRule, evidence: &Evidence) -> Settling {
    if evidence.temperatures.is_empty() {
        return Settling::Unknown;
    }
    let window = (WINDOW_BINS * BIN_SECONDS) as f64;
    let drift = slope(&evidence.rates)
        .zip(median(evidence.rates.iter().map(|bin| bin.1).collect()))
        .filter(|(_, middle)| *middle > 0.0)
        .map(|(slope, middle)| (slope * window / middle).abs());
    // A channel that gave no value in the window says nothing; the others still speak.
    let rise = evidence.temperatures.iter().filter_map(|bins| slope(bins)).map(f64::abs).reduce(f64::max);
    match (drift, rise.map(|per_second| per_second * rule.tau_seconds)) {
        (Some(drift), Some(rise)) => {
            let text = format!("rate drift {:.1} %, {rise:.1} K still to rise", drift * 100.0);
            if drift <= rule.max_drift && rise <= rule.max_rise_kelvin {
                Settling::Settled(text)
            } else {
                Settling::Unsettled(text)
            }
        }
        (None, _) => Settling::Unsettled("too little decoding in the last 180 s to see a drift".to_owned()),
        (_, None) => Settling::Unsettled("too few temperatures in the last 180 s to see a rise".to_owned()),
    }
}

/// Theil-Sen: the median of the slopes of all pairs, per second. `None` with less than five of the six bins.
fn slope(bins: &[(f64, f64)]) -> Option<f64> {
    if bins.len() + 1 < usize::try_from(WINDOW_BINS).ok()? {
        return None;
    }
    let pairs = bins.iter().enumerate().flat_map(|(i, a)| {
        bins[i + 1..].iter().filter(|b| b.0 > a.0).map(move |b| (b.1 - a.1) / (b.0 - a.0))
    });
    median(pairs.collect())
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    Some(if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULE: SettleRule = SettleRule {
        max_drift: 0.05,
        max_rise_kelvin: 1.5,
        tau_seconds: 400.0,
        step_ms: 300_000,
        max_soak_ms: 1_800_000,
    };

    fn line(start: f64, per_second: f64) -> Vec<(f64, f64)> {
        (0..6).map(|bin| f64::from(bin) * 30.0 + 15.0).map(|t| (t, start + per_second * t)).collect()
    }

    fn judged(rate_per_second: f64, kelvin_per_second: f64) -> Settling {
        let temperatures = vec![line(40.0, 0.0), line(35.0, kelvin_per_second)];
        judge(&RULE, &Evidence { rates: line(20.0, rate_per_second), temperatures })
    }

    #[test]
    fn a_flat_device_has_settled() {
        assert_eq!(judged(0.0, 0.0), Settling::Settled("rate drift 0.0 %, 0.0 K still to rise".to_owned()));
    }

    #[test]
    fn the_hottest_trend_decides_by_what_is_still_to_come() {
        // 0.2 K/min times 400 s are 1.3 K to come, 0.3 K/min are 2 K.
        assert!(matches!(judged(0.0, 0.2 / 60.0), Settling::Settled(_)));
        assert!(matches!(judged(0.0, 0.3 / 60.0), Settling::Unsettled(_)));
    }

    #[test]
    fn a_drift_of_the_rate_in_either_direction_is_unsettled() {
        // 20 tokens/s * 6 % over 180 s.
        let steep = 20.0 * 0.06 / 180.0;
        assert!(matches!(judged(steep, 0.0), Settling::Unsettled(_)));
        assert!(matches!(judged(-steep, 0.0), Settling::Unsettled(_)));
        assert!(matches!(judged(-steep * 0.7, 0.0), Settling::Settled(_)));
    }

    #[test]
    fn one_outlier_does_not_decide() {
        let mut rates = line(20.0, 0.0);
        rates[5].1 = 10.0;
        let evidence = Evidence { rates, temperatures: vec![line(35.0, 0.0)] };
        assert!(matches!(judge(&RULE, &evidence), Settling::Settled(_)));
    }

    #[test]
    fn no_sensor_is_unknown_and_too_little_is_not_settled() {
        let rates = line(20.0, 0.0);
        assert_eq!(judge(&RULE, &Evidence { rates: rates.clone(), temperatures: vec![] }), Settling::Unknown);
        let short = Evidence { rates: rates[..4].to_vec(), temperatures: vec![line(35.0, 0.0)] };
        assert!(matches!(judge(&RULE, &short), Settling::Unsettled(_)));
        let blind = Evidence { rates, temperatures: vec![vec![]] };
        assert!(matches!(judge(&RULE, &blind), Settling::Unsettled(_)));
    }

    #[test]
    fn an_unsettled_soak_is_extended_until_it_has_its_greatest_length() {
        let steep = Evidence { rates: line(20.0, -0.1), temperatures: vec![line(35.0, 0.0)] };
        let decided = |planned_ms| {
            let decision = decide(&RULE, &steep, planned_ms);
            (decision.code, decision.longer_ms)
        };
        assert_eq!(decided(600_000), ("settle-extended", Some(900_000)));
        assert_eq!(decided(1_700_000), ("settle-extended", Some(1_800_000)));
        assert_eq!(decided(1_800_000), ("settle-never", None));
        let flat = Evidence { rates: line(20.0, 0.0), temperatures: vec![line(35.0, 0.0)] };
        assert_eq!(decide(&RULE, &flat, 600_000).code, "settled");
        assert_eq!(decide(&RULE, &Evidence::default(), 600_000).code, "settle-unknown");
    }

    proptest! {
        #[test]
        fn a_line_has_its_own_slope(start in -1e3_f64..1e3, per_second in -10_f64..10.0) {
            let found = slope(&line(start, per_second)).expect("six bins");
            prop_assert!((found - per_second).abs() < 1e-6);
        }
    }
}
