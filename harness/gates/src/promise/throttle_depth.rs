//! `throttle_depth`: one less floor by burst.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::{BURST_ACTIVE_S, FLOOR_WINDOW_S};
use crate::explain::{Explained, Setting};
use crate::outcome::{Finding, against};
use crate::promise::{burst_tps, floor_tps, retention, settled};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "One less `floor_tps` by `burst_tps`.",
    decides: "Pass where the lower 95 % bound reaches the bar, fail where the upper one is under it, else not proven. A device that has not settled can fail and cannot pass.",
    settings: &[
        Setting::new("floor_window", FLOOR_WINDOW_S, "s"),
        Setting::new("burst_active", BURST_ACTIVE_S, "s"),
    ],
    source: "Spreads of both, that between runs taken once.",
};

/// Judges it; a device that has not settled cannot pass.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    match (floor_tps::estimate(case), burst_tps::estimate(case)) {
        (Err(missing), _) | (_, Err(missing)) => Finding::from(missing).limit(limit),
        (Ok(floor), Ok(burst)) => {
            let mut depth = retention::quotient("Depth of throttling", &floor, &burst, case);
            depth.value = 1.0 - depth.value;
            (depth.lo, depth.hi) = (depth.hi.map(|hi| 1.0 - hi), depth.lo.map(|lo| 1.0 - lo));
            settled::required(case, against(gate, limit, depth))
        }
    }
}
