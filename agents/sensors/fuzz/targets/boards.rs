//! Rails, boards, clocks and graphics.
#![no_main]

use edgesoak_sensors::capture::Kind;
use libfuzzer_sys::fuzz_target;

const KINDS: [Kind; 8] = [
    Kind::Odpm,
    Kind::Powerstats,
    Kind::Rapl,
    Kind::Tegrastats,
    Kind::Ina3221,
    Kind::Vcgencmd,
    Kind::Gpu,
    Kind::Cpufreq,
];

fuzz_target!(|data: &[u8]| edgesoak_sensors_fuzz::feed(data, &KINDS, &KINDS));
