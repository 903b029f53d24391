//! A fast meter's readings at a pace that a journal can keep for as long as a session lasts.

use edgesoak_protocol::units::Nanos;
use edgesoak_record::host_entry::MeterReading;

/// At most this many of these readings: neighbours become their mean, at the mean of their times, so that energy stays
/// what it was.
pub(super) fn thinned(readings: Vec<MeterReading>, most: usize) -> Vec<MeterReading> {
    if readings.len() <= most {
        return readings;
    }
    readings.chunks(readings.len().div_ceil(most.max(1))).filter_map(one_of).collect()
}

/// Readings without a value count only where there is no other.
fn one_of(neighbours: &[MeterReading]) -> Option<MeterReading> {
    let first = *neighbours.first()?;
    let valued: Vec<&MeterReading> =
        neighbours.iter().filter(|reading| reading.microwatts.is_some()).collect();
    let microwatts = mean(valued.iter().map(|reading| reading.microwatts.map(i128::from)));
    if microwatts.is_none() {
        return Some(first);
    }
    let arrived = mean(valued.iter().map(|reading| Some(i128::from(reading.arrived.0))));
    Some(MeterReading {
        arrived: arrived.and_then(|mean| u64::try_from(mean).ok()).map_or(first.arrived, Nanos),
        own_ns: mean(valued.iter().map(|reading| reading.own_ns.map(i128::from))).and_then(whole),
        microwatts: microwatts.and_then(whole),
        reason: None,
    })
}

/// `None` where one of them is missing, and of none.
fn mean(numbers: impl Iterator<Item = Option<i128>>) -> Option<i128> {
    let numbers: Vec<i128> = numbers.collect::<Option<_>>()?;
    let count = i128::try_from(numbers.len()).ok().filter(|count| *count > 0)?;
    Some(numbers.into_iter().sum::<i128>() / count)
}

/// The mean of numbers of this size is one.
fn whole(mean: i128) -> Option<i64> {
    i64::try_from(mean).ok()
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::Reason;
    use proptest::prelude::*;

    use super::*;

    fn reading(ms: u64, microwatts: Option<i64>) -> MeterReading {
        let reason = microwatts.is_none().then_some(Reason::Absent);
        let own_ns = i64::try_from(ms).ok().map(|ms| ms * 1_000_000 + 7);
        MeterReading { arrived: Nanos(ms * 1_000_000), own_ns, microwatts, reason }
    }

    #[test]
    fn neighbours_become_their_mean_and_few_stay_as_they_are() {
        let readings: Vec<_> = (0..1000).map(|ms| reading(ms, Some(i64::from(ms % 2 == 0) * 8))).collect();
        let kept = thinned(readings.clone(), 100);
        assert_eq!(kept.len(), 100);
        let expected =
            MeterReading { arrived: Nanos(14_500_000), own_ns: Some(14_500_007), ..reading(0, Some(4)) };
        assert_eq!(kept[1], expected);
        assert_eq!(thinned(readings[..100].to_vec(), 100), readings[..100]);
    }

    #[test]
    fn a_reading_without_a_value_is_not_zero() {
        let readings = [reading(0, None), reading(1, Some(6)), reading(2, None), reading(3, None)];
        let kept = thinned(readings.to_vec(), 2);
        assert_eq!(kept, [reading(1, Some(6)), reading(2, None)]);
        let mut one_without_clock = vec![reading(1, Some(6)), reading(2, Some(6))];
        one_without_clock[0].own_ns = None;
        assert_eq!(thinned(one_without_clock, 1)[0].own_ns, None);
    }

    proptest! {
        #[test]
        fn no_readings_panic_and_none_is_too_many(
            readings in proptest::collection::vec((any::<u64>(), any::<Option<i64>>(), any::<Option<i64>>()), 0..300),
            most in 1usize..50,
        ) {
            let readings: Vec<_> = readings.into_iter().map(|(arrived, own_ns, microwatts)| {
                let reason = microwatts.is_none().then_some(Reason::Absent);
                MeterReading { arrived: Nanos(arrived), own_ns, microwatts, reason }
            }).collect();
            let count = readings.len();
            let kept = thinned(readings, most);
            prop_assert!(kept.len() <= most && kept.is_empty() == (count == 0));
            for reading in kept {
                prop_assert!(reading.microwatts.is_some() != reading.reason.is_some());
            }
        }
    }
}
