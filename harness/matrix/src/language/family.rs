//! Kinds of devices.

use crate::dimension::BYTES;
use crate::shape::{Section, Shape, defaulted, optional, required};

pub(crate) fn section() -> Section {
    Section {
        name: "a family",
        about: "Devices of one kind: what a claim is made about.",
        keys: vec![
            required("title", Shape::Text(120), "Title for people."),
            optional(
                "memory_budget",
                Shape::Quantity(&BYTES, "1 MiB", "1024 GiB"),
                "Memory that a runtime may use.",
            ),
            optional(
                "evidence",
                Shape::Word(&["A", "B", "C"]),
                "The least evidence grade that a blocking claim needs here.",
            ),
            optional(
                "privacy_evidence",
                Shape::Word(&["A", "B"]),
                "The least grade of a proof that nothing left a device of this family; absent: any proof.",
            ),
            defaulted(
                "hardware_heat",
                Shape::Bool,
                "true",
                "Whether a thermal sensor is expected; without one, heat is not proven.",
            ),
        ],
    }
}
