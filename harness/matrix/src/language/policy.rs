//! What blocks, how much margin, and what is waived.

use crate::dimension::{DURATION, RATIO};
use crate::language::route;
use crate::shape::{Kind, Section, Shape, defaulted, list, optional, required};

/// Tiers that exist without a table of their own.
pub(crate) const TIERS: &[&str] = &["pr", "merge", "nightly", "release"];

pub(crate) fn section() -> Section {
    Section {
        name: "`policy`",
        about: "What blocks, how much margin, what is waived.",
        keys: vec![
            defaulted(
                "regression_margin",
                Shape::Quantity(&RATIO, "0 %", "90 %"),
                r#""5 %""#,
                "Largest accepted loss against the previous release.",
            ),
            defaulted(
                "pinned_margin",
                Shape::Quantity(&RATIO, "0 %", "90 %"),
                r#""8 %""#,
                "Largest accepted loss against a pinned reference.",
            ),
            defaulted(
                "regression_runs",
                Shape::Table(regression_runs),
                "{}",
                "Repeated runs of a regression test.",
            ),
            defaulted(
                "units_per_family",
                Shape::Integer(1, 1000),
                "3",
                "Units that a claim about a family needs.",
            ),
            optional(
                "canary",
                Shape::Reference(Kind::Candidate),
                "Candidate that never changes: its runs tell how far runs of its runtime differ on each device.",
            ),
            optional(
                "selection_age",
                Shape::Quantity(&DURATION, "1 min", "8760 h"),
                "Greatest age of a session that `edgesoak select` rests on; absent: 720 h.",
            ),
            optional("export", Shape::Table(export), "What candidates with `export_of` may lose, and owe."),
            optional("tier", Shape::Definitions(Kind::Tier, tier), "What blocks, by occasion."),
            optional("waiver", Shape::Elements(waiver, 200), "Named, expiring exceptions."),
        ],
    }
}

fn export() -> Section {
    Section {
        name: "`export`",
        about: "When a smaller export of a model may stand in for it.",
        keys: vec![
            defaulted(
                "largest_drop",
                Shape::Quantity(&RATIO, "0 %", "90 %"),
                r#""2 %""#,
                "Largest accepted drop of the share of right answers against the baseline, in points.",
            ),
            defaulted(
                "bars",
                Shape::Table(route::bars),
                "{}",
                "What exports owe on every route, where the route's own bar is not stricter.",
            ),
        ],
    }
}

fn regression_runs() -> Section {
    Section {
        name: "`regression_runs`",
        about: "How often a regression test repeats.",
        keys: vec![
            defaulted("min", Shape::Integer(1, 100), "3", "Least number of runs."),
            defaulted(
                "looks",
                list(Shape::Integer(1, 100), 20),
                "[3, 5, 8]",
                "Numbers of runs after which a decision may fall, rising.",
            ),
        ],
    }
}

pub(crate) fn tier() -> Section {
    Section {
        name: "a tier",
        about: "What blocks on one occasion. Without `blocking`: integrity and every gate that a route bars.",
        keys: vec![
            optional("blocking", list(Shape::Gate, 64), "Gates that block."),
            defaulted(
                "accept_not_proven",
                list(Shape::Gate, 64),
                "[]",
                "Gates whose lack of proof is accepted by name.",
            ),
            defaulted(
                "required_families",
                list(Shape::Reference(Kind::Family), 100),
                "[]",
                "Families that hardware must cover.",
            ),
            defaulted(
                "with_canary",
                Shape::Bool,
                "false",
                "Whether runs of this tier run the policy's canary, too.",
            ),
            optional(
                "reuse",
                Shape::Quantity(&DURATION, "1 min", "2160 h"),
                "Greatest age of a verdict that may stand in the place of a run of the same plan; absent: none may.",
            ),
            optional(
                "evidence",
                Shape::Amendments(Kind::Family, evidence),
                "Evidence that families owe in this tier, instead of what they say themselves.",
            ),
            optional(
                "budget",
                Shape::Quantity(&DURATION, "1 min", "168 h"),
                "Most time a run of this tier may take.",
            ),
        ],
    }
}

fn evidence() -> Section {
    Section {
        name: "`evidence`",
        about: "What a family owes.",
        keys: vec![
            optional(
                "least",
                Shape::Word(&["A", "B", "C"]),
                "The least evidence grade that a blocking claim about heat needs.",
            ),
            optional(
                "privacy",
                Shape::Word(&["A", "B"]),
                "The least grade of a proof that nothing left the device.",
            ),
        ],
    }
}

fn waiver() -> Section {
    Section {
        name: "a waiver",
        about: "A named, expiring exception for a device or a family.",
        keys: vec![
            required("gate", Shape::Gate, "Gate that is waived."),
            optional("device", Shape::Reference(Kind::Device), "Device it holds for."),
            optional("family", Shape::Reference(Kind::Family), "Family it holds for."),
            required("reason", Shape::Text(500), "Why."),
            required("owner", Shape::Text(120), "Who mends it."),
            required("approver", Shape::Text(120), "Who allowed it."),
            required("ticket", Shape::Text(120), "Where it is tracked."),
            required("expires", Shape::Date, "Last day on which it holds."),
            optional("max_uses", Shape::Integer(1, 10_000), "Most runs it may be used in."),
        ],
    }
}
