//! Telemetry of a made-up device.

use edgesoak_record::session::{Channel, Sample, Samples};
use edgesoak_record::{Quantity, Reason, SessionRecord, Unit};

use super::decode::{Course, device_time, wobble};

/// A quantity with a name, and its value at a time of the soak.
type Recipe<'a> = (&'a str, Quantity, Unit, Box<dyn Fn(f64, u64) -> f64 + 'a>);

/// Thirty channels at this rate.
pub fn channels(course: &Course, hertz: f64) -> Vec<Channel> {
    let length = course.seconds + if course.recovery { 80.0 } else { 0.0 };
    let mut channels: Vec<Channel> = recipes(course)
        .into_iter()
        .zip(0_u64..)
        .map(|((name, quantity, unit, value), place)| {
            let mut samples = Vec::new();
            let (mut t, mut tick) = (0.0, 0_u64);
            while t <= length {
                samples.push(Sample { t: device_time(t), value: Ok(value(t, tick * 64 + place)) });
                tick += 1;
                t += 1.0 / hertz;
            }
            Channel {
                name: name.to_owned(),
                quantity,
                unit,
                source: format!("/made-up/{name}"),
                group: 0,
                missing: None,
                samples: samples.into(),
            }
        })
        .collect();
    let spare = channels[0].samples.clone();
    channels.extend((0..9).map(|core| Channel {
        name: format!("made-up/spare{core}"),
        quantity: Quantity::EventCount,
        unit: Unit::One,
        source: format!("/made-up/spare{core}"),
        group: 0,
        missing: None,
        samples: spare.clone(),
    }));
    channels.push(missing(
        "power/any",
        Quantity::Power,
        Unit::Watt,
        "/sys/class/power_supply",
        Reason::Absent,
    ));
    channels
}

pub fn missing(name: &str, quantity: Quantity, unit: Unit, source: &str, reason: Reason) -> Channel {
    Channel {
        name: name.to_owned(),
        quantity,
        unit,
        source: source.to_owned(),
        group: 0,
        missing: Some(reason),
        samples: Samples::new(),
    }
}

fn recipes(course: &Course) -> Vec<Recipe<'_>> {
    let clock = |t: f64, share: f64| {
        let part = course.rate(t) / course.cold;
        ((part * 20.0).round() / 20.0 * share * 1e9).round()
    };
    let mut recipes: Vec<Recipe<'_>> = vec![
        (
            "thermal/soc",
            Quantity::Temperature,
            Unit::Celsius,
            Box::new(|t, n| 31.0 + 17.5 * course.heat(t) + 0.35 * wobble(n)),
        ),
        (
            "thermal/battery",
            Quantity::Temperature,
            Unit::Celsius,
            Box::new(|t, _| 27.5 + 15.0 * course.heat(t * 0.7)),
        ),
        (
            "thermal/skin",
            Quantity::Temperature,
            Unit::Celsius,
            Box::new(|t, _| 26.0 + 12.0 * course.heat(t * 0.6)),
        ),
        ("cpufreq/policy0/cur", Quantity::ClockCurrent, Unit::Hertz, Box::new(move |t, _| clock(t, 1.8))),
        ("cpufreq/policy4/cur", Quantity::ClockCurrent, Unit::Hertz, Box::new(move |t, _| clock(t, 2.0))),
        ("cpufreq/policy4/max", Quantity::ClockCap, Unit::Hertz, Box::new(move |t, _| clock(t, 2.05))),
    ];
    recipes.extend(runtime_and_processor(course));
    recipes.extend(system(course));
    recipes
}

const MEBI: f64 = 1_048_576.0;

fn runtime_and_processor(course: &Course) -> Vec<Recipe<'_>> {
    let work = move |t: f64| if t > course.seconds && t < course.seconds + 60.0 { 0.08 } else { 3.9 };
    vec![
        (
            "runtime/rss_anon",
            Quantity::RuntimeMemory,
            Unit::Byte,
            Box::new(move |t, n| (118.0 + t / 600.0 * 3.0 + 0.4 * wobble(n)) * MEBI),
        ),
        ("runtime/swap", Quantity::RuntimeMemory, Unit::Byte, Box::new(|_, _| 0.0)),
        ("runtime/rss_file", Quantity::RuntimeMemory, Unit::Byte, Box::new(move |_, _| 96.0 * MEBI)),
        (
            "runtime/cpu_time",
            Quantity::CpuTime,
            Unit::Second,
            Box::new(move |t, _| cumulated(t, course, &work) * 0.97),
        ),
        (
            "cpu/user",
            Quantity::CpuTime,
            Unit::Second,
            Box::new(move |t, _| cumulated(t, course, &work) + 0.06 * t),
        ),
        ("cpu/idle", Quantity::CpuTime, Unit::Second, Box::new(|t, _| t * 4.0)),
    ]
}

fn system(course: &Course) -> Vec<Recipe<'_>> {
    vec![
        ("pressure/cpu/some", Quantity::Pressure, Unit::Second, Box::new(|t, _| t * 0.031)),
        ("pressure/memory/some", Quantity::Pressure, Unit::Second, Box::new(|_, _| 0.4)),
        ("load/1min", Quantity::Load, Unit::One, Box::new(|t, _| 4.0 - 4.0 * (-t / 60.0).exp())),
        (
            "memory/available",
            Quantity::SystemMemory,
            Unit::Byte,
            Box::new(move |_, n| (1_900.0 + wobble(n)) * MEBI),
        ),
        ("net/rx", Quantity::NetworkBytes, Unit::Byte, Box::new(|_, _| 40_960.0)),
        (
            "cooling/cpu",
            Quantity::CoolingState,
            Unit::One,
            Box::new(|t, _| if t > course.onset { 2.0 } else { 0.0 }),
        ),
        ("battery/level", Quantity::ChargeLevel, Unit::Percent, Box::new(|t, _| (82.0 - t / 120.0).round())),
        ("battery/status", Quantity::ChargeStatus, Unit::One, Box::new(|_, _| 3.0)),
    ]
}

/// Processor seconds since the beginning.
fn cumulated(t: f64, course: &Course, work: &dyn Fn(f64) -> f64) -> f64 {
    let soak = t.min(course.seconds) * work(0.0);
    let rest = (t - course.seconds).clamp(0.0, 60.0) * work(course.seconds + 1.0);
    soak + rest + (t - course.seconds - 60.0).max(0.0) * work(0.0)
}

/// As on a board without thermal zones, battery or cpufreq.
pub fn take_sensors_away(session: &mut SessionRecord) {
    session.channels.retain(|channel| {
        !matches!(
            channel.quantity,
            Quantity::Temperature | Quantity::ClockCurrent | Quantity::ClockCap | Quantity::Power
        )
    });
    session.channels.extend([
        missing("thermal/any", Quantity::Temperature, Unit::Celsius, "/sys/class/thermal", Reason::Absent),
        missing("hwmon/any", Quantity::Temperature, Unit::Celsius, "/sys/class/hwmon", Reason::Absent),
        missing(
            "cpufreq/any",
            Quantity::ClockCurrent,
            Unit::Hertz,
            "/sys/devices/system/cpu/cpufreq",
            Reason::Absent,
        ),
        missing("power/any", Quantity::Power, Unit::Watt, "/sys/class/power_supply", Reason::Absent),
        missing("rapl/any", Quantity::Energy, Unit::Joule, "/sys/class/powercap", Reason::Denied),
    ]);
}
