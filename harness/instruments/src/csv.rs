//! Comma-separated values under a line that names columns and units: `time_s,power_W` or `t,volts,amperes`.
//!
//! A column is known by the last word of its name: `W`, `mW`, `V`, `mV`, `A`, `mA`, `uA`, `s`, `ms`, or one of these
//! written out. The separator is the first of tab, semicolon and comma that the header has.

use crate::measured::{Fields, Measured, Number};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Seconds,
    Watts,
    Volts,
    Amperes,
}

/// Units by their words, with the factor to the base unit.
const UNITS: &[(&[&str], Kind, f64)] = &[
    (&["w", "watt", "watts"], Kind::Watts, 1.0),
    (&["mw", "milliwatt", "milliwatts"], Kind::Watts, 1e-3),
    (&["v", "volt", "volts"], Kind::Volts, 1.0),
    (&["mv", "millivolt", "millivolts"], Kind::Volts, 1e-3),
    (&["a", "amp", "amps", "ampere", "amperes"], Kind::Amperes, 1.0),
    (&["ma", "milliamp", "milliamps", "milliamperes"], Kind::Amperes, 1e-3),
    (&["ua", "µa", "μa", "microamperes"], Kind::Amperes, 1e-6),
    (&["t", "s", "sec", "seconds"], Kind::Seconds, 1.0),
    (&["ms", "milliseconds"], Kind::Seconds, 1e-3),
];

/// More columns than any meter prints.
const MOST_COLUMNS: usize = 64;

/// The columns of a stream.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Columns {
    separator: char,
    kinds: Vec<Option<(Kind, f64)>>,
}

impl Columns {
    /// The columns that a line names; `None` if it is no header.
    pub(crate) fn of_header(line: &str) -> Option<Self> {
        let separator =
            ['\t', ';', ','].into_iter().find(|separator| line.contains(*separator)).unwrap_or(',');
        let names: Vec<&str> = line.split(separator).collect();
        if names.len() > MOST_COLUMNS {
            return None;
        }
        let kinds: Vec<_> = names.into_iter().map(kind).collect();
        let count = |wanted| kinds.iter().flatten().filter(|(kind, _)| *kind == wanted).count();
        let once =
            [Kind::Seconds, Kind::Watts, Kind::Volts, Kind::Amperes].into_iter().all(|kind| count(kind) <= 1);
        let power = count(Kind::Watts) == 1 || (count(Kind::Volts) == 1 && count(Kind::Amperes) == 1);
        (once && power).then_some(Self { separator, kinds })
    }

    /// The reading of a line; why there is none if the line is bad.
    pub(crate) fn read(&self, line: &str) -> Result<Measured, &'static str> {
        let mut fields = Fields::default();
        let mut cells = 0;
        for (cell, kind) in
            line.split(self.separator).zip(self.kinds.iter().map(Some).chain(std::iter::repeat(None)))
        {
            cells += 1;
            let Some(kind) = kind else { return Err("it has more columns than the header") };
            let Some((kind, factor)) = kind else { continue };
            let number = number(cell)?.map(|number| number * factor);
            match kind {
                Kind::Seconds => fields.seconds = Some(number),
                Kind::Watts => fields.watts = Some(number),
                Kind::Volts => fields.volts = Some(number),
                Kind::Amperes => fields.amperes = Some(number),
            }
        }
        if cells < self.kinds.len() {
            return Err("it has fewer columns than the header");
        }
        // Where the header names a power, its factors are there for people.
        if fields.watts.is_some() {
            (fields.volts, fields.amperes) = (None, None);
        }
        fields.read()
    }
}

fn kind(name: &str) -> Option<(Kind, f64)> {
    let name = name.trim().to_lowercase();
    let word = name.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty())?;
    UNITS.iter().find(|(words, ..)| words.contains(&word)).map(|(_, kind, factor)| (*kind, *factor))
}

fn number(cell: &str) -> Result<Number, &'static str> {
    let cell = cell.trim().trim_matches('"');
    if cell.is_empty() {
        return Ok(None);
    }
    let number: f64 = cell.parse().map_err(|_| "one of its values is no number")?;
    // What Rust reads as `inf` and `nan` are words for "no value" in a table.
    Ok(Some(number).filter(|number| number.is_finite()))
}

#[cfg(test)]
mod tests {
    use edgesoak_record::Reason;
    use proptest::prelude::*;

    use super::*;

    fn read(header: &str, line: &str) -> Result<Measured, &'static str> {
        Columns::of_header(header).expect("a header").read(line)
    }

    #[test]
    fn columns_are_known_by_their_units() {
        for (header, line) in [
            ("t,watts", "1.5,2.5"),
            ("time_ms;power_mW", "1500;2500"),
            ("Time (s)\tU [V]\tI [mA]", "1.5\t5\t500"),
            ("\"t\",\"note\",\"W\"", "1.5,hot,2.5"),
            ("t,volts,amperes,watts", "1.5,9,9,2.5"),
        ] {
            let measured = read(header, line).expect("a reading");
            assert_eq!(measured, Measured { own_ns: Some(1_500_000_000), watts: Ok(2.5) }, "{header}");
        }
        assert_eq!(read("watts", "").map(|measured| measured.watts), Ok(Err(Reason::Absent)));
        assert_eq!(read("watts", "nan").map(|measured| measured.watts), Ok(Err(Reason::Absent)));
    }

    #[test]
    fn what_is_no_header_or_does_not_fit_it_is_refused() {
        for header in ["1.5,2.5", "t,volts", "watts,mW", "", "power", "load,state"] {
            assert_eq!(Columns::of_header(header), None, "{header}");
        }
        for line in ["1.5", "1.5,2.5,3", "1.5,two"] {
            assert!(read("t,watts", line).is_err(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(header in ".{0,80}", line in ".{0,80}") {
            if let Some(columns) = Columns::of_header(&header)
                && let Ok(Measured { watts: Ok(watts), .. }) = columns.read(&line)
            {
                prop_assert!(watts.is_finite());
            }
        }
    }
}
