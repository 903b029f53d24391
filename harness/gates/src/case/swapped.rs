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
        let mut begin = 0;
        let hit = values.iter().enumerate().find_map(|(index, (t, after))| {
            while t - values[begin].0 > within {
                begin += 1;
            }
            let earlier = values[begin..index].iter().find(|(_, before)| is_jump(*before, *after))?;
            Some((*earlier, (*t, *after)))
        });
        let ((from, before), (to, after)) = hit?;
        let (name, at) = (quoted(&channel.name, 60), figures::seconds(to));
        let words = format!("The battery was exchanged: {name} went from {before:.4} to {after:.4} by {at}");
        Some(Missing::new("battery_swapped", words).seen(&channel.name, from, to))
    })
}
