//! Thermal sensors that stop in the middle of a soak: they worked, and then repeat one value.
//!
//! A sensor may stand still in earnest, where heat has come to its end or where it counts in whole degrees. One that is
//! stuck gives itself away by how it stops: it moved over several of its steps, as often as ever until the last moment,
//! and then not once for many times as long. What comes to rest slows down first, and what wavers between two steps has
//! not moved far.

use edgesoak_record::Quantity;
use edgesoak_record::session::Channel;

use crate::case::Case;
use crate::defaults::{STUCK_HISTORY, STUCK_LEVELS, STUCK_MOVES, STUCK_S, STUCK_SLOWER, STUCK_TIMES};
use crate::figures;
use crate::outcome::{Missing, quoted};
use crate::statistics::median;

/// What moves while a device works, and heats it or shows its heat.
const DRIVERS: [Quantity; 6] = [
    Quantity::Temperature,
    Quantity::Power,
    Quantity::Current,
    Quantity::Voltage,
    Quantity::ClockCurrent,
    Quantity::Utilisation,
];

/// A time over which a channel showed one value.
struct Hold {
    from: f64,
    /// When the next value came; of the last one its last reading.
    to: f64,
    value: f64,
    /// Nothing was read for too long before it, so that nobody knows how it began.
    is_cut: bool,
}

impl Hold {
    fn length(&self) -> f64 {
        self.to - self.from
    }
}

/// The first thermal sensor of the session that stopped, if one did.
#[must_use]
pub fn any(case: &Case) -> Option<Missing> {
    case.telemetry.of(Quantity::Temperature).find_map(|channel| seen(case, channel))
}

/// Whether this sensor stopped in the middle of the soak.
#[must_use]
pub fn seen<'a>(case: &Case<'a>, channel: &'a Channel) -> Option<Missing> {
    let holds = holds(case, channel);
    let stuck = holds.windows(STUCK_HISTORY + 1).find_map(|part| {
        let (hold, before) = part.split_last()?;
        (stops_suddenly(before, hold) && is_driven(case, channel, hold)).then_some(hold)
    })?;
    let name = quoted(&channel.name, 60);
    let (at, length) = (figures::seconds(stuck.from), figures::seconds(stuck.length()));
    let words = format!(
        "Thermal sensor {name} moved until {at} and then repeated one value for {length} while its device worked on, as a stuck sensor does"
    );
    Some(Missing::new("stuck_sensor", words).seen(&channel.name, stuck.from, stuck.to))
}

/// The values of a channel during the soak, each with how long it stood.
fn holds<'a>(case: &Case<'a>, channel: &'a Channel) -> Vec<Hold> {
    let longest = case.longest_gap(channel);
    let mut holds: Vec<Hold> = Vec::new();
    let mut before: Option<f64> = None;
    // The bits of a value are those of its raw integer: equal integers, equal bits.
    for (t, value) in case.telemetry.during_soak(channel) {
        let is_cut = before.is_some_and(|before| t - before > longest);
        match holds.last_mut() {
            Some(hold) if hold.value.to_bits() == value.to_bits() && !is_cut => hold.to = t,
            last => {
                if let Some(hold) = last.filter(|_| !is_cut) {
                    hold.to = t;
                }
                holds.push(Hold { from: t, to: t, value, is_cut });
            }
        }
        before = Some(t);
    }
    holds
}

/// Far from its usual pace at once.
fn stops_suddenly(before: &[Hold], hold: &Hold) -> bool {
    if hold.length() < STUCK_S || hold.is_cut || before.iter().skip(1).any(|hold| hold.is_cut) {
        return false;
    }
    let mut lengths: Vec<f64> = before.iter().map(Hold::length).collect();
    let longest = lengths.iter().copied().fold(0.0, f64::max);
    let last = lengths.last().copied().unwrap_or(f64::INFINITY);
    let Some(usual) = median(&mut lengths) else { return false };
    hold.length() >= STUCK_TIMES * longest && last <= STUCK_SLOWER * usual && levels(before) >= STUCK_LEVELS
}

/// How many different values there are.
fn levels(holds: &[Hold]) -> usize {
    let mut values: Vec<f64> = holds.iter().map(|hold| hold.value).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values.len()
}

/// Something that heats the device, or another sensor of its heat, kept moving.
fn is_driven(case: &Case, channel: &Channel, hold: &Hold) -> bool {
    let others = case.telemetry.all().filter(|other| other.name != channel.name);
    let mut drivers = others.filter(|other| DRIVERS.contains(&other.quantity));
    drivers.any(|driver| {
        let mut values = case.telemetry.values(driver, hold.from, hold.to).map(|(_, value)| value);
        let Some(mut last) = values.next() else { return false };
        let moves = values.filter(|value| {
            let moved = value.to_bits() != last.to_bits();
            last = *value;
            moved
        });
        moves.take(STUCK_MOVES).count() == STUCK_MOVES
    })
}
