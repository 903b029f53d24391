//! How far a device's clock is from the host's.

use edgesoak_protocol::probe::ClockReading;
use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::ClockOffset;

use crate::agent::Agent;
use crate::setback::Setback;
use crate::world::Clock;

/// Exchanges per measurement; the one with the shortest round trip counts.
const EXCHANGES: usize = 8;

/// Compares the clocks.
pub(crate) async fn measure(agent: Agent<'_>, clock: &dyn Clock) -> Result<ClockOffset, Setback> {
    let mut dialogue = agent.clock().await?;
    let mut best: Option<ClockOffset> = None;
    for _ in 0..EXCHANGES {
        let asked = clock.mono();
        let reading = dialogue.read().await?;
        let offset = compare(asked, reading, clock.mono());
        if best.is_none_or(|best| offset.uncertainty_ns < best.uncertainty_ns) {
            best = Some(offset);
        }
    }
    best.ok_or_else(|| Setback::new("harness", "the clocks were never compared"))
}

/// One exchange: the device read its clock at some time between question and answer.
fn compare(asked: Nanos, reading: ClockReading, answered: Nanos) -> ClockOffset {
    let trip = answered.since(asked).0;
    let host = Nanos(asked.0.saturating_add(trip / 2));
    let difference = i128::from(reading.mono_ns) - i128::from(host.0);
    let bounded = difference.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    ClockOffset {
        host_mono: host,
        offset_ns: i64::try_from(bounded).unwrap_or(i64::MAX),
        uncertainty_ns: trip.div_ceil(2),
        suspended: Nanos(reading.boottime_ns).since(Nanos(reading.mono_ns)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_true_offset_lies_within_the_uncertainty(
            asked in 0u64..1 << 40, out in 0u64..1 << 30, back in 0u64..1 << 30, offset in -(1i64 << 39)..1 << 39,
        ) {
            let device = i64::try_from(asked + out).expect("small") + offset;
            prop_assume!(device >= 0);
            let mono_ns = device.unsigned_abs();
            let reading = ClockReading { mono_ns, boottime_ns: mono_ns + 5, wall_ns: 0 };
            let found = compare(Nanos(asked), reading, Nanos(asked + out + back));
            prop_assert!(found.offset_ns.abs_diff(offset) <= found.uncertainty_ns);
            prop_assert_eq!(found.suspended, Nanos(5));
        }

        #[test]
        fn no_reading_of_a_device_panics(asked: u64, mono_ns: u64, boottime_ns: u64, answered: u64) {
            let reading = ClockReading { mono_ns, boottime_ns, wall_ns: 0 };
            let found = compare(Nanos(asked), reading, Nanos(answered));
            prop_assert!(found.uncertainty_ns <= u64::MAX / 2 + 1);
        }
    }
}
