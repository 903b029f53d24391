//! The part of JSON Schema that answers are held against. Whatever is not in this part is refused when the schema is
//! read: a keyword that is ignored would let answers pass that its author meant to refuse.
//!
//! Known: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties` (true or false), `items` (one
//! schema), `minItems`, `maxItems`, `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`, `exclusiveMinimum`,
//! `exclusiveMaximum`; and without effect `$schema`, `$id`, `title`, `description`, `examples`.

mod check;
mod compile;

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;

pub use check::Misfit;
pub use compile::SchemaError;

/// A schema that was read and understood.
#[derive(Debug, Clone)]
pub struct Schema {
    /// `None`: any.
    types: Option<BTreeSet<Type>>,
    values: Option<Vec<Value>>,
    object: ObjectRules,
    array: ArrayRules,
    length: Span<u64>,
    pattern: Option<Regex>,
    number: Span<f64>,
    exclusive: Span<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

#[derive(Debug, Clone)]
struct ObjectRules {
    properties: BTreeMap<String, Schema>,
    required: Vec<String>,
    additional: bool,
}

#[derive(Debug, Clone)]
struct ArrayRules {
    items: Option<Box<Schema>>,
    count: Span<u64>,
}

/// Two bounds, either of which may be open.
#[derive(Debug, Clone, Copy)]
struct Span<T> {
    least: Option<T>,
    most: Option<T>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Schema;

    fn order() -> Schema {
        Schema::compile(&json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "required": ["pump", "class"],
            "additionalProperties": false,
            "properties": {
                "pump": {"type": "string", "pattern": "^P-[0-9]{3}$"},
                "class": {"enum": ["A", "B", "C"]},
                "drops": {"type": ["integer", "null"], "minimum": 0, "exclusiveMaximum": 1000},
                "photos": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 8}, "maxItems": 3}
            }
        }))
        .expect("a schema")
    }

    fn why(value: &serde_json::Value) -> String {
        order().check(value).expect_err("a misfit").to_string()
    }

    #[test]
    fn what_fits_is_accepted() {
        for value in [
            json!({"pump": "P-204", "class": "B"}),
            json!({"pump": "P-204", "class": "A", "drops": 25, "photos": ["a", "ü2345678"]}),
            json!({"pump": "P-204", "class": "A", "drops": null}),
            json!({"pump": "P-204", "class": "A", "drops": 25.0}),
        ] {
            assert_eq!(order().check(&value).map_err(|misfit| misfit.to_string()), Ok(()), "{value}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_by_its_place_in_the_schema() {
        assert_eq!(why(&json!([])), "at the top: another type than object");
        assert_eq!(why(&json!({"pump": "P-204"})), "at the top: `class` is missing");
        assert_eq!(why(&json!({"pump": "P-20", "class": "A"})), "at `pump`: the pattern does not match");
        assert_eq!(why(&json!({"pump": "P-204", "class": "D"})), "at `class`: none of 3 values");
        assert_eq!(
            why(&json!({"pump": "P-204", "class": "A", "secret": 1})),
            "at the top: 1 property that is not allowed"
        );
        assert_eq!(why(&json!({"pump": "P-204", "class": "A", "drops": 1000})), "at `drops`: out of bounds");
        assert_eq!(
            why(&json!({"pump": "P-204", "class": "A", "drops": 2.5})),
            "at `drops`: another type than null or integer"
        );
        assert_eq!(
            why(&json!({"pump": "P-204", "class": "A", "photos": ["a", ""]})),
            "at `photos`, entry 2: out of bounds in length"
        );
        assert_eq!(
            why(&json!({"pump": "P-204", "class": "A", "photos": ["a", "b", "c", "d"]})),
            "at `photos`: out of bounds in length"
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (schema, why) in [
            (json!({"type": "text"}), "at the top: `type` is not understood"),
            (json!({"properties": {"a": {"oneOf": []}}}), "at `a`: the keyword `oneOf` is not known here"),
            (json!({"items": [{}]}), "at the entries: a schema is an object"),
            (json!({"minLength": -1}), "at the top: `minLength` is not understood"),
            (json!({"pattern": "("}), "at the top: `pattern` is not understood"),
            (json!({"additionalProperties": {}}), "at the top: `additionalProperties` is not understood"),
            (
                json!({"required": ["a"], "properties": {}, "additionalProperties": false}),
                "at the top: `required` asks for what is not allowed",
            ),
        ] {
            assert_eq!(Schema::compile(&schema).expect_err("refused").to_string(), why, "{schema}");
        }
        let mut deep = json!({});
        for _ in 0..40 {
            deep = json!({"items": deep});
        }
        assert!(Schema::compile(&deep).is_err());
    }
}
