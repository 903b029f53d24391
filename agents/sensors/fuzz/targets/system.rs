//! Memory, kills, traffic, sockets, identity.
#![no_main]

use edgesoak_sensors::capture::Kind;
use libfuzzer_sys::fuzz_target;

const KINDS: [Kind; 7] =
    [Kind::Meminfo, Kind::Psi, Kind::ExitInfo, Kind::Lmkd, Kind::Netstats, Kind::ProcNet, Kind::Getprop];

fuzz_target!(|data: &[u8]| edgesoak_sensors_fuzz::feed(data, &KINDS, &KINDS));
