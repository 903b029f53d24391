//! One row for each kind of sensor that this device lacks, so that a report can say what is not there and
//! where it was looked for.

use edgesoak_protocol::{Quantity, Unit};

use super::{cpufreq, power_supply, rapl, thermal};
use crate::listing;
use crate::table::{Channel, Table};

struct Lacking {
    name: &'static str,
    quantity: Quantity,
    unit: Unit,
    /// Where it was looked for.
    dir: &'static str,
    /// The kind is there if the table has any of these.
    shown_by: &'static [Quantity],
}

const KINDS: [Lacking; 6] = [
    Lacking {
        name: "temperature/any",
        quantity: Quantity::Temperature,
        unit: Unit::Celsius,
        dir: thermal::DIR,
        shown_by: &[Quantity::Temperature],
    },
    Lacking {
        name: "cooling/any",
        quantity: Quantity::CoolingState,
        unit: Unit::One,
        dir: thermal::DIR,
        shown_by: &[Quantity::CoolingState],
    },
    Lacking {
        name: "battery/any",
        quantity: Quantity::ChargeLevel,
        unit: Unit::Percent,
        dir: power_supply::DIR,
        shown_by: &[Quantity::ChargeLevel, Quantity::ChargeStatus],
    },
    Lacking {
        name: "rapl/any",
        quantity: Quantity::Energy,
        unit: Unit::Joule,
        dir: rapl::DIR,
        shown_by: &[Quantity::Energy],
    },
    Lacking {
        name: "power/any",
        quantity: Quantity::Power,
        unit: Unit::Watt,
        dir: power_supply::DIR,
        shown_by: &[Quantity::Power, Quantity::Current, Quantity::Energy],
    },
    Lacking {
        name: "cpufreq/any",
        quantity: Quantity::ClockCurrent,
        unit: Unit::Hertz,
        dir: cpufreq::DIR,
        shown_by: &[Quantity::ClockCurrent],
    },
];

pub(super) fn find(table: &mut Table<'_>) {
    // Judged before any of these rows is added: `rapl/any` must not count as energy for `power/any`.
    let lacking: Vec<&Lacking> = KINDS.iter().filter(|kind| !table.has(kind.shown_by)).collect();
    for kind in lacking {
        let reason = listing::all(table.root, kind.dir, |_| true).reason;
        table.add_missing(Channel::new(kind.name, kind.quantity, kind.unit, 1.0), kind.dir, reason);
    }
}
