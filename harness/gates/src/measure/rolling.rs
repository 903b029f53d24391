//! Rolling windows, one per second.

use crate::measure::rates::{Timeline, Window};

/// Step of rolling windows, seconds.
pub const STEP_S: f64 = 1.0;

/// More windows than any soak of the agent can fill; bounds the work on hostile records.
const MOST_WINDOWS: usize = 100_000;

/// Every window of `length` seconds that lies between `from` and `to`, valid or not, in time order.
pub fn windows(line: &Timeline, from: f64, to: f64, length: f64) -> impl Iterator<Item = Window> + '_ {
    (0..MOST_WINDOWS)
        .map(move |index| from + index as f64 * STEP_S)
        // The slack keeps the last window of a soak of exactly that many seconds.
        .take_while(move |begin| begin + length <= to + 1e-6)
        .map(move |begin| line.window(begin, begin + length))
}

/// The rates of the valid windows with their ends, and the number of all windows.
#[must_use]
pub fn rates(line: &Timeline, from: f64, to: f64, length: f64) -> (Vec<(Window, f64)>, usize) {
    let mut all = 0;
    let valid = windows(line, from, to, length)
        .inspect(|_| all += 1)
        .filter(Window::is_valid)
        .filter_map(|window| Some((window, window.rate()?)))
        .collect();
    (valid, all)
}

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
