//! The progress of a soak as piecewise linear curves: tokens, active and busy seconds over time.

use crate::engine::Segment;

/// One bend of the curves.
#[derive(Debug, Clone, Copy, Default)]
struct Bend {
    at: f64,
    tokens: f64,
    /// Tokens as if no context slowed them down.
    bare: f64,
    active: f64,
    busy: f64,
}

/// All curves of a soak.
#[derive(Debug, Default)]
pub(super) struct Progress {
    bends: Vec<Bend>,
}

/// Sums over a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub tokens: f64,
    pub bare: f64,
    pub active: f64,
    pub busy: f64,
}

impl Progress {
    pub(super) fn push(&mut self, from: f64, to: f64, segment: &Segment) {
        let last = self.bends.last().copied().unwrap_or_default();
        // Where nothing was done between two segments, the curves are flat.
        let begin = Bend { at: from, ..last };
        let active = if segment.decoding { to - from } else { 0.0 };
        let end = Bend {
            at: to,
            tokens: last.tokens + segment.tokens,
            bare: last.bare + segment.tokens_without_context,
            active: last.active + active,
            busy: last.busy + to - from,
        };
        if last.at < from {
            self.bends.push(begin);
        }
        self.bends.push(end);
    }

    /// Sums between two times.
    pub(super) fn between(&self, from: f64, to: f64) -> Sums {
        let (a, b) = (self.at(from), self.at(to));
        Sums {
            tokens: b.tokens - a.tokens,
            bare: b.bare - a.bare,
            active: b.active - a.active,
            busy: b.busy - a.busy,
        }
    }

    /// All active seconds.
    pub(super) fn total_active(&self) -> f64 {
        self.bends.last().map_or(0.0, |bend| bend.active)
    }

    /// When so many active seconds have passed.
    pub(super) fn when_active(&self, active: f64) -> f64 {
        self.when(active, |bend| bend.active)
    }

    /// When so many tokens are out.
    pub(super) fn when_tokens(&self, tokens: f64) -> f64 {
        self.when(tokens, |bend| bend.tokens)
    }

    fn when(&self, wanted: f64, of: impl Fn(&Bend) -> f64) -> f64 {
        let above = self.bends.partition_point(|bend| of(bend) < wanted);
        let Some(high) = self.bends.get(above) else {
            return self.bends.last().map_or(0.0, |bend| bend.at);
        };
        let low = above.checked_sub(1).map_or(Bend::default(), |below| self.bends[below]);
        let rise = of(high) - of(&low);
        if rise > 0.0 { low.at + (high.at - low.at) * (wanted - of(&low)) / rise } else { high.at }
    }

    fn at(&self, at: f64) -> Bend {
        let above = self.bends.partition_point(|bend| bend.at < at);
        let Some(high) = self.bends.get(above) else {
            return self.bends.last().copied().unwrap_or_default();
        };
        let low = above.checked_sub(1).map_or(Bend::default(), |below| self.bends[below]);
        let part = if high.at > low.at { (at - low.at) / (high.at - low.at) } else { 1.0 };
        let mix = |low: f64, high: f64| low + (high - low) * part;
        Bend {
            at,
            tokens: mix(low.tokens, high.tokens),
            bare: mix(low.bare, high.bare),
            active: mix(low.active, high.active),
            busy: mix(low.busy, high.busy),
        }
    }
}

impl Sums {
    /// Tokens per active second.
    pub(super) fn rate(&self) -> Option<f64> {
        (self.active > 0.0).then(|| self.tokens / self.active)
    }

    /// The same without the effect of the context.
    pub(super) fn bare_rate(&self) -> Option<f64> {
        (self.active > 0.0).then(|| self.bare / self.active)
    }

    /// Whether a window of this many seconds was busy and active enough to speak for the device.
    pub(super) fn is_valid(&self, length: f64) -> bool {
        let least_active = if length < 30.0 { 0.5 * length } else { 15.0 };
        self.busy >= 0.9 * length - 1e-6 && self.active >= least_active - 1e-6
    }
}
