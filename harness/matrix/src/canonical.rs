//! Canonical JSON, so that a digest does not depend on how a value was built.

use edgesoak_record::hex;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// SHA-256 over the canonical JSON of a value, lower-case hex.
pub(crate) fn digest(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let value = serde_json::to_value(value)?;
    let mut text = String::new();
    write(&value, &mut text);
    Ok(hex(&Sha256::digest(text.as_bytes())))
}

/// RFC 8785: keys sorted by UTF-16 code units, no blanks, numbers as ECMAScript writes them.
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
fn ecma(float: f64) -> String {
    if float == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&float.abs()) {
        return float.to_string();
    }
    let text = format!("{float:e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(value: &Value) -> String {
        let mut text = String::new();
        write(value, &mut text);
        text
    }

    #[test]
    fn keys_are_sorted_and_numbers_are_shortest() {
        let value = serde_json::json!({"b": [10.0, 0.05, 1e-7, 1e21, -0.0, 3], "a": {"z": null, "\"": "\n"}});
        assert_eq!(canonical(&value), r#"{"a":{"\"":"\n","z":null},"b":[10,0.05,1e-7,1e+21,0,3]}"#);
    }

    #[test]
    fn the_digest_is_that_of_the_text() {
        // SHA-256 of `{}`.
        let known = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(digest(&serde_json::json!({})).expect("plain JSON"), known);
    }
}
