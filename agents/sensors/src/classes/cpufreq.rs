//! Clocks of the processors, per policy: running, highest allowed at the moment, highest of the hardware.
//!
//! A cap below the hardware's maximum is throttling that leaves no other trace.

use edgesoak_protocol::{Quantity, Reason, Unit};

use crate::bank::{FAST, SLOW};
use crate::errno;
use crate::listing;
use crate::parse::{integer, time_in_state};
use crate::source::Kind;
use crate::table::{Channel, Entry, Table};

pub(super) const DIR: &str = "/sys/devices/system/cpu/cpufreq";
/// Policies sampled at the fast rate. Phones have two to four; on a server with one per core the first ones
/// tell enough.
const FAST_POLICIES: usize = 16;

pub(super) fn find(table: &mut Table<'_>) {
    for (position, policy) in listing::numbered(table.root, DIR, "policy").names.into_iter().enumerate() {
        let rate = if position < FAST_POLICIES { FAST } else { SLOW };
        let files = [
            ("cur", "scaling_cur_freq", Quantity::ClockCurrent, rate),
            ("cap", "scaling_max_freq", Quantity::ClockCap, rate),
            ("max", "cpuinfo_max_freq", Quantity::ClockMax, SLOW),
        ];
        for (what, file, quantity, group) in files {
            let channel = Channel::new(format!("cpufreq/{policy}/{what}"), quantity, Unit::Hertz, 1e3);
            table.add(Entry {
                path: &format!("{DIR}/{policy}/{file}"),
                group,
                kind: Kind::Switchable,
                parse: integer::one,
                channels: vec![channel],
            });
        }
        add_cycles(table, &policy);
    }
}

/// What the kernel counted itself: no clock between two samples escapes it. Kernels without it say nothing.
fn add_cycles(table: &mut Table<'_>, policy: &str) {
    let path = format!("{DIR}/{policy}/stats/time_in_state");
    if table.root.read(&path, 1).is_err_and(|error| errno::reason(&error) == Reason::Absent) {
        return;
    }
    let name = format!("cpufreq/{policy}/cycles");
    let channel = Channel::new(name, Quantity::EventCount, Unit::One, 10.0);
    let parse = time_in_state::tens_of_cycles;
    table.add(Entry { path: &path, group: SLOW, kind: Kind::Switchable, parse, channels: vec![channel] });
}
