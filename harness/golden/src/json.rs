//! JSON that every reader understands alike: no key twice, no number that a double cannot hold.

use std::fmt;

use edgesoak_record::nearest::suggest;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::finding::{Finding, shortened};
use crate::problem::Problem;

/// The largest whole number up to which doubles hold every one (RFC 7493, 2.2).
const LARGEST: u64 = 1 << 53;

/// A text as a `T`, and as the value that digests are taken over.
///
/// The finding names the line from `first`, the one in which the text begins.
pub(crate) fn read<T: DeserializeOwned>(file: &str, first: u64, text: &str) -> Result<(T, Value), Finding> {
    let Strict(value) = typed(file, first, text)?;
    Ok((typed(file, first, text)?, value))
}

/// A text as a `T` whose own keys stand once.
pub(crate) fn typed<T: DeserializeOwned>(file: &str, first: u64, text: &str) -> Result<T, Finding> {
    serde_json::from_str(text).map_err(|error| finding(file, first, &error))
}

/// The error without its place, which stands beside it, and without a word of the text but its keys.
fn finding(file: &str, first: u64, error: &serde_json::Error) -> Finding {
    let told = error.to_string();
    let message = told.rsplit_once(" at line ").map_or(told.as_str(), |(message, _)| message);
    let is_of_text = error.is_data() && message.starts_with("invalid ");
    let complaint = match message.rsplit_once("expected ") {
        Some((_, expected)) if is_of_text => format!("a value is of the wrong kind: expected {expected}"),
        _ => misspelt(message)
            .map_or(message.to_owned(), |(kind, name, _)| format!("unknown {kind} `{}`", shortened(name))),
    };
    let line = first + (error.line() as u64).saturating_sub(1);
    let column = Some(error.column() as u64).filter(|column| *column > 0);
    let finding = Finding::at(file, line, Problem::Json { complaint }).column(column);
    match misspelt(message) {
        Some((_, name, known)) => finding.hint(suggest(name, known)),
        None => finding,
    }
}

/// "unknown field `a`, expected one of `b`, `c`": what it is, `a`, and those that are known.
fn misspelt(message: &str) -> Option<(&'static str, &str, Vec<&str>)> {
    let kind =
        ["field", "variant"].into_iter().find(|kind| message.starts_with(&format!("unknown {kind} `")))?;
    let (name, rest) = message.split_once('`')?.1.split_once("`, ")?;
    let known = rest.split('`').skip(1).step_by(2).collect();
    Some((if kind == "field" { "key" } else { "word" }, name, known))
}

/// A value in which no key stands twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Values).map(Strict)
    }
}

struct Values;

impl<'de> Visitor<'de> for Values {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
        Ok(yes.into())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Value, E> {
        whole(number.unsigned_abs()).map(|()| number.into())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Value, E> {
        whole(number).map(|()| number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = from.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            if members.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{}` stands twice", shortened(&key))));
            }
            let Strict(value) = from.next_value()?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}

fn whole<E: serde::de::Error>(size: u64) -> Result<(), E> {
    if size <= LARGEST {
        return Ok(());
    }
    Err(E::custom("a whole number is beyond 2^53, where readers differ: write it as a text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[expect(dead_code, reason = "only its presence matters")]
        id: u32,
        #[serde(default)]
        #[expect(dead_code, reason = "only its presence matters")]
        more: Value,
    }

    fn told(text: &str) -> String {
        let finding = read::<Row>("rows.jsonl", 7, text).expect_err("the text is broken");
        let hint = finding.hint.as_ref().map_or(String::new(), |hint| format!(" ({hint})"));
        format!("{finding}{hint}")
    }

    #[test]
    fn a_misspelt_key_is_told_with_the_nearest() {
        assert_eq!(told(r#"{"idd": 1}"#), "rows.jsonl:7:6: unknown key `idd` (did you mean `id`?)");
        assert_eq!(
            told("{\"id\": 1,\n\"mroe\": 1}").split(" (").next(),
            Some("rows.jsonl:8:6: unknown key `mroe`")
        );
        assert_eq!(told("{}"), "rows.jsonl:7:2: missing field `id`");
    }

    #[test]
    fn what_readers_would_understand_differently_is_refused() {
        assert_eq!(told(r#"{"id": 1, "id": 2}"#), "rows.jsonl:7:14: the key `id` stands twice");
        assert!(told(r#"{"id": 1, "more": {"a": {"b": 1, "b": 1}}}"#).contains("the key `b` stands twice"));
        assert!(told(r#"{"id": 1, "more": 9007199254740993}"#).contains("beyond 2^53"));
        assert!(told(r#"{"id": 1, "more": -9007199254740993}"#).contains("beyond 2^53"));
    }

    #[test]
    fn no_message_holds_a_value() {
        for hostile in
            [r#"{"id": "secret"}"#, r#"["secret"]"#, r#""secret""#, r#"{"id": 1.5, "more": "secret"}"#]
        {
            let told = told(hostile);
            assert!(!told.contains("secret"), "{told}");
        }
    }

    #[test]
    fn a_deep_text_is_refused() {
        assert!(told(&("[".repeat(10_000))).contains("recursion limit"));
    }
}
