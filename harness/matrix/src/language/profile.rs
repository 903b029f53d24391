//! What a run does.

use crate::dimension::{DURATION, TEMPERATURE_DIFFERENCE};
use crate::language::{settings, workload};
use crate::shape::{Kind, Section, Shape, defaulted, list, optional};

/// Rounds of the golden set that a profile may ask for.
pub(crate) const GOLDEN_ROUNDS: &[&str] = &["smoke", "gate", "full"];

pub(crate) fn section() -> Section {
    Section {
        name: "a profile",
        about: "What a run does: which devices, under which policy, how often.",
        keys: vec![
            optional("extends", Shape::Reference(Kind::Profile), "Profile whose settings it starts from."),
            optional("tier", Shape::Reference(Kind::Tier), "Policy tier. Needed here or in what it extends."),
            defaulted(
                "devices",
                list(Shape::Glob, 1000),
                r#"["*"]"#,
                "Devices by id, with `*` and `?`; absent: all.",
            ),
            optional(
                "routes",
                list(Shape::Reference(Kind::Route), 100),
                "Routes that are measured; absent: all.",
            ),
            optional(
                "candidates",
                list(Shape::Reference(Kind::Candidate), 1000),
                "Candidates that are measured where they fit; absent: all.",
            ),
            optional(
                "override",
                Shape::Amendments(Kind::Workload, workload::section),
                "Other values for keys of a workload; virtual devices keep the workload's own.",
            ),
            optional("start_gate", Shape::Table(start_gate), "Conditions before the soak."),
            optional(
                "settings",
                Shape::Table(settings::section),
                "Settings of every device, over those of the device itself.",
            ),
            defaulted("runs", Shape::Integer(1, 50), "1", "How often each session is repeated."),
            optional(
                "golden",
                Shape::Word(GOLDEN_ROUNDS),
                "Part of the golden set that is answered: `smoke`, `gate` with a part of the gate items, or `full`.",
            ),
            optional(
                "golden_items",
                Shape::Integer(1, 100_000),
                "Gate items that a round `gate` answers beside the critical ones; absent: 60.",
            ),
            defaulted(
                "canaries",
                Shape::Bool,
                "false",
                "Prompts with secrets are asked, and whatever is left behind is searched for them; true where the tier blocks on `leaks`.",
            ),
        ],
    }
}

fn start_gate() -> Section {
    Section {
        name: "`start_gate`",
        about: "Conditions before the soak.",
        keys: vec![
            defaulted(
                "max_over_ambient",
                Shape::Quantity(&TEMPERATURE_DIFFERENCE, "0.5 K", "40 K"),
                r#""4 K""#,
                "Largest excess of battery or skin temperature over ambient.",
            ),
            defaulted(
                "rest",
                Shape::Quantity(&DURATION, "0 s", "12 h"),
                r#""10 min""#,
                "Rest after another run.",
            ),
            defaulted(
                "timeout",
                Shape::Quantity(&DURATION, "1 s", "24 h"),
                r#""30 min""#,
                "Longest wait; afterwards the session is not run.",
            ),
        ],
    }
}
