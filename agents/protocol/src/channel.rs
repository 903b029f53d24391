//! What a telemetry channel measures and how its raw integers become values.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::reading::{Reading, Reason};
use crate::rule;

/// What kind of thing a channel measures: gates and reports choose channels by it, never by path.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// A temperature of anything.
    #[n(0)]
    Temperature,
    /// Throttling state of a cooling device; above zero means it acts.
    #[n(1)]
    CoolingState,
    /// Electric potential.
    #[n(2)]
    Voltage,
    /// Electric current.
    #[n(3)]
    Current,
    /// Electric power.
    #[n(4)]
    Power,
    /// A cumulative energy counter.
    #[n(5)]
    Energy,
    /// State of charge of a battery.
    #[n(6)]
    ChargeLevel,
    /// Whether a supply is online: 1 means plugged.
    #[n(7)]
    Plugged,
    /// A running clock.
    #[n(8)]
    ClockCurrent,
    /// The highest clock that policy allows at the moment.
    #[n(9)]
    ClockCap,
    /// The highest clock of the hardware.
    #[n(10)]
    ClockMax,
    /// Load average.
    #[n(11)]
    Load,
    /// Share of time in which tasks waited for a resource (PSI).
    #[n(12)]
    Pressure,
    /// A cumulative processor time counter.
    #[n(13)]
    CpuTime,
    /// Memory of the whole system.
    #[n(14)]
    SystemMemory,
    /// Memory of the runtime process.
    #[n(15)]
    RuntimeMemory,
    /// A cumulative counter of network bytes.
    #[n(16)]
    NetworkBytes,
    /// A cumulative counter of events, such as major page faults.
    #[n(17)]
    EventCount,
    /// What a battery does: 1 unknown, 2 charging, 3 discharging, 4 not charging, 5 full.
    #[n(18)]
    ChargeStatus,
    /// Charge in the battery, as its gauge counts it.
    #[n(19)]
    ChargeCounter,
    /// Share of time in which a graphics or bus unit was busy.
    #[n(20)]
    Utilisation,
    /// Severity that the system announces: 0 none to 6 shutdown. Zero does not prove that nothing throttles.
    #[n(21)]
    ThermalStatus,
    /// Whether what the system says of battery or heat is faked for a test: 1 means that it is.
    #[n(22)]
    Override,
    /// Predicted share of the way to severe throttling; 1 is there.
    #[n(23)]
    Headroom,
    /// Bits of a board: 0 to 3 act now, 16 to 19 acted since it started.
    #[n(24)]
    ThrottleFlags,
    /// What is left of the capacity of a new battery.
    #[n(25)]
    BatteryHealth,
    /// Full cycles that a battery has seen.
    #[n(26)]
    ChargeCycles,
    /// Temperature of the air around the device, by a sensor of its own.
    #[n(27)]
    Ambient,
    /// Tokens decoded per second over the window that ends at the reading, as another program measured them.
    #[n(28)]
    DecodeRate,
    /// Answers, frames or other items per second over the window that ends at the reading, as another program
    /// measured them.
    #[n(29)]
    ItemRate,
}

impl Quantity {
    /// Every quantity, in code order.
    pub const ALL: [Quantity; 30] = [
        Quantity::Temperature,
        Quantity::CoolingState,
        Quantity::Voltage,
        Quantity::Current,
        Quantity::Power,
        Quantity::Energy,
        Quantity::ChargeLevel,
        Quantity::Plugged,
        Quantity::ClockCurrent,
        Quantity::ClockCap,
        Quantity::ClockMax,
        Quantity::Load,
        Quantity::Pressure,
        Quantity::CpuTime,
        Quantity::SystemMemory,
        Quantity::RuntimeMemory,
        Quantity::NetworkBytes,
        Quantity::EventCount,
        Quantity::ChargeStatus,
        Quantity::ChargeCounter,
        Quantity::Utilisation,
        Quantity::ThermalStatus,
        Quantity::Override,
        Quantity::Headroom,
        Quantity::ThrottleFlags,
        Quantity::BatteryHealth,
        Quantity::ChargeCycles,
        Quantity::Ambient,
        Quantity::DecodeRate,
        Quantity::ItemRate,
    ];

    /// The word used in the database and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Quantity::Temperature => "temperature",
            Quantity::CoolingState => "cooling-state",
            Quantity::Voltage => "voltage",
            Quantity::Current => "current",
            Quantity::Power => "power",
            Quantity::Energy => "energy",
            Quantity::ChargeLevel => "charge-level",
            Quantity::Plugged => "plugged",
            Quantity::ClockCurrent => "clock-current",
            Quantity::ClockCap => "clock-cap",
            Quantity::ClockMax => "clock-max",
            Quantity::Load => "load",
            Quantity::Pressure => "pressure",
            Quantity::CpuTime => "cpu-time",
            Quantity::SystemMemory => "system-memory",
            Quantity::RuntimeMemory => "runtime-memory",
            Quantity::NetworkBytes => "network-bytes",
            Quantity::EventCount => "event-count",
            Quantity::ChargeStatus => "charge-status",
            Quantity::ChargeCounter => "charge-counter",
            Quantity::Utilisation => "utilisation",
            Quantity::ThermalStatus => "thermal-status",
            Quantity::Override => "override",
            Quantity::Headroom => "headroom",
            Quantity::ThrottleFlags => "throttle-flags",
            Quantity::BatteryHealth => "battery-health",
            Quantity::ChargeCycles => "charge-cycles",
            Quantity::Ambient => "ambient",
            Quantity::DecodeRate => "decode-rate",
            Quantity::ItemRate => "item-rate",
        }
    }

    /// The quantity with this [`word`](Self::word).
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quantity| quantity.word() == word)
    }
}

/// The unit of a channel's value, after scaling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Degrees Celsius.
    #[n(0)]
    Celsius,
    /// Volts.
    #[n(1)]
    Volt,
    /// Amperes; positive flows into the battery.
    #[n(2)]
    Ampere,
    /// Watts.
    #[n(3)]
    Watt,
    /// Joules.
    #[n(4)]
    Joule,
    /// Hertz.
    #[n(5)]
    Hertz,
    /// Bytes.
    #[n(6)]
    Byte,
    /// Seconds.
    #[n(7)]
    Second,
    /// Per cent.
    #[n(8)]
    Percent,
    /// A plain number.
    #[n(9)]
    One,
    /// Ampere-hours.
    #[n(10)]
    AmpereHour,
    /// Per second.
    #[n(11)]
    PerSecond,
}

impl Unit {
    /// Every unit, in code order.
    pub const ALL: [Unit; 12] = [
        Unit::Celsius,
        Unit::Volt,
        Unit::Ampere,
        Unit::Watt,
        Unit::Joule,
        Unit::Hertz,
        Unit::Byte,
        Unit::Second,
        Unit::Percent,
        Unit::One,
        Unit::AmpereHour,
        Unit::PerSecond,
    ];

    /// The symbol as it is printed behind a value and stored in the database.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::Celsius => "°C",
            Unit::Volt => "V",
            Unit::Ampere => "A",
            Unit::Watt => "W",
            Unit::Joule => "J",
            Unit::Hertz => "Hz",
            Unit::Byte => "B",
            Unit::Second => "s",
            Unit::Percent => "%",
            Unit::One => "1",
            Unit::AmpereHour => "Ah",
            Unit::PerSecond => "1/s",
        }
    }

    /// The unit with this [`symbol`](Self::symbol).
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.symbol() == symbol)
    }
}

/// Channels that are sampled together, in one `Tick`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
pub struct Group {
    /// Index of the group; its position in the header's list.
    #[n(0)]
    pub id: u8,
    /// Time between two ticks, nanoseconds.
    #[n(1)]
    pub period_ns: u64,
}

/// One row of a journal's channel table: everything needed to read the raw integers of its ticks.
#[derive(Debug, Clone, PartialEq, Encode, Decode, Serialize, Deserialize)]
#[cbor(map)]
pub struct ChannelSpec {
    /// Stable name, unique in a journal: `thermal/x86_pkg_temp`, `cpufreq/policy0/cur`.
    #[n(0)]
    pub name: String,
    /// What it measures.
    #[n(1)]
    pub quantity: Quantity,
    /// Unit of `raw * scale`.
    #[n(2)]
    pub unit: Unit,
    /// Factor from the raw integer to `unit`; carries the sign convention too.
    #[n(3)]
    pub scale: f64,
    /// Version of the rule that reads the raw text of this source.
    #[n(4)]
    pub rule: u16,
    /// Group whose ticks carry this channel.
    #[n(5)]
    pub group: u8,
    /// Where it is read: a path or a command.
    #[n(6)]
    pub source: String,
    /// Set when the channel could not be read at probe time; it then has no place in the ticks.
    #[n(7)]
    pub missing: Option<Reason>,
}

impl ChannelSpec {
    /// The value of a raw reading, in [`ChannelSpec::unit`], as the channel's [rule] reads it.
    pub fn value(&self, raw: Reading<i64>) -> Reading<f64> {
        raw.and_then(|integer| rule::apply(self.rule, integer, self.scale))
    }

    /// Raw value at which a cumulative counter starts again from zero, if it does so within its integer: its
    /// [`ChannelSpec::source`] then ends with [`MODULO`] and this number.
    pub fn wraps_at(&self) -> Option<i64> {
        let (_, modulus) = self.source.rsplit_once(MODULO)?;
        modulus.parse().ok().filter(|modulus| *modulus > 0)
    }
}

/// Stands between path and range in the source of a counter that wraps.
pub const MODULO: &str = " modulo ";

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(source: &str, rule: u16) -> ChannelSpec {
        ChannelSpec {
            name: "rapl/package-0".to_owned(),
            quantity: Quantity::Energy,
            unit: Unit::Joule,
            scale: 1e-6,
            rule,
            group: 0,
            source: source.to_owned(),
            missing: None,
        }
    }

    #[test]
    fn the_range_of_a_counter_stands_behind_its_path() {
        assert_eq!(spec("/sys/energy_uj modulo 262143328850", 1).wraps_at(), Some(262_143_328_850));
        for without in ["/sys/energy_uj", "/sys/energy_uj modulo 0", "/sys/energy_uj modulo many"] {
            assert_eq!(spec(without, 1).wraps_at(), None, "{without}");
        }
    }

    #[test]
    fn values_follow_the_rule_and_reasons_pass_through() {
        assert_eq!(spec("", rule::PLAIN).value(Ok(2_000_000)), Ok(2.0));
        assert_eq!(spec("", rule::TEMPERATURE).value(Ok(-274_000_000)), Err(Reason::Sentinel));
        assert_eq!(spec("", rule::PLAIN).value(Err(Reason::Denied)), Err(Reason::Denied));
    }

    #[test]
    fn words_and_symbols_lead_back() {
        for quantity in Quantity::ALL {
            assert_eq!(Quantity::from_word(quantity.word()), Some(quantity));
        }
        for unit in Unit::ALL {
            assert_eq!(Unit::from_symbol(unit.symbol()), Some(unit));
        }
    }
}
