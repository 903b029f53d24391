//! Tokens and active seconds up to any moment: noted at some callbacks, summed on from there.
//!
//! Sums at every callback would take four times the memory of the callbacks themselves, and a soak has millions.

use std::sync::Arc;

use crate::measure::context::ContextEffect;
use crate::measure::rates::Span;

/// Callbacks from one mark to the next within a prompt.
const STRIDE: usize = 64;

/// Sums up to a callback, which they include.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    span: usize,
    stamp: usize,
    sums: Sums,
}

/// Sums up to a moment.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sums {
    /// The moment, seconds.
    pub(super) t: f64,
    /// Tokens after the first of each prompt.
    pub(super) tokens: f64,
    /// Active seconds.
    pub(super) active: f64,
}

/// The callbacks of a soak with sums at some of them; straight between callbacks.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Marks {
    spans: Arc<[Span]>,
    /// What is removed from the times between tokens.
    effect: Option<ContextEffect>,
    noted: Vec<Mark>,
    end: Sums,
}

impl Marks {
    /// Sums up prompts that do not overlap, in time order.
    pub(super) fn new(spans: Arc<[Span]>, effect: Option<ContextEffect>) -> Self {
        let mut line = Self { spans, effect, noted: Vec::new(), end: Sums::default() };
        let mut sums = Sums::default();
        for (number, span) in line.spans.iter().enumerate() {
            for stamp in 0..span.stamps.len() {
                sums = line.summed(sums, span, stamp);
                if stamp % STRIDE == 0 {
                    line.noted.push(Mark { span: number, stamp, sums });
                }
            }
        }
        line.end = sums;
        line
    }

    /// The sums with a callback more.
    fn summed(&self, sums: Sums, span: &Span, stamp: usize) -> Sums {
        let t = span.stamps[stamp];
        let length = match (stamp, self.effect) {
            (0, _) => 0.0,
            (_, None) => t - span.stamps[stamp - 1],
            (_, Some(effect)) => (t - span.stamps[stamp - 1]) * effect.scale(span, stamp),
        };
        Sums { t, tokens: sums.tokens + span.tokens_of(stamp), active: sums.active + length }
    }

    /// The sums of the whole soak.
    pub(super) fn end(&self) -> Sums {
        self.end
    }

    /// The sums up to `t`; nothing before the first callback.
    pub(super) fn at(&self, t: f64) -> Sums {
        self.between(|sums| sums.t, t)
    }

    /// The latest moment at which no more than these active seconds had passed.
    pub(super) fn when_active(&self, active: f64) -> f64 {
        self.between(|sums| sums.active, active).t
    }

    /// The latest moment at which no more than these tokens were out.
    pub(super) fn when_tokens(&self, tokens: f64) -> f64 {
        self.between(|sums| sums.tokens, tokens).t
    }

    /// The sums where one of them, which never falls, has this value.
    fn between(&self, of: impl Fn(&Sums) -> f64, value: f64) -> Sums {
        let after = self.noted.partition_point(|mark| of(&mark.sums) <= value);
        let Some(mark) = after.checked_sub(1).map(|before| self.noted[before]) else {
            return self.noted.first().map_or(Sums::default(), |first| first.sums);
        };
        let span = &self.spans[mark.span];
        let mut before = mark.sums;
        // What lies between two prompts adds nothing.
        for stamp in mark.stamp + 1..span.stamps.len() {
            let next = self.summed(before, span, stamp);
            if of(&next) > value {
                return straight(before, next, (value - of(&before)) / (of(&next) - of(&before)));
            }
            before = next;
        }
        before
    }
}

fn straight(before: Sums, after: Sums, part: f64) -> Sums {
    let between = |a: f64, b: f64| a + (b - a) * part;
    Sums {
        t: between(before.t, after.t),
        tokens: between(before.tokens, after.tokens),
        active: between(before.active, after.active),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measure::curve::Curve;

    /// Prompts with anything from one callback to several strides of them.
    fn soaks() -> impl Strategy<Value = Vec<Span>> {
        let prompt = (0.0..3.0_f64, proptest::collection::vec(0.0..0.2_f64, 0..300), 1_u8..5);
        proptest::collection::vec(prompt, 0..6).prop_map(|prompts| {
            let mut t = 0.0;
            let spans = prompts.into_iter().map(|(prefill, steps, per_stamp)| {
                let submit = t;
                t += prefill;
                let later = steps.iter().map(|step| {
                    t += step;
                    t
                });
                let stamps: Vec<f64> = [submit + prefill].into_iter().chain(later).collect();
                let per_stamp = f64::from(per_stamp);
                Span { submit, stamps, per_stamp, last_stamp: 1.0, prompt_tokens: Some(100) }
            });
            spans.collect()
        })
    }

    /// The same with every sum written down: tokens and active seconds by time, time by tokens and by active seconds.
    fn in_full(spans: &[Span]) -> [Curve; 4] {
        let mut curves: [Curve; 4] = Default::default();
        let mut sums = (0.0, 0.0);
        for span in spans {
            for (index, stamp) in span.stamps.iter().enumerate() {
                sums.0 += span.tokens_of(index);
                sums.1 += if index == 0 { 0.0 } else { stamp - span.stamps[index - 1] };
                let points = [(*stamp, sums.0), (*stamp, sums.1), (sums.0, *stamp), (sums.1, *stamp)];
                curves.iter_mut().zip(points).for_each(|(curve, (x, y))| curve.push(x, y));
            }
        }
        curves
    }

    fn bits(values: [f64; 2]) -> [u64; 2] {
        values.map(f64::to_bits)
    }

    proptest! {
        #[test]
        fn sums_are_those_that_would_be_written_down(spans in soaks(), part in -0.1..1.1_f64, at in any::<prop::sample::Index>()) {
            let [tokens, active, by_tokens, by_active] = in_full(&spans);
            let stamps: Vec<f64> = spans.iter().flat_map(|span| span.stamps.clone()).collect();
            let line = Marks::new(spans.into(), None);
            let end = line.end();
            prop_assert_eq!(bits([end.tokens, end.active]), bits([tokens.end(), active.end()]));
            let exactly = (!stamps.is_empty()).then(|| stamps[at.index(stamps.len())]);
            for t in [part * end.t].into_iter().chain(exactly) {
                let sums = line.at(t);
                prop_assert_eq!(bits([sums.tokens, sums.active]), bits([tokens.at(t), active.at(t)]));
            }
            let when = [line.when_tokens(part * end.tokens), line.when_active(part * end.active)];
            let written = [by_tokens.at(part * end.tokens), by_active.at(part * end.active)];
            prop_assert_eq!(bits(when), bits(written));
        }
    }
}
