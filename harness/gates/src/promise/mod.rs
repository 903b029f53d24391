//! One file per promise, and the table that lists them.

pub mod answers;
mod artifact;
pub mod background_cpu;
pub mod burst_tps;
pub mod clocks;
pub mod data_coverage;
pub mod duty_cycle;
mod energy;
mod energy_sum;
pub mod evidence_grade;
mod floor_tps;
mod items_per_s;
mod journal;
mod last_30s_tps;
pub mod latency;
pub mod leaks;
mod memory_growth;
mod memory_peak;
pub mod memory_prediction;
mod peak_tps;
mod placement;
mod privacy;
mod retention;
mod routing;
pub mod runtime_alive;
pub mod settled;
pub mod stalls;
pub mod start_gate;
pub mod sustained_tps;
mod temperature;
mod throttle_depth;
mod time_below_peak;
mod time_to_throttle;
pub mod timestamp_agreement;
mod worst_minute_tps;

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::explain::Explained;
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
    /// Rests on what was answered: whatever disturbed the times, the words are the model's.
    Answers,
}

type Judge = fn(&Case, Gate) -> Finding;

/// A promise that can be judged.
pub struct Promise {
    /// Gates it judges.
    pub gates: &'static [Gate],
    /// What a doubt does to it.
    pub kind: Kind,
    /// It has a limit of its own where the route sets none.
    pub always_judged: bool,
    /// Whether a session was asked for what it rests on; one that was not says nothing of it.
    pub is_asked: fn(&Case) -> bool,
    /// Judges one of its gates.
    pub judge: Judge,
    /// What it says of itself.
    pub explained: &'static Explained,
}

const fn integrity(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise { gates, kind: Kind::Integrity, always_judged: true, is_asked: always, judge, explained }
}

const fn validity(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise { gates, kind: Kind::Validity, always_judged: true, is_asked: always, judge, explained }
}

const fn measured(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise { gates, kind: Kind::Measured, always_judged: false, is_asked: always, judge, explained }
}

const fn limited(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise { gates, kind: Kind::Measured, always_judged: true, is_asked: always, judge, explained }
}

const fn answered(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise {
        gates,
        kind: Kind::Answers,
        always_judged: false,
        is_asked: answers::are_asked,
        judge,
        explained,
    }
}

const fn routed(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise { is_asked: routing::is_asked, ..answered(gates, judge, explained) }
}

const fn planted(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise { is_asked: leaks::are_planted, ..integrity(gates, judge, explained) }
}

const fn predicted(gates: &'static [Gate], judge: Judge, explained: &'static Explained) -> Promise {
    Promise { is_asked: memory_prediction::is_predicted, ..limited(gates, judge, explained) }
}

fn always(_: &Case) -> bool {
    true
}

/// Every promise that this version can judge.
pub const PROMISES: &[Promise] = &[
    integrity(&[Gate::Artifact], artifact::judge, &artifact::EXPLAINED),
    integrity(&[Gate::Placement], placement::judge, &placement::EXPLAINED),
    integrity(&[Gate::Privacy], privacy::judge, &privacy::EXPLAINED),
    planted(&[Gate::Leaks], leaks::judge, &leaks::EXPLAINED),
    integrity(&[Gate::RuntimeAlive], runtime_alive::judge, &runtime_alive::EXPLAINED),
    validity(&[Gate::Journal], journal::judge, &journal::EXPLAINED),
    validity(&[Gate::StartGate], start_gate::judge, &start_gate::EXPLAINED),
    validity(&[Gate::DataCoverage], data_coverage::judge, &data_coverage::EXPLAINED),
    validity(&[Gate::Clocks], clocks::judge, &clocks::EXPLAINED),
    validity(&[Gate::BackgroundCpu], background_cpu::judge, &background_cpu::EXPLAINED),
    validity(&[Gate::DutyCycle], duty_cycle::judge, &duty_cycle::EXPLAINED),
    validity(&[Gate::TimestampAgreement], timestamp_agreement::judge, &timestamp_agreement::EXPLAINED),
    measured(&[Gate::Stalls], stalls::judge, &stalls::EXPLAINED),
    measured(&[Gate::BurstTps], burst_tps::judge, &burst_tps::EXPLAINED),
    measured(&[Gate::SustainedTps], sustained_tps::judge, &sustained_tps::EXPLAINED),
    measured(&[Gate::FloorTps], floor_tps::judge, &floor_tps::EXPLAINED),
    measured(&[Gate::PeakTps], peak_tps::judge, &peak_tps::EXPLAINED),
    measured(&[Gate::WorstMinuteTps], worst_minute_tps::judge, &worst_minute_tps::EXPLAINED),
    measured(&[Gate::Last30sTps], last_30s_tps::judge, &last_30s_tps::EXPLAINED),
    measured(&[Gate::Retention], retention::judge, &retention::EXPLAINED),
    measured(&[Gate::ThrottleDepth], throttle_depth::judge, &throttle_depth::EXPLAINED),
    measured(&[Gate::TimeToThrottle], time_to_throttle::judge, &time_to_throttle::EXPLAINED),
    measured(&[Gate::TimeTo90, Gate::TimeTo75], time_below_peak::judge, &time_below_peak::EXPLAINED),
    measured(latency::GATES, latency::judge, &latency::EXPLAINED),
    measured(&[Gate::ItemsPerSecond], items_per_s::judge, &items_per_s::EXPLAINED),
    measured(&[Gate::Temperature, Gate::BatteryTemperature], temperature::judge, &temperature::EXPLAINED),
    limited(&[Gate::MemoryGrowth], memory_growth::judge, &memory_growth::EXPLAINED),
    measured(&[Gate::MemoryPeak], memory_peak::judge, &memory_peak::EXPLAINED),
    predicted(&[Gate::MemoryPrediction], memory_prediction::judge, &memory_prediction::EXPLAINED),
    measured(&[Gate::TokensPerJoule, Gate::JoulesPerToken], energy::judge, &energy::EXPLAINED),
    answered(&[Gate::Quality, Gate::FalseAnswers], answers::judge, &answers::EXPLAINED),
    routed(&[Gate::Routing, Gate::Escalation], routing::judge, &routing::EXPLAINED),
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
    fn no_gate_is_judged_twice_and_one_takes_more_than_a_session() {
        let judged = |gate: &Gate| PROMISES.iter().filter(|promise| promise.gates.contains(gate)).count();
        assert!(Gate::ALL.iter().all(|gate| judged(gate) <= 1));
        let waiting: Vec<_> =
            Gate::ALL.iter().filter(|gate| judged(gate) == 0).map(|gate| gate.word()).collect();
        assert_eq!(waiting, ["regression"]);
    }
}
