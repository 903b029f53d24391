//! A battery that was exchanged while the device ran: two packs sag and warm differently.

use edgesoak_record::Quantity;

use crate::case::{Case, supply};
use crate::figures;
use crate::outcome::{Missing, quoted};

/// Time within which no load and no charger moves a level this far, seconds.
const WITHIN_S: f64 = 30.0;

/// Largest change of the level that is no exchange, per cent.
const LEVEL_JUMP: f64 = 5.0;

/// Largest rise of the charge counter that is no exchange, as a part of what it read.
const CHARGE_JUMP: f64 = 0.05;

/// Cycles that a pack gains at once, at most.
const CYCLES: f64 = 1.0;

/// Whether no single pack goes from one value to the other.
type IsJump = fn(f64, f64) -> bool;

/// The first sign of another battery: the agent's word that the pack has another identity, or what no single pack does
/// from shortly before the soak to its end.
#[must_use]
pub fn seen(case: &Case) -> Option<Missing> {
    if case.record.notes.iter().any(|note| note.code == "pack-swapped") {
        let words = "The battery was exchanged: another pack was in the device when the session ended";
        return Some(Missing::new("battery_swapped", words));
    }
    let jumps: [(Quantity, f64, IsJump); 3] = [
        (Quantity::ChargeLevel, WITHIN_S, |before, after| (after - before).abs() > LEVEL_JUMP),
        // A counter may fall fast while it is almost empty; to rise, it needs another pack.
        (Quantity::ChargeCounter, WITHIN_S, |before, after| after - before > CHARGE_JUMP * before.abs()),
        (Quantity::ChargeCycles, f64::INFINITY, |before, after| after < before || after - before > CYCLES),
    ];
    jumps.into_iter().find_map(|(quantity, within, is_jump)| jump(case, quantity, within, is_jump))
}

fn jump(case: &Case, quantity: Quantity, within: f64, is_jump: IsJump) -> Option<Missing> {
    let (_, end) = case.telemetry.soak()?;
    case.telemetry.of(quantity).find_map(|channel| {
        let values: Vec<(f64, f64)> = case.telemetry.values(channel, -supply::BEFORE_S, end).collect();
        let ((from, before), (to, after)) = first_jump(&values, within, is_jump)?;
        let (name, at) = (quoted(&channel.name, 60), figures::seconds(to));
        let words = format!("The battery was exchanged: {name} went from {before:.4} to {after:.4} by {at}");
        Some(Missing::new("battery_swapped", words).seen(&channel.name, from, to))
    })
}

/// The first value that is a jump from an earlier one, no further before it than `within`, and that earlier one.
fn first_jump(values: &[(f64, f64)], within: f64, is_jump: IsJump) -> Option<((f64, f64), (f64, f64))> {
    // A battery's values stand for minutes. A value that repeats the one before is a jump from nothing that was none
    // for that one: it has fewer before it, and itself. So only where it changes is there anything to see.
    let starts: Vec<usize> = (0..values.len())
        .filter(|&index| index == 0 || values[index].1.to_bits() != values[index - 1].1.to_bits())
        .collect();
    let (mut begin, mut oldest) = (0, 0);
    starts.iter().enumerate().find_map(|(number, &index)| {
        let (t, after) = values[index];
        while t - values[begin].0 > within {
            begin += 1;
        }
        while starts.get(oldest + 1).is_some_and(|&next| next <= begin) {
            oldest += 1;
        }
        let mut earlier = starts[oldest..number].iter().map(|&start| values[start.max(begin)]);
        Some((earlier.find(|(_, before)| is_jump(*before, after))?, (t, after)))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{IsJump, first_jump};

    proptest! {
        #[test]
        fn what_stands_still_is_looked_at_once_and_nothing_is_missed(
            runs in proptest::collection::vec((0_u8..100, 1_usize..40), 0..20),
            within in prop_oneof![Just(3.0), Just(30.0), Just(f64::INFINITY)],
        ) {
            let values: Vec<(f64, f64)> = runs
                .iter()
                .flat_map(|(value, times)| std::iter::repeat_n(f64::from(*value), *times))
                .enumerate()
                .map(|(index, value)| (index as f64, value))
                .collect();
            let jumps: [IsJump; 3] = [
                |before, after| (after - before).abs() > 30.0,
                |before, after| after - before > 0.5 * before.abs(),
                |before, after| after < before || after - before > 50.0,
            ];
            for is_jump in jumps {
                let by_all = values.iter().enumerate().find_map(|(index, after)| {
                    let near = |before: &&(f64, f64)| after.0 - before.0 <= within && is_jump(before.1, after.1);
                    Some((*values[..index].iter().find(near)?, *after))
                });
                prop_assert_eq!(first_jump(&values, within, is_jump), by_all);
            }
        }
    }
}
