//! `{"t": seconds, "watts": n}`: one JSON object per line, with `milliwatts` or `volts` and `amperes` instead of
//! `watts` where that is what the instrument reads. Keys of other names are its own affair.

use serde_json::{Map, Value};

use crate::measured::{Fields, Measured, Number};

/// The reading of a line; why there is none if the line is bad.
pub(crate) fn read(line: &[u8]) -> Result<Measured, &'static str> {
    let object: Map<String, Value> = serde_json::from_slice(line).map_err(|_| "it is no JSON object")?;
    let watts = field(&object, "watts")?;
    let milliwatts = field(&object, "milliwatts")?;
    let watts = match (watts, milliwatts) {
        (Some(_), Some(_)) => return Err("it has its power twice"),
        (None, milliwatts) => milliwatts.map(|number| number.map(|milliwatts| milliwatts / 1e3)),
        (watts, None) => watts,
    };
    let fields = Fields {
        seconds: field(&object, "t")?,
        watts,
        volts: field(&object, "volts")?,
        amperes: field(&object, "amperes")?,
    };
    fields.read()
}

fn field(object: &Map<String, Value>, name: &str) -> Result<Option<Number>, &'static str> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(value) => {
            value.as_f64().map(|number| Some(Some(number))).ok_or("one of its values is no number")
        }
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::Reason;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_way_to_say_power_gives_watts() {
        let watts = |line: &str| read(line.as_bytes()).map(|measured| measured.watts);
        assert_eq!(watts(r#"{"watts": 2.5}"#), Ok(Ok(2.5)));
        assert_eq!(watts(r#"{"milliwatts": 2500, "bus": 3}"#), Ok(Ok(2.5)));
        assert_eq!(watts(r#"{"volts": 5, "amperes": 0.5}"#), Ok(Ok(2.5)));
        assert_eq!(watts(r#"{"watts": null}"#), Ok(Err(Reason::Absent)));
        assert!(watts(r#"{"watts": "2.5"}"#).is_err());
        assert!(watts(r#"{"watts": 1, "milliwatts": 1000}"#).is_err());
        assert!(watts(r#"{"t": 3}"#).is_err());
        assert!(watts(r#"{"t": null, "watts": 1}"#).is_err());
        assert!(watts("[1]").is_err() && watts("2.5").is_err() && watts("{").is_err());
        assert!(watts(r#"{"watts": 1e999}"#).is_err());
    }

    proptest! {
        #[test]
        fn no_line_panics_or_gives_more_than_a_number(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(Measured { watts: Ok(watts), .. }) = read(&line) {
                prop_assert!(watts.is_finite());
            }
        }

        #[test]
        fn what_was_printed_is_what_is_read(t in -1e9f64..1e9, watts in -1e4f64..1e4) {
            let measured = read(format!("{{\"t\":{t},\"watts\":{watts}}}").as_bytes()).expect("a reading");
            // The parser may miss the last binary digit.
            prop_assert!((measured.watts.expect("a value") - watts).abs() <= watts.abs() * 1e-15);
            let own = measured.own_ns.expect("a time") as f64;
            prop_assert!((own - t * 1e9).abs() <= 256.0, "{} {}", own, t);
        }
    }
}
