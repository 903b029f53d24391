//! What a channel said: a list that can be changed, or the same packed.
//!
//! A soak of hours has millions of readings, and most of them repeat the one before. Packed they take a byte or two
//! instead of 24, so that a session can be judged whole.

mod packed;

use std::slice;
use std::sync::Arc;

use edgesoak_protocol::reading::Reading;
use edgesoak_protocol::units::Nanos;

use packed::{Packed, Values};

/// One reading of a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Device time.
    pub t: Nanos,
    /// Value in the channel's unit, or the reason why there is none.
    pub value: Reading<f64>,
}

/// Readings in the order in which they were taken. Equal when they hold the same readings, packed or not.
#[derive(Clone, Default)]
pub struct Samples {
    /// Those that are not packed; empty beside packed ones.
    list: Vec<Sample>,
    packed: Option<(Times, Packed)>,
}

/// Times of readings; channels that are read together share them.
type Times = Arc<[Nanos]>;

impl Samples {
    /// No readings.
    #[must_use]
    pub const fn new() -> Self {
        Self { list: Vec::new(), packed: None }
    }

    /// How many readings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.packed.as_ref().map_or(self.list.len(), |(times, _)| times.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The readings, one after the other.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        match &self.packed {
            None => Iter(Walk::List(self.list.iter())),
            Some((times, packed)) => Iter(Walk::Packed(times.iter(), packed.iter())),
        }
    }

    /// Time of the last reading.
    #[must_use]
    pub fn last_time(&self) -> Option<Nanos> {
        match &self.packed {
            None => self.list.last().map(|sample| sample.t),
            Some((times, _)) => times.last().copied(),
        }
    }

    /// Whether no reading is older than the one before it.
    #[must_use]
    pub fn are_in_time_order(&self) -> bool {
        match &self.packed {
            None => self.list.is_sorted_by_key(|sample| sample.t),
            Some((times, _)) => times.is_sorted(),
        }
    }

    /// The readings as a list to be changed; unpacks them.
    pub fn list_mut(&mut self) -> &mut Vec<Sample> {
        if self.packed.is_some() {
            self.list = self.iter().collect();
            self.packed = None;
        }
        &mut self.list
    }
}

impl std::fmt::Debug for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl PartialEq for Samples {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl From<Vec<Sample>> for Samples {
    fn from(list: Vec<Sample>) -> Self {
        Self { list, packed: None }
    }
}

impl FromIterator<Sample> for Samples {
    fn from_iter<I: IntoIterator<Item = Sample>>(samples: I) -> Self {
        Self { list: samples.into_iter().collect(), packed: None }
    }
}

impl<'a> IntoIterator for &'a Samples {
    type Item = Sample;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Walks over readings.
#[derive(Debug, Clone)]
pub struct Iter<'a>(Walk<'a>);

#[derive(Debug, Clone)]
enum Walk<'a> {
    List(slice::Iter<'a, Sample>),
    Packed(slice::Iter<'a, Nanos>, Values<'a>),
}

impl Iterator for Iter<'_> {
    type Item = Sample;

    // Judging a session walks over its readings some twenty times, from another crate.
    #[inline]
    fn next(&mut self) -> Option<Sample> {
        match &mut self.0 {
            Walk::List(list) => list.next().copied(),
            Walk::Packed(times, values) => Some(Sample { t: *times.next()?, value: values.next()? }),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Walk::List(list) => list.size_hint(),
            Walk::Packed(times, _) => times.size_hint(),
        }
    }
}

/// Packs readings while they are read.
#[derive(Debug, Default)]
pub struct Packer {
    times: Vec<Nanos>,
    values: Packed,
}

impl Packer {
    /// Appends a reading.
    pub fn push(&mut self, sample: Sample) {
        self.times.push(sample.t);
        self.values.push(sample.value);
    }

    /// The readings, packed. They share the times of `beside` where those are the same.
    #[must_use]
    pub fn finish(mut self, beside: Option<&Samples>) -> Samples {
        self.values.close();
        let known = beside.and_then(|beside| beside.packed.as_ref()).map(|(times, _)| times);
        let times = match known {
            Some(times) if **times == *self.times => Arc::clone(times),
            _ => self.times.into(),
        };
        Samples { list: Vec::new(), packed: Some((times, self.values)) }
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::reading::Reason;
    use proptest::prelude::*;

    use super::*;

    fn packed(list: &[Sample], beside: Option<&Samples>) -> Samples {
        let mut packer = Packer::default();
        for sample in list {
            packer.push(*sample);
        }
        packer.finish(beside)
    }

    /// Any bits, close values, and values that repeat.
    fn readings() -> impl Strategy<Value = Reading<f64>> {
        prop_oneof![
            any::<u64>().prop_map(|bits| Ok(f64::from_bits(bits))),
            (0_u32..4).prop_map(|value| Ok(f64::from(value) * 0.1)),
            (0_usize..Reason::ALL.len()).prop_map(|reason| Err(Reason::ALL[reason])),
        ]
    }

    fn lists() -> impl Strategy<Value = Vec<Sample>> {
        let runs = (any::<u64>(), readings(), prop_oneof![1_usize..4, 60_usize..200]);
        proptest::collection::vec(runs, 0..40).prop_map(|runs| {
            let samples = runs.into_iter().flat_map(|(t, value, times)| {
                (0..times as u64).map(move |more| Sample { t: Nanos(t.wrapping_add(more)), value })
            });
            samples.collect()
        })
    }

    /// Bits, as a NaN is not equal to itself.
    fn bits(samples: impl IntoIterator<Item = Sample>) -> Vec<(u64, Result<u64, Reason>)> {
        samples.into_iter().map(|sample| (sample.t.0, sample.value.map(f64::to_bits))).collect()
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_back_bit_for_bit(list in lists()) {
            let mut samples = packed(&list, None);
            prop_assert_eq!(samples.len(), list.len());
            prop_assert_eq!(samples.last_time(), list.last().map(|sample| sample.t));
            prop_assert_eq!(samples.are_in_time_order(), list.is_sorted_by_key(|sample| sample.t));
            prop_assert_eq!(bits(&samples), bits(list.iter().copied()));
            prop_assert_eq!(bits(samples.list_mut().iter().copied()), bits(list));
        }
    }

    #[test]
    fn channels_that_are_read_together_share_their_times() {
        let list = |first: u64| -> Vec<Sample> {
            (0..100).map(|tick| Sample { t: Nanos(first + tick * 7), value: Ok(tick as f64) }).collect()
        };
        let times = |samples: &Samples| {
            samples
                .packed
                .as_ref()
                .map(|(times, _)| Arc::as_ptr(times).cast::<Nanos>())
                .expect("packed readings")
        };
        let first = packed(&list(0), None);
        assert_eq!(times(&packed(&list(0), Some(&first))), times(&first));
        assert_ne!(times(&packed(&list(1), Some(&first))), times(&first));
        assert_eq!(packed(&list(1), Some(&first)), Samples::from(list(1)));
    }

    #[test]
    fn a_steady_sensor_takes_little() {
        let value = |tick: u64| Ok(30.0 + (tick / 50) as f64 * 0.1);
        let list: Vec<Sample> =
            (0..6_000).map(|tick| Sample { t: Nanos(tick), value: value(tick) }).collect();
        let (_, packed) = packed(&list, None).packed.expect("packed readings");
        assert!(packed.bytes() * 4 < list.len(), "{} bytes", packed.bytes());
    }
}
