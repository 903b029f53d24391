//! A file as a whole.

use crate::language::{candidate, device, family, health_check, policy, profile, route, workload};
use crate::shape::{Kind, Section, Shape, list, optional, required};

/// Most devices, routes and so on of each kind in one file.
pub(crate) const MOST: usize = 1000;
/// Most files that one matrix is made of.
pub(crate) const MOST_FILES: usize = 32;

/// The matrix itself.
pub(crate) fn section() -> Section {
    let mut section = included();
    section.name = "the matrix";
    section.keys.retain(|key| key.name != "schema");
    section.keys.insert(0, required("schema", Shape::Integer(1, 1), "Version of the language: 1."));
    section
}

/// A file that the matrix includes: the same keys, but none must be there.
pub(crate) fn included() -> Section {
    Section {
        name: "a file of the matrix",
        about: "Devices, families, routes with bars, workloads, candidates, profiles and policy.",
        keys: vec![
            optional("schema", Shape::Integer(1, 1), "Version of the language: 1."),
            optional(
                "include",
                list(Shape::Path, MOST_FILES),
                "Further files of the matrix, relative to this file.",
            ),
            optional("defaults", Shape::Table(defaults), "What every entry of a kind starts from."),
            optional(
                "policy",
                Shape::Table(policy::section),
                "What blocks, how much margin, what is waived.",
            ),
            optional("family", Shape::Definitions(Kind::Family, family::section), "Kinds of devices."),
            optional("device", Shape::Elements(device::section, MOST), "Devices of the lab."),
            optional("route", Shape::Definitions(Kind::Route, route::section), "Jobs of the product."),
            optional(
                "workload",
                Shape::Definitions(Kind::Workload, workload::section),
                "What is decoded, for how long.",
            ),
            optional(
                "candidate",
                Shape::Definitions(Kind::Candidate, candidate::section),
                "Models in their runtimes.",
            ),
            optional("profile", Shape::Definitions(Kind::Profile, profile::section), "What a run does."),
            optional(
                "health_check",
                Shape::Table(health_check::section),
                "Which devices are looked at, how often, and with what.",
            ),
        ],
    }
}

fn defaults() -> Section {
    Section {
        name: "`defaults`",
        about: "What every entry of a kind starts from.",
        keys: vec![optional("device", Shape::Part(device::section), "What every device starts from.")],
    }
}
