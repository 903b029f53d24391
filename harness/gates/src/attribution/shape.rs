//! What a soak's rate looked like: flat, throttled, stepped, or never at rest.

use edgesoak_record::SoakShape;

use crate::attribution::course::{Course, Point};
use crate::attribution::decoding;
use crate::case::Case;
use crate::case::obstacle::{Kind, Obstacle};
use crate::defaults::{
    SHAPE_END_S, SHAPE_MOST_STEPS, SHAPE_SWING, SHAPE_SWINGS, THROTTLE_LEVEL, THROTTLE_WINDOW_S,
};
use crate::promise;
use crate::statistics::{median, quantile};

/// A step of the rate is over within this part of its height.
const SHARP: f64 = 0.25;

/// Fewest observations of a level.
const LEAST: usize = 4;

/// The shape of a session's soak; `None` where there was none, or it is too short to have one.
#[must_use]
pub fn of(case: &Case, obstacle: Option<&Obstacle>) -> Option<SoakShape> {
    if let Some(obstacle) = obstacle {
        return (obstacle.kind == Kind::Product).then_some(SoakShape::Killed);
    }
    let rates = Rates::of(decoding(case)?);
    Some(rates.shape().unwrap_or_else(|| {
        let settled = promise::settled::is_settled(case);
        if settled { SoakShape::ThrottledSettled } else { SoakShape::ThrottledUnsettled }
    }))
}

/// Rates as parts of that of the begin.
struct Rates<'a> {
    points: &'a [Point],
    rates: Vec<f64>,
}

impl<'a> Rates<'a> {
    fn of(course: &'a Course) -> Self {
        let slowness = course.slowness();
        let (begin, _) = course.levels(&slowness);
        let rates = slowness.iter().map(|slowness| (begin - slowness).exp()).collect();
        Self { points: &course.points, rates }
    }

    /// What the rates alone tell; a fall that is none of these may have settled or not.
    fn shape(&self) -> Option<SoakShape> {
        let fell = self.fell_at();
        match fell {
            None => Some(SoakShape::Flat),
            Some(at) if self.swings_from(at) >= SHAPE_SWINGS => Some(SoakShape::Oscillating),
            Some(_) if self.is_recovering() => Some(SoakShape::Recovering),
            Some(_) => self.is_stepped().then_some(SoakShape::Stepped),
        }
    }

    /// First observation from which the rate stays below the level of throttling for a window.
    fn fell_at(&self) -> Option<usize> {
        (0..self.rates.len()).find(|first| {
            let until = self.points[*first].from + THROTTLE_WINDOW_S - 1e-6;
            let last = self.points.partition_point(|point| point.to < until) + 1;
            self.rates.get(*first..last).is_some_and(|part| part.iter().all(|rate| *rate < THROTTLE_LEVEL))
        })
    }

    /// How often the rate went from the lower to the upper side of its range or back, if that range is wide.
    fn swings_from(&self, from: usize) -> usize {
        let mut sorted = self.rates[from..].to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let (Some(low), Some(high)) = (quantile::of_sorted(&sorted, 0.1), quantile::of_sorted(&sorted, 0.9))
        else {
            return 0;
        };
        if high < low * (1.0 + SHAPE_SWING) {
            return 0;
        }
        let (lower, upper) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        let sides = self.rates[from..].iter().filter_map(|rate| match rate {
            rate if *rate <= lower => Some(false),
            rate if *rate >= upper => Some(true),
            _ => None,
        });
        let sides: Vec<bool> = sides.collect();
        sides.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    /// Whether the last minute is that much over the slowest one before it.
    fn is_recovering(&self) -> bool {
        let end = self.points.last().map_or(0.0, |point| point.to);
        let last = self.points.partition_point(|point| point.from < end - SHAPE_END_S - 1e-6);
        let width = self.rates.len() - last;
        let level = |part: &[f64]| median(&mut part.to_vec()).unwrap_or(f64::NAN);
        let lowest = self.rates[..last].windows(width.max(1)).map(level).fold(f64::INFINITY, f64::min);
        level(&self.rates[last..]) > lowest + SHAPE_SWING
    }

    /// Whether few steps, each of them sharp, tell the whole course.
    fn is_stepped(&self) -> bool {
        let mut borders = vec![0, self.rates.len()];
        for _ in 0..SHAPE_MOST_STEPS {
            let Some(border) = self.largest_step(&borders) else { break };
            borders.push(border);
            borders.sort_unstable();
        }
        let levels: Vec<f64> = borders
            .windows(2)
            .filter_map(|pair| median(&mut self.rates[pair[0]..pair[1]].to_vec()))
            .collect();
        let mut steps = borders[1..borders.len() - 1].iter().zip(levels.windows(2));
        let sharp = steps.all(|(border, pair)| {
            let allowed = (pair[0] - pair[1]).abs() * SHARP;
            let near = |at: usize, level: f64| (self.rates[at] - level).abs() <= allowed;
            // The observation in which a step falls lies between both levels.
            (border - 2..*border).any(|at| near(at, pair[0]))
                && (*border..border + 2).any(|at| near(at, pair[1]))
        });
        borders.len() > 2 && sharp
    }

    /// Where a further border takes most of the scatter away; `None` where no step of that height is left.
    fn largest_step(&self, borders: &[usize]) -> Option<usize> {
        let parts = borders.windows(2).map(|pair| (pair[0], pair[1]));
        let candidates = parts.flat_map(|(from, to)| {
            (from + LEAST..(to + 1).saturating_sub(LEAST)).map(move |at| (at, from, to))
        });
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        candidates
            .map(|(at, from, to)| {
                let step = mean(&self.rates[from..at]) - mean(&self.rates[at..to]);
                let weight = ((at - from) * (to - at)) as f64 / (to - from) as f64;
                (at, step.abs(), step * step * weight)
            })
            .max_by(|one, other| one.2.total_cmp(&other.2))
            .filter(|(_, height, _)| *height >= SHAPE_SWING / 2.0)
            .map(|(at, _, _)| at)
    }
}
