//! Watching the channels of a device for a while, to learn how far each can be trusted.

use std::thread;
use std::time::Duration;

use edgesoak_protocol::quality::{self, Companions, Quality};
use edgesoak_protocol::{ChannelSpec, Quantity, RawReading};
use edgesoak_sensors::{Bank, FAST, SLOW, clocks};

use crate::schedule::Schedule;

const FAST_PERIOD_NS: u64 = 100_000_000;
const SLOW_PERIOD_NS: u64 = 1_000_000_000;

/// Values of one channel over time: seconds and value.
pub type Series = Vec<(f64, f64)>;

/// Reads the file channels for this long: the quality of each channel of the bank, in its order. Channels without two
/// readings have none.
pub(crate) fn watch(bank: &mut Bank, length: Duration) -> Vec<Quality> {
    let series = read(bank, length);
    qualities(bank.specs(), &series)
}

fn read(bank: &mut Bank, length: Duration) -> Vec<Series> {
    let mut series: Vec<Series> = vec![Vec::new(); bank.specs().len()];
    let start_ns = clocks::mono_ns();
    let end_ns = start_ns.saturating_add(u64::try_from(length.as_nanos()).unwrap_or(u64::MAX));
    let mut groups = [(FAST, FAST_PERIOD_NS), (SLOW, SLOW_PERIOD_NS)]
        .map(|(id, period_ns)| (id, Schedule::new(start_ns, period_ns)));
    let mut values: Vec<RawReading> = Vec::new();
    loop {
        for (id, schedule) in &mut groups {
            let now = clocks::mono_ns();
            if schedule.take(now).is_none() {
                continue;
            }
            bank.read(*id, &mut values);
            let seconds = (now - start_ns) as f64 / 1e9;
            let present = |spec: &&ChannelSpec| spec.group == *id && spec.missing.is_none();
            let rows = bank.specs().iter().zip(&mut series).filter(|(spec, _)| present(spec));
            for ((spec, series), raw) in rows.zip(&values) {
                series.extend(spec.value(raw.0).ok().map(|value| (seconds, value)));
            }
        }
        let next_ns = groups.iter().map(|(_, schedule)| schedule.next_ns()).min().unwrap_or(end_ns);
        if next_ns > end_ns {
            return series;
        }
        thread::sleep(Duration::from_nanos(next_ns.saturating_sub(clocks::mono_ns())));
    }
}

/// The quality of each channel, from one series each. A channel without two readings has none.
#[must_use]
pub fn qualities(specs: &[ChannelSpec], series: &[Series]) -> Vec<Quality> {
    let moved: Vec<bool> = series.iter().map(moves).collect();
    let movers = moved.iter().filter(|moved| **moved).count();
    let judge = |(index, spec): (usize, &ChannelSpec)| {
        let beside = |quantity| companion(specs, spec, quantity).map_or(&[][..], |at| &series[at]);
        let companions = Companions {
            charge_counter: beside(Quantity::ChargeCounter),
            level: beside(Quantity::ChargeLevel),
            status: beside(Quantity::ChargeStatus),
            others_moved: movers > usize::from(moved[index]),
        };
        match series[index].len() {
            0 | 1 => Quality::default(),
            _ => quality::of(spec.quantity, &series[index], &companions),
        }
    };
    specs.iter().enumerate().map(judge).collect()
}

fn moves(series: &Series) -> bool {
    series.windows(2).any(|pair| pair[0].1.to_bits() != pair[1].1.to_bits())
}

/// The channel of this quantity that belongs to the same battery: its name begins alike.
fn companion(specs: &[ChannelSpec], of: &ChannelSpec, quantity: Quantity) -> Option<usize> {
    let part = |spec: &ChannelSpec| spec.name.rsplit_once('/').map(|(part, _)| part.to_owned());
    let part_of = part(of);
    specs.iter().position(|spec| spec.quantity == quantity && spec.missing.is_none() && part(spec) == part_of)
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::Unit;
    use edgesoak_protocol::quality::{Convention, Found, Sign};

    use super::*;

    fn spec(name: &str, quantity: Quantity) -> ChannelSpec {
        let (name, source) = (name.to_owned(), String::new());
        ChannelSpec { name, quantity, unit: Unit::One, scale: 1.0, rule: 1, group: 0, source, missing: None }
    }

    #[test]
    fn a_current_is_judged_beside_its_own_battery() {
        let specs = [
            spec("battery/main/current", Quantity::Current),
            spec("battery/backup/status", Quantity::ChargeStatus),
            spec("battery/main/status", Quantity::ChargeStatus),
            spec("temperature/skin", Quantity::Temperature),
        ];
        let line = |value: &dyn Fn(u32) -> f64| (0..50).map(|t| (f64::from(t), value(t))).collect::<Series>();
        let series = [line(&|t| -0.3 - f64::from(t % 5) * 0.01), line(&|_| 2.0), line(&|_| 3.0), Vec::new()];
        let judged = qualities(&specs, &series);
        let wanted = Sign { convention: Convention::IntoBattery, found: Found::Status };
        assert_eq!(judged[0].sign, Some(wanted));
        assert!(judged[0].resolution.is_some_and(|step| (step - 0.01).abs() < 1e-9), "{:?}", judged[0]);
        assert_eq!(judged[3], Quality::default(), "what was never read has no quality");
    }
}
