//! Settings of the measurement with their defaults. Those marked (cal) are guesses until runs of the same
//! candidate against itself have calibrated them.

/// `burst_tps`: active time that is measured, seconds.
pub const BURST_ACTIVE_S: f64 = 10.0;
/// `burst_tps`: active time where the first one holds too few tokens, seconds.
pub const BURST_LONG_ACTIVE_S: f64 = 20.0;
/// `burst_tps`: fewest tokens of the short window.
pub const BURST_TOKENS: f64 = 32.0;
/// `burst_tps`: active time that is dropped before it, seconds.
pub const BURST_DROP_S: f64 = 1.0;
/// `burst_tps`: tokens that are dropped before it.
pub const BURST_DROP_TOKENS: f64 = 8.0;
/// `sustained_tps`: least length of the last whole cycles, seconds.
pub const SUSTAINED_S: f64 = 180.0;
/// `floor_tps`: length of the rolling windows, seconds.
pub const FLOOR_WINDOW_S: f64 = 60.0;
/// `floor_tps`: begin of the soak that is left out, seconds.
pub const FLOOR_SKIP_S: f64 = 30.0;
/// `floor_tps`: quantile of the windows.
pub const FLOOR_QUANTILE: f64 = 0.05;
/// Least share of valid windows behind a floor.
pub const LEAST_VALID_WINDOWS: f64 = 0.9;
/// Rolling rate behind `peak_tps`, `time_to_90` and `time_to_75`, seconds.
pub const ROLLING_S: f64 = 5.0;
/// Length of the windows of `time_to_throttle`, seconds.
pub const THROTTLE_WINDOW_S: f64 = 30.0;
/// Part of burst under which a device counts as throttled.
pub const THROTTLE_LEVEL: f64 = 0.90;
/// Length of a figure that is shown where a run is too short, seconds.
pub const SHORT_FIGURE_S: f64 = 20.0;
/// Pause inside a prompt that counts as a stall, seconds.
pub const STALL_S: f64 = 2.0;
/// `duty_cycle`: least part.
pub const LEAST_DUTY: f64 = 0.98;
/// `data_coverage`: least part.
pub const LEAST_COVERAGE: f64 = 0.95;
/// Longest hole in the telemetry, seconds.
pub const LONGEST_GAP_S: f64 = 5.0;
/// `background_cpu`: most of the processor that others may take, as a part of one.
pub const MOST_BACKGROUND: f64 = 0.05;
/// `timestamp_agreement`: largest difference, as a part of one.
pub const TIMESTAMP_MARGIN: f64 = 0.01;
/// `memory_growth`: most, MiB per minute (cal).
pub const MEMORY_GROWTH: f64 = 1.0;
/// `memory_growth`: begin of the soak that is left out, seconds.
pub const MEMORY_SKIP_S: f64 = 120.0;
/// `memory_growth`: length of the medians, seconds.
pub const MEMORY_BIN_S: f64 = 30.0;
/// `memory_growth`: fewest medians; with fewer, the bounds of a slope do not exist or say nothing.
pub const MEMORY_BINS: usize = 6;
/// `memory_prediction`: how much more than predicted a session may hold, as a part of one.
pub const MEMORY_PREDICTION_MARGIN: f64 = 0.10;
/// Settled: length that is looked at, seconds.
pub const SETTLED_S: f64 = 180.0;
/// Settled: length of the bins, seconds.
pub const SETTLED_BIN_S: f64 = 30.0;
/// Settled: largest drift where the plan sets none.
pub const SETTLED_DRIFT: f64 = 0.05;
/// Settled: largest predicted rise where the plan sets none, kelvin.
pub const SETTLED_RISE_K: f64 = 1.5;
/// Settled: thermal time constant where the plan sets none, seconds.
pub const SETTLED_TAU_S: f64 = 400.0;
/// A slowdown within a soak: length of its observations, seconds.
pub const SLOWED_BIN_S: f64 = 15.0;
/// A slowdown: begin of the soak that it is held against, seconds.
pub const SLOWED_EARLY_S: f64 = 30.0;
/// A slowdown: length of the slowest stretch, seconds; 30 % of a shorter soak.
pub const SLOWED_LATE_S: f64 = 180.0;
/// A slowdown: least part of the speed that is lost.
pub const SLOWED_LEAST_LOSS: f64 = 0.08;
/// A slowdown: least loss by the scatter of its observations.
pub const SLOWED_LEAST_SIGMA: f64 = 2.0;
/// A cause: least part of the loss that it explains; also of what fell with it, and of what comes back after a rest.
pub const CAUSE_LEAST_PART: f64 = 0.5;
/// Other prompts: error up to which prompts that are held against themselves lose less than half of the loss.
pub const PROMPT_MIX_P: f64 = 0.05;
/// A candidate's own code: least part of what was lost hot that a cold device lost, too; less of it is what bursts scatter.
pub const BURST_FELL_AS_MUCH: f64 = 0.8;
/// Heat: least warming before clocks fall, kelvin.
pub const CAUSE_WARMED_K: f64 = 3.0;
/// A change of a clock that means something, as a natural logarithm: a fifth.
pub const CAUSE_CLOCK_LN: f64 = 0.2;
/// Shape of a soak: length of its end, seconds.
pub const SHAPE_END_S: f64 = 60.0;
/// Shape of a soak: what of the begin's rate a swing or a recovery is, at least; half of it is a step.
pub const SHAPE_SWING: f64 = 0.10;
/// Shape of a soak: so many swings, down or up, are an oscillation.
pub const SHAPE_SWINGS: usize = 5;
/// Shape of a soak: most steps of one that is stepped.
pub const SHAPE_MOST_STEPS: usize = 3;
/// Spread between runs where history knows none (cal).
pub const PRIOR_SIGMA: f64 = 0.03;
/// Fewest runs of a history that replaces the prior.
pub const FEWEST_HISTORY_RUNS: u32 = 8;
/// Fewest days on which the runs of such a history were made: those of one afternoon share its room, and know nothing of days.
pub const FEWEST_HISTORY_DAYS: u32 = 3;
/// Most degrees of freedom that a history is credited with.
pub const MOST_DEGREES_OF_FREEDOM: u32 = 20;
/// Least part of a model's work that must run where the candidate demands.
pub const LEAST_PLACED: f64 = 0.90;
/// Increase of suspended time that counts, seconds.
pub const SUSPEND_S: f64 = 0.5;
/// A temperature that never moves for this long comes from a stuck sensor, seconds.
pub const STUCK_S: f64 = 120.0;
/// A sensor that stops: how many values before it tell its pace.
pub const STUCK_HISTORY: usize = 20;
/// A sensor that stops: how many times as long as the longest of those values it must stand.
pub const STUCK_TIMES: f64 = 20.0;
/// A sensor that stops: how many times its usual pace the last of those values may have stood; more is a coming to rest.
pub const STUCK_SLOWER: f64 = 4.0;
/// A sensor that stops: how many of those values must differ; fewer is a wavering between two steps.
pub const STUCK_LEVELS: usize = 4;
/// A sensor that stops: changes of something that heats its device, meanwhile; gauges of batteries may change once a minute.
pub const STUCK_MOVES: usize = 3;
/// Gain error of an energy counter of the package or a rail.
pub const RAIL_GAIN: f64 = 0.03;
/// Gain error of a battery's gauge (cal).
pub const GAUGE_GAIN: f64 = 0.08;
/// Gain error of an external meter that claims none.
pub const EXTERNAL_GAIN: f64 = 0.01;
/// Longest refresh period of a power channel that needs no support, seconds.
pub const SLOWEST_GAUGE_S: f64 = 10.0;
/// Distance from the bar that supports a slower one, as a part of the bar.
pub const SLOW_GAUGE_MARGIN: f64 = 0.15;
/// Difference from the charge counter that supports a slower one, as a part of the counter's energy.
pub const COUNTER_AGREES: f64 = 0.05;
/// Steps of a charge counter that its interval reaches to either side.
pub const COUNTER_STEPS: f64 = 2.0;
/// Difference of an external meter's clock from the device's from which on it is not used, seconds.
pub const METER_MISALIGNED_S: f64 = 0.8;
/// Fewest prompts behind a bootstrap of token latencies.
pub const FEWEST_PROMPTS: usize = 5;
/// Regression: least spread between runs that is believed; no device repeats itself better, whatever rounding shows (cal).
pub const LEAST_SIGMA: f64 = 0.002;
/// Regression: a scatter of runs that is less likely than this under their history refutes the history.
pub const HISTORY_HOLDS: f64 = 0.01;
/// Regression: difference of the sides' mean ranks in time up to which they count as interleaved.
pub const INTERLEAVED_RANKS: f64 = 1.0;
/// Regression: a longer break between two runs of a side begins a new occasion, seconds.
pub const OCCASION_S: f64 = 6.0 * 3600.0;
/// Regression: how far the air must have moved within a side for its effect to be told, kelvin (cal).
pub const AMBIENT_SPREAD_K: f64 = 2.0;
/// Regression: degrees of freedom that must be left when the air is accounted for.
pub const AMBIENT_FREEDOM: usize = 6;
/// Regression: difference of the air between the sides from which on they cannot be compared without that, kelvin (cal).
pub const AMBIENT_APART_K: f64 = 1.0;
/// Regression: part of a side's runs that may be no evidence.
pub const MOST_INVALID: f64 = 1.0 / 3.0;
/// Regression: runs of a side without evidence that are repeated; more of them come from something that repeating does not mend.
pub const MOST_REPEATS: usize = 2;
/// Regression: error at which a unit's loss counts as larger than its siblings'.
pub const OUTLIER_P: f64 = 0.01;
/// Regression: units that tell a unit's fault from its family's.
pub const FEWEST_UNITS: usize = 3;
/// Regression: chance with which a detectable effect is found.
pub const POWER: f64 = 0.80;
