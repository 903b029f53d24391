//! A finding becomes a gate's result: blocking, accepted, waived, or not applicable.

use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::{GateResult, Outcome};

use crate::case::Case;
use crate::outcome::Finding;
use crate::promise;
use crate::verdict::calendar::Day;
use crate::verdict::waivers::{self, Granted, Waived};

/// The policy's view of one gate of one session.
pub struct Stance {
    /// In the tier's blocking list.
    pub listed: bool,
    /// The route promises something about it, or the gate has a limit of its own.
    pub has_limit: bool,
    /// Some route of the run promises something about it.
    pub barred_somewhere: bool,
}

/// Whether a gate has a meaning for what the session is asked, or is owed all the same.
#[must_use]
pub fn applies(case: &Case, gate: Gate) -> bool {
    !is_of_other_work(case, gate) || case.bar(gate).is_some()
}

/// Whether a gate speaks of a pace that the session's answers do not have. No matrix allows a bar for one; whoever judges by
/// the bars of a protected branch may meet one where the change asks items in place of prompts.
#[must_use]
pub fn is_of_other_work(case: &Case, gate: Gate) -> bool {
    case.is_of_items() && gate.is_of_decoding()
}

impl Stance {
    /// Reads plan and policy.
    #[must_use]
    pub fn of(case: &Case, gate: Gate) -> Self {
        let judged_always = promise::of(gate).is_none_or(|promise| promise.always_judged);
        let barred_somewhere = case
            .run
            .sessions
            .iter()
            .map(|session| &session.planned)
            .chain(&case.run.plan.sessions)
            .any(|session| session.route.promises(gate));
        let promised = case.bar(gate).is_some() || case.record.planned.route.promises(gate);
        Self {
            listed: case.run.plan.policy.blocking.contains(&gate),
            has_limit: (judged_always && gate != Gate::Privacy) || promised,
            barred_somewhere,
        }
    }

    /// It blocks this session. A route that promises nothing there is not held up by other routes' promises; but
    /// where no route of the run has a bar, the list demands what nobody can judge, and that must show.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.listed && (self.has_limit || !self.barred_somewhere)
    }
}

/// Applies the policy to a finding. `evaluated` says that the session ran to its end.
#[must_use]
pub fn applied(case: &Case, gate: Gate, mut finding: Finding, evaluated: bool) -> GateResult {
    let stance = Stance::of(case, gate);
    let blocking = applies(case, gate) && stance.blocks();
    if blocking && finding.outcome == Outcome::Info {
        finding = finding
            .withdrawn("no_bar", &format!("`{gate}` blocks, but no route of this run has a bar for it"));
    }
    let open = blocking && matches!(finding.outcome, Outcome::Fail | Outcome::NotProven);
    let Excused { finding, accepted, waived } =
        if open { excused(case, gate, finding, evaluated) } else { Excused::not(finding) };
    let finite = |value: Option<f64>| value.filter(|value| value.is_finite());
    GateResult {
        gate,
        outcome: finding.outcome,
        measured: finite(finding.measured),
        lo: finite(finding.lo),
        hi: finite(finding.hi),
        limit: finite(finding.limit),
        unit: gate.unit().to_owned(),
        n: finding.n,
        sentence: finding.sentence + ".",
        cause: finding.cause,
        blocking,
        accepted,
        waived,
        evidence: finding
            .evidence
            .into_iter()
            .filter(|part| part.from_s.is_finite() && part.to_s.is_finite())
            .collect(),
    }
}

/// A finding that blocks, and what excuses it.
struct Excused {
    finding: Finding,
    accepted: Option<String>,
    /// Ticket of the waiver behind it.
    waived: Option<String>,
}

impl Excused {
    fn not(finding: Finding) -> Self {
        Self { finding, accepted: None, waived: None }
    }

    fn no_longer(finding: Finding, cause: &'static str, words: &str) -> Self {
        let mut finding = finding.withdrawn(cause, words);
        finding.outcome = Outcome::Fail;
        Self::not(finding)
    }
}

/// What is accepted by name, waived, or waived no longer. Only a session that ran can be excused.
fn excused(case: &Case, gate: Gate, finding: Finding, evaluated: bool) -> Excused {
    let policy = &case.run.plan.policy;
    let device = &case.record.planned.device;
    let granted = Granted {
        waivers: &policy.waivers,
        uses: &case.run.history.waiver_uses,
        opened: Day::of(case.run.opened),
    };
    match granted.of(gate, &device.id, &device.family) {
        Waived::Holds(waiver) if evaluated => {
            let accepted = Some(granted.holding(waiver));
            return Excused { finding, accepted, waived: Some(waiver.ticket.clone()) };
        }
        Waived::Expired(waiver) => {
            return Excused::no_longer(finding, "waiver_expired", &waivers::expired(waiver, gate));
        }
        Waived::UsedUp(waiver) => {
            return Excused::no_longer(finding, "waiver_used_up", &waivers::used_up(waiver, gate));
        }
        Waived::Holds(_) | Waived::No => {}
    }
    let by_name =
        evaluated && finding.outcome == Outcome::NotProven && policy.accept_not_proven.contains(&gate);
    let accepted = by_name.then(|| format!("accepted as not proven by tier {}", policy.tier));
    Excused { finding, accepted, waived: None }
}
