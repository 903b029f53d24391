//! Lines of a meter, in the form that the lab's file names.

use edgesoak_record::lab::MeterFormat;

use crate::csv::Columns;
use crate::lines::Line;
use crate::measured::Measured;
use crate::ndjson;

/// What a line turned out to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Decoded {
    Reading(Measured),
    /// Blank, a comment, or a header.
    Nothing,
    /// Why it is no reading.
    Bad(&'static str),
}

/// Reads lines one after the other.
#[derive(Debug)]
pub(crate) enum Decoder {
    Ndjson,
    /// With the columns of the last header.
    Csv(Option<Columns>),
}

impl Decoder {
    pub(crate) fn new(format: MeterFormat) -> Self {
        match format {
            MeterFormat::Ndjson => Decoder::Ndjson,
            MeterFormat::Csv => Decoder::Csv(None),
        }
    }

    pub(crate) fn read(&mut self, line: &Line) -> Decoded {
        let Line::Whole(bytes) = line else { return Decoded::Bad("it is too long") };
        let Ok(text) = std::str::from_utf8(bytes) else { return Decoded::Bad("it is no text") };
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            return Decoded::Nothing;
        }
        let read = match self {
            Decoder::Ndjson => ndjson::read(text.as_bytes()),
            Decoder::Csv(columns) => {
                // An instrument that was switched on again prints its header again.
                if let Some(found) = Columns::of_header(text) {
                    *columns = Some(found);
                    return Decoded::Nothing;
                }
                columns
                    .as_ref()
                    .ok_or("no header has named its columns")
                    .and_then(|columns| columns.read(text))
            }
        };
        match read {
            Ok(measured) => Decoded::Reading(measured),
            Err(why) => Decoded::Bad(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Line {
        Line::Whole(text.as_bytes().to_vec())
    }

    #[test]
    fn a_table_needs_its_header_and_may_repeat_it() {
        let mut decoder = Decoder::new(MeterFormat::Csv);
        assert!(matches!(decoder.read(&whole("1,2")), Decoded::Bad(_)));
        assert_eq!(decoder.read(&whole("t,mW\r")), Decoded::Nothing);
        let reading = |seconds: i64, watts| {
            Decoded::Reading(Measured { own_ns: Some(seconds * 1_000_000_000), watts: Ok(watts) })
        };
        assert_eq!(decoder.read(&whole("1,2000")), reading(1, 2.0));
        assert_eq!(decoder.read(&whole("t,W")), Decoded::Nothing);
        assert_eq!(decoder.read(&whole("1,2")), reading(1, 2.0));
    }

    #[test]
    fn lines_that_are_none_are_bad_and_comments_are_nothing() {
        let mut decoder = Decoder::new(MeterFormat::Ndjson);
        assert!(matches!(decoder.read(&Line::TooLong), Decoded::Bad(_)));
        assert!(matches!(decoder.read(&Line::Whole(vec![0xff])), Decoded::Bad(_)));
        assert_eq!(decoder.read(&whole("# started")), Decoded::Nothing);
        assert_eq!(decoder.read(&whole("  ")), Decoded::Nothing);
    }
}
