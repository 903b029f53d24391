//! The language as a JSON schema (draft 2020-12), for editors.

use edgesoak_record::Gate;
use serde_json::{Map, Value, json};

use crate::dimension::Dimension;
use crate::language;
use crate::shape::{Key, Need, Section, Shape};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Ids of anything.
const ID: &str = "^[a-z0-9][a-z0-9._:-]{0,63}$";

/// The schema of `device_matrix.toml`.
#[must_use]
pub fn schema() -> Value {
    document(&language::file::section(), "EdgeSoak device matrix")
}

/// The schema of `lab.toml`.
#[must_use]
pub fn lab_schema() -> Value {
    document(&language::lab::section(), "EdgeSoak lab file")
}

fn document(section: &Section, title: &str) -> Value {
    let mut schema = of_section(section, true);
    schema.insert("$schema".to_owned(), DRAFT.into());
    schema.insert("title".to_owned(), title.into());
    Value::Object(schema)
}

fn of_section(section: &Section, complete: bool) -> Map<String, Value> {
    let keys = || section.keys.iter().filter(|key| complete || !matches!(key.shape, Shape::Id(_)));
    let properties: Map<String, Value> = keys().map(|key| (key.name.to_owned(), of_key(key))).collect();
    let required: Vec<_> =
        keys().filter(|key| complete && key.need == Need::Required).map(|key| key.name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("description".to_owned(), section.about.into());
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), false.into());
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema
}

fn of_key(key: &Key) -> Value {
    let mut schema = of_shape(&key.shape);
    schema.insert("description".to_owned(), key.about.into());
    if let Need::Default(literal) = key.need {
        // Defaults are texts, numbers, lists or empty tables: the part of TOML that is JSON too.
        if let Ok(value) = serde_json::from_str(literal) {
            schema.insert("default".to_owned(), value);
        }
    }
    Value::Object(schema)
}

fn of_shape(shape: &Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Text(most) => json!({"type": "string", "minLength": 1, "maxLength": most}),
        Shape::Id(_) => json!({"type": "string", "pattern": ID}),
        Shape::Reference(kind) => json!({"type": "string", "title": format!("id of a {}", kind.word())}),
        Shape::Path | Shape::FileName => json!({"type": "string", "pattern": "^[^/\\\\]", "maxLength": 400}),
        Shape::Digest => json!({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        Shape::Date => json!({"type": "string", "format": "date"}),
        Shape::Glob => json!({"type": "string", "pattern": "^[a-z0-9._:*?-]{1,64}$"}),
        Shape::Gate => json!({"enum": Gate::ALL.iter().map(|gate| gate.word()).collect::<Vec<_>>()}),
        Shape::GoldenSet => {
            json!({"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*@[0-9]+(\\.[0-9]+){0,2}(:[a-z0-9][a-z0-9_-]*)?$"})
        }
        Shape::Threads => json!({"anyOf": [
            {"type": "integer", "minimum": 1, "maximum": 1024},
            {"type": "string", "pattern": "^cores(-[0-9]{1,4})?$"},
        ]}),
        Shape::Bool => json!({"type": "boolean"}),
        Shape::Integer(min, max) => json!({"type": "integer", "minimum": min, "maximum": max}),
        Shape::Quantity(dimension, min, max) => of_quantity(dimension, min, max),
        Shape::PercentRange => {
            json!({"type": "string", "pattern": "^[0-9.]+ *- *[0-9.]+ *%$", "examples": ["50-90 %"]})
        }
        Shape::Word(words) => json!({"enum": words}),
        Shape::WordOr(words, other) => json!({"anyOf": [{"enum": words}, of_shape(other)]}),
        Shape::List(item, most) => json!({"type": "array", "items": of_shape(item), "maxItems": most}),
        Shape::Table(section) => Value::Object(of_section(&section(), true)),
        Shape::Part(section) => Value::Object(of_section(&section(), false)),
        Shape::Definitions(_, section) => {
            let item = of_section(&section(), true);
            json!({"type": "object", "additionalProperties": item, "propertyNames": {"pattern": ID}})
        }
        Shape::Amendments(_, section) => {
            json!({"type": "object", "additionalProperties": of_section(&section(), false)})
        }
        Shape::Elements(section, most) => {
            json!({"type": "array", "items": of_section(&section(), true), "maxItems": most})
        }
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn of_quantity(dimension: &Dimension, min: &str, max: &str) -> Value {
    let units: Vec<_> = dimension.units.iter().map(|unit| unit.symbol).collect();
    let sign = if dimension.signed { "-?" } else { "" };
    let optional = if dimension.bare { "?" } else { "" };
    let pattern = format!("^ *{sign}[0-9]+(\\.[0-9]+)? *({}){optional} *$", units.join("|"));
    let title = format!("{}, from {min} to {max}", dimension.name);
    let text = json!({"type": "string", "pattern": pattern, "examples": [dimension.example], "title": title});
    if dimension.bare { json!({"anyOf": [text, {"type": "number", "minimum": 0}]}) } else { text }
}
