use serde_json::json;

use crate::asked::{ASKED, judge, reason, refused};

#[test]
fn a_call_is_compared_argument_by_argument() {
    let expect = json!({"tool_call": {"name": "create_work_order", "arguments": {"pump": "P-204", "class": "B", "drops": 25}}});
    judge(
        ASKED,
        &expect,
        &[
            r#"{"name": "create_work_order", "arguments": {"pump": "p-204", "class": "B", "drops": 25.0}}"#,
            "```json\n{\"name\": \"create_work_order\", \"parameters\": {\"drops\": 25, \"class\": \"B.\", \"pump\": \"P‑204\"}}\n```",
            r#"<tool_call>{"function": {"name": "create_work_order", "arguments": "{\"pump\": \"P-204\", \"class\": \"B\", \"drops\": 25}"}}</tool_call>"#,
            r#"[{"name": "create_work_order", "arguments": {"pump": "P-204", "class": "B", "drops": 25}}]"#,
        ],
        &[
            r#"{"name": "create_work_order", "arguments": {"pump": "P-204", "class": "A", "drops": 25}}"#,
            r#"{"name": "create_work_order", "arguments": {"pump": "P-204", "class": "B", "drops": "25"}}"#,
            r#"{"name": "create_work_order", "arguments": {"pump": "P-204", "class": "B", "drops": 25, "urgent": true}}"#,
            r#"{"name": "stop_pump", "arguments": {"pump": "P-204", "class": "B", "drops": 25}}"#,
            r#"I would call {"name": "create_work_order"}"#,
            r#"[{"name": "create_work_order"}, {"name": "create_work_order"}]"#,
            r#"{"name": "create_work_order", "arguments": [1]}"#,
            "",
        ],
    );
    assert_eq!(
        reason(&expect, r#"{"name": "create_work_order", "arguments": {"pump": "P-204", "x": 1}}"#),
        "`create_work_order` with 1 of 3 arguments; missing or wrong: class, drops; 1 not asked for"
    );
}

#[test]
fn other_arguments_are_refused_or_allowed() {
    let allowed = json!({"tool_call": {"name": "f", "arguments": {"a": [1, {"b": null}]}, "extra": "allow"}});
    judge(
        ASKED,
        &allowed,
        &[r#"{"name": "f", "arguments": {"a": [1, {"b": null}], "c": 2}}"#],
        &[r#"{"name": "f", "arguments": {"a": [1]}}"#],
    );
}

#[test]
fn json_is_held_against_a_schema_of_the_set() {
    judge(
        ASKED,
        &json!({"json_schema": "schemas/place.json"}),
        &[r#"{"place": "R3-12"}"#, "```json\n{\"place\": \"R3-12\", \"count\": 2}\n```"],
        &[
            r#"{"place": 3}"#,
            r#"{"count": 2}"#,
            r#"{"place": "R3-12", "key": "control room"}"#,
            "R3-12",
            r#"{"place": "R3-12"#,
        ],
    );
    assert_eq!(
        reason(&json!({"json_schema": "schemas/place.json"}), r#"{"place": "a", "count": -1}"#),
        "at `count`: out of bounds"
    );
    assert_eq!(
        refused(&json!({"json_schema": "schemas/x.json"})),
        "`json_schema` names `schemas/x.json`, which is no schema of the set"
    );
}
