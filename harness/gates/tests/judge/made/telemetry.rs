//! The channels of a made-up session.

use edgesoak_record::session::{Channel, Sample};
use edgesoak_record::{Quantity, Reason, Unit};

use super::{Made, at};

/// A channel that reads a function of time.
pub fn channel(name: &str, quantity: Quantity, unit: Unit, samples: Vec<Sample>) -> Channel {
    Channel {
        name: name.to_owned(),
        quantity,
        unit,
        source: format!("/made/{name}"),
        group: 0,
        missing: None,
        samples: samples.into(),
    }
}

/// Samples of a function from 3 s before the soak to shortly after `end`.
pub fn present(hertz: f64, end: f64, value: impl Fn(f64) -> f64) -> Vec<Sample> {
    (0..100_000_u32)
        .map(|i| -3.0 + f64::from(i) / hertz)
        .take_while(|t| *t < end + 0.05)
        .map(|t| Sample { t: at(t), value: Ok(value(t)) })
        .collect()
}

fn missing(name: &str, quantity: Quantity, unit: Unit, source: &str) -> Channel {
    Channel {
        source: source.to_owned(),
        missing: Some(Reason::Absent),
        ..channel(name, quantity, unit, Vec::new())
    }
}

/// Four cores: runtime on three of them, others as told, the rest idle.
pub fn channels(made: &Made, end: f64) -> Vec<Channel> {
    let cpu = |part: f64| present(made.hertz, end, move |t| 1000.0 + (t + 10.0) * part);
    let (background, leak) = (made.background, made.leak);
    let mib = |value: f64| value * 1_048_576.0;
    let flat = |value: f64| present(made.hertz, end, move |_| value);
    let time = |name: &str, part: f64| channel(name, Quantity::CpuTime, Unit::Second, cpu(part));
    let mut channels = vec![
        time("cpu/user", 3.0 + 4.0 * background),
        time("cpu/system", 0.002),
        time("cpu/idle", 1.0 - 4.0 * background),
        time("cpu/iowait", 0.0),
        time("cpu/steal", 0.0),
        time("runtime/cpu_time", 3.0),
        channel("runtime/rss_anon", Quantity::RuntimeMemory, Unit::Byte, {
            // The allocator breathes by a tenth of a mebibyte.
            present(made.hertz, end, move |t| mib(200.0 + leak * t.max(0.0) / 60.0 + 0.05 * (t / 37.0).sin()))
        }),
        channel("runtime/rss_file", Quantity::RuntimeMemory, Unit::Byte, flat(mib(110.0))),
        channel("runtime/swap", Quantity::RuntimeMemory, Unit::Byte, flat(0.0)),
        channel("memory/available", Quantity::SystemMemory, Unit::Byte, flat(mib(4000.0))),
        channel("load/1min", Quantity::Load, Unit::One, flat(3.0)),
        missing("power/any", Quantity::Power, Unit::Watt, "/sys/class/power_supply"),
    ];
    channels.push(match made.celsius {
        Some(celsius) => {
            channel("thermal/soc", Quantity::Temperature, Unit::Celsius, present(made.hertz, end, celsius))
        }
        None => missing("thermal/any", Quantity::Temperature, Unit::Celsius, "/sys/class/thermal"),
    });
    channels
}
