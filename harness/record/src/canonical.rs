//! Canonical JSON (RFC 8785), so that a digest does not depend on how a value was built or written.
//!
//! The RFC knows numbers as doubles only; a whole number that no double holds, beyond 2^53, keeps its digits here.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::hex;

/// SHA-256 over the canonical JSON of a value, lower-case hex.
pub fn digest(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let value = serde_json::to_value(value)?;
    Ok(hex(&Sha256::digest(text(&value))))
}

/// The canonical text of a value.
#[must_use]
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Keys sorted by UTF-16 code units, no blanks, numbers as ECMAScript writes them.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(&map[key], out);
            }
            out.push('}');
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => out.push_str(&ecma(float)),
            _ => out.push_str(&number.to_string()),
        },
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// A double as ECMAScript's `Number::toString` writes it.
///
/// The shortest digits are those of `serde_json`: where two are equally near it takes the even one, as ECMAScript
/// does and `Display` does not.
fn ecma(float: f64) -> String {
    let shortest = Value::from(float).to_string();
    let (sign, shortest) = shortest.strip_prefix('-').map_or(("", shortest.as_str()), |rest| ("-", rest));
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((shortest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let leading_zeros = all.len() - digits.len();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    // The value is `0.digits` times ten to the `point`.
    let point = exponent.parse().unwrap_or(0) + places(whole.len()) - places(leading_zeros);
    let unsigned = match point {
        1..=21 if places(digits.len()) <= point => format!("{digits:0<width$}", width = length(point)),
        1..=21 => {
            let (whole, fraction) = digits.split_at(length(point));
            format!("{whole}.{fraction}")
        }
        -5..=0 => format!("0.{:0<width$}{digits}", "", width = length(-point)),
        _ => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            format!("{first}{dot}{rest}e{:+}", point - 1)
        }
    };
    format!("{sign}{unsigned}")
}

/// Digits of a double are few.
fn places(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn length(places: i32) -> usize {
    usize::try_from(places).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn keys_are_sorted_and_numbers_are_shortest() {
        let value = serde_json::json!({"b": [10.0, 0.05, 1e-7, 1e21, -0.0, 3], "a": {"z": null, "\"": "\n"}});
        assert_eq!(text(&value), r#"{"a":{"\"":"\n","z":null},"b":[10,0.05,1e-7,1e+21,0,3]}"#);
        // By UTF-16 units a character beyond the basic plane stands before U+FB33: RFC 8785, 3.2.3.
        let keys =
            serde_json::json!({"\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6});
        let sorted = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(text(&keys), sorted);
    }

    #[test]
    fn doubles_are_written_as_the_table_of_the_rfc_has_them() {
        // RFC 8785, appendix B.
        for (bits, written) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5554, "333333333.33333325"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(ecma(f64::from_bits(bits)), written, "{bits:x}");
        }
    }

    #[test]
    fn the_digest_is_that_of_the_text() {
        // SHA-256 of `{}`.
        let known = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(digest(&serde_json::json!({})).expect("plain JSON"), known);
    }

    fn values() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<f64>().prop_filter("JSON has no others", |x| x.is_finite()).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        scalar.prop_recursive(3, 40, 6, |inner| {
            let members = prop::collection::btree_map(any::<String>(), inner.clone(), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..6).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_the_same_and_is_written_the_same(value in values()) {
            let written = text(&value);
            let read: Value = serde_json::from_str(&written).expect("it is JSON");
            prop_assert_eq!(&text(&read), &written);
            prop_assert_eq!(text(&serde_json::from_str(&value.to_string()).expect("it is JSON")), written);
        }
    }
}
