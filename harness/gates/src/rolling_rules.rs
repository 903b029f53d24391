//! Rules on a series of rolling rates as (seconds, tokens/s), such as publications show.

/// Mean of the first three rolling rates.
#[must_use]
pub fn peak(series: &[(f64, f64)]) -> Option<f64> {
    let first = series.get(..3)?;
    Some(first.iter().map(|(_, rate)| rate).sum::<f64>() / 3.0)
}

/// First time at which a rolling rate, and the mean of those in the `next` seconds, are below `level`.
///
/// `series` holds (time, rate). `None` when that never happens within the series.
#[must_use]
pub fn first_below(series: &[(f64, f64)], level: f64, next: f64) -> Option<f64> {
    series.iter().enumerate().find_map(|(index, &(t, rate))| {
        if rate >= level {
            return None;
        }
        let later: Vec<f64> = series[index + 1..]
            .iter()
            .take_while(|(at, _)| *at <= t + next + 1e-6)
            .map(|(_, rate)| *rate)
            .collect();
        let mean = later.iter().sum::<f64>() / later.len() as f64;
        (later.len() >= 2 && mean < level).then_some(t)
    })
}

#[cfg(test)]
mod tests {
    use super::{first_below, peak};

    #[test]
    fn a_single_dip_is_not_a_slowdown() {
        let mut series: Vec<(f64, f64)> = (0..60).map(|t| (f64::from(t), 20.0)).collect();
        assert_eq!(peak(&series), Some(20.0));
        series[10].1 = 15.0;
        assert_eq!(first_below(&series, 18.0, 5.0), None);
        for point in &mut series[30..] {
            point.1 = 15.0;
        }
        assert_eq!(first_below(&series, 18.0, 5.0), Some(30.0));
        assert_eq!(peak(&series[..2]), None);
    }
}
