//! `tool_call`: the answer is one call of a tool with its arguments.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::norm_exact::normalised;
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::expect::{Extra, ToolCall};
use crate::text::{folded, plain, trimmed};

const NAME: &str = "tool_call";
/// Deepest argument that is compared.
const DEEPEST: usize = 8;

#[derive(Debug)]
pub(crate) struct Call {
    name: String,
    arguments: BTreeMap<String, Value>,
    extra: Extra,
}

impl Call {
    pub(crate) fn prepare(wanted: &ToolCall) -> Result<Self, Unfit> {
        unfit::text(NAME, &wanted.name)?;
        if wanted.arguments.len() > unfit::MOST_ENTRIES {
            unfit::entries(NAME, wanted.arguments.len())?;
        }
        for value in wanted.arguments.values() {
            sound(value, 0)?;
        }
        Ok(Self { name: wanted.name.clone(), arguments: wanted.arguments.clone(), extra: wanted.extra })
    }
}

fn sound(value: &Value, depth: usize) -> Result<(), Unfit> {
    match value {
        _ if depth > DEEPEST => {
            Err(Unfit::new(NAME, format!("wants an argument more than {DEEPEST} levels deep")))
        }
        Value::String(text) if !text.is_empty() => normalised(NAME, text).map(drop),
        Value::Array(values) => values.iter().try_for_each(|value| sound(value, depth + 1)),
        Value::Object(values) => values.values().try_for_each(|value| sound(value, depth + 1)),
        _ => Ok(()),
    }
}

/// The call that a value is: `{"name", "arguments"}` or `{"name", "parameters"}`, alone or as `function`, in a list
/// of one or not.
struct Called<'a> {
    name: &'a str,
    arguments: Map<String, Value>,
}

impl<'a> Called<'a> {
    fn read(value: &'a Value) -> Result<Self, &'static str> {
        let value = match value {
            Value::Array(calls) if calls.len() == 1 => &calls[0],
            Value::Array(_) => return Err("a list that is not of one call"),
            other => other,
        };
        let object = value.get("function").filter(|inner| inner.is_object()).unwrap_or(value);
        let name = object.get("name").and_then(Value::as_str).ok_or("no object with the name of a tool")?;
        let arguments = match object.get("arguments").or_else(|| object.get("parameters")) {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(arguments)) => arguments.clone(),
            // Some models write the arguments as a text that holds JSON.
            Some(Value::String(text)) => {
                serde_json::from_str(text).map_err(|_| "arguments that are no object")?
            }
            Some(_) => return Err("arguments that are no object"),
        };
        Ok(Self { name, arguments })
    }
}

/// Texts are compared normalised, numbers by value; a number in quotes is not a number.
fn is_same(wanted: &Value, is: &Value) -> bool {
    match (wanted, is) {
        (Value::String(wanted), Value::String(is)) => {
            is.len() <= unfit::LONGEST_TEXT
                && trimmed(&folded(&plain(wanted))) == trimmed(&folded(&plain(is)))
        }
        (Value::Number(wanted), Value::Number(is)) => {
            wanted == is
                || wanted.as_f64().zip(is.as_f64()).is_some_and(|(one, other)| one.total_cmp(&other).is_eq())
        }
        (Value::Array(wanted), Value::Array(is)) => {
            wanted.len() == is.len() && wanted.iter().zip(is).all(|(wanted, is)| is_same(wanted, is))
        }
        (Value::Object(wanted), Value::Object(is)) => {
            wanted.len() == is.len()
                && wanted.iter().all(|(key, wanted)| is.get(key).is_some_and(|is| is_same(wanted, is)))
        }
        (wanted, is) => wanted == is,
    }
}

impl Rule for Call {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let Called { name, arguments } = match reading.json().and_then(Called::read) {
            Err(why) => return Finding::holds(false, why),
            Ok(called) if called.name != self.name => {
                return Finding::holds(false, format!("another tool than `{}`", self.name));
            }
            Ok(called) => called,
        };
        let wrong: Vec<&str> = self
            .arguments
            .iter()
            .filter(|(key, wanted)| !arguments.get(*key).is_some_and(|is| is_same(wanted, is)))
            .map(|(key, _)| key.as_str())
            .collect();
        let extra = match self.extra {
            Extra::Allow => 0,
            Extra::Refuse => arguments.keys().filter(|key| !self.arguments.contains_key(*key)).count(),
        };
        let right = self.arguments.len() - wrong.len();
        // The name counts as one argument.
        let points = (right + 1) as f64 / (self.arguments.len() + extra + 1) as f64;
        let mut reason = format!("`{name}` with {right} of {} arguments", self.arguments.len());
        if !wrong.is_empty() {
            let _ = write!(reason, "; missing or wrong: {}", wrong.join(", "));
        }
        if extra > 0 {
            let _ = write!(reason, "; {extra} not asked for");
        }
        Finding::graded(points, wrong.is_empty() && extra == 0, reason)
    }
}
