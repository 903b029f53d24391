//! The spread between runs of one unit in one runtime, pooled over everything that was run there more than once.

use edgesoak_record::host_entry::BetweenRunSigma;

/// Pools the scatter of repeated runs around the mean of their own group.
///
/// A group holds sustained rates of one thing on one unit, in one runtime, under one OS build, on different days:
/// canaries of a candidate against itself, or the repetitions of any comparison's one side. Its own level falls out,
/// so that groups of different models may stand side by side. `device` and `candidate` name what the result is for.
/// Rates that are no positive numbers are left out; `None` where no group holds two.
#[must_use]
pub fn between_run_sigma(device: &str, candidate: &str, groups: &[Vec<f64>]) -> Option<BetweenRunSigma> {
    let (mut squares, mut freedom) = (0.0, 0_u32);
    for group in groups {
        let mut logs: Vec<f64> =
            group.iter().filter(|rate| rate.is_finite() && **rate > 0.0).map(|rate| rate.ln()).collect();
        // The same sum whatever the order.
        logs.sort_unstable_by(f64::total_cmp);
        let Some(own) = logs.len().checked_sub(1).filter(|own| *own > 0) else {
            continue;
        };
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        squares += logs.iter().map(|log| (log - mean) * (log - mean)).sum::<f64>();
        freedom = freedom.saturating_add(u32::try_from(own).unwrap_or(u32::MAX));
    }
    (freedom > 0).then(|| BetweenRunSigma {
        device: device.to_owned(),
        candidate: candidate.to_owned(),
        sigma: (squares / f64::from(freedom)).sqrt(),
        runs: freedom.saturating_add(1),
        // Each of a group on a day of its own.
        days: u32::try_from(groups.iter().map(Vec::len).max().unwrap_or(0)).unwrap_or(u32::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::between_run_sigma;

    #[test]
    fn levels_of_groups_fall_out() {
        let e = std::f64::consts::E;
        let one = vec![10.0, 10.0 * e.powf(0.02)];
        let other = vec![30.0, 30.0 * e.powf(-0.02), f64::NAN, 0.0];
        let known = between_run_sigma("d", "c", &[one, other, vec![5.0]]).expect("two groups");
        // Each group has squares of 2 * 0.01^2 and one degree of freedom.
        assert!((known.sigma - 0.0002_f64.sqrt()).abs() < 1e-9, "{}", known.sigma);
        assert_eq!(known.runs, 3);
        assert_eq!(between_run_sigma("d", "c", &[vec![5.0], vec![]]), None);
    }
}
