//! Everything that was ever run here, in outline: what a page about a device, a candidate or a release rests on.

use crate::baseline::Baseline;
use crate::gate::Gate;
use crate::session::CloseState;
use crate::units::Nanos;
use crate::verdict::{Outcome, Verdict};

/// The gates whose figures an outline has.
pub const OUTLINED: [Gate; 3] = [Gate::FloorTps, Gate::ItemsPerSecond, Gate::TimeToThrottle];

/// What this host knows of its runs, devices and releases.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fleet {
    /// Runs, the latest first.
    pub runs: Vec<FleetRun>,
    /// Every time that a device was in quarantine, the latest first.
    pub quarantines: Vec<QuarantineSpell>,
    /// Promotions, the oldest first.
    pub releases: Vec<Baseline>,
}

/// A run in outline.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetRun {
    /// Run id.
    pub run: String,
    /// When it was opened, wall time since the Unix epoch.
    pub opened: Nanos,
    /// Profile of the matrix.
    pub profile: String,
    /// Tier of its policy.
    pub tier: String,
    /// The host closed it.
    pub closed: bool,
    /// Why it was ended early, if it was.
    pub interrupted: Option<String>,
    /// The verdict, if it was judged.
    pub verdict: Option<Verdict>,
    /// The verdict's cause; empty where it was not judged.
    pub sentence: String,
    /// In plan order.
    pub sessions: Vec<FleetSession>,
}

/// A session in outline.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetSession {
    /// Session within the run.
    pub session: String,
    /// Device id.
    pub device: String,
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Candidate id.
    pub candidate: String,
    /// Simulated device: the plan or its agent says so.
    pub is_virtual: bool,
    /// Measured by another program.
    pub is_imported: bool,
    /// How the host closed it, with the word for its cause; `None` while it runs or after a crash of the host.
    pub close: Option<(CloseState, String)>,
    /// The verdict on it alone, if it was judged.
    pub verdict: Option<Verdict>,
    /// Results of [`OUTLINED`] gates.
    pub figures: Vec<FleetFigure>,
    /// What is left of the capacity of a new battery, percent, where a channel or the probe told it.
    pub battery_health: Option<f64>,
    /// Full cycles that its battery has seen, where a channel or the probe told it.
    pub charge_cycles: Option<f64>,
}

/// A gate's numbers, in its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetFigure {
    /// Which gate.
    pub gate: Gate,
    /// What it says.
    pub outcome: Outcome,
    /// Measured value; `None` when there is none.
    pub measured: Option<f64>,
    /// Lower one-sided 95 % bound.
    pub lo: Option<f64>,
    /// Upper one-sided 95 % bound.
    pub hi: Option<f64>,
    /// The bar.
    pub limit: Option<f64>,
    /// Unit of the four numbers.
    pub unit: String,
}

/// A time in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineSpell {
    /// Device id.
    pub device: String,
    /// Whose fault it is: `device`, `lab`, `config`, `harness`.
    pub whose: String,
    /// A sentence.
    pub why: String,
    /// Since when, wall time since the Unix epoch.
    pub since: Nanos,
    /// Run that put it there; empty when no run did.
    pub run: String,
    /// The last check of its health: its run and its verdict in a word.
    pub check: Option<(String, String)>,
    /// When a person let it out, and why; `None` while it is there.
    pub let_out: Option<(Nanos, String)>,
}

impl FleetSession {
    /// The result of an outlined gate.
    #[must_use]
    pub fn figure(&self, gate: Gate) -> Option<&FleetFigure> {
        self.figures.iter().find(|figure| figure.gate == gate)
    }

    /// What is told of its rate: the floor, or items per second where the route has a bar on them and none on a floor.
    #[must_use]
    pub fn floor(&self) -> Option<&FleetFigure> {
        let barred = |figure: &&FleetFigure| figure.limit.is_some();
        let (floor, items) = (self.figure(Gate::FloorTps), self.figure(Gate::ItemsPerSecond));
        // Every session has items per second: they stand for the floor only where the route promises them in its place.
        floor.filter(barred).or(items.filter(barred)).or(floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(figures: Vec<FleetFigure>) -> FleetSession {
        FleetSession {
            session: "s01".to_owned(),
            device: "phone".to_owned(),
            family: "phones".to_owned(),
            route: "policy_qa".to_owned(),
            candidate: "student".to_owned(),
            is_virtual: false,
            is_imported: false,
            close: None,
            verdict: None,
            figures,
            battery_health: None,
            charge_cycles: None,
        }
    }

    fn figure(gate: Gate, measured: Option<f64>, limit: Option<f64>) -> FleetFigure {
        let unit = gate.unit().to_owned();
        FleetFigure { gate, outcome: Outcome::NotProven, measured, lo: None, hi: None, limit, unit }
    }

    #[test]
    fn items_stand_for_a_floor_only_where_they_are_promised_in_its_place() {
        let told = |floor: FleetFigure, items: FleetFigure| {
            session(vec![floor, items]).floor().map(|figure| figure.gate)
        };
        let unmeasured = figure(Gate::FloorTps, None, Some(8.0));
        assert_eq!(told(unmeasured, figure(Gate::ItemsPerSecond, Some(0.2), None)), Some(Gate::FloorTps));
        let lane = figure(Gate::ItemsPerSecond, Some(20.0), Some(16.0));
        assert_eq!(told(figure(Gate::FloorTps, None, None), lane), Some(Gate::ItemsPerSecond));
    }
}
