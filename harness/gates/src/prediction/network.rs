//! A device's thermal network as one thermometer sees it: three poles, each with a gain, fitted to what heated it.
//!
//! The rise over the air is the sum of what heats the device, seen through three low passes of one time constant each.
//! Gains are not negative, for heat never cools. Time constants are looked for on a grid, so that a fit has no local
//! optimum to get caught in and the same record gives the same fit everywhere.

/// Time constants of the chip, of the board, and of case and battery, seconds.
const FAST_S: [f64; 4] = [6.0, 10.0, 15.0, 25.0];
const MIDDLE_S: [f64; 4] = [40.0, 60.0, 90.0, 130.0];
const SLOW_S: [f64; 7] = [200.0, 260.0, 340.0, 440.0, 570.0, 740.0, 960.0];
/// Most things that heat it: each has a gain through each pole.
const MOST_INPUTS: usize = 2;
/// Most gains.
const MOST: usize = 3 * MOST_INPUTS;
/// Fits are as good as the best one up to this multiple of its squares, and up to this error beside it, K.
const AS_GOOD: f64 = 1.5;
const AS_GOOD_K: f64 = 0.02;

/// One fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Time constants, fast to slow, seconds.
    pub taus: [f64; 3],
    /// Kelvin at rest per unit of each input.
    pub gains: Vec<f64>,
    /// The part of them that comes through the fast pole: large near a chip, nothing at a case.
    pub fast: f64,
    /// Root of the mean square of what it leaves, kelvin.
    pub error: f64,
}

/// The best network first, then those that explain the record as well.
#[must_use]
pub fn fit(rise: &[f64], inputs: &[Vec<f64>], step: f64) -> Vec<Network> {
    let count = rise.len() as f64;
    let is_sound = !inputs.is_empty() && inputs.len() <= MOST_INPUTS && rise.len() >= 24;
    if !is_sound || inputs.iter().any(|input| input.len() != rise.len()) {
        return Vec::new();
    }
    let filtered = |taus: &[f64]| -> Vec<Vec<Vec<f64>>> {
        taus.iter().map(|tau| inputs.iter().map(|input| low_pass(input, *tau, step)).collect()).collect()
    };
    let (fast, middle, slow) = (filtered(&FAST_S), filtered(&MIDDLE_S), filtered(&SLOW_S));
    let mut fits = Vec::new();
    for (slow, slow_s) in slow.iter().zip(SLOW_S) {
        let rest = without_start(rise, slow_s, step);
        for (middle, middle_s) in middle.iter().zip(MIDDLE_S) {
            for (fast, fast_s) in fast.iter().zip(FAST_S) {
                let columns: Vec<&[f64]> = fast.iter().chain(middle).chain(slow).map(Vec::as_slice).collect();
                let (squares, gains) = least_squares(&columns, &rest);
                let summed = |input: usize| gains.iter().skip(input).step_by(inputs.len()).sum();
                let quick: f64 = gains.iter().take(inputs.len()).sum();
                fits.push(Network {
                    taus: [fast_s, middle_s, slow_s],
                    gains: (0..inputs.len()).map(summed).collect(),
                    fast: quick / gains.iter().sum::<f64>().max(f64::MIN_POSITIVE),
                    error: (squares / count).sqrt(),
                });
            }
        }
    }
    fits.sort_by(|a, b| a.error.total_cmp(&b.error));
    let Some(best) = fits.first().map(|best| best.error) else { return fits };
    let most = (AS_GOOD * best * best + AS_GOOD_K * AS_GOOD_K).sqrt();
    fits.retain(|fit| fit.error <= most);
    fits
}

/// What it was warmer than the air at the begin goes as the case cools.
fn without_start(rise: &[f64], tau: f64, step: f64) -> Vec<f64> {
    let start = rise.first().copied().unwrap_or(0.0);
    let mut left = start;
    let keep = (-step / tau).exp();
    let mut rest = Vec::with_capacity(rise.len());
    for value in rise {
        rest.push(value - left);
        left *= keep;
    }
    rest
}

/// Each value is what came before it.
fn low_pass(input: &[f64], tau: f64, step: f64) -> Vec<f64> {
    let keep = (-step / tau).exp();
    let mut level = 0.0;
    let mut passed = Vec::with_capacity(input.len());
    for value in input {
        passed.push(level);
        level = keep * level + (1.0 - keep) * value;
    }
    passed
}

/// Gains that are not negative, and the squares that they leave: every choice of columns is tried.
fn least_squares(columns: &[&[f64]], y: &[f64]) -> (f64, Vec<f64>) {
    let count = columns.len().min(MOST);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut gram = [[0.0; MOST]; MOST];
    let mut target = [0.0; MOST];
    for (i, column) in columns.iter().enumerate().take(count) {
        target[i] = dot(column, y);
        for (j, other) in columns.iter().enumerate().take(i + 1) {
            let product = dot(column, other);
            (gram[i][j], gram[j][i]) = (product, product);
        }
    }
    let whole = dot(y, y);
    let mut best = (whole, vec![0.0; count]);
    for choice in 1_u32..1 << count {
        let chosen: Vec<usize> = (0..count).filter(|index| choice >> index & 1 == 1).collect();
        let Some(gains) = solved(&gram, &target, &chosen) else { continue };
        let explained: f64 = chosen.iter().zip(&gains).map(|(index, gain)| target[*index] * gain).sum();
        let squares = (whole - explained).max(0.0);
        if squares < best.0 && gains.iter().all(|gain| *gain >= 0.0) {
            let mut all = vec![0.0; count];
            for (index, gain) in chosen.iter().zip(gains) {
                all[*index] = gain;
            }
            best = (squares, all);
        }
    }
    best
}

/// Gauss's elimination of the chosen rows; `None` where columns say the same.
fn solved(gram: &[[f64; MOST]; MOST], target: &[f64; MOST], chosen: &[usize]) -> Option<Vec<f64>> {
    let count = chosen.len();
    let mut rows: Vec<Vec<f64>> =
        chosen.iter().map(|i| chosen.iter().map(|j| gram[*i][*j]).chain([target[*i]]).collect()).collect();
    for pivot in 0..count {
        if rows[pivot][pivot] <= 1e-10 * gram[chosen[pivot]][chosen[pivot]] {
            return None;
        }
        let (upper, lower) = rows.split_at_mut(pivot + 1);
        let head = &upper[pivot];
        for row in lower {
            let part = row[pivot] / head[pivot];
            for (value, above) in row.iter_mut().zip(head).skip(pivot) {
                *value -= part * above;
            }
        }
    }
    let mut gains = vec![0.0; count];
    for row in (0..count).rev() {
        let known: f64 = (row + 1..count).map(|column| rows[row][column] * gains[column]).sum();
        gains[row] = (rows[row][count] - known) / rows[row][row];
    }
    gains.iter().all(|gain| gain.is_finite()).then_some(gains)
}

#[cfg(test)]
mod tests {
    use super::{fit, low_pass};

    /// Four watts, then half of it.
    fn power() -> Vec<f64> {
        (0..240).map(|tick| if tick < 100 { 4.0 } else { 2.0 }).collect()
    }

    #[test]
    fn a_network_on_the_grid_is_found_again() {
        let power = power();
        let through =
            |tau: f64, gain: f64| low_pass(&power, tau, 5.0).into_iter().map(move |kelvin| gain * kelvin);
        let rise: Vec<f64> = through(10.0, 1.5)
            .zip(through(60.0, 1.0))
            .zip(through(440.0, 3.0))
            .map(|((a, b), c)| a + b + c)
            .collect();
        let best = fit(&rise, &[power], 5.0).remove(0);
        assert_eq!(format!("{:?}", best.taus), "[10.0, 60.0, 440.0]");
        assert!((best.gains[0] - 5.5).abs() < 1e-3 && best.error < 1e-3, "{best:?}");
    }

    #[test]
    fn two_inputs_share_the_heat() {
        let power = power();
        let idle = vec![1.0; power.len()];
        let both = |tau: f64| {
            let (a, b) = (low_pass(&power, tau, 5.0), low_pass(&idle, tau, 5.0));
            a.into_iter().zip(b).map(|(a, b)| 2.0 * a + 3.0 * b).collect::<Vec<f64>>()
        };
        let best = fit(&both(260.0), &[idle, power], 5.0).remove(0);
        assert!((best.gains[0] - 3.0).abs() < 0.05 && (best.gains[1] - 2.0).abs() < 0.05, "{best:?}");
    }

    #[test]
    fn nothing_is_fitted_to_too_little() {
        assert!(fit(&[1.0; 10], &[vec![1.0; 10]], 5.0).is_empty());
        assert!(fit(&[1.0; 50], &[vec![1.0; 49]], 5.0).is_empty());
        assert!(fit(&[1.0; 50], &[], 5.0).is_empty());
    }

    #[test]
    fn heat_never_cools() {
        let falling: Vec<f64> = (0..60).map(|tick| -f64::from(tick)).collect();
        let best = fit(&falling, &[vec![1.0; 60]], 5.0).remove(0);
        assert!(best.gains[0] >= 0.0);
    }
}
