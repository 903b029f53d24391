//! The units that are known, with their names in English and German.

use super::unit::{Dimension, Scale};
use Dimension::{
    Current, Cycle, Dollar, Drop, Energy, Euro, Length, Loudness, Mass, Month, Power, Pressure, Resistance,
    Share, Temperature, Time, Torque, Voltage, Volume,
};

const fn times(dimension: Dimension, factor: f64) -> Scale {
    Scale { dimension, factor, offset: 0.0 }
}

const fn kelvins(factor: f64, offset: f64) -> Scale {
    Scale { dimension: Temperature, factor, offset }
}

/// A unit: its symbols, where case matters, and its names in small letters.
pub(super) struct Row {
    pub(super) symbols: &'static [&'static str],
    pub(super) names: &'static [&'static str],
    pub(super) scale: Scale,
}

const fn row(symbols: &'static [&'static str], names: &'static [&'static str], scale: Scale) -> Row {
    Row { symbols, names, scale }
}

/// `m` is metres and `min` minutes; a month has no length in days. Hertz and revolutions are [`super::unit`]'s
/// quotients by time.
pub(super) const UNITS: &[Row] = &[
    row(
        &["°C", "℃"],
        &["degc", "celsius", "degrees celsius", "degree celsius", "degrees c", "grad celsius", "grad c"],
        kelvins(1.0, 273.15),
    ),
    row(&["K"], &["kelvin"], kelvins(1.0, 0.0)),
    row(
        &["°F"],
        &["fahrenheit", "degrees fahrenheit", "grad fahrenheit"],
        kelvins(5.0 / 9.0, 459.67 * 5.0 / 9.0),
    ),
    row(&["bar"], &["bar", "bars"], times(Pressure, 1e5)),
    row(&["mbar"], &["mbar", "millibar"], times(Pressure, 1e2)),
    row(&["Pa"], &["pascal"], times(Pressure, 1.0)),
    row(&["hPa"], &["hectopascal", "hektopascal"], times(Pressure, 1e2)),
    row(&["kPa"], &["kilopascal"], times(Pressure, 1e3)),
    row(&["MPa"], &["megapascal"], times(Pressure, 1e6)),
    row(&["psi"], &["psi"], times(Pressure, 6_894.757_293_168)),
    row(
        &["μm"],
        &["micrometre", "micrometres", "micrometer", "micrometers", "mikrometer"],
        times(Length, 1e-6),
    ),
    row(
        &["mm"],
        &["mm", "millimetre", "millimetres", "millimeter", "millimeters", "millimetern"],
        times(Length, 1e-3),
    ),
    row(
        &["cm"],
        &["cm", "centimetre", "centimetres", "centimeter", "centimeters", "zentimeter", "zentimetern"],
        times(Length, 1e-2),
    ),
    row(&["m"], &["metre", "metres", "meter", "meters", "metern"], times(Length, 1.0)),
    row(
        &["km"],
        &["km", "kilometre", "kilometres", "kilometer", "kilometers", "kilometern"],
        times(Length, 1e3),
    ),
    row(&["in"], &["inch", "inches", "zoll"], times(Length, 0.0254)),
    row(
        &["ml", "mL"],
        &["millilitre", "millilitres", "milliliter", "milliliters", "millilitern"],
        times(Volume, 1e-6),
    ),
    row(&["l", "L"], &["litre", "litres", "liter", "liters", "litern"], times(Volume, 1e-3)),
    row(
        &["m^3", "m3", "cbm"],
        &["cubic metre", "cubic metres", "cubic meter", "cubic meters", "kubikmeter", "kubikmetern"],
        times(Volume, 1.0),
    ),
    row(&["g"], &["gram", "grams", "gramm"], times(Mass, 1e-3)),
    row(&["kg"], &["kg", "kilogram", "kilograms", "kilogramm", "kilo", "kilos"], times(Mass, 1.0)),
    row(&["t"], &["tonne", "tonnes", "tonnen"], times(Mass, 1e3)),
    row(&["ms"], &["millisecond", "milliseconds", "millisekunde", "millisekunden"], times(Time, 1e-3)),
    row(&["s"], &["sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden"], times(Time, 1.0)),
    row(&["min"], &["min", "mins", "minute", "minutes", "minuten"], times(Time, 60.0)),
    row(&["h"], &["hr", "hrs", "hour", "hours", "std", "stunde", "stunden"], times(Time, 3_600.0)),
    row(&["d"], &["day", "days", "tag", "tage", "tagen"], times(Time, 86_400.0)),
    row(&[], &["week", "weeks", "woche", "wochen"], times(Time, 604_800.0)),
    row(&[], &["month", "months", "monat", "monate", "monaten"], times(Month, 1.0)),
    row(&[], &["year", "years", "jahr", "jahre", "jahren"], times(Month, 12.0)),
    row(&[], &["drop", "drops", "tropfen"], times(Drop, 1.0)),
    row(
        &["U"],
        &["revolution", "revolutions", "umdrehung", "umdrehungen", "cycle", "cycles"],
        times(Cycle, 1.0),
    ),
    row(
        &["Nm", "N·m"],
        &[
            "newton metre",
            "newton metres",
            "newton meter",
            "newton meters",
            "newton-metres",
            "newtonmeter",
            "newtonmetern",
        ],
        times(Torque, 1.0),
    ),
    row(&["W"], &["watt", "watts"], times(Power, 1.0)),
    row(&["kW"], &["kw", "kilowatt", "kilowatts"], times(Power, 1e3)),
    row(&["MW"], &["megawatt", "megawatts"], times(Power, 1e6)),
    row(&["J"], &["joule", "joules"], times(Energy, 1.0)),
    row(
        &["kWh"],
        &["kwh", "kilowatt hours", "kilowatt-hours", "kilowattstunde", "kilowattstunden"],
        times(Energy, 3.6e6),
    ),
    row(&["mA"], &["milliampere", "milliamperes", "milliamps"], times(Current, 1e-3)),
    row(&["A"], &["ampere", "amperes", "amp", "amps"], times(Current, 1.0)),
    row(&["mV"], &["millivolt", "millivolts"], times(Voltage, 1e-3)),
    row(&["V"], &["volt", "volts"], times(Voltage, 1.0)),
    row(&["kV"], &["kv", "kilovolt", "kilovolts"], times(Voltage, 1e3)),
    row(&["Ω"], &["ohm", "ohms"], times(Resistance, 1.0)),
    row(&["kΩ"], &["kiloohm", "kiloohms", "kilohm"], times(Resistance, 1e3)),
    row(&["MΩ"], &["megaohm", "megaohms", "megohm"], times(Resistance, 1e6)),
    row(&["dB"], &["db", "decibel", "decibels", "dezibel"], times(Loudness, 1.0)),
    row(&["%"], &["percent", "per cent", "prozent", "vol.-%"], times(Share, 0.01)),
    row(&["‰"], &["permille", "per mille", "promille"], times(Share, 0.001)),
    row(&["€", "EUR"], &["eur", "euro", "euros"], times(Euro, 1.0)),
    row(&["ct"], &["cent", "cents"], times(Euro, 0.01)),
    row(&["$", "USD"], &["usd", "dollar", "dollars"], times(Dollar, 1.0)),
];

/// Rates that have a name of their own: per second.
pub(super) const RATES: &[Row] = &[
    row(&["Hz"], &["hz", "hertz"], times(Cycle, 1.0)),
    row(&["kHz"], &["khz", "kilohertz"], times(Cycle, 1e3)),
    row(&["rpm", "1/min", "min^-1"], &["rpm"], times(Cycle, 1.0 / 60.0)),
];
