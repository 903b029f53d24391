//! Where a device would settle, for people.

use super::rest::{Outlook, Rest};
use crate::figures::with_unit;
use crate::outcome::quoted;

/// One sentence: the air of the session first, then other air.
pub fn sentence(outlook: &Outlook, rests: &[(f64, Rest)]) -> String {
    let Some(((air, here), others)) = rests.split_first() else { return String::new() };
    let watched = outlook.watched();
    let name = quoted(&outlook.seen.zones[outlook.known.followed()[watched]].name, 60);
    let first = match *here {
        Rest::At { floor, lo, hi, celsius } => format!(
            "Left running it would settle at {} ({} to {}) in its slowest minutes, {celsius:.0} °C on {name}, in air of {air:.0} °C",
            rate(floor),
            rate(lo),
            rate(hi)
        ),
        Rest::Unseen { celsius } => {
            let why = outlook.control.as_ref().err();
            let why = why.map_or_else(String::new, |why| format!(", for {why}"));
            format!(
                "It would warm to about {celsius:.0} °C on {name}, and what it does there nobody knows{why}"
            )
        }
        Rest::TooHot { celsius } => {
            format!("It would warm to about {celsius:.0} °C on {name} and may switch itself off")
        }
        Rest::Wide { lo, hi, is_unmet: true } => format!(
            "It heads for a trip point that it did not reach in the soak: its slowest minutes would end between {} and {}",
            rate(lo),
            rate(hi)
        ),
        Rest::Wide { lo, hi, .. } => {
            format!("It has not settled: its slowest minutes would end between {} and {}", rate(lo), rate(hi))
        }
    };
    let other = |(air, rest): &(f64, Rest)| match *rest {
        Rest::At { floor, .. } => format!("at {air:.0} °C {}", rate(floor)),
        Rest::Unseen { .. } => format!("at {air:.0} °C unknown"),
        Rest::TooHot { .. } => format!("at {air:.0} °C it may switch itself off"),
        Rest::Wide { lo, hi, .. } => format!("at {air:.0} °C between {} and {}", rate(lo), rate(hi)),
    };
    let others: Vec<String> = others.iter().map(other).collect();
    format!("{first}; in other air: {}", others.join(", "))
}

fn rate(rate: f64) -> String {
    with_unit(rate, "tokens/s")
}
