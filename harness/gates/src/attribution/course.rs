//! How a speed went over the soak, observation by observation, and what of it was lost.

use std::sync::Arc;

use edgesoak_record::slowdown::Slowed;

use crate::defaults::{SLOWED_BIN_S, SLOWED_EARLY_S, SLOWED_LATE_S, SLOWED_LEAST_LOSS, SLOWED_LEAST_SIGMA};
use crate::measure::context::ContextEffect;
use crate::measure::cycle;
use crate::measure::rates::Timeline;
use crate::measure::soak::Soak;
use crate::promise::stalls;
use crate::statistics::median;

/// Most bins: long soaks have longer ones.
const MOST_BINS: f64 = 240.0;
/// Least part of a bin that decodes.
const LEAST_ACTIVE: f64 = 0.2;
/// Tokens of a bin; those of a slow model are longer.
const TOKENS: f64 = 16.0;
/// Observations that are taken together to see by how much a course scatters, seconds: pauses that come once a minute are
/// its pace, and no chance.
const MINUTE_S: f64 = 60.0;
/// Fewest observations.
const FEWEST: usize = 12;
/// The late part is at most this much of the soak.
const LATE_PART: f64 = 0.3;
/// By this a median absolute deviation becomes a standard deviation.
const MAD_TO_SIGMA: f64 = 1.4826;

/// One observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Begin, seconds.
    pub from: f64,
    /// End, seconds.
    pub to: f64,
    /// Natural logarithm of the time that a token took.
    pub raw: f64,
    /// The same without pauses.
    pub moving: f64,
    /// The same also without the effect of the context, where that is known.
    pub slowness: f64,
}

/// A speed over the soak.
#[derive(Debug, Clone)]
pub struct Course {
    /// What it is the speed of.
    pub slowed: Slowed,
    /// In time order.
    pub points: Vec<Point>,
    /// Whether there were pauses.
    pub is_paused: bool,
    /// The effect of the context that was removed.
    pub effect: Option<ContextEffect>,
    /// End of the begin, seconds.
    early: f64,
    /// Positions of the slowest stretch.
    late: (usize, usize),
}

impl Course {
    /// Decoding, in bins of 15 s.
    #[must_use]
    pub fn of_decoding(soak: &Soak) -> Option<Self> {
        let effect = ContextEffect::calibrate(&soak.spans);
        let corrected = effect.map(|effect| Timeline::without(effect, Arc::clone(&soak.spans)));
        let rate = soak.timeline.window(0.0, soak.end()).rate()?;
        let length = SLOWED_BIN_S.max(soak.end() / MOST_BINS).max(TOKENS / rate);
        let bins =
            (0..).map(|bin| f64::from(bin) * length).take_while(|from| from + length <= soak.end() + 1e-6);
        let (pauses, _) = stalls::between_tokens(soak);
        // What a bin that is all pause would have been: as the one before.
        let mut last = None;
        let points: Vec<Point> = bins
            .filter_map(|from| {
                let to = from + length;
                let seconds_per_token = |line: &Timeline, still: f64| {
                    let window = line.window(from, to);
                    let active = window.active - still;
                    // In a pause no token comes: as if one had.
                    (active >= LEAST_ACTIVE * length).then(|| (active / window.tokens.max(1.0)).ln())
                };
                let raw = seconds_per_token(&soak.timeline, 0.0)?;
                let inside = pauses.iter().map(|(begin, end)| (end.min(to) - begin.max(from)).max(0.0));
                let still = inside.sum();
                let moving = seconds_per_token(&soak.timeline, still);
                let slowness = corrected.as_ref().map_or(moving, |line| seconds_per_token(line, still));
                last = moving.zip(slowness).or(last);
                let (moving, slowness) = last.unwrap_or((raw, raw));
                Some(Point { from, to, raw, moving, slowness })
            })
            .collect();
        let course = Self::new(Slowed::Decode, points, effect, SLOWED_EARLY_S, soak.end())?;
        Some(Self { is_paused: !pauses.is_empty(), ..course })
    }

    /// The time to the first token of each prompt.
    #[must_use]
    pub fn of_first_tokens(soak: &Soak) -> Option<Self> {
        let points: Vec<Point> = soak
            .spans
            .iter()
            .filter(|span| span.first() > span.submit)
            .map(|span| {
                let raw = (span.first() - span.submit).ln();
                Point { from: span.submit, to: span.first(), raw, moving: raw, slowness: raw }
            })
            .collect();
        // Long and short prompts take turns: the begin holds all of them.
        let items: Vec<&str> = soak.prompts.iter().map(|prompt| prompt.item.as_str()).collect();
        let cycle =
            cycle::period(&items).and_then(|period| soak.spans.get(period)).map_or(0.0, |next| next.submit);
        Self::new(Slowed::FirstToken, points, None, SLOWED_EARLY_S.max(cycle), soak.end())
    }

    fn new(
        slowed: Slowed,
        points: Vec<Point>,
        effect: Option<ContextEffect>,
        early: f64,
        end: f64,
    ) -> Option<Self> {
        if points.len() < FEWEST {
            return None;
        }
        // What begins late still has a begin.
        let early = early.max(points[0].to + 1e-6);
        let late = slowest(slowed, &points, early, SLOWED_LATE_S.min(LATE_PART * end))?;
        Some(Self { slowed, points, is_paused: false, effect, early, late })
    }

    /// The mean of a quantity of the points over the begin and over the slowest stretch.
    #[must_use]
    pub fn means(&self, values: &[f64]) -> (f64, f64) {
        (mean(&values[..self.begin()]), mean(&values[self.late.0..self.late.1]))
    }

    /// How many points the begin has.
    fn begin(&self) -> usize {
        self.points.partition_point(|point| point.from < self.early - 1e-6).max(1)
    }

    /// The levels of a slowness over the begin and over the slowest stretch.
    #[must_use]
    pub fn levels(&self, slowness: &[f64]) -> (f64, f64) {
        let begin = self.begin();
        (level(self.slowed, &slowness[..begin]), level(self.slowed, &slowness[self.late.0..self.late.1]))
    }

    /// What was lost of a slowness.
    #[must_use]
    pub fn lost(&self, slowness: &[f64]) -> f64 {
        let (early, late) = self.levels(slowness);
        late - early
    }

    /// What a quantity of the points gained from the begin to the slowest stretch.
    #[must_use]
    pub fn rise(&self, values: &[f64]) -> f64 {
        let (early, late) = self.means(values);
        late - early
    }

    /// The end of the begin, seconds.
    #[must_use]
    pub fn early(&self) -> f64 {
        self.early
    }

    /// The slowest stretch, seconds.
    #[must_use]
    pub fn late(&self) -> (f64, f64) {
        (self.points[self.late.0].from, self.points[self.late.1 - 1].to)
    }

    /// Slowness with pauses and the effect of the context.
    #[must_use]
    pub fn raw(&self) -> Vec<f64> {
        self.points.iter().map(|point| point.raw).collect()
    }

    /// Slowness without pauses.
    #[must_use]
    pub fn moving(&self) -> Vec<f64> {
        self.points.iter().map(|point| point.moving).collect()
    }

    /// Slowness without either.
    #[must_use]
    pub fn slowness(&self) -> Vec<f64> {
        self.points.iter().map(|point| point.slowness).collect()
    }

    /// What was lost, as a natural logarithm; `None` where it is too little, or could be chance.
    #[must_use]
    pub fn loss(&self) -> Option<f64> {
        let loss = self.lost(&self.raw());
        let is_large = 1.0 - (-loss).exp() >= SLOWED_LEAST_LOSS;
        (is_large && loss > SLOWED_LEAST_SIGMA * self.error()).then_some(loss)
    }

    /// Standard error of a loss, from the steps between neighbouring minutes: a course moves, chance jumps.
    fn error(&self) -> f64 {
        let minutes =
            self.points.chunk_by(|one, next| (one.from / MINUTE_S).floor() >= (next.from / MINUTE_S).floor());
        let levels: Vec<f64> = minutes
            .map(|minute| {
                let parts = minute.iter().map(|point| part(self.slowed, point.slowness));
                level_of(self.slowed, parts.sum(), minute.len())
            })
            .collect();
        let mut steps: Vec<f64> = levels.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let scatter = median(&mut steps).unwrap_or(0.0) * MAD_TO_SIGMA / std::f64::consts::SQRT_2;
        let (from, to) = self.late();
        scatter * (MINUTE_S / self.early + MINUTE_S / (to - from)).sqrt()
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The level of several observations: that of all tokens by all their time, so that a pause counts as long as it took.
#[must_use]
pub fn level(slowed: Slowed, slowness: &[f64]) -> f64 {
    let sum = slowness.iter().map(|slowness| part(slowed, *slowness)).sum();
    level_of(slowed, sum, slowness.len())
}

/// What an observation adds to a level.
fn part(slowed: Slowed, slowness: f64) -> f64 {
    match slowed {
        Slowed::Decode => (-slowness).exp(),
        Slowed::FirstToken => slowness,
    }
}

/// The level of so many parts with this sum.
fn level_of(slowed: Slowed, sum: f64, count: usize) -> f64 {
    let mean = sum / count as f64;
    match slowed {
        Slowed::Decode => -mean.ln(),
        Slowed::FirstToken => mean,
    }
}

/// Positions of the stretch of this length, behind the begin, that is slowest; of two equal ones the later.
fn slowest(slowed: Slowed, points: &[Point], early: f64, length: f64) -> Option<(usize, usize)> {
    let end = points.last()?.to;
    let stretches =
        (0..points.len()).filter(|first| points[*first].from >= early - 1e-6).filter_map(|first| {
            let until = points[first].from + length;
            let last = points.partition_point(|point| point.to <= until + 1e-6);
            (until <= end + 1e-6 && last > first).then_some((first, last))
        });
    // Sums up to each point: a stretch of a long soak holds many.
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(points.iter().scan(0.0, |sum, point| {
            *sum += part(slowed, point.raw);
            Some(*sum)
        }))
        .collect();
    let level = |(first, last): (usize, usize)| level_of(slowed, sums[last] - sums[first], last - first);
    let latest = points.partition_point(|point| point.from < end - length - 1e-6).min(points.len() - 1);
    stretches.chain([(latest, points.len())]).max_by(|a, b| level(*a).total_cmp(&level(*b)))
}
