//! What `edgesoak explain` says of a comparison.

use crate::defaults::{
    AMBIENT_APART_K, AMBIENT_SPREAD_K, FEWEST_HISTORY_DAYS, FEWEST_HISTORY_RUNS, HISTORY_HOLDS,
    INTERLEAVED_RANKS, LEAST_SIGMA, MOST_DEGREES_OF_FREEDOM, MOST_INVALID, MOST_REPEATS, OCCASION_S,
};
use crate::explain::{Explained, Setting};

/// The rule in short.
pub const EXPLAINED: Explained = Explained {
    formula: "Difference of the mean logarithms of sustained_tps between candidate and reference, runs of one unit, after 3, 5 and 8 runs of either side (a policy may name others). Its error is t * s * sqrt(1/n + 1/m).",
    decides: "Pass where the lower bound loses no more than the margin, fail where the upper one loses more, corrected for the number of devices, else not proven. Bounds are one-sided, 2.32 % at each of three looks.",
    settings: &[
        Setting::new("history_runs", FEWEST_HISTORY_RUNS as f64, ""),
        Setting::new("history_days", FEWEST_HISTORY_DAYS as f64, ""),
        Setting::new("history_freedom", MOST_DEGREES_OF_FREEDOM as f64, ""),
        Setting::new("history_holds", HISTORY_HOLDS, ""),
        Setting::guess("least_sigma", LEAST_SIGMA, "ratio"),
        Setting::new("interleaved_ranks", INTERLEAVED_RANKS, ""),
        Setting::new("occasion", OCCASION_S, "s"),
        Setting::guess("ambient_spread", AMBIENT_SPREAD_K, "K"),
        Setting::guess("ambient_apart", AMBIENT_APART_K, "K"),
        Setting::new("most_invalid", MOST_INVALID, "ratio"),
        Setting::new("most_repeats", MOST_REPEATS as f64, ""),
    ],
    source: "Spread pooled with earlier runs of one thing on this unit, else Welch (1947); looks after Pocock (1977), many devices after Holm (1979).",
};
