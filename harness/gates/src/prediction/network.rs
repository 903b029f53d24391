//! A device's thermal network as one thermometer sees it: three poles, each with a gain, fitted to what heated it.
//!
//! The rise over the air is the heat of the device, seen through three low passes of one time constant each. A chip sees them side
//! by side; what lies further off sees the slower ones behind the faster. None of these gains is negative, for heat never cools. Time constants are looked for on a grid, so that a fit has no local optimum to get caught
//! in and the same record gives the same fit everywhere. What a short soak cannot tell apart are many networks with much
//! the same error: all of them are kept, each with its weight.

/// Time constants of the chip, of the board, and of case and battery, seconds.
const FAST_S: [f64; 4] = [6.0, 12.0, 22.0, 40.0];
const MIDDLE_S: [f64; 4] = [55.0, 80.0, 120.0, 180.0];
const SLOW_S: [f64; 11] =
    [220.0, 290.0, 380.0, 500.0, 650.0, 850.0, 1_100.0, 1_450.0, 1_900.0, 2_500.0, 3_300.0];
const POLES: usize = 3;
/// The poles, and what is missing behind the fast one.
const BASE: usize = POLES + 1;
const IDLE: usize = POLES;
/// Most paths from the heat to a zone.
const PATHS: usize = 5;
/// Idle power is at most this part of the mean heat.
const MOST_IDLE: f64 = 0.6;
/// Cases and batteries of handhelds take some minutes to warm: the middle of what is usual, seconds, and by which factor
/// two of three stay within it.
const USUAL_S: f64 = 550.0;
const USUAL_FACTOR: f64 = 1.8;
/// What is left of neighbouring readings hangs together for about so long, seconds.
const HANGS_TOGETHER_S: f64 = 60.0;
/// No fit is believed to be better than this, kelvin.
pub const LEAST_ERROR_K: f64 = 0.02;
/// Networks that are less likely than the best one by this are forgotten.
const UNLIKELY: f64 = 1e-3;

/// One fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Time constants, fast to slow, seconds.
    pub taus: [f64; POLES],
    /// Kelvin at rest per unit of heat through each of them.
    pub gains: [f64; POLES],
    /// Kelvin that are missing behind the fast one, because idle power does not heat the chip.
    pub idle: f64,
    /// Root of the mean square of what it leaves, kelvin.
    pub error: f64,
    /// How likely it is by the best one.
    pub weight: f64,
}

impl Network {
    /// Kelvin at rest per unit of heat.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.gains.iter().sum()
    }

    /// Kelvin per unit of heat after so many seconds of it.
    #[must_use]
    pub fn after(&self, seconds: f64) -> f64 {
        self.gains.iter().zip(self.taus).map(|(gain, tau)| gain * (1.0 - (-seconds / tau).exp())).sum()
    }

    /// What has come through each pole after such a heat, in steps of so many seconds.
    #[must_use]
    pub fn levels(&self, heat: &[f64], step: f64) -> [f64; POLES] {
        self.taus.map(|tau| {
            let keep = (-step / tau).exp();
            heat.iter().fold(0.0, |level, heat| keep * level + (1.0 - keep) * heat)
        })
    }

    /// Kelvin at rest under a heat that never changes.
    #[must_use]
    pub fn at_rest(&self, heat: f64) -> f64 {
        self.gain() * heat - self.idle
    }
}

/// The best network first, then those that may be as well.
#[must_use]
pub fn fit(rise: &[f64], heat: &[f64], step: f64) -> Vec<Network> {
    if rise.len() < 24 || heat.len() != rise.len() {
        return Vec::new();
    }
    let taus: Vec<f64> = FAST_S.iter().chain(&MIDDLE_S).chain(&SLOW_S).copied().collect();
    let steady = vec![-1.0; heat.len()];
    let idle = FAST_S.iter().map(|tau| low_pass(&steady, *tau, step));
    let columns: Vec<Vec<f64>> = taus.iter().map(|tau| low_pass(heat, *tau, step)).chain(idle).collect();
    let gram: Vec<Vec<f64>> =
        columns.iter().map(|one| columns.iter().map(|other| product(one, other)).collect()).collect();
    let mean = heat.iter().sum::<f64>() / heat.len() as f64;
    let (middles, slows) = (FAST_S.len(), FAST_S.len() + MIDDLE_S.len());
    let mut fits = Vec::new();
    for slow in slows..taus.len() {
        let rest = without_start(rise, taus[slow], step);
        let whole = product(&rest, &rest);
        let with: Vec<f64> = columns.iter().map(|column| product(column, &rest)).collect();
        for middle in middles..slows {
            for fast in 0..middles {
                let places = [fast, middle, slow, taus.len() + fast];
                let system = System::of(&gram, &with, places);
                let taus = [taus[fast], taus[middle], taus[slow]];
                let near = system.least_squares(&beside(taus), whole, mean);
                let far = system.least_squares(&behind(taus), whole, mean);
                let (squares, [one, two, three, idle]) = if far.0 < near.0 { far } else { near };
                let error = (squares / rise.len() as f64).sqrt();
                fits.push(Network { taus, gains: [one, two, three], idle, error, weight: 1.0 });
            }
        }
    }
    weighted(fits, independent(rise.len(), step))
}

/// Readings of so many that are independent of each other.
#[must_use]
pub fn independent(count: usize, step: f64) -> f64 {
    count as f64 * step / HANGS_TOGETHER_S
}

/// Gives each its weight by so many independent readings.
fn weighted(mut fits: Vec<Network>, independent: f64) -> Vec<Network> {
    fits.sort_by(|a, b| a.error.total_cmp(&b.error));
    let Some(best) = fits.first().map(|best| best.error) else { return fits };
    let scale = best.max(LEAST_ERROR_K).powi(2);
    for fit in &mut fits {
        let unusual = (fit.taus[POLES - 1] / USUAL_S).ln() / USUAL_FACTOR.ln();
        let excess = independent * (fit.error.powi(2) - best.powi(2)) / scale;
        fit.weight = (-(excess + unusual * unusual) / 2.0).exp();
    }
    fits.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let most = fits.first().map_or(1.0, |best| best.weight);
    for fit in &mut fits {
        fit.weight /= most;
    }
    fits.retain(|fit| fit.weight >= UNLIKELY);
    fits
}

/// What it was warmer than the air at the begin goes as the case cools.
fn without_start(rise: &[f64], tau: f64, step: f64) -> Vec<f64> {
    let mut left = rise.first().copied().unwrap_or(0.0);
    let keep = (-step / tau).exp();
    let rest = |value: &f64| {
        let rest = value - left;
        left *= keep;
        rest
    };
    rise.iter().map(rest).collect()
}

/// Each value is what came before it.
fn low_pass(input: &[f64], tau: f64, step: f64) -> Vec<f64> {
    let keep = (-step / tau).exp();
    let mut level = 0.0;
    let pass = |value: &f64| {
        let before = level;
        level = keep * level + (1.0 - keep) * value;
        before
    };
    input.iter().map(pass).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A path from the heat to a zone, as a sum of the poles beside each other.
type Path = [f64; BASE];

/// The poles beside each other, the slower two behind each other, and what idle power leaves out.
fn beside([_, middle, slow]: [f64; POLES]) -> [Path; PATHS] {
    let ratio = middle / slow;
    let (of_middle, of_slow) = (-ratio / (1.0 - ratio), 1.0 / (1.0 - ratio));
    [
        [1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.0, of_middle, of_slow, 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
}

/// The slower poles behind the fast one, each alone, and all behind each other.
fn behind([fast, middle, slow]: [f64; POLES]) -> [Path; 3] {
    let two = |first: f64, then: f64| (-first / (then - first), then / (then - first));
    let three = |one: f64, other: f64, third: f64| one * one / ((one - other) * (one - third));
    let ((fast_m, middle_m), (fast_s, slow_s)) = (two(fast, middle), two(fast, slow));
    [
        [fast_m, middle_m, 0.0, 0.0],
        [fast_s, 0.0, slow_s, 0.0],
        [three(fast, middle, slow), three(middle, fast, slow), three(slow, fast, middle), 0.0],
    ]
}

/// Sums of products of the poles with each other and with what is to be explained.
struct System {
    gram: [[f64; BASE]; BASE],
    with: [f64; BASE],
}

impl System {
    fn of(gram: &[Vec<f64>], with: &[f64], places: [usize; BASE]) -> Self {
        Self { gram: places.map(|i| places.map(|j| gram[i][j])), with: places.map(|i| with[i]) }
    }

    /// Gains of paths that are not negative, as those of the poles, with the squares that they leave: every choice of paths
    /// is tried.
    fn least_squares<const N: usize>(&self, paths: &[Path; N], whole: f64, mean: f64) -> (f64, Path) {
        let dot = |a: &Path, b: &Path| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let with = paths.map(|path| dot(&path, &self.with));
        let seen = paths.map(|path| self.gram.map(|row| dot(&row, &path)));
        let gram = paths.map(|path| seen.map(|seen| dot(&path, &seen)));
        let mut best = (whole, [0.0; BASE]);
        let all = (1_u32 << N) - 1;
        for choice in (1..=all).rev() {
            let Some(gains) = solved(&gram, &with, |path| choice >> path & 1 == 1) else { continue };
            let explained: f64 = with.iter().zip(&gains).map(|(with, gain)| with * gain).sum();
            let squares = (whole - explained).max(0.0);
            if squares >= best.0 || gains.iter().any(|gain| *gain < 0.0) {
                continue;
            }
            let mut sum = [0.0; BASE];
            for (path, gain) in paths.iter().zip(gains) {
                sum.iter_mut().zip(path).for_each(|(sum, part)| *sum += gain * part);
            }
            if sum[IDLE] <= MOST_IDLE * sum[0].max(0.0) * mean {
                best = (squares, sum);
                // Nothing is nearer than the nearest of all.
                if choice == all {
                    break;
                }
            }
        }
        best
    }
}

/// Gauss's elimination of the chosen columns, zero for the others; `None` where columns say the same.
fn solved<const N: usize>(
    gram: &[[f64; N]; N],
    with: &[f64; N],
    is_chosen: impl Fn(usize) -> bool,
) -> Option<[f64; N]> {
    let (mut rows, mut right) = ([[0.0; N]; N], [0.0; N]);
    for i in 0..N {
        for j in 0..N {
            let both = is_chosen(i) && is_chosen(j);
            rows[i][j] = if both { gram[i][j] } else { f64::from(u8::from(i == j)) };
        }
        right[i] = if is_chosen(i) { with[i] } else { 0.0 };
    }
    for pivot in 0..N {
        let whole = if is_chosen(pivot) { gram[pivot][pivot] } else { 1.0 };
        if rows[pivot][pivot] <= 1e-9 * whole {
            return None;
        }
        let head = rows[pivot];
        for row in pivot + 1..N {
            let part = rows[row][pivot] / head[pivot];
            rows[row].iter_mut().zip(head).for_each(|(value, above)| *value -= part * above);
            right[row] -= part * right[pivot];
        }
    }
    let mut gains = [0.0; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| rows[row][column] * gains[column]).sum();
        gains[row] = (right[row] - known) / rows[row][row];
    }
    gains.iter().all(|gain| gain.is_finite()).then_some(gains)
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
