//! Rolling windows, one per second.

use crate::measure::rates::{Timeline, Window};

/// Step of rolling windows, seconds.
pub const STEP_S: f64 = 1.0;

/// More windows than any soak of the agent can fill; bounds the work on hostile records.
const MOST_WINDOWS: usize = 200_000;

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
