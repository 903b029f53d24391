//! The JSON value in an answer.

use serde_json::Value;

/// What stands around a value in the answers of common models.
const FENCES: [(&str, &str); 4] = [
    ("```json", "```"),
    ("```", "```"),
    ("<tool_call>", "</tool_call>"),
    ("<|tool_call|>", "<|/tool_call|>"),
];

/// The value of an answer that is JSON, or prose around one fenced block of it. Deeper than 128 levels is refused by
/// the parser.
pub(crate) fn only_value(raw: &str) -> Result<Value, &'static str> {
    let text = raw.trim();
    if text.is_empty() {
        return Err("the answer is empty");
    }
    let inside = match FENCES.iter().find_map(|(open, close)| Some((text.split_once(open)?.1, *open, *close)))
    {
        Some((rest, open, close)) => {
            let (inside, behind) = rest.split_once(close).unwrap_or((rest, ""));
            if behind.contains(open) {
                return Err("more than one block of JSON");
            }
            inside
        }
        None => text,
    };
    serde_json::from_str(inside.trim()).map_err(|error| match error.classify() {
        serde_json::error::Category::Eof => "the JSON breaks off",
        _ => "no JSON, or not only JSON",
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::only_value;

    #[test]
    fn bare_and_fenced_values_are_read() {
        for text in [
            "{\"a\": 1}",
            " \n{\"a\":1}\n",
            "Here it is:\n```json\n{\"a\":1}\n```\nDone.",
            "```\n{\"a\":1}```",
            "<tool_call>{\"a\":1}</tool_call>",
        ] {
            assert_eq!(only_value(text), Ok(json!({"a": 1})), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_value_says_why() {
        assert_eq!(only_value("  "), Err("the answer is empty"));
        assert_eq!(only_value("{\"a\": "), Err("the JSON breaks off"));
        assert_eq!(only_value("Sure! {\"a\":1}"), Err("no JSON, or not only JSON"));
        assert_eq!(only_value("```json\n1\n```\n```json\n2\n```"), Err("more than one block of JSON"));
        assert!(only_value(&"[".repeat(60_000)).is_err());
    }
}
