//! Telemetry: what an agent would read from the kernel's files of a body, as raw integers with a channel table.
//!
//! Names, units and scales are those of the real agent, so that whatever reads journals cannot tell the difference.
//! Its groups too: files that are read often, files that change slowly, and one for each program. A phone that tells
//! next to nothing keeps its table short.

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, Reason, Unit, rule};

use crate::body::state::State;
use crate::profile::{Cluster, DischargeSign, Kind, Os, Profile};

/// The group of files that are read often.
pub const FAST: u8 = 0;
/// The group of files that change slowly.
pub const SLOW: u8 = 1;
/// The group of what the thermal service tells.
pub const THERMAL: u8 = 2;
/// The group of what the battery's service tells.
pub const BATTERY: u8 = 3;

/// The thermometer that hangs in a virtual room. No phone has it: that the air is known is a gift of the simulation.
const ROOM: &str = "/sys/bus/iio/devices/iio:device0/in_temp_ambient_input";

/// The channels of a kind of device.
#[derive(Debug, Clone)]
pub struct Telemetry {
    channels: Vec<(ChannelSpec, Look)>,
}

/// Where a channel looks.
#[derive(Debug, Clone, Copy)]
enum Look {
    Sensor(usize),
    CoolingState(usize),
    Clock(usize),
    ClockCap(usize),
    ClockMax(usize),
    DeviceClock(usize),
    DeviceCap(usize),
    Voltage,
    Current,
    Counter,
    Level,
    BatteryTemperature,
    ChargeStatus,
    Plugged,
    Severity,
    Room,
}

impl Telemetry {
    /// The channels that a device of this profile has.
    #[must_use]
    pub fn new(profile: &Profile) -> Self {
        let mut telemetry = Self { channels: Vec::new() };
        if profile.face.os != Os::IosLike {
            telemetry.add_zones(profile);
            telemetry.add_clocks(profile);
            telemetry.add(
                ("ambient/virtual-room", Quantity::Ambient, Unit::Celsius, 1e-3),
                SLOW,
                ROOM,
                Look::Room,
            );
        }
        telemetry.add_battery(profile);
        if profile.status.is_some() {
            let source = "dumpsys thermalservice";
            telemetry.add(
                ("thermal/status", Quantity::ThermalStatus, Unit::One, 1.0),
                THERMAL,
                source,
                Look::Severity,
            );
        }
        telemetry
    }

    /// The channel table, for a journal's header.
    pub fn specs(&self) -> impl Iterator<Item = &ChannelSpec> {
        self.channels.iter().map(|(spec, _)| spec)
    }

    /// Reads all channels of a group, in the order of the table, over what `values` held.
    pub fn sample(&self, state: State<'_>, group: u8, values: &mut Vec<RawReading>) {
        values.clear();
        let of_group = self.channels.iter().filter(|(spec, _)| spec.group == group);
        values.extend(of_group.map(|(_, look)| RawReading(read(state, *look).ok_or(Reason::Absent))));
    }

    /// Reads the channel at a position of the table.
    pub(crate) fn raw(&self, state: State<'_>, place: usize) -> RawReading {
        let look = self.channels.get(place).map(|(_, look)| *look);
        RawReading(look.and_then(|look| read(state, look)).ok_or(Reason::Absent))
    }

    fn add(
        &mut self,
        (name, quantity, unit, scale): (&str, Quantity, Unit, f64),
        group: u8,
        source: &str,
        look: Look,
    ) {
        let rule = match quantity {
            Quantity::Temperature => rule::ZONE,
            Quantity::Ambient => rule::TEMPERATURE,
            _ => rule::PLAIN,
        };
        let (name, source) = (name.to_owned(), source.to_owned());
        let spec = ChannelSpec { name, quantity, unit, scale, rule, group, source, missing: None };
        self.channels.push((spec, look));
    }

    fn add_zones(&mut self, profile: &Profile) {
        for (index, sensor) in profile.sensors.iter().enumerate() {
            let name = format!("temperature/{}", sensor.name.to_ascii_lowercase());
            let source = format!("/sys/class/thermal/thermal_zone{index}/temp");
            let channel = (name.as_str(), Quantity::Temperature, Unit::Celsius, 1e-3);
            self.add(channel, FAST, &source, Look::Sensor(index));
        }
    }

    fn add_clocks(&mut self, profile: &Profile) {
        let mut first_core = 0;
        for (index, cluster) in profile.clusters.iter().enumerate() {
            if cluster.kind == Kind::Cpu {
                self.add_policy(index, first_core);
                first_core += cluster.cores;
            } else {
                self.add_device(index, cluster);
            }
            let name = format!("cooling/{}", cluster.name);
            let source = format!("/sys/class/thermal/cooling_device{index}/cur_state");
            let channel = (name.as_str(), Quantity::CoolingState, Unit::One, 1.0);
            self.add(channel, SLOW, &source, Look::CoolingState(index));
        }
    }

    /// Clocks of processors, in kHz.
    fn add_policy(&mut self, index: usize, first_core: u32) {
        let policy = format!("policy{first_core}");
        for (leaf, quantity, group, file, look) in [
            ("cur", Quantity::ClockCurrent, FAST, "scaling_cur_freq", Look::Clock(index)),
            ("cap", Quantity::ClockCap, FAST, "scaling_max_freq", Look::ClockCap(index)),
            ("max", Quantity::ClockMax, SLOW, "cpuinfo_max_freq", Look::ClockMax(index)),
        ] {
            let name = format!("cpufreq/{policy}/{leaf}");
            let source = format!("/sys/devices/system/cpu/cpufreq/{policy}/{file}");
            self.add((name.as_str(), quantity, Unit::Hertz, 1e3), group, &source, look);
        }
    }

    /// Clocks of graphics and of buses, in Hz.
    fn add_device(&mut self, index: usize, cluster: &Cluster) {
        let names = match cluster.kind {
            Kind::Gpu => ["gpu/clock".to_owned(), "gpu/clock_cap".to_owned()],
            _ => ["cur", "cap"].map(|leaf| format!("devfreq/{}/{leaf}", cluster.name)),
        };
        let looks = [
            (Quantity::ClockCurrent, "cur_freq", Look::DeviceClock(index)),
            (Quantity::ClockCap, "max_freq", Look::DeviceCap(index)),
        ];
        for (name, (quantity, file, look)) in names.iter().zip(looks) {
            let source = format!("/sys/class/devfreq/{}/{file}", cluster.name);
            self.add((name.as_str(), quantity, Unit::Hertz, 1.0), FAST, &source, look);
        }
    }

    fn add_battery(&mut self, profile: &Profile) {
        let Some(gauge) = &profile.gauge else {
            return;
        };
        // A positive current flows into the battery; the raw integer keeps the vendor's sign.
        let sign = if gauge.discharge == DischargeSign::Positive { -1.0 } else { 1.0 };
        let table = [
            ("level", Quantity::ChargeLevel, Unit::Percent, 1.0, "capacity", Look::Level),
            ("status", Quantity::ChargeStatus, Unit::One, 1.0, "status", Look::ChargeStatus),
            ("voltage", Quantity::Voltage, Unit::Volt, 1e-6, "voltage_now", Look::Voltage),
            ("current", Quantity::Current, Unit::Ampere, sign * 1e-6, "current_now", Look::Current),
            (
                "charge_counter",
                Quantity::ChargeCounter,
                Unit::AmpereHour,
                1e-6,
                "charge_counter",
                Look::Counter,
            ),
            ("temperature", Quantity::Temperature, Unit::Celsius, 0.1, "temp", Look::BatteryTemperature),
        ];
        let told = if profile.face.os == Os::IosLike { 2 } else { table.len() };
        for (leaf, quantity, unit, scale, file, look) in table.into_iter().take(told) {
            let name = format!("battery/{leaf}");
            let source = format!("/sys/class/power_supply/battery/{file}");
            self.add((name.as_str(), quantity, unit, scale), FAST, &source, look);
        }
        let plugged = ("supply/usb/online", Quantity::Plugged, Unit::One, 1.0);
        self.add(plugged, FAST, "/sys/class/power_supply/usb/online", Look::Plugged);
    }
}

/// One raw integer.
fn read(state: State<'_>, look: Look) -> Option<i64> {
    let number = |number: u64| i64::try_from(number).ok();
    match look {
        Look::Sensor(index) => state.sensor(index).map(|celsius| thousandths(celsius.0)),
        Look::CoolingState(index) => i64::try_from(state.clock(index)?.cooling_state).ok(),
        Look::Clock(index) => number(state.clock(index)?.now_khz),
        Look::ClockCap(index) => number(state.clock(index)?.allowed_khz),
        Look::ClockMax(index) => number(state.clock(index)?.most_khz),
        Look::DeviceClock(index) => number(state.clock(index)?.now_khz.checked_mul(1_000)?),
        Look::DeviceCap(index) => number(state.clock(index)?.allowed_khz.checked_mul(1_000)?),
        Look::Voltage => Some(state.gauge()?.voltage_uv),
        Look::Current => Some(state.gauge()?.current_ua),
        Look::Counter => Some(state.gauge()?.counter_uah),
        Look::Level => Some(state.gauge()?.percent),
        // The kernel's files count tenths of a degree here.
        Look::BatteryTemperature => Some(state.gauge()?.temperature_mc.div_euclid(100)),
        Look::ChargeStatus => Some(i64::from(state.charge_status()?.code())),
        Look::Plugged => Some(i64::from(state.is_plugged())),
        Look::Severity => state.severity().map(|severity| severity as i64),
        Look::Room => Some(thousandths(state.ambient().0)),
    }
}

fn thousandths(celsius: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and bodies stay far below")]
    let raw = (celsius * 1e3).round() as i64;
    raw
}

#[cfg(test)]
#[path = "telemetry_tests.rs"]
mod tests;
