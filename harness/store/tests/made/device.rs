//! The device's side: which channels it has and for how long it decodes.

use edgesoak_protocol::journal::{Header, write_header};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, Reason, Unit};

use super::frames::{encode, session_frames};

/// Monotonic time at which every made-up journal is opened, nanoseconds.
pub const OPENED_NS: u64 = 5_000_000_000_000;

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Length of the soak, seconds.
    pub soak_s: u64,
    /// Rate of the fast group, hertz.
    pub fast_hz: u64,
    /// Channels that can be read, at least 11.
    pub channels: usize,
    /// Decode rate at the start, tokens per second.
    pub tokens_per_s: u64,
}

impl Shape {
    /// Ten minutes at 10 Hz with 30 channels and about 36 thousand tokens.
    pub const TEN_MINUTES: Self = Self { soak_s: 600, fast_hz: 10, channels: 30, tokens_per_s: 78 };
    /// Enough for every query, little enough for many of them.
    pub const SHORT: Self = Self { soak_s: 12, fast_hz: 4, channels: 12, tokens_per_s: 20 };
}

fn channel(name: &str, quantity: Quantity, unit: Unit, scale: f64) -> ChannelSpec {
    ChannelSpec {
        name: name.to_owned(),
        quantity,
        unit,
        scale,
        rule: 1,
        group: 0,
        source: format!("/sys/made/{name}"),
        missing: None,
    }
}

fn table(shape: &Shape) -> Vec<ChannelSpec> {
    let mut table = vec![
        channel("thermal/soc", Quantity::Temperature, Unit::Celsius, 1e-3),
        channel("thermal/battery", Quantity::Temperature, Unit::Celsius, 1e-1),
        channel("power_supply/battery/voltage_now", Quantity::Voltage, Unit::Volt, 1e-6),
        channel("power_supply/battery/current_now", Quantity::Current, Unit::Ampere, 1e-6),
        channel("powercap/package-0/energy", Quantity::Energy, Unit::Joule, 1e-6),
        channel("hwmon/board/power1", Quantity::Power, Unit::Watt, 1e-6),
        channel("cpufreq/policy0/cur", Quantity::ClockCurrent, Unit::Hertz, 1e3),
        channel("runtime/rss_anon", Quantity::RuntimeMemory, Unit::Byte, 1024.0),
        channel("memory/available", Quantity::SystemMemory, Unit::Byte, 1024.0),
        channel("cooling/0", Quantity::CoolingState, Unit::One, 1.0),
    ];
    for number in table.len()..shape.channels {
        let name = format!("psi/cpu/{number}");
        table.push(channel(&name, Quantity::Pressure, Unit::Percent, 1e-2));
    }
    for last in table.iter_mut().skip(shape.channels - 1) {
        last.group = 1;
    }
    let mut denied = channel("powercap/dram/energy", Quantity::Energy, Unit::Joule, 1e-6);
    denied.missing = Some(Reason::Denied);
    table.insert(3, denied);
    table
}

/// The header of a session's journal.
pub fn header(run: &str, session: &str, shape: &Shape) -> Header {
    Header {
        run: run.to_owned(),
        session: session.to_owned(),
        boot_id: "7c5b2f3e-made-boot".to_owned(),
        mono_ns: OPENED_NS,
        boottime_ns: OPENED_NS + 40,
        wall_ns: 1_700_000_000_000_000_000,
        agent: "0.1.0".to_owned(),
        is_virtual: true,
        groups: vec![
            Group { id: 0, period_ns: 1_000_000_000 / shape.fast_hz },
            Group { id: 1, period_ns: 1_000_000_000 },
        ],
        channels: table(shape),
    }
}

/// A whole journal, from its header to `Finished`.
pub fn journal(run: &str, session: &str, shape: &Shape) -> Vec<u8> {
    let mut bytes = write_header(&header(run, session, shape));
    encode(&mut bytes, 0, &session_frames(shape));
    bytes
}
