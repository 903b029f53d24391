//! One file per promise, and the table that lists them.

mod artifact;
pub mod background_cpu;
mod burst_tps;
pub mod clocks;
pub mod data_coverage;
pub mod duty_cycle;
mod energy;
mod evidence_grade;
mod floor_tps;
mod items_per_s;
mod journal;
mod last_30s_tps;
pub mod latency;
mod memory_growth;
mod memory_peak;
mod peak_tps;
mod placement;
mod privacy;
mod retention;
pub mod runtime_alive;
mod settled;
mod stalls;
pub mod start_gate;
mod sustained_tps;
mod temperature;
mod throttle_depth;
mod time_below_peak;
mod time_to_throttle;
pub mod timestamp_agreement;
mod worst_minute_tps;

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::outcome::Finding;

/// What a doubt about the session does to a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Says whether the product ran as planned; a broken one holds whatever else happened.
    Integrity,
    /// Says whether the session is valid evidence.
    Validity,
    /// Rests on the measurement: a doubt takes its outcome away.
    Measured,
}

/// A promise that can be judged.
pub struct Promise {
    /// Gates it judges.
    pub gates: &'static [Gate],
    /// What a doubt does to it.
    pub kind: Kind,
    /// It has a limit of its own where the route sets none.
    pub always_judged: bool,
    /// Judges one of its gates.
    pub judge: fn(&Case, Gate) -> Finding,
}

const fn integrity(gates: &'static [Gate], judge: fn(&Case, Gate) -> Finding) -> Promise {
    Promise { gates, kind: Kind::Integrity, always_judged: true, judge }
}

const fn validity(gates: &'static [Gate], judge: fn(&Case, Gate) -> Finding) -> Promise {
    Promise { gates, kind: Kind::Validity, always_judged: true, judge }
}

const fn measured(gates: &'static [Gate], judge: fn(&Case, Gate) -> Finding) -> Promise {
    Promise { gates, kind: Kind::Measured, always_judged: false, judge }
}

const fn limited(gates: &'static [Gate], judge: fn(&Case, Gate) -> Finding) -> Promise {
    Promise { gates, kind: Kind::Measured, always_judged: true, judge }
}

/// Every promise that this version can judge.
pub const PROMISES: &[Promise] = &[
    integrity(&[Gate::Artifact], artifact::judge),
    integrity(&[Gate::Placement], placement::judge),
    integrity(&[Gate::Privacy], privacy::judge),
    integrity(&[Gate::RuntimeAlive], runtime_alive::judge),
    validity(&[Gate::Journal], journal::judge),
    validity(&[Gate::StartGate], start_gate::judge),
    validity(&[Gate::DataCoverage], data_coverage::judge),
    validity(&[Gate::Clocks], clocks::judge),
    validity(&[Gate::BackgroundCpu], background_cpu::judge),
    validity(&[Gate::DutyCycle], duty_cycle::judge),
    validity(&[Gate::TimestampAgreement], timestamp_agreement::judge),
    measured(&[Gate::Stalls], stalls::judge),
    measured(&[Gate::BurstTps], burst_tps::judge),
    measured(&[Gate::SustainedTps], sustained_tps::judge),
    measured(&[Gate::FloorTps], floor_tps::judge),
    measured(&[Gate::PeakTps], peak_tps::judge),
    measured(&[Gate::WorstMinuteTps], worst_minute_tps::judge),
    measured(&[Gate::Last30sTps], last_30s_tps::judge),
    measured(&[Gate::Retention], retention::judge),
    measured(&[Gate::ThrottleDepth], throttle_depth::judge),
    measured(&[Gate::TimeToThrottle], time_to_throttle::judge),
    measured(&[Gate::TimeTo90, Gate::TimeTo75], time_below_peak::judge),
    measured(latency::GATES, latency::judge),
    measured(&[Gate::ItemsPerSecond], items_per_s::judge),
    measured(&[Gate::Temperature, Gate::BatteryTemperature], temperature::judge),
    limited(&[Gate::MemoryGrowth], memory_growth::judge),
    measured(&[Gate::MemoryPeak], memory_peak::judge),
    measured(&[Gate::TokensPerJoule, Gate::JoulesPerToken], energy::judge),
];

/// The promise that judges a gate; `None` for gates that need what this version does not have.
#[must_use]
pub fn of(gate: Gate) -> Option<&'static Promise> {
    PROMISES.iter().find(|promise| promise.gates.contains(&gate))
}

#[cfg(test)]
mod tests {
    use edgesoak_record::gate::Gate;

    use super::PROMISES;

    #[test]
    fn no_gate_is_judged_twice_and_three_wait_for_their_evidence() {
        let judged = |gate: &Gate| PROMISES.iter().filter(|promise| promise.gates.contains(gate)).count();
        assert!(Gate::ALL.iter().all(|gate| judged(gate) <= 1));
        let waiting: Vec<_> =
            Gate::ALL.iter().filter(|gate| judged(gate) == 0).map(|gate| gate.word()).collect();
        assert_eq!(waiting, ["quality", "false_answers", "regression"]);
    }
}
