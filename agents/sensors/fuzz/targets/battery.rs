//! What services, files and broadcasts say about a battery.
#![no_main]

use edgesoak_sensors::capture::Kind;
use libfuzzer_sys::fuzz_target;

const KINDS: [Kind; 3] = [Kind::Battery, Kind::Uevent, Kind::BatteryIntent];

fuzz_target!(|data: &[u8]| edgesoak_sensors_fuzz::feed(data, &KINDS, &KINDS));
