//! A file of JSON: one object per line, or one document over several lines.

use serde_json::{Map, Value};

use crate::complaint::{Complaint, shown};
use crate::limits::{DOCUMENT_BYTES, ROWS};
use crate::lines::Lines;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// Objects with the lines on which they begin.
#[derive(Debug)]
pub(crate) struct Documents<'a> {
    lines: Lines<'a>,
    /// Objects that were read already, the last one first.
    waiting: Vec<(u64, Object)>,
    given: usize,
}

impl<'a> Documents<'a> {
    /// From the first line on, which was read already.
    pub(crate) fn new(first: (u64, String), mut lines: Lines<'a>) -> Result<Self, Complaint> {
        let (line, text) = first;
        let waiting = match serde_json::from_str::<Value>(&text) {
            Ok(Value::Object(object)) => vec![(line, object)],
            Ok(Value::Array(items)) => objects(line, items)?,
            Ok(_) => return Err(not_an_object(line)),
            Err(error) if error.is_eof() => document(line, text, &mut lines)?,
            Err(error) => return Err(broken(line, &error)),
        };
        Ok(Self { lines, waiting, given: 0 })
    }

    /// The first object, which says what kind of file it is.
    pub(crate) fn peek(&self) -> Option<&Object> {
        self.waiting.last().map(|(_, object)| object)
    }

    /// The next object; `None` at the end.
    pub(crate) fn next_object(&mut self) -> Result<Option<(u64, Object)>, Complaint> {
        self.given += 1;
        if let Some(next) = self.waiting.pop() {
            return Ok(Some(next));
        }
        let Some((line, text)) = self.lines.next_line()? else { return Ok(None) };
        if self.given > ROWS {
            return Err(Complaint::new(
                line,
                format!("the file has more than {ROWS} objects"),
                "split the file",
            ));
        }
        match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => Ok(Some((line, object))),
            Ok(_) => Err(not_an_object(line)),
            Err(error) => Err(broken(line, &error)),
        }
    }
}

/// One document that goes on over the lines that follow.
fn document(line: u64, mut text: String, lines: &mut Lines<'_>) -> Result<Vec<(u64, Object)>, Complaint> {
    while let Some((number, more)) = lines.next_line()? {
        text.push('\n');
        text.push_str(&more);
        if text.len() > DOCUMENT_BYTES {
            let words = format!("the document has more than {DOCUMENT_BYTES} bytes");
            return Err(Complaint::new(number, words, "write one object per line"));
        }
    }
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::Object(object)) => Ok(vec![(line, object)]),
        Ok(Value::Array(items)) => Ok(objects(line, items)?),
        Ok(_) => Err(not_an_object(line)),
        Err(error) => Err(broken(line + error.line() as u64 - 1, &error)),
    }
}

/// The objects of a list, the last one first.
fn objects(line: u64, items: Vec<Value>) -> Result<Vec<(u64, Object)>, Complaint> {
    let object = |item| match item {
        Value::Object(object) => Ok((line, object)),
        _ => Err(not_an_object(line)),
    };
    items.into_iter().rev().map(object).collect()
}

fn not_an_object(line: u64) -> Complaint {
    Complaint::new(line, "this is no JSON object", "write one JSON object per line")
}

fn broken(line: u64, error: &serde_json::Error) -> Complaint {
    let words = format!("this is not valid JSON: {}", shown(&error.to_string()));
    Complaint::new(line, words, "write one JSON object per line; NaN and Infinity are no JSON, write null")
}

/// A field of an object, which null leaves out.
pub(crate) fn field<'a>(object: &'a Object, key: &str) -> Option<&'a Value> {
    object.get(key).filter(|value| !value.is_null())
}

/// An object within an object; an empty one where there is none.
pub(crate) fn inner<'a>(line: u64, object: &'a Object, key: &str) -> Result<Option<&'a Object>, Complaint> {
    match field(object, key) {
        None => Ok(None),
        Some(Value::Object(inner)) => Ok(Some(inner)),
        Some(_) => Err(wrong(line, key, "an object")),
    }
}

/// A number of an object, within bounds.
pub(crate) fn number(
    line: u64,
    object: &Object,
    key: &str,
    low: f64,
    high: f64,
) -> Result<Option<f64>, Complaint> {
    match field(object, key) {
        None => Ok(None),
        Some(value) => {
            let number = value.as_f64().ok_or_else(|| wrong(line, key, "a number"))?;
            crate::number::within(line, key, number, low, high).map(Some)
        }
    }
}

/// A text of an object, bounded; numbers and flags count as their own words.
pub(crate) fn words(object: &Object, key: &str) -> Option<String> {
    match field(object, key)? {
        Value::String(text) => crate::said::text(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Complains about a field of another kind.
pub(crate) fn wrong(line: u64, key: &str, expected: &str) -> Complaint {
    let words = format!("`{}` must be {expected}", shown(key));
    Complaint::new(line, words, "write null, or leave the field out, where there is no value")
}
