//! A series of rates that another program measured: sums over any window, as far as the series can tell them.
//!
//! A rate over a window of `L` seconds says how many tokens came in it, and nothing about parts of it. A longer window is
//! covered by such windows end to end; a shorter one is not in the series. Where a rate is zero, nothing came: that time
//! counts as idle, not as a slow second.

use edgesoak_record::Quantity;
use edgesoak_record::session::{Channel, SessionRecord};
use edgesoak_record::units::Nanos;

use crate::measure::curve::Curve;
use crate::measure::soak::{Fault, LONGEST_S, seconds};
use crate::rolling_rules;
use crate::statistics::bootstrap::Block;
use crate::statistics::median;

/// Rates beyond this are a wrong unit.
const MOST_PER_S: f64 = 1e6;

/// A series with more rates than this is read at whole seconds, as one of tokens is. Seconds.
const FINEST_STEP_S: f64 = 0.2;

/// How far two lengths may be apart and still count as one, as a part of one.
const SAME: f64 = 0.05;

/// One rate with its window. `None` where the file has no value.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slot {
    from: f64,
    to: f64,
    rate: Option<f64>,
}

/// The rates of an imported session.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the channel that they stand in.
    pub channel: String,
    /// Whole items are counted, and no tokens.
    pub is_of_items: bool,
    /// The times are those of a clock; where they are not, pauses between the windows are not known.
    pub is_timed: bool,
    slots: Vec<Slot>,
    /// Length of the windows where they overlap.
    overlapping: Option<f64>,
    /// Seconds from one rate to the next.
    step: f64,
    /// Tokens and active seconds up to a moment, and back.
    tokens: Curve,
    active: Curve,
    when_tokens: Curve,
    when_active: Curve,
}

/// Whether a channel holds rates and no telemetry.
#[must_use]
pub fn holds_rates(channel: &Channel) -> bool {
    matches!(channel.quantity, Quantity::DecodeRate | Quantity::ItemRate)
}

impl Series {
    /// The rates of a session that was imported with them; `None` for every other.
    pub fn of(record: &SessionRecord) -> Option<Result<Self, Fault>> {
        let import = record.imported.as_ref()?;
        let windows = import.rates?;
        let channel = record.channels.iter().find(|channel| holds_rates(channel))?;
        let length = windows.length.map(Nanos::as_secs_f64);
        Some(slots(channel, import.zero.0, length).map(|(slots, step)| {
            let overlapping = length.filter(|length| *length > step * (1.0 + SAME));
            let is_of_items = channel.quantity == Quantity::ItemRate;
            let name = channel.name.clone();
            Self::summed(slots, overlapping, step, (name, is_of_items, windows.is_timed))
        }))
    }

    fn summed(
        slots: Vec<Slot>,
        overlapping: Option<f64>,
        step: f64,
        (channel, is_of_items, is_timed): (String, bool, bool),
    ) -> Self {
        let [mut tokens, mut active, mut when_tokens, mut when_active]: [Curve; 4] = Default::default();
        let (mut sums, mut before) = ((0.0, 0.0), 0.0_f64);
        for slot in &slots {
            // What overlaps was told by the rate before, and what lies before zero is no part of the soak.
            let from = slot.from.max(before).min(slot.to);
            let length = slot.to - from;
            let marks = [(from, sums), (slot.to, added(sums, slot, length))];
            for (t, (count, busy)) in marks {
                tokens.push(t, count);
                active.push(t, busy);
                when_tokens.push(count, t);
                when_active.push(busy, t);
            }
            sums = marks[1].1;
            before = slot.to.max(0.0);
        }
        Self {
            channel,
            is_of_items,
            is_timed,
            slots,
            overlapping,
            step,
            tokens,
            active,
            when_tokens,
            when_active,
        }
    }

    /// End of the last window, seconds.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.slots.last().map_or(0.0, |slot| slot.to)
    }

    /// Number of rates.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Shortest window that the series can tell of, seconds.
    #[must_use]
    pub fn resolution(&self) -> f64 {
        let longest = || self.slots.iter().map(|slot| slot.to - slot.from).fold(0.0, f64::max);
        self.overlapping.unwrap_or_else(longest)
    }

    /// Tokens (or items), and active seconds, of the whole series.
    #[must_use]
    pub fn totals(&self) -> (f64, f64) {
        (self.tokens.end(), self.active.end())
    }

    /// Active seconds up to `t`.
    #[must_use]
    pub fn active_at(&self, t: f64) -> f64 {
        self.active.at(t)
    }

    /// When the active time reached this many seconds.
    #[must_use]
    pub fn when_active(&self, active: f64) -> f64 {
        self.when_active.at(active)
    }

    /// When this many tokens were out.
    #[must_use]
    pub fn when_tokens(&self, tokens: f64) -> f64 {
        self.when_tokens.at(tokens)
    }

    /// The windows of the series that cover `from` to `to`, as tokens and active seconds; empty where `to - from` is
    /// shorter than what the series can tell.
    #[must_use]
    pub fn blocks(&self, from: f64, to: f64) -> Vec<Block> {
        let span = to - from;
        if span <= 0.0 || span < self.resolution() * (1.0 - 1e-6) {
            return Vec::new();
        }
        match self.overlapping {
            Some(length) => self.end_to_end(from, to, length),
            None => self.beside(from, to),
        }
    }

    /// As many windows as are needed, evenly placed: they overlap where the span is no multiple of their length.
    fn end_to_end(&self, from: f64, to: f64, length: f64) -> Vec<Block> {
        let span = to - from;
        let count = (span / length - 1e-6).ceil().max(1.0);
        let apart = if count > 1.0 { (span - length) / (count - 1.0) } else { 0.0 };
        let mut blocks = Vec::new();
        let mut number = 0.0;
        while number < count {
            let end = if count > 1.0 { from + length + number * apart } else { to };
            if let Some(rate) = self.nearest(end).filter(|rate| *rate > 0.0) {
                let share = span / count;
                blocks.push(Block { above: rate * share, below: share });
            }
            number += 1.0;
        }
        blocks
    }

    /// The rate of the window that ends nearest to a moment; `None` where there is none, or none near enough.
    fn nearest(&self, end: f64) -> Option<f64> {
        let after = self.slots.partition_point(|slot| slot.to < end);
        let candidates = [after.checked_sub(1), Some(after)];
        let slots = candidates.into_iter().flatten().filter_map(|place| self.slots.get(place));
        let off = |slot: &&Slot| (slot.to - end).abs();
        let slot = slots.min_by(|a, b| off(a).total_cmp(&off(b)))?;
        slot.rate.filter(|_| off(&slot) <= self.step * (0.5 + SAME))
    }

    fn beside(&self, from: f64, to: f64) -> Vec<Block> {
        let first = self.slots.partition_point(|slot| slot.to <= from);
        let inside = self.slots[first..].iter().take_while(|slot| slot.from < to);
        let blocks = inside.filter_map(|slot| {
            let rate = slot.rate.filter(|rate| *rate > 0.0)?;
            let seconds = slot.to.min(to) - slot.from.max(from);
            (seconds > 0.0).then_some(Block { above: rate * seconds, below: seconds })
        });
        blocks.collect()
    }

    /// The series itself as (end of the window, rate), where its windows have this length; without those that brought
    /// nothing, which are idle time and no rates.
    #[must_use]
    pub fn as_rolling(&self, length: f64) -> Option<Vec<(f64, f64)>> {
        let is_it = self.overlapping.is_some_and(|own| (own / length - 1.0).abs() <= SAME);
        (is_it && self.step >= FINEST_STEP_S).then(|| self.rates().collect())
    }

    /// Rates at the ends of their windows, where anything came.
    fn rates(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let known = self.slots.iter().filter_map(|slot| Some((slot.to, slot.rate?)));
        known.filter(|(_, rate)| *rate > 0.0)
    }

    /// Mean of the first three rates, whatever their windows are.
    #[must_use]
    pub fn first_three(&self) -> Option<f64> {
        rolling_rules::peak(&self.rates().take(3).collect::<Vec<_>>())
    }

    /// Stretches in which window after window brought nothing, as (from, to).
    #[must_use]
    pub fn pauses(&self) -> Vec<(f64, f64)> {
        let mut pauses: Vec<(f64, f64)> = Vec::new();
        let mut goes_on = false;
        for slot in &self.slots {
            let is_pause = slot.rate.is_some_and(|rate| rate <= 0.0);
            match pauses.last_mut().filter(|_| goes_on && is_pause) {
                Some(pause) => pause.1 = slot.to,
                None if is_pause => pauses.push((slot.from.max(0.0), slot.to)),
                None => {}
            }
            goes_on = is_pause;
        }
        pauses
    }
}

fn added((tokens, active): (f64, f64), slot: &Slot, length: f64) -> (f64, f64) {
    match slot.rate.filter(|rate| *rate > 0.0) {
        Some(rate) => (tokens + rate * length, active + length),
        None => (tokens, active),
    }
}

/// The rates with their windows, and the usual time from one to the next.
fn slots(channel: &Channel, zero: u64, length: Option<f64>) -> Result<(Vec<Slot>, f64), Fault> {
    let mut slots: Vec<Slot> = Vec::new();
    for sample in &channel.samples {
        let to = seconds(sample.t.0, zero);
        let before = slots.last().map(|slot| slot.to);
        if before.is_some_and(|before| to <= before) {
            return Err(Fault::NotRising);
        }
        let rate = sample.value.ok();
        if to > LONGEST_S || rate.is_some_and(|rate| !(0.0..=MOST_PER_S).contains(&rate)) {
            return Err(Fault::Implausible);
        }
        let from = length.map_or_else(|| before.unwrap_or(0.0), |length| to - length);
        slots.push(Slot { from, to, rate });
    }
    if slots.iter().all(|slot| slot.rate.is_none_or(|rate| rate <= 0.0)) {
        return Err(Fault::NoTokens);
    }
    let mut steps: Vec<f64> = slots.windows(2).map(|pair| pair[1].to - pair[0].to).collect();
    let step = median(&mut steps).unwrap_or(0.0);
    Ok((slots, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rolling(rates: &[f64], length: f64) -> Series {
        let slot = |(k, rate): (usize, &f64)| {
            let to = k as f64;
            Slot { from: to - length, to, rate: (*rate >= 0.0).then_some(*rate) }
        };
        let slots = rates.iter().enumerate().map(slot).collect();
        Series::summed(slots, Some(length), 1.0, ("rates".to_owned(), false, true))
    }

    fn rate(series: &Series, from: f64, to: f64) -> Option<f64> {
        let blocks = series.blocks(from, to);
        let (above, below) =
            blocks.iter().fold((0.0, 0.0), |sum, block| (sum.0 + block.above, sum.1 + block.below));
        (below > 0.0).then(|| above / below)
    }

    #[test]
    fn windows_are_covered_end_to_end_and_parts_of_one_are_not_known() {
        let ramp: Vec<f64> = (0..=100).map(|k| 50.0 - f64::from(k) / 4.0).collect();
        let series = rolling(&ramp, 5.0);
        // Ends at 75, 80, 85, 90, 95 and 100.
        assert!((rate(&series, 70.0, 100.0).expect("a rate") - (50.0 - 87.5 / 4.0)).abs() < 1e-9);
        assert_eq!(rate(&series, 70.0, 74.0), None);
        assert!((rate(&series, 0.0, 12.0).expect("a rate") - 47.9).abs() < 0.1);
    }

    #[test]
    fn rates_before_zero_are_no_part_of_the_soak() {
        let slots = (-2..=10).map(|k| {
            let to = f64::from(k) * 5.0;
            Slot { from: to - 5.0, to, rate: Some(20.0) }
        });
        let series = Series::summed(slots.collect(), None, 5.0, ("rates".to_owned(), false, true));
        assert_eq!(series.totals(), (1000.0, 50.0));
        assert!((series.active_at(25.0) - 25.0).abs() < 1e-9 && series.active_at(-1.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_zero_is_idle_and_what_is_missing_is_not_busy() {
        let mut rates = vec![20.0; 60];
        rates[30..50].fill(0.0);
        rates[55] = -1.0;
        let series = rolling(&rates, 5.0);
        assert_eq!(series.pauses(), [(25.0, 49.0)]);
        assert!(
            (rate(&series, 10.0, 55.0).expect("a rate") - 20.0).abs() < 1e-9,
            "idle time is not slow time"
        );
        let busy: f64 = series.blocks(20.0, 50.0).iter().map(|block| block.below).sum();
        assert!((busy - 10.0).abs() < 1e-9, "{busy}");
        assert!((series.totals().1 - 38.0).abs() < 1e-9, "{:?}", series.totals());
    }
}
