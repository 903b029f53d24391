//! Columns by their names: what a column holds, and the factor from its unit to ours.

use edgesoak_protocol::{Quantity, Unit};

use crate::recording::Counted;

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Column {
    /// When the row was; factor to seconds.
    Time(f64),
    /// `submit`, `token` or `done`.
    Event,
    /// Id of the item that was asked.
    Item,
    /// Tokens that a callback brought.
    Tokens,
    /// Length of the prompt, tokens.
    PromptTokens,
    /// How an answer ended.
    Finish,
    /// A rate over the window that ends at the row; factor to one per second.
    Rate(Counted, f64),
    /// A reading of a channel.
    Channel(Channel),
}

/// A channel that a column becomes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Channel {
    pub(crate) name: String,
    pub(crate) quantity: Quantity,
    pub(crate) unit: Unit,
    /// Our unit is `number * scale + shift`.
    pub(crate) scale: f64,
    pub(crate) shift: f64,
}

/// A unit as the end of a name: factor and shift to ours.
type Ending = (&'static str, f64, f64);

const CELSIUS: &[Ending] =
    &[("c", 1.0, 0.0), ("mc", 1e-3, 0.0), ("k", 1.0, -273.15), ("f", 5.0 / 9.0, -160.0 / 9.0)];
const WATT: &[Ending] = &[("w", 1.0, 0.0), ("mw", 1e-3, 0.0), ("uw", 1e-6, 0.0)];
const VOLT: &[Ending] = &[("v", 1.0, 0.0), ("mv", 1e-3, 0.0), ("uv", 1e-6, 0.0)];
const AMPERE: &[Ending] = &[("a", 1.0, 0.0), ("ma", 1e-3, 0.0), ("ua", 1e-6, 0.0)];
const CHARGE: &[Ending] = &[("ah", 1.0, 0.0), ("mah", 1e-3, 0.0), ("uah", 1e-6, 0.0)];
const PERCENT: &[Ending] = &[("percent", 1.0, 0.0), ("ratio", 100.0, 0.0)];
const HERTZ: &[Ending] = &[("hz", 1.0, 0.0), ("khz", 1e3, 0.0), ("mhz", 1e6, 0.0), ("ghz", 1e9, 0.0)];
const BYTE: &[Ending] = &[("bytes", 1.0, 0.0), ("kib", 1024.0, 0.0), ("mib", 1_048_576.0, 0.0)];
const SECOND: &[Ending] = &[("s", 1.0, 0.0), ("ms", 1e-3, 0.0), ("us", 1e-6, 0.0), ("ns", 1e-9, 0.0)];
const TOKENS: &[Ending] = &[("tokens_per_s", 1.0, 0.0), ("tokens_per_min", 1.0 / 60.0, 0.0)];
const ITEMS: &[Ending] = &[("items_per_s", 1.0, 0.0), ("items_per_min", 1.0 / 60.0, 0.0)];

/// Columns with a unit: begin of the name, channel, quantity, unit, endings. A channel that ends in `/` takes a name of
/// its own behind a dot.
const MEASURED: &[(&str, &str, Quantity, Unit, &[Ending])] = &[
    ("temperature", "thermal/", Quantity::Temperature, Unit::Celsius, CELSIUS),
    ("battery_temperature", "battery/temperature", Quantity::Temperature, Unit::Celsius, CELSIUS),
    ("skin_temperature", "skin/temperature", Quantity::Temperature, Unit::Celsius, CELSIUS),
    ("ambient", "ambient/room", Quantity::Ambient, Unit::Celsius, CELSIUS),
    ("power", "power/", Quantity::Power, Unit::Watt, WATT),
    ("battery_power", "battery/power", Quantity::Power, Unit::Watt, WATT),
    ("battery_voltage", "battery/voltage", Quantity::Voltage, Unit::Volt, VOLT),
    ("battery_current", "battery/current", Quantity::Current, Unit::Ampere, AMPERE),
    ("battery_level", "battery/level", Quantity::ChargeLevel, Unit::Percent, PERCENT),
    ("charge_counter", "battery/charge_counter", Quantity::ChargeCounter, Unit::AmpereHour, CHARGE),
    ("clock", "clock/", Quantity::ClockCurrent, Unit::Hertz, HERTZ),
    ("runtime_memory", "runtime/rss_anon", Quantity::RuntimeMemory, Unit::Byte, BYTE),
];

/// Columns without a unit.
const STATES: &[(&str, &str, Quantity)] = &[
    ("thermal_status", "thermal-status", Quantity::ThermalStatus),
    ("charge_status", "battery/status", Quantity::ChargeStatus),
    ("plugged", "battery/plugged", Quantity::Plugged),
];

/// The column of this name, whatever its case; `None` for one that is not known.
pub(crate) fn of(name: &str) -> Option<Column> {
    let name = name.trim().to_ascii_lowercase();
    match name.as_str() {
        "event" => return Some(Column::Event),
        "item" => return Some(Column::Item),
        "tokens" => return Some(Column::Tokens),
        "prompt_tokens" => return Some(Column::PromptTokens),
        "finish" => return Some(Column::Finish),
        _ => {}
    }
    if let Some((scale, _)) = ending(&name, "t", SECOND) {
        return Some(Column::Time(scale));
    }
    if let Some((scale, _)) = ending(&name, "rate", TOKENS) {
        return Some(Column::Rate(Counted::Tokens, scale));
    }
    if let Some((scale, _)) = ending(&name, "rate", ITEMS) {
        return Some(Column::Rate(Counted::Items, scale));
    }
    state(&name).or_else(|| MEASURED.iter().find_map(|row| measured(&name, row))).map(Column::Channel)
}

fn state(name: &str) -> Option<Channel> {
    let (_, channel, quantity) = STATES.iter().find(|(known, ..)| *known == name)?;
    Some(Channel {
        name: (*channel).to_owned(),
        quantity: *quantity,
        unit: Unit::One,
        scale: 1.0,
        shift: 0.0,
    })
}

fn measured(
    name: &str,
    (begin, channel, quantity, unit, endings): &(&str, &str, Quantity, Unit, &[Ending]),
) -> Option<Channel> {
    let rest = name.strip_prefix(begin)?;
    let (own, rest) = match (channel.strip_suffix('/'), rest.strip_prefix('.')) {
        (Some(_), Some(dotted)) => {
            let (own, _) = dotted.rsplit_once('_')?;
            (own, &dotted[own.len()..])
        }
        (Some(_), None) => ("device", rest),
        (None, None) => ("", rest),
        (None, Some(_)) => return None,
    };
    if own.len() > LONGEST_OWN || !own.chars().all(is_plain) {
        return None;
    }
    let (scale, shift) = ending(rest, "", endings)?;
    Some(Channel { name: format!("{channel}{own}"), quantity: *quantity, unit: *unit, scale, shift })
}

/// The name of the column that holds what this channel measures, in its own unit; `None` where no column can. Where the
/// column takes a name of its own, that of the channel is written as plainly as such names are.
pub(crate) fn name_of(channel: &str, quantity: Quantity, unit: Unit) -> Option<String> {
    if let Some((column, ..)) = STATES.iter().find(|(_, known, of)| *known == channel && *of == quantity) {
        return Some((*column).to_owned());
    }
    let rows = || MEASURED.iter().filter(|(_, _, of, in_unit, _)| *of == quantity && *in_unit == unit);
    let exact = rows().find(|(_, known, ..)| *known == channel);
    let family = || rows().find(|(_, known, ..)| known.ends_with('/'));
    let (begin, known, _, _, endings) = exact.or_else(family)?;
    let (symbol, ..) = endings.first()?;
    if exact.is_some() {
        return Some(format!("{begin}_{symbol}"));
    }
    let own = channel.strip_prefix(known).unwrap_or(channel);
    let plain = |char: char| if is_plain(char) { char } else { '-' };
    let own: Vec<char> = own.chars().map(plain).collect();
    // Names that are too long differ at their ends.
    let own: String = own[own.len().saturating_sub(LONGEST_OWN)..].iter().collect();
    let own = own.to_ascii_lowercase();
    Some(format!("{begin}.{own}_{symbol}"))
}

/// Longest name of its own that a column takes, characters.
const LONGEST_OWN: usize = 40;

fn is_plain(char: char) -> bool {
    char.is_ascii_alphanumeric() || "-_.".contains(char)
}

/// Factor and shift of a name that is `begin`, an underscore and one of the endings.
fn ending(name: &str, begin: &str, endings: &[Ending]) -> Option<(f64, f64)> {
    let unit = name.strip_prefix(begin)?.strip_prefix('_')?;
    endings.iter().find(|(known, ..)| *known == unit).map(|(_, scale, shift)| (*scale, *shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(name: &str) -> Option<(String, Quantity, f64, f64)> {
        match of(name)? {
            Column::Channel(channel) => Some((channel.name, channel.quantity, channel.scale, channel.shift)),
            _ => None,
        }
    }

    #[test]
    fn every_name_that_is_given_is_known() {
        for (name, quantity, unit) in [
            ("thermal/x86_pkg_temp", Quantity::Temperature, Unit::Celsius),
            ("battery/temperature", Quantity::Temperature, Unit::Celsius),
            ("hwmon/nvme/Composite (1)", Quantity::Temperature, Unit::Celsius),
            ("cpufreq/policy0/cur", Quantity::ClockCurrent, Unit::Hertz),
            ("runtime/rss_anon", Quantity::RuntimeMemory, Unit::Byte),
            ("battery/level", Quantity::ChargeLevel, Unit::Percent),
            ("battery/status", Quantity::ChargeStatus, Unit::One),
            ("power/device", Quantity::Power, Unit::Watt),
        ] {
            let column = name_of(name, quantity, unit).expect("a column");
            let (known, of, scale, shift) = channel(&column).unwrap_or_else(|| panic!("{column} is unknown"));
            assert_eq!((of, scale, shift), (quantity, 1.0, 0.0), "{column}");
            let kept = !matches!(name, "hwmon/nvme/Composite (1)" | "cpufreq/policy0/cur");
            assert_eq!(known == name, kept, "{column}");
        }
        let long = name_of(&"é".repeat(300), Quantity::Power, Unit::Watt).expect("a column");
        assert!(channel(&long).is_some(), "{long}");
        for (name, quantity, unit) in [
            ("rail/voltage", Quantity::Voltage, Unit::Volt),
            ("psi/cpu", Quantity::Pressure, Unit::Percent),
            ("thermal/percentage", Quantity::Temperature, Unit::Percent),
        ] {
            assert_eq!(name_of(name, quantity, unit), None, "{name}");
        }
    }

    #[test]
    fn the_unit_stands_at_the_end_of_the_name() {
        assert_eq!(of("t_ms"), Some(Column::Time(1e-3)));
        assert_eq!(of("Rate_tokens_per_s"), Some(Column::Rate(Counted::Tokens, 1.0)));
        let battery = ("battery/temperature".to_owned(), Quantity::Temperature, 1.0, -273.15);
        assert_eq!(channel("battery_temperature_K"), Some(battery));
        assert_eq!(channel("power_mw"), Some(("power/device".to_owned(), Quantity::Power, 1e-3, 0.0)));
        let named = ("power/vdd_in".to_owned(), Quantity::Power, 1.0, 0.0);
        assert_eq!(channel("power.vdd_in_w"), Some(named));
        assert_eq!(channel("thermal_status").map(|found| found.1), Some(Quantity::ThermalStatus));
        for unknown in
            ["power", "power_", "power_kg", "t", "t_h", "power.a/b_w", "battery_level.x_percent", ""]
        {
            assert_eq!(of(unknown), None, "{unknown}");
        }
    }
}
