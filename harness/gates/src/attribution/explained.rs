//! What `edgesoak explain` says of a slowdown.

use crate::defaults::{
    BURST_FELL_AS_MUCH, CAUSE_CLOCK_LN, CAUSE_LEAST_PART, CAUSE_WARMED_K, MOST_BACKGROUND, PROMPT_MIX_P,
    SLOWED_BIN_S, SLOWED_EARLY_S, SLOWED_LATE_S, SLOWED_LEAST_LOSS, SLOWED_LEAST_SIGMA,
};
use crate::explain::{Explained, Setting};

/// The rule in short.
pub const EXPLAINED: Explained = Explained {
    formula: "Logarithm of the time of a token in bins, and of the first token prompt by prompt, between the begin and the slowest stretch of a soak; its R2 shared by Shapley over clocks, waits for memory, other processes, contexts and time itself as a placebo.",
    decides: "A suspect must explain half of the loss and more of the course than the placebo; signs of heat, caps, cores, chargers, prompts and a rest tell apart what looks alike; else it is unexplained. Of a loss between two candidates: by its code where a cold device lost as much, else by what slowed most of its soaks down.",
    settings: &[
        Setting::new("slowed_bin", SLOWED_BIN_S, "s"),
        Setting::new("slowed_begin", SLOWED_EARLY_S, "s"),
        Setting::new("slowed_late", SLOWED_LATE_S, "s"),
        Setting::new("slowed_least_loss", SLOWED_LEAST_LOSS, "ratio"),
        Setting::new("slowed_least_sigma", SLOWED_LEAST_SIGMA, ""),
        Setting::new("cause_least_part", CAUSE_LEAST_PART, "ratio"),
        Setting::new("cause_warmed", CAUSE_WARMED_K, "K"),
        Setting::new("cause_clock", CAUSE_CLOCK_LN, ""),
        Setting::new("most_background", MOST_BACKGROUND, "ratio"),
        Setting::new("prompt_mix_error", PROMPT_MIX_P, ""),
        Setting::new("burst_fell_as_much", BURST_FELL_AS_MUCH, "ratio"),
    ],
    source: "Shares of R2 after Lindeman, Merenda and Gold (1980); prompts held against themselves after Wilcoxon (1945).",
};
