//! Jobs of the product and their bars.

use edgesoak_record::{Direction, Gate};

use crate::dimension::{
    COST, COUNT, GROWTH, ITEM_RATE, JOULES_PER_TOKEN, MEBIBYTES, RATIO, SECONDS, TEMPERATURE, TOKEN_RATE,
    TOKENS_PER_JOULE,
};
use crate::dimension::{DURATION, Dimension};
use crate::shape::{Key, Kind, Section, Shape, defaulted, optional, required};

pub(crate) fn section() -> Section {
    Section {
        name: "a route",
        about: "A job of the product with its bars.",
        keys: vec![
            required("title", Shape::Text(120), "Title for people."),
            defaulted("local_only", Shape::Bool, "false", "Nothing may leave the device."),
            required("workload", Shape::Reference(Kind::Workload), "What is decoded for it."),
            optional(
                "golden_set",
                Shape::GoldenSet,
                "Its golden set: `name@version` or `name@version:slice`.",
            ),
            optional(
                "routing",
                Shape::Table(routing),
                "Where its queries go when the model is not sure; absent: all are answered on the device.",
            ),
            defaulted("bars", Shape::Table(bars), "{}", "Limits, each in its unit."),
            optional(
                "bars_for",
                Shape::Amendments(Kind::Family, bars),
                "Other limits for the devices of a family.",
            ),
        ],
    }
}

fn routing() -> Section {
    Section {
        name: "`routing`",
        about: "Where queries go: answered on the device, put before a person on site, or sent out after redaction.",
        keys: vec![
            required(
                "threshold",
                Shape::Quantity(&RATIO, "0", "1"),
                "Least confidence with which the device answers by itself.",
            ),
            required(
                "sensitive_terms",
                Shape::Path,
                "Words that keep a query on the device, one a line, relative to the matrix.",
            ),
            optional(
                "costs",
                Shape::Table(costs),
                "What becomes of a query costs so much, in a unit of your own.",
            ),
        ],
    }
}

fn costs() -> Section {
    let cost = |name, about| defaulted(name, Shape::Quantity(&COST, "0", "1000000"), "0", about);
    Section {
        name: "`costs`",
        about: "What one query costs, by what becomes of it.",
        keys: vec![
            cost("local_answer", "The device answers."),
            cost("human_review", "A person looks at it."),
            cost("cloud", "It is redacted and sent out."),
            cost("wrong_answer", "On top, where the device answers wrongly."),
        ],
    }
}

/// One key per gate that compares a number.
pub(crate) fn bars() -> Section {
    let keys = Gate::ALL.iter().filter_map(|gate| {
        let (dimension, least, most) = measure(*gate)?;
        let shape = Shape::Quantity(dimension, least, most);
        Some(Key { name: gate.word(), need: crate::shape::Need::Optional, shape, about: side(*gate) })
    });
    Section { name: "the bars", about: "Limits, each in its unit.", keys: keys.collect() }
}

fn side(gate: Gate) -> &'static str {
    match gate.direction() {
        Direction::AtMost => "Largest accepted value.",
        Direction::AtLeast | Direction::Holds => "Least accepted value.",
    }
}

/// How the limit of a gate is written; `None` when no number is compared.
fn measure(gate: Gate) -> Option<(&'static Dimension, &'static str, &'static str)> {
    let measure: (&'static Dimension, &'static str, &'static str) = match gate.unit() {
        _ if gate.direction() == Direction::Holds => return None,
        "tokens/s" => (&TOKEN_RATE, "0.001 tokens/s", "1000000 tokens/s"),
        "1/s" => (&ITEM_RATE, "0.001 items/s", "1000000 items/s"),
        "ms" => (&DURATION, "0.001 ms", "1 h"),
        "s" => (&SECONDS, "1 ms", "24 h"),
        "ratio" => (&RATIO, "0", "1"),
        "°C" => (&TEMPERATURE, "0 C", "150 C"),
        "MiB/min" => (&GROWTH, "0 MiB/min", "1048576 MiB/min"),
        "MiB" => (&MEBIBYTES, "1 MiB", "1024 GiB"),
        "tokens/J" => (&TOKENS_PER_JOULE, "0.000001 tokens/J", "1000000 tokens/J"),
        "J/token" => (&JOULES_PER_TOKEN, "0.000001 J/token", "1000000 J/token"),
        "" => (&COUNT, "0", "1000000"),
        _ => return None,
    };
    Some(measure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_that_compares_a_number_can_be_barred() {
        for gate in Gate::ALL {
            assert_eq!(measure(*gate).is_none(), gate.direction() == Direction::Holds, "{gate}");
        }
    }
}
