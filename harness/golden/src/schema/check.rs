//! Whether a value fits a schema.

use std::fmt;

use serde_json::Value;

use super::{Schema, Span, Type};

/// Where a value does not fit, in the words of the schema: nothing of the value is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// From the innermost place outwards.
    places: Vec<String>,
    why: String,
}

impl Misfit {
    fn new(why: impl Into<String>) -> Self {
        Self { places: Vec::new(), why: why.into() }
    }

    fn at(mut self, place: String) -> Self {
        self.places.push(place);
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.places.as_slice() {
            [] => "the top".to_owned(),
            places => places.iter().rev().map(String::as_str).collect::<Vec<_>>().join(", "),
        };
        write!(f, "at {place}: {}", self.why)
    }
}

impl<T: PartialOrd> Span<T> {
    fn holds(&self, value: &T) -> bool {
        self.least.as_ref().is_none_or(|least| value >= least)
            && self.most.as_ref().is_none_or(|most| value <= most)
    }

    fn holds_inside(&self, value: &T) -> bool {
        self.least.as_ref().is_none_or(|least| value > least)
            && self.most.as_ref().is_none_or(|most| value < most)
    }
}

impl Schema {
    /// Whether a value fits; the first misfit otherwise.
    pub fn check(&self, value: &Value) -> Result<(), Misfit> {
        if let Some(types) = &self.types
            && !types.iter().any(|wanted| wanted.is_of(value))
        {
            let names: Vec<&str> = types.iter().map(|wanted| wanted.name()).collect();
            return Err(Misfit::new(format!("another type than {}", names.join(" or "))));
        }
        if let Some(values) = &self.values
            && !values.iter().any(|wanted| is_same(wanted, value))
        {
            return Err(Misfit::new(format!("none of {} values", values.len())));
        }
        match value {
            Value::Object(object) => self.check_object(object),
            Value::Array(entries) => self.check_entries(entries),
            Value::String(text) => self.check_text(text),
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or(f64::INFINITY);
                if self.number.holds(&number) && self.exclusive.holds_inside(&number) {
                    Ok(())
                } else {
                    Err(Misfit::new("out of bounds"))
                }
            }
            Value::Null | Value::Bool(_) => Ok(()),
        }
    }

    fn check_object(&self, object: &serde_json::Map<String, Value>) -> Result<(), Misfit> {
        if let Some(missing) = self.object.required.iter().find(|name| !object.contains_key(*name)) {
            return Err(Misfit::new(format!("`{missing}` is missing")));
        }
        let unknown = object.keys().filter(|name| !self.object.properties.contains_key(*name)).count();
        if unknown > 0 && !self.object.additional {
            let noun = if unknown == 1 { "property that is" } else { "properties that are" };
            return Err(Misfit::new(format!("{unknown} {noun} not allowed")));
        }
        for (name, schema) in &self.object.properties {
            if let Some(value) = object.get(name) {
                schema.check(value).map_err(|misfit| misfit.at(format!("`{name}`")))?;
            }
        }
        Ok(())
    }

    fn check_entries(&self, entries: &[Value]) -> Result<(), Misfit> {
        if !self.array.count.holds(&(entries.len() as u64)) {
            return Err(Misfit::new("out of bounds in length"));
        }
        let Some(schema) = &self.array.items else { return Ok(()) };
        for (index, entry) in entries.iter().enumerate() {
            schema.check(entry).map_err(|misfit| misfit.at(format!("entry {}", index + 1)))?;
        }
        Ok(())
    }

    fn check_text(&self, text: &str) -> Result<(), Misfit> {
        if !self.length.holds(&(text.chars().count() as u64)) {
            return Err(Misfit::new("out of bounds in length"));
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(text) => Err(Misfit::new("the pattern does not match")),
            _ => Ok(()),
        }
    }
}

/// Equal, where `1` is `1.0`.
fn is_same(wanted: &Value, value: &Value) -> bool {
    match (wanted, value) {
        (Value::Number(wanted), Value::Number(value)) if wanted != value => {
            wanted.as_f64().zip(value.as_f64()).is_some_and(|(one, other)| one.total_cmp(&other).is_eq())
        }
        (wanted, value) => wanted == value,
    }
}

impl Type {
    fn is_of(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::String, Value::String(_))
            | (Self::Array, Value::Array(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Integer, Value::Number(number)) => {
                number.is_i64()
                    || number.is_u64()
                    || number.as_f64().is_some_and(|number| number.fract().to_bits() & !(1 << 63) == 0)
            }
            _ => false,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}
