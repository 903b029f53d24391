//! What services and listings say about heat.
#![no_main]

use edgesoak_sensors::capture::Kind;
use libfuzzer_sys::fuzz_target;

const KINDS: [Kind; 4] = [Kind::Thermalservice, Kind::Ithermal, Kind::ThermalZones, Kind::HardwareProperties];

fuzz_target!(|data: &[u8]| edgesoak_sensors_fuzz::feed(data, &KINDS, &KINDS));
