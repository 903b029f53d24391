//! From JSON to a schema, or why not.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{ArrayRules, ObjectRules, Schema, Span, Type};
use crate::score::compile_pattern;

/// Deepest schema.
const DEEPEST: usize = 16;
const WITHOUT_EFFECT: [&str; 5] = ["$schema", "$id", "title", "description", "examples"];
const KNOWN: [&str; 16] = [
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
];

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct SchemaError {
    place: String,
    why: String,
}

impl Schema {
    /// Reads a schema; refuses what it would not check.
    pub fn compile(value: &Value) -> Result<Self, SchemaError> {
        compile(value, "the top", 0)
    }
}

fn compile(value: &Value, place: &str, depth: usize) -> Result<Schema, SchemaError> {
    let refuse = |why: &str| SchemaError { place: format!("at {place}"), why: why.to_owned() };
    let keywords = value.as_object().ok_or_else(|| refuse("a schema is an object"))?;
    if depth > DEEPEST {
        return Err(refuse("deeper than 16 levels"));
    }
    if let Some(unknown) =
        keywords.keys().find(|key| !KNOWN.contains(&key.as_str()) && !WITHOUT_EFFECT.contains(&key.as_str()))
    {
        return Err(refuse(&format!("the keyword `{unknown}` is not known here")));
    }
    let keywords = Keywords { keywords, place };
    let constant = keywords.keywords.get("const").map(|value| vec![value.clone()]);
    let schema = Schema {
        types: keywords.read("type", types)?,
        values: constant
            .or(keywords
                .read("enum", |value| value.as_array().filter(|values| !values.is_empty()).cloned())?),
        object: object_rules(&keywords, depth)?,
        array: ArrayRules {
            items: keywords
                .keywords
                .get("items")
                .map(|items| compile(items, "the entries", depth + 1).map(Box::new))
                .transpose()?,
            count: keywords.span("minItems", "maxItems", Value::as_u64)?,
        },
        length: keywords.span("minLength", "maxLength", Value::as_u64)?,
        pattern: keywords.read("pattern", |value| compile_pattern(value.as_str()?).ok())?,
        number: keywords.span("minimum", "maximum", Value::as_f64)?,
        exclusive: keywords.span("exclusiveMinimum", "exclusiveMaximum", Value::as_f64)?,
    };
    let allowed = |name: &String| schema.object.additional || schema.object.properties.contains_key(name);
    if schema.object.required.iter().all(allowed) {
        Ok(schema)
    } else {
        Err(refuse("`required` asks for what is not allowed"))
    }
}

fn object_rules(keywords: &Keywords<'_>, depth: usize) -> Result<ObjectRules, SchemaError> {
    let mut properties = BTreeMap::new();
    for (name, schema) in keywords.read("properties", |value| value.as_object())?.into_iter().flatten() {
        properties.insert(name.clone(), compile(schema, &format!("`{name}`"), depth + 1)?);
    }
    let names =
        |value: &Value| value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect();
    Ok(ObjectRules {
        properties,
        required: keywords.read("required", names)?.unwrap_or_default(),
        additional: keywords.read("additionalProperties", Value::as_bool)?.unwrap_or(true),
    })
}

struct Keywords<'a> {
    keywords: &'a Map<String, Value>,
    place: &'a str,
}

impl<'a> Keywords<'a> {
    fn read<T>(
        &self,
        key: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, SchemaError> {
        let Some(value) = self.keywords.get(key) else { return Ok(None) };
        let refused =
            || SchemaError { place: format!("at {}", self.place), why: format!("`{key}` is not understood") };
        read(value).map(Some).ok_or_else(refused)
    }

    fn span<T>(
        &self,
        least: &str,
        most: &str,
        read: fn(&Value) -> Option<T>,
    ) -> Result<Span<T>, SchemaError> {
        Ok(Span { least: self.read(least, read)?, most: self.read(most, read)? })
    }
}

fn types(value: &Value) -> Option<BTreeSet<Type>> {
    let one = |name: &Value| {
        Some(match name.as_str()? {
            "null" => Type::Null,
            "boolean" => Type::Boolean,
            "integer" => Type::Integer,
            "number" => Type::Number,
            "string" => Type::String,
            "array" => Type::Array,
            "object" => Type::Object,
            _ => return None,
        })
    };
    match value {
        Value::Array(names) if !names.is_empty() => names.iter().map(one).collect(),
        name => one(name).map(|name| BTreeSet::from([name])),
    }
}
