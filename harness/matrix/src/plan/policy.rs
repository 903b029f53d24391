//! The policy of the profile's tier.

use std::time::Duration;

use edgesoak_record::plan::Setting;
use edgesoak_record::policy::{Canary, ExportPolicy, OwedEvidence, RegressionRuns, Waiver};
use edgesoak_record::slowdown::Grade;
use edgesoak_record::{Gate, PlannedSession, Policy};

use crate::effective::{fill, nowhere};
use crate::language;
use crate::matrix::Matrix;
use crate::node::{Node, Table, Value};
use crate::plan::budget::{Needs, TooLong};
use crate::plan::{bars, settings};
use crate::problem::Problem;
use crate::report::Report;
use crate::source::Sources;

/// Integrity: what every tier without a list of its own blocks on, beside the barred gates.
const INTEGRITY: &[Gate] = &[
    Gate::Artifact,
    Gate::Placement,
    Gate::Privacy,
    Gate::RuntimeAlive,
    Gate::Journal,
    Gate::StartGate,
    Gate::DataCoverage,
    Gate::Clocks,
    Gate::BackgroundCpu,
    Gate::DutyCycle,
];

/// The tier of a profile with all defaults.
pub(super) struct Tier {
    id: String,
    table: Table,
    /// Most time that a run may take, where somebody asked for another one than the tier's.
    asked_s: Option<f64>,
}

impl Tier {
    /// With another time than its own.
    pub fn within(mut self, budget: Option<Duration>) -> Self {
        self.asked_s = budget.map(|budget| budget.as_secs_f64());
        self
    }

    /// Most time that a run may take, seconds.
    pub fn budget_s(&self) -> Option<f64> {
        self.asked_s.or_else(|| Some(self.table.amount("budget")? / 1e3))
    }

    /// The canary, where this tier runs it beside what its profiles name.
    pub fn canary(&self, matrix: &Matrix) -> Option<String> {
        let is_run = self.table.bool("with_canary") == Some(true);
        effective(matrix).text("canary").filter(|_| is_run).map(str::to_owned)
    }

    /// Whether it blocks on a gate by name.
    pub fn names(&self, gate: Gate) -> bool {
        gates(self.table.list("blocking")).contains(&gate)
    }

    /// Whether it blocks on a gate by name, and accepts nothing less than a proof.
    pub fn owes(&self, gate: Gate) -> bool {
        self.names(gate) && !gates(self.table.list("accept_not_proven")).contains(&gate)
    }

    /// What a plan has to fit into, and what must stay in it.
    pub fn needs(&self, matrix: &Matrix, fewest_runs: u32) -> Needs {
        let owed = evidence(matrix, &self.table);
        Needs {
            budget_s: self.budget_s(),
            fewest_runs,
            families: self.table.texts("required_families"),
            units: effective(matrix).integer("units_per_family").unwrap_or(1),
            owing_probes: owed
                .into_iter()
                .filter(|owed| owed.least == Grade::A)
                .map(|owed| owed.family)
                .collect(),
        }
    }
}

/// The tier that the profile names; the usual ones exist without a table.
pub(super) fn tier(matrix: &Matrix, profile: &Table) -> Tier {
    named(matrix, profile.text("tier").unwrap_or_default())
}

/// What a tier says apart from any session: a comparison needs margins, families, waivers, and no bar.
pub(crate) fn of_tier(matrix: &Matrix, tier: &str) -> Option<Policy> {
    let is_known = language::policy::TIERS.contains(&tier) || written(matrix, tier).is_some();
    is_known.then(|| of(matrix, &named(matrix, tier), &[]))
}

fn written<'m>(matrix: &'m Matrix, id: &str) -> Option<&'m Table> {
    matrix.root.table("policy")?.table("tier")?.table(id)
}

/// A tier with all defaults, whether somebody wrote it or not.
pub(super) fn named(matrix: &Matrix, id: &str) -> Tier {
    let table = fill(&language::policy::tier(), written(matrix, id).unwrap_or(&nowhere()));
    Tier { id: id.to_owned(), table, asked_s: None }
}

/// How often a regression test repeats.
pub(super) fn regression_runs(matrix: &Matrix) -> RegressionRuns {
    let policy = effective(matrix);
    let runs = policy.table("regression_runs");
    let looks = runs.map(|runs| runs.list("looks")).unwrap_or_default();
    RegressionRuns {
        min: runs.and_then(|runs| runs.integer("min")).unwrap_or_default(),
        looks: looks.iter().filter_map(count).collect(),
    }
}

/// What blocks the planned sessions.
pub(super) fn of(matrix: &Matrix, tier: &Tier, sessions: &[PlannedSession]) -> Policy {
    let policy = effective(matrix);
    let table = &tier.table;
    let blocking =
        if table.get("blocking").is_some() { gates(table.list("blocking")) } else { usual(sessions) };
    Policy {
        tier: tier.id.clone(),
        blocking,
        accept_not_proven: gates(table.list("accept_not_proven")),
        required_families: table.texts("required_families"),
        evidence: evidence(matrix, table),
        proofs: owed(matrix, table, "privacy", "privacy_evidence"),
        budget_s: tier.budget_s(),
        reuse_s: table.amount("reuse").map(|millis| millis / 1e3),
        selection_age_s: policy.amount("selection_age").map(|millis| millis / 1e3),
        export: policy
            .table("export")
            .and_then(|export| Some(ExportPolicy { largest_drop: export.amount("largest_drop")? })),
        regression_margin: policy.amount("regression_margin").unwrap_or_default(),
        pinned_margin: policy.amount("pinned_margin").unwrap_or_default(),
        regression_runs: regression_runs(matrix),
        units_per_family: policy.integer("units_per_family").unwrap_or_default(),
        canary: canary(matrix, &policy),
        waivers: policy.elements("waiver").filter_map(waiver).collect(),
    }
}

/// The candidate whose runs tell how far runs differ.
fn canary(matrix: &Matrix, policy: &Table) -> Option<Canary> {
    let id = policy.text("canary")?;
    let candidate = matrix.root.table("candidate")?.table(id)?;
    let text = |table: &Table, key| table.text(key).map(str::to_owned);
    Some(Canary {
        candidate: id.to_owned(),
        sha256: text(candidate.table("artifact")?, "sha256")?,
        runtime: text(candidate, "runtime")?,
        placement: text(candidate, "placement")?,
    })
}

/// Every setting of the policy and where it comes from.
pub(super) fn settings(
    tier: &Tier,
    policy_of_run: &Policy,
    matrix: &Matrix,
    sources: &Sources,
    settings: &mut Vec<Setting>,
) {
    let policy = effective(matrix);
    let mut found = Vec::new();
    for entry in policy.entries.iter().filter(|entry| !matches!(entry.name.as_str(), "tier" | "waiver")) {
        settings::entry(&format!("policy.{}", entry.name), &entry.node, sources, &mut found);
    }
    settings::table(&format!("policy.tier.{}", tier.id), &tier.table, sources, &mut found);
    if let Some(asked_s) = tier.asked_s {
        let key = format!("policy.tier.{}.budget", tier.id);
        found.retain(|setting| setting.key != key);
        let value = format!("{:.1} min", asked_s / 60.0);
        found.push(Setting { key, value, origin: "--budget".to_owned() });
    }
    if tier.table.get("blocking").is_none() {
        let gates: Vec<_> = policy_of_run.blocking.iter().map(|gate| gate.word()).collect();
        let (key, value) = (format!("policy.tier.{}.blocking", tier.id), format!("[{}]", gates.join(", ")));
        found.push(Setting { key, value, origin: "default".to_owned() });
    }
    for (i, waiver) in policy.elements("waiver").enumerate() {
        settings::table(&format!("policy.waiver.{}", i + 1), waiver, sources, &mut found);
    }
    settings.splice(0..0, found);
}

/// A plan of which not even the least fits is refused before hours are burnt.
pub(super) fn over_budget(tier: &Tier, profile: &str, least: &TooLong) -> Report {
    let allowed = tier.budget_s().unwrap_or_default() / 60.0;
    let complaint = format!(
        "profile `{profile}` is expected to take {:.1} min at the least; tier `{}` has {allowed:.1} min",
        least.least_s / 60.0,
        tier.id,
    );
    let help = format!(
        "counted are one soak of its full length per job, or the first look of a comparison, on {}",
        least.devices.join(", ")
    );
    let problem = Problem::Contradiction { complaint };
    let written = tier.table.get("budget").filter(|_| tier.asked_s.is_none());
    match written.and_then(|node| node.at) {
        Some(at) => Report::at(problem, at, "the budget"),
        None => Report::nowhere(problem),
    }
    .help(help)
}

/// What each family owes for a claim about heat.
fn evidence(matrix: &Matrix, tier: &Table) -> Vec<OwedEvidence> {
    owed(matrix, tier, "least", "evidence")
}

/// What each family owes: by this key of the tier, else by this one of its own.
fn owed(matrix: &Matrix, tier: &Table, by_tier: &str, own: &str) -> Vec<OwedEvidence> {
    let owed = |(id, family): (&str, &Table)| {
        let by_tier = tier.table("evidence").and_then(|families| families.table(id)?.text(by_tier));
        let least = Grade::from_letter(by_tier.or_else(|| family.text(own))?)?;
        Some(OwedEvidence { family: id.to_owned(), least })
    };
    matrix.root.children("family").filter_map(owed).collect()
}

/// The bars of a route, for an export with those that the policy has for exports.
pub(super) fn owed_bars(matrix: &Matrix, bars: &Table, is_export: bool) -> Table {
    let policy = effective(matrix);
    let owed = policy.table("export").and_then(|export| export.table("bars"));
    owed.filter(|_| is_export).map_or_else(|| bars.clone(), |owed| bars::of_export(bars, owed))
}

fn effective(matrix: &Matrix) -> Table {
    fill(&language::policy::section(), matrix.root.table("policy").unwrap_or(&nowhere()))
}

fn gates(nodes: &[Node]) -> Vec<Gate> {
    let gate = |node: &Node| match node.value {
        Value::Gate(gate) => Some(gate),
        _ => None,
    };
    nodes.iter().filter_map(gate).collect()
}

/// Integrity, and every gate that a planned route promises something about.
fn usual(sessions: &[PlannedSession]) -> Vec<Gate> {
    let promised = |gate: Gate| sessions.iter().any(|session| session.route.promises(gate));
    let planted = |gate: Gate| gate == Gate::Leaks && sessions.iter().any(|session| session.canaries);
    let blocks = |gate: &Gate| INTEGRITY.contains(gate) || promised(*gate) || planted(*gate);
    Gate::ALL.iter().copied().filter(blocks).collect()
}

fn count(node: &Node) -> Option<u32> {
    match node.value {
        Value::Integer(number) => u32::try_from(number).ok(),
        _ => None,
    }
}

fn waiver(waiver: &Table) -> Option<Waiver> {
    let text = |key| waiver.text(key).map(str::to_owned);
    let Value::Gate(gate) = waiver.get("gate")?.value else { return None };
    Some(Waiver {
        gate,
        device: text("device"),
        family: text("family"),
        reason: text("reason")?,
        owner: text("owner")?,
        approver: text("approver")?,
        ticket: text("ticket")?,
        expires: text("expires")?,
        max_uses: waiver.integer("max_uses"),
    })
}
