//! Families that the tier requires: covered by hardware, by enough units, or a hole in the release.

use std::collections::BTreeSet;

use edgesoak_record::run::Run;

use crate::verdict::session::Judged;

/// A required family that is not covered.
pub struct Hole {
    /// A stable word.
    pub cause: &'static str,
    /// One sentence.
    pub sentence: String,
}

/// Every hole, in the order of the policy.
#[must_use]
pub fn holes(run: &Run, sessions: &[Judged]) -> Vec<Hole> {
    let policy = &run.plan.policy;
    policy
        .required_families
        .iter()
        .filter_map(|family| {
            let of_family = || sessions.iter().filter(|judged| judged.verdict.family == *family);
            let units: BTreeSet<&str> = of_family()
                .filter(|judged| !judged.verdict.is_virtual && judged.obstacle.is_none())
                .map(|judged| judged.verdict.device.as_str())
                .collect();
            let needed = policy.units_per_family;
            match units.len() as u64 {
                0 if of_family().any(|judged| judged.verdict.is_virtual) => Some(Hole {
                    cause: "not_run",
                    sentence: format!("Family {family} is required and only virtual devices stood for it."),
                }),
                0 => Some(Hole {
                    cause: "not_run",
                    sentence: format!("Family {family} is required and was evaluated on no device."),
                }),
                units if units < u64::from(needed) => Some(Hole {
                    cause: "too_few_units",
                    sentence: format!("Family {family} was evaluated on {units} of the {needed} units that a claim about it needs."),
                }),
                _ => None,
            }
        })
        .collect()
}
