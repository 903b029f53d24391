//! What decoding yields and costs at a clock: two laws with what the soak leaves open of them.
//!
//! With `x` the clock by the highest, `1 / rate = (share / x + 1 - share) / top`: computing waits for the clock, memory does
//! not. And `heat = scale * (1 - dynamic + dynamic * x^exponent) + leak * (chip - reference)`. A soak that never changed its
//! clock says nothing of share, dynamic and exponent; then all that is usual for such chips is as likely.

use super::observed::{Observed, steps};
use crate::statistics::random::Random;

const LEAST_SHARE: f64 = 0.3;
const SHARES: u32 = 36;
const DYNAMICS: [f64; 9] = [0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8];
const EXPONENTS: [f64; 4] = [1.6, 2.0, 2.4, 2.8];
/// Where no power is measured: one exponent, and leakage per kelvin by the whole heat.
const USUAL_EXPONENT: f64 = 2.2;
const LEAKS: [f64; 4] = [0.0, 0.001, 0.002, 0.003];
/// By how many per cent heat falls with a clock that falls by one, as is usual near the highest: the middle, and within what
/// two of three chips stay.
const USUAL_FALL: f64 = 1.3;
const USUAL_SPREAD: f64 = 0.4;
/// Observations that are taken together for a law, and how much of them is independent of each other.
const TOGETHER: usize = 6;
const INDEPENDENT: f64 = 0.5;
/// No law is believed to be better than this part.
const LEAST_ERROR: f64 = 0.005;
/// Least part of an observation in which tokens were written.
const LEAST_ACTIVE: f64 = 0.3;

/// A law that misses rates by more than this part, over all or over so many seconds in the end, is not what the device does.
const MOST_MISSED: f64 = 0.03;
const LATE_S: f64 = 300.0;

/// Rates over the clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLaw {
    /// At the highest clock, tokens per second.
    pub top: f64,
    /// Part of a token's time there that waits for the clock.
    pub share: f64,
}

impl RateLaw {
    /// Tokens per second at a clock.
    #[must_use]
    pub fn at(&self, clock: f64) -> f64 {
        self.top / (self.share / clock + 1.0 - self.share)
    }
}

/// Heat over the clock and the chip's temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeatLaw {
    /// At the highest clock and the reference temperature; watts where power was measured.
    pub scale: f64,
    /// Part of it that goes with the clock.
    pub dynamic: f64,
    /// With this power.
    pub exponent: f64,
    /// Per kelvin of the chip.
    pub leak: f64,
    /// Mean temperature of the chip in the soak, °C.
    pub reference: f64,
}

impl HeatLaw {
    /// Heat at a clock.
    #[must_use]
    pub fn at(&self, clock: f64, chip: f64) -> f64 {
        self.part(clock) * self.scale + self.leak * (chip - self.reference)
    }

    /// Heat of each step of a soak, whose chip is this zone.
    #[must_use]
    pub fn over(&self, seen: &Observed, chip: Option<usize>) -> Vec<f64> {
        let clocks = &seen.clock.means;
        let at = |place: usize| {
            let chip = chip.map_or(self.reference, |chip| seen.zones[chip].celsius[place]);
            self.at(clocks.get(place).copied().unwrap_or(1.0), chip)
        };
        (0..seen.tokens.len()).map(at).collect()
    }

    /// How usual it is.
    #[must_use]
    pub fn usual(&self) -> f64 {
        (-((self.dynamic * self.exponent - USUAL_FALL) / USUAL_SPREAD).powi(2) / 2.0).exp()
    }

    fn part(&self, clock: f64) -> f64 {
        1.0 - self.dynamic + self.dynamic * clock.powf(self.exponent)
    }
}

/// Laws with their weights; the likeliest has 1.
#[derive(Debug, Clone)]
pub struct Weighted<T>(Vec<(T, f64)>);

impl<T: Clone> Weighted<T> {
    /// From laws with the mean squares that they leave, of so many independent observations.
    pub fn new(laws: Vec<(T, f64)>, independent: f64, least: f64) -> Self {
        let best = laws.iter().map(|law| law.1).fold(f64::INFINITY, f64::min);
        let scale = best.max(least * least);
        let weigh = |(law, squares): (T, f64)| (law, (-independent * (squares - best) / (2.0 * scale)).exp());
        let mut laws: Vec<(T, f64)> = laws.into_iter().map(weigh).collect();
        laws.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self(laws)
    }

    /// The same with other weights besides.
    pub fn times(mut self, of: impl Fn(&T) -> f64) -> Self {
        for (law, weight) in &mut self.0 {
            *weight *= of(law);
        }
        self.0.sort_by(|a, b| b.1.total_cmp(&a.1));
        self
    }

    /// The same with something else in place of each.
    pub fn map<U>(&self, of: impl Fn(&T) -> U) -> Weighted<U> {
        Weighted(self.0.iter().map(|(law, weight)| (of(law), *weight)).collect())
    }

    /// The likeliest.
    #[must_use]
    pub fn best(&self) -> Option<&T> {
        self.0.first().map(|law| &law.0)
    }

    /// Any of them, as likely as its weight.
    pub fn draw(&self, random: &mut Random) -> Option<&T> {
        let whole: f64 = self.0.iter().map(|law| law.1).sum();
        let mut left = random.part() * whole;
        let drawn = self.0.iter().find(|law| {
            left -= law.1;
            left <= 0.0
        });
        drawn.map(|law| &law.0).or_else(|| self.best())
    }

    /// All, the likeliest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|law| &law.0)
    }
}

/// Neighbouring observations as one.
struct Bin {
    clock: f64,
    rate: f64,
    heat: f64,
    chip: f64,
}

/// Both laws; nothing where nothing was decoded. `chip` is the zone that leaks.
#[must_use]
pub fn laws(seen: &Observed, chip: Option<&[f64]>) -> Option<(Weighted<RateLaw>, Weighted<HeatLaw>)> {
    let bins = bins(seen, chip)?;
    let independent = INDEPENDENT * bins.len() as f64;
    let rates = (0..SHARES).map(|place| {
        let part = f64::from(place) / f64::from(SHARES - 1);
        rate_law(&bins, LEAST_SHARE + (1.0 - LEAST_SHARE) * part)
    });
    let reference = bins.iter().map(|bin| bin.chip).sum::<f64>() / bins.len() as f64;
    let form = |dynamic, exponent, leak| HeatLaw { scale: 1.0, dynamic, exponent, leak, reference };
    let heats: Vec<(HeatLaw, f64)> = if seen.watts.is_some() {
        let forms =
            DYNAMICS.iter().flat_map(|dynamic| EXPONENTS.map(|exponent| form(*dynamic, exponent, 0.0)));
        forms.map(|form| heat_law(&bins, form)).collect()
    } else {
        let forms =
            DYNAMICS.iter().flat_map(|dynamic| LEAKS.map(|leak| form(*dynamic, USUAL_EXPONENT, leak)));
        forms.map(|form| (form, 0.0)).collect()
    };
    let rates = Weighted::new(rates.collect(), independent, LEAST_ERROR);
    Some((rates, Weighted::new(heats, independent, LEAST_ERROR).times(HeatLaw::usual)))
}

fn bins(seen: &Observed, chip: Option<&[f64]>) -> Option<Vec<Bin>> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let count = seen.tokens.len() / TOGETHER;
    let all = (0..count).filter_map(|place| {
        let range = place * TOGETHER..(place + 1) * TOGETHER;
        let active: f64 = seen.active[range.clone()].iter().sum();
        let is_active = active >= LEAST_ACTIVE * seen.step * TOGETHER as f64;
        is_active.then(|| Bin {
            clock: seen.clock.means.get(range.clone()).map_or(1.0, mean),
            rate: seen.tokens[range.clone()].iter().sum::<f64>() / active,
            heat: seen.watts.as_ref().map_or(1.0, |watts| mean(&watts[range.clone()])),
            chip: chip.map_or(0.0, |chip| mean(&chip[range])),
        })
    });
    let bins: Vec<Bin> = all.filter(|bin| bin.rate > 0.0 && bin.clock > 0.0).collect();
    (bins.len() >= 3).then_some(bins)
}

/// Whether a law of the clock says how fast it ran, all the time and in the end. Rates that stand for the clock always do.
#[must_use]
pub fn explains(law: &RateLaw, seen: &Observed) -> bool {
    if !seen.clock.is_told {
        return true;
    }
    let logs: Vec<f64> =
        bins(seen, None).unwrap_or_default().iter().map(|bin| (bin.rate / law.at(bin.clock)).ln()).collect();
    let late = steps(LATE_S, seen.step) / TOGETHER;
    let last = &logs[logs.len().saturating_sub(late)..];
    let missed = last.iter().sum::<f64>() / last.len() as f64;
    let squares = logs.iter().map(|log| log.powi(2)).sum::<f64>() / logs.len() as f64;
    missed.abs() <= MOST_MISSED && squares <= MOST_MISSED * MOST_MISSED
}

/// The law with this share, and the mean square of the logarithms that it leaves.
fn rate_law(bins: &[Bin], share: f64) -> (RateLaw, f64) {
    let unit = RateLaw { top: 1.0, share };
    let logs: Vec<f64> = bins.iter().map(|bin| (bin.rate / unit.at(bin.clock)).ln()).collect();
    let mean = logs.iter().sum::<f64>() / logs.len() as f64;
    let squares = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / logs.len() as f64;
    (RateLaw { top: mean.exp(), share }, squares)
}

/// Scale and leak by least squares; the mean square is by the mean heat.
fn heat_law(bins: &[Bin], form: HeatLaw) -> (HeatLaw, f64) {
    let count = bins.len() as f64;
    let sum = |of: &dyn Fn(&Bin) -> f64| bins.iter().map(of).sum::<f64>();
    let part = |bin: &Bin| form.part(bin.clock);
    let chip = |bin: &Bin| bin.chip - form.reference;
    let (pp, pc, cc) =
        (sum(&|b| part(b) * part(b)), sum(&|b| part(b) * chip(b)), sum(&|b| chip(b) * chip(b)));
    let (ph, ch) = (sum(&|b| part(b) * b.heat), sum(&|b| chip(b) * b.heat));
    let determinant = pp * cc - pc * pc;
    let leak = if determinant > 1e-6 * pp * cc { (pp * ch - pc * ph) / determinant } else { 0.0 };
    // Leakage only grows with heat.
    let leak = leak.max(0.0);
    let law = HeatLaw { scale: (ph - leak * pc) / pp, leak, ..form };
    let mean = sum(&|b| b.heat) / count;
    let squares = sum(&|b| (b.heat - law.at(b.clock, b.chip)).powi(2)) / count;
    (law, squares / (mean * mean))
}
