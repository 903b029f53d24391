//! Units: what a number counts, and how to bring two of them together.

use super::unit_table::{RATES, Row, UNITS};

/// What can be converted into each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension {
    Temperature,
    Pressure,
    Length,
    Volume,
    Mass,
    Time,
    /// Calendar months: no fixed number of days.
    Month,
    /// Turns and oscillations.
    Cycle,
    Drop,
    Torque,
    Power,
    Energy,
    Current,
    Voltage,
    Resistance,
    Loudness,
    /// Parts of one.
    Share,
    Euro,
    Dollar,
}

/// How a unit stands to the base unit of its dimension: `value * factor + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    pub(super) dimension: Dimension,
    pub(super) factor: f64,
    pub(super) offset: f64,
}

/// A unit, or a quotient of two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Unit {
    above: Scale,
    below: Option<Scale>,
}

const PER_SECOND: Scale = Scale { dimension: Dimension::Time, factor: 1.0, offset: 0.0 };
/// What stands between the two units of a quotient.
const PER: [&str; 9] = ["/", " / ", " per ", " pro ", " je ", " a ", " an ", " each ", " every "];
/// Bytes that are looked at: no unit is longer.
const LONGEST: usize = 64;

impl Unit {
    /// A unit that is written and nothing else, such as `drops/min` or `Tropfen pro Minute`.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let plain = crate::text::plain(written);
        let (unit, length) = Self::at_start(&plain)?;
        (length == plain.len()).then_some(unit)
    }

    /// The unit at the start of a plain text, and its length in bytes.
    pub(crate) fn at_start(text: &str) -> Option<(Self, usize)> {
        let text = &text[..text.floor_char_boundary(LONGEST)];
        if let Some((scale, length)) = named(RATES, text) {
            return Some((Self { above: scale, below: Some(PER_SECOND) }, length));
        }
        let (above, length) = named(UNITS, text)?;
        let quotient = PER.iter().find_map(|per| {
            let behind = text[length..].strip_prefix(per)?;
            let (below, more) = named(UNITS, behind)?;
            Some((below, length + per.len() + more))
        });
        Some(match quotient {
            // Below the line a temperature is a difference.
            Some((below, length)) => (Self { above, below: Some(below) }, length),
            None => (Self { above, below: None }, length),
        })
    }

    /// Whether numbers in both units can be compared.
    pub(crate) fn is_like(self, other: Self) -> bool {
        self.above.dimension == other.above.dimension
            && self.below.map(|scale| scale.dimension) == other.below.map(|scale| scale.dimension)
    }

    /// A number in this unit, in another unit that is like it.
    pub(crate) fn convert(self, number: f64, into: Self) -> f64 {
        if self == into {
            return number;
        }
        let below = |unit: Self| unit.below.map_or(1.0, |scale| scale.factor);
        let base = (number * self.above.factor + self.above.offset) / below(self);
        (base * below(into) - into.above.offset) / into.above.factor
    }
}

/// The longest symbol or name of a table at the start of a text, ended by the end of a word.
fn named(table: &[Row], text: &str) -> Option<(Scale, usize)> {
    let ends = |length: usize, name: &str| {
        let wordy = name.ends_with(|c: char| c.is_alphanumeric());
        !(wordy && text[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '^'))
    };
    let symbol = |name: &&str| (text.starts_with(*name) && ends(name.len(), name)).then_some(name.len());
    let name = |name: &&str| begins(text, name).filter(|length| ends(*length, name));
    let lengths =
        |row: &Row| row.symbols.iter().filter_map(symbol).chain(row.names.iter().filter_map(name)).max();
    let (scale, length) =
        table.iter().filter_map(|row| Some((row.scale, lengths(row)?))).max_by_key(|(_, length)| *length)?;
    // The point of a short form: `5 Min.`; at the end of a sentence it may be either and changes nothing.
    Some((scale, length))
}

/// Length of a name at the start of a text in any case; all names are ASCII or hold no letter whose case has another
/// length.
fn begins(text: &str, name: &str) -> Option<usize> {
    let head = text.get(..name.len())?;
    head.eq_ignore_ascii_case(name).then_some(name.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Unit;

    fn unit(written: &str) -> Unit {
        Unit::parse(written).unwrap_or_else(|| panic!("{written} is a unit"))
    }

    fn converted(number: f64, from: &str, into: &str) -> f64 {
        assert!(unit(from).is_like(unit(into)), "{from} {into}");
        unit(from).convert(number, unit(into))
    }

    #[test]
    fn units_convert() {
        for (number, from, into, expected) in [
            (85.0, "°C", "K", 358.15),
            (185.0, "°F", "°C", 85.0),
            (4.0, "h", "Minuten", 240.0),
            (2.0, "years", "Monate", 24.0),
            (10.0, "drops/min", "Tropfen pro Stunde", 600.0),
            (1480.0, "rpm", "U/min", 1480.0),
            (1500.0, "1/min", "Hz", 25.0),
            (48.0, "m³/h", "l/s", 13.333_333_333),
            (7.1, "mm/s", "m/s", 0.0071),
            (0.4, "bar", "kPa", 40.0),
            (50.0, "ct", "€", 0.5),
            (22.0, "kW", "W", 22_000.0),
        ] {
            let got = converted(number, from, into);
            assert!((got - expected).abs() < 1e-6 * expected.abs(), "{number} {from} = {got} {into}");
        }
    }

    #[test]
    fn what_counts_something_else_is_not_like() {
        for (one, other) in [("h", "months"), ("drops", "drops/min"), ("€", "$"), ("bar", "°C"), ("Nm", "J")]
        {
            assert!(!unit(one).is_like(unit(other)), "{one} {other}");
        }
    }

    #[test]
    fn case_tells_symbols_apart_and_not_names() {
        assert!(converted(1.0, "mV", "V") < 1.0 && unit("kV").is_like(unit("V")));
        assert_eq!(unit("Bar"), unit("bar"));
        assert_eq!(unit("STUNDEN"), unit("h"));
        for bad in ["", "flobs", "mpa", "drops/", "bar x", "10", "H"] {
            assert_eq!(Unit::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_unit_ends_where_its_word_ends() {
        assert_eq!(Unit::at_start("minimum"), None);
        assert_eq!(Unit::at_start("h. Then").map(|(_, length)| length), Some(1));
        assert_eq!(Unit::at_start("drops per minute are").map(|(_, length)| length), Some(16));
        assert_eq!(Unit::at_start("m^2"), None);
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same(number in -1e6_f64..1e6, pair in prop::sample::select(vec![
            ("°C", "°F"), ("bar", "psi"), ("drops/min", "drops/h"), ("m³/h", "l/min"), ("kW", "W"),
        ])) {
            let (from, into) = (unit(pair.0), unit(pair.1));
            let back = into.convert(from.convert(number, into), from);
            prop_assert!((back - number).abs() <= 1e-9 * number.abs().max(1e3));
        }

        #[test]
        fn any_text_is_read(text in any::<String>()) {
            let _ = Unit::at_start(&text);
        }
    }
}
