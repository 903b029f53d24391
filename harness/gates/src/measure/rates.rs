//! Active time, busy time and `R(a, b)`: the one definition of a decode rate.
//!
//! Active time is the union of first token .. last token of each prompt, busy time that of submit .. last token.
//! `R(a, b)` is the tokens after the first of each prompt by the active seconds, in a window of the device clock.
//! A token whose interval straddles an edge of the window counts by the part that lies inside, so that a steady
//! device has the same rate in every window.

use std::sync::Arc;

use crate::measure::context::ContextEffect;
use crate::measure::curve::Curve;
use crate::measure::marks::Marks;
use crate::measure::series::Series;
use crate::statistics::bootstrap::Block;

/// Least part of a window that must be busy.
pub const LEAST_BUSY: f64 = 0.90;
/// Least active time of a window of 30 s or more, seconds.
pub const LEAST_ACTIVE_S: f64 = 15.0;
/// Least active part of a window of less than 30 s.
pub const LEAST_ACTIVE_PART: f64 = 0.50;

/// One prompt on the soak's own clock: seconds since the submit of the first scored prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Retrieval begins.
    pub submit: f64,
    /// Times of the engine's callbacks, rising; at least one.
    pub stamps: Vec<f64>,
    /// Tokens of each callback but the first, which always reports one, and the last.
    pub per_stamp: f64,
    /// Tokens of the last callback.
    pub last_stamp: f64,
    /// Length of the prompt, tokens.
    pub prompt_tokens: Option<u32>,
}

impl Span {
    /// Tokens that callback `index` adds to the rate: the first of a prompt adds none.
    #[must_use]
    pub fn tokens_of(&self, index: usize) -> f64 {
        match index {
            0 => 0.0,
            last if last + 1 == self.stamps.len() => self.last_stamp,
            _ => self.per_stamp,
        }
    }

    /// All tokens of the answer, the first included.
    #[must_use]
    pub fn tokens(&self) -> f64 {
        1.0 + (0..self.stamps.len()).map(|index| self.tokens_of(index)).sum::<f64>()
    }

    /// Time of the first token.
    #[must_use]
    pub fn first(&self) -> f64 {
        self.stamps.first().copied().unwrap_or(self.submit)
    }

    /// Time of the last token.
    #[must_use]
    pub fn last(&self) -> f64 {
        self.stamps.last().copied().unwrap_or(self.submit)
    }
}

/// Sums over a soak: any window costs a binary search and a short walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline(Known);

/// What is known of a soak.
#[derive(Debug, Clone, PartialEq)]
enum Known {
    /// The time of every token.
    Tokens { marks: Marks, busy: Curve, end: f64 },
    /// Rates over windows, as another program measured them.
    Rates(Arc<Series>),
}

/// Sums over a window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Begin, seconds.
    pub from: f64,
    /// End, seconds.
    pub to: f64,
    /// Tokens after the first of each prompt.
    pub tokens: f64,
    /// Active seconds.
    pub active: f64,
    /// Busy seconds.
    pub busy: f64,
}

impl Window {
    /// Tokens per active second, if the window had any active time.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        Some(self.tokens / self.active).filter(|rate| rate.is_finite() && self.active > 0.0)
    }

    /// Busy enough and active enough to speak for the device.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let length = self.to - self.from;
        let least = if length < 30.0 { LEAST_ACTIVE_PART * length } else { LEAST_ACTIVE_S };
        // Sums of thousands of spans carry rounding of the order of 1e-9.
        self.is_busy() && self.active >= least - 1e-6
    }

    /// At least 90 % of the window was work.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let length = self.to - self.from;
        length > 0.0 && self.busy >= LEAST_BUSY * length - 1e-6
    }
}

impl Timeline {
    /// Sums up prompts that do not overlap, in time order.
    #[must_use]
    pub fn new(spans: impl Into<Arc<[Span]>>) -> Self {
        Self::summed(spans.into(), None)
    }

    /// The same with an effect of the context removed from the times between tokens.
    #[must_use]
    pub fn without(effect: ContextEffect, spans: impl Into<Arc<[Span]>>) -> Self {
        Self::summed(spans.into(), Some(effect))
    }

    /// The sums of a series of rates.
    #[must_use]
    pub fn of_rates(series: Series) -> Self {
        Self(Known::Rates(Arc::new(series)))
    }

    fn summed(spans: Arc<[Span]>, effect: Option<ContextEffect>) -> Self {
        let (mut curve, mut busy, mut end) = (Curve::default(), 0.0, 0.0);
        for span in spans.iter() {
            curve.push(span.submit, busy);
            busy += span.last() - span.submit;
            curve.push(span.last(), busy);
            end = span.last();
        }
        Self(Known::Tokens { marks: Marks::new(spans, effect), busy: curve, end })
    }

    /// The rates that it was made from, where nobody knows the times of the tokens.
    #[must_use]
    pub fn series(&self) -> Option<&Series> {
        match &self.0 {
            Known::Tokens { .. } => None,
            Known::Rates(series) => Some(series),
        }
    }

    /// Time of the last token, seconds since the first submit.
    #[must_use]
    pub fn end(&self) -> f64 {
        match &self.0 {
            Known::Tokens { end, .. } => *end,
            Known::Rates(series) => series.end(),
        }
    }

    /// Active seconds of the whole soak.
    #[must_use]
    pub fn total_active(&self) -> f64 {
        match &self.0 {
            Known::Tokens { marks, .. } => marks.end().active,
            Known::Rates(series) => series.totals().1,
        }
    }

    /// Busy seconds of the whole soak.
    #[must_use]
    pub fn total_busy(&self) -> f64 {
        match &self.0 {
            Known::Tokens { busy, .. } => busy.end(),
            Known::Rates(series) => series.totals().1,
        }
    }

    /// Active seconds up to `t`.
    #[must_use]
    pub fn active_at(&self, t: f64) -> f64 {
        match &self.0 {
            Known::Tokens { marks, .. } => marks.at(t).active,
            Known::Rates(series) => series.active_at(t),
        }
    }

    /// When the active time reached this many seconds.
    #[must_use]
    pub fn when_active(&self, active: f64) -> f64 {
        match &self.0 {
            Known::Tokens { marks, .. } => marks.when_active(active),
            Known::Rates(series) => series.when_active(active),
        }
    }

    /// When this many tokens (the first of each prompt not counted) were out.
    #[must_use]
    pub fn when_tokens(&self, tokens: f64) -> f64 {
        match &self.0 {
            Known::Tokens { marks, .. } => marks.when_tokens(tokens),
            Known::Rates(series) => series.when_tokens(tokens),
        }
    }

    /// The sums of a window; of a series, none of a window that is shorter than its own.
    #[must_use]
    pub fn window(&self, from: f64, to: f64) -> Window {
        match &self.0 {
            Known::Tokens { marks, busy, .. } => {
                let (begin, end) = (marks.at(from), marks.at(to));
                let busy = busy.at(to) - busy.at(from);
                Window {
                    from,
                    to,
                    tokens: end.tokens - begin.tokens,
                    active: end.active - begin.active,
                    busy,
                }
            }
            Known::Rates(series) => {
                let blocks = series.blocks(from, to);
                let sum = |of: fn(&Block) -> f64| blocks.iter().map(of).sum();
                let active = sum(|block| block.below);
                Window { from, to, tokens: sum(|block| block.above), active, busy: active }
            }
        }
    }

    /// `R(from, to)` of a valid window.
    #[must_use]
    pub fn rate(&self, from: f64, to: f64) -> Option<f64> {
        let window = self.window(from, to);
        if window.is_valid() { window.rate() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, Timeline};

    /// One prompt: prefill, then `tokens` at a constant rate.
    fn span(submit: f64, prefill: f64, tokens: u32, rate: f64) -> Span {
        let stamps = (0..tokens).map(|i| submit + prefill + f64::from(i) / rate).collect();
        Span { submit, stamps, per_stamp: 1.0, last_stamp: 1.0, prompt_tokens: None }
    }

    #[test]
    fn prefill_is_busy_but_not_active_and_wall_time_never_divides() {
        // The definition's own example: 1.5 s of prefill in a cycle of 21.5 s.
        let spans: Vec<Span> = (0..10).map(|i| span(f64::from(i) * 21.5, 1.5, 201, 10.0)).collect();
        let line = Timeline::new(spans);
        let window = line.window(0.0, 215.0);
        assert!((window.rate().expect("active") - 10.0).abs() < 1e-9);
        assert!((window.active - 200.0).abs() < 1e-9 && (window.busy - 215.0).abs() < 1e-9);
        assert!((window.tokens / 215.0 - 9.3).abs() < 0.01, "wall time would be 7 % off");
    }

    #[test]
    fn a_steady_device_has_one_rate_in_every_window() {
        let spans: Vec<Span> = (0..30).map(|i| span(f64::from(i) * 5.0, 1.0, 41, 10.0)).collect();
        let line = Timeline::new(spans);
        for step in 0..400 {
            let from = f64::from(step) * 0.237;
            let rate = line.rate(from, from + 30.0).expect("valid window");
            assert!((rate - 10.0).abs() < 1e-6, "{from}: {rate}");
        }
    }

    #[test]
    fn think_time_makes_a_window_invalid() {
        // 5 s of work, 1 s of thought: 83 % busy.
        let spans: Vec<Span> = (0..20).map(|i| span(f64::from(i) * 6.0, 1.0, 41, 10.0)).collect();
        assert_eq!(Timeline::new(spans).rate(0.0, 60.0), None);
    }

    #[test]
    fn the_last_callback_may_hold_fewer_tokens() {
        let span = Span {
            submit: 0.0,
            stamps: vec![1.0, 2.0, 3.0],
            per_stamp: 4.0,
            last_stamp: 2.0,
            prompt_tokens: None,
        };
        assert!((span.tokens() - 7.0).abs() < 1e-12, "one token, four, and the two that were left");
        assert!((Timeline::new([span]).window(0.0, 3.0).tokens - 6.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_rate() {
        let line = Timeline::new([]);
        assert_eq!(line.rate(0.0, 60.0), None);
        assert_eq!(line.window(0.0, 1.0).rate(), None);
    }
}
