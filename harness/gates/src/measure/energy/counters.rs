//! Energy counters of the package. A counter that starts again from zero loses one step, which its neighbours
//! replace.

use edgesoak_record::session::Channel;
use edgesoak_record::{Quantity, Unit};

use super::{Measured, idle};
use crate::case::Case;
use crate::defaults::{LEAST_COVERAGE, RAIL_GAIN};

/// Sum over the packages; `None` where one of them was not read all the time, or not at all.
pub fn over(case: &Case, end: f64) -> Option<Measured> {
    // `rapl/package-0/core` is a part of `rapl/package-0`: only whole packages add up.
    let packages: Vec<&Channel> = case
        .telemetry
        .of(Quantity::Energy)
        .filter(|channel| channel.unit == Unit::Joule)
        .filter(|channel| channel.name.contains("package") && channel.name.matches('/').count() == 1)
        .collect();
    let first = *packages.first()?;
    let watts = |from: f64, to: f64| -> Option<f64> {
        packages.iter().map(|&channel| mean_watts(case, channel, from, to)).sum()
    };
    let mean = watts(0.0, end)?;
    let period = case.period(first).unwrap_or(0.0);
    Some(Measured {
        joules: mean * end,
        scope: "package",
        channel: first.name.clone(),
        gain: RAIL_GAIN,
        // The counter may be one reading old at either end.
        sampling: period / end,
        resolution: 0.0,
        refresh_s: period,
        counted: None,
        idle_watts: idle::span(case).and_then(|(from, to)| watts(from, to)),
        notes: Vec::new(),
    })
}

/// Mean power between two times by the gains of a counter, watts.
fn mean_watts<'a>(case: &'a Case<'a>, channel: &'a Channel, from: f64, to: f64) -> Option<f64> {
    let longest = case.longest_gap(channel);
    let values: Vec<(f64, f64)> = case.telemetry.values(channel, from - longest, to + longest).collect();
    let steps = values.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
    let good = steps.filter(|(seconds, gain)| *gain >= 0.0 && *seconds > 0.0 && *seconds <= longest);
    let (seconds, gain) = good.fold((0.0, 0.0), |sum, step| (sum.0 + step.0, sum.1 + step.1));
    (seconds >= LEAST_COVERAGE * (to - from) && gain > 0.0).then(|| gain / seconds)
}
