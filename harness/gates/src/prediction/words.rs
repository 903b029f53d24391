//! Where a device would settle, for people.

use super::observed::Seen;
use super::throttling::{Rest, Throttling};
use crate::figures::with_unit;
use crate::outcome::quoted;

/// One sentence: the air of the session first, then other air.
pub fn sentence(seen: &Seen, rests: &[(f64, &Throttling, Rest)]) -> String {
    let Some(((_, zone, here), others)) = rests.split_first() else { return String::new() };
    let name = quoted(&seen.names[zone.zone], 60);
    let rate = |rate: f64| with_unit(rate, "tokens/s");
    let first = match *here {
        Rest::At { floor, lo, hi, celsius } => format!(
            "Left running it would settle at {} in its slowest minutes ({} to {}) and {celsius:.1} °C on {name}",
            rate(floor),
            rate(lo),
            rate(hi)
        ),
        Rest::Unseen { celsius } => format!(
            "It would warm to about {celsius:.0} °C on {name}, and was seen up to {:.0} °C only: what it does there nobody knows",
            zone.hottest
        ),
        Rest::Wide { lo, hi } => {
            format!("It has not settled: its slowest minutes would end between {} and {}", rate(lo), rate(hi))
        }
    };
    let other = |(air, _, rest): &(f64, &Throttling, Rest)| match *rest {
        Rest::At { floor, .. } => format!("at {air:.0} °C {}", rate(floor)),
        Rest::Unseen { .. } => format!("at {air:.0} °C unknown, it would be hotter than it was seen"),
        Rest::Wide { lo, hi } => format!("at {air:.0} °C between {} and {}", rate(lo), rate(hi)),
    };
    let others: Vec<String> = others.iter().map(other).collect();
    format!("{first}; in other air: {}", others.join(", "))
}
