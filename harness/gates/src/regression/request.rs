//! What a comparison is asked: the runs of a candidate and of its references, device by device.

use edgesoak_record::comparison::{Compared, Reference};
use edgesoak_record::gate::Gate;
use edgesoak_record::host_entry::BetweenRunSigma;
use edgesoak_record::policy::{OwedEvidence, Policy, PolicySource, Waiver};
use edgesoak_record::trial::Trial;
use edgesoak_record::units::Nanos;

/// Whether a candidate lost more than accepted, on any device.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// How it is judged.
    pub rules: Rules,
    /// Devices that must be shown, by id; those of `subjects` must be in any case.
    pub required: Vec<String>,
    /// Routes of devices. Two with one device and route are taken together.
    pub subjects: Vec<Subject>,
    /// What stood on each side, for whoever reads the result.
    pub sides: Vec<Compared>,
}

/// How losses are judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Largest accepted loss against the previous release, a part of one.
    pub margin: f64,
    /// Largest accepted loss against the pinned reference, a part of one.
    pub pinned_margin: f64,
    /// Runs of either side after which a decision falls; none stands for 3, 5 and 8.
    pub looks: Vec<u32>,
    /// Units that a claim about a family needs.
    pub units_per_family: u32,
    /// Families that must be shown, on as many units.
    pub required_families: Vec<String>,
    /// References that every device is held against.
    pub references: Vec<Reference>,
    /// The tier, for sentences.
    pub tier: String,
    /// Where the policy was read, if not in the plan of the candidate's run.
    pub policy: Option<PolicySource>,
    /// The tier accepts by name that `regression` is not proven.
    pub accepts_not_proven: bool,
    /// What families owe for a claim.
    pub evidence: Vec<OwedEvidence>,
    /// Known shortfalls, each with an end.
    pub waivers: Vec<Waiver>,
    /// When the candidate's run was opened; without it no waiver holds, and none is over.
    pub opened: Option<Nanos>,
}

impl Rules {
    /// The policy's margins, looks and families; against the previous release, and against a pinned reference where
    /// there is one.
    #[must_use]
    pub fn of(policy: &Policy, pinned: bool) -> Self {
        let mut references = vec![Reference::Previous];
        references.extend(pinned.then_some(Reference::Pinned));
        Self {
            margin: policy.regression_margin,
            pinned_margin: policy.pinned_margin,
            looks: policy.regression_runs.looks.clone(),
            units_per_family: policy.units_per_family,
            required_families: policy.required_families.clone(),
            references,
            tier: policy.tier.clone(),
            policy: None,
            accepts_not_proven: policy.accept_not_proven.contains(&Gate::Regression),
            evidence: policy.evidence.clone(),
            waivers: policy.waivers.clone(),
            opened: None,
        }
    }

    /// With the time at which the candidate's run was opened, by whose day waivers are judged.
    #[must_use]
    pub fn opened(mut self, opened: Nanos) -> Self {
        self.opened = Some(opened);
        self
    }

    /// With the place that the policy was read from, which is not the plan of the candidate's run.
    #[must_use]
    pub fn read_from(mut self, policy: Option<PolicySource>) -> Self {
        self.policy = policy;
        self
    }

    /// Largest accepted loss against this reference, a part of one.
    #[must_use]
    pub fn margin_of(&self, reference: Reference) -> f64 {
        match reference {
            Reference::Previous => self.margin,
            Reference::Pinned => self.pinned_margin,
        }
    }
}

/// One route of one device.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Device id.
    pub device: String,
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Simulated.
    pub is_virtual: bool,
    /// Runs of the candidate.
    pub candidate: Arm,
    /// Runs of its references.
    pub references: Vec<(Reference, Arm)>,
    /// Spread between runs of one thing on this unit in this runtime, taken on different days; see
    /// [`crate::regression::between_run_sigma`].
    pub history: Option<BetweenRunSigma>,
}

/// Runs of one thing on one device.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arm {
    /// Runs that were scheduled, whatever became of them: none may vanish.
    pub scheduled: u32,
    /// What became of them, in any order.
    pub trials: Vec<Trial>,
}

impl Arm {
    /// With the runs of another batch.
    pub(super) fn add(&mut self, other: &Self) {
        self.scheduled = self.scheduled.saturating_add(other.scheduled);
        self.trials.extend(other.trials.iter().cloned());
    }
}
