use super::{StepWise, Trip};
use crate::body::domain::Domain;
use crate::body::governor::View;
use crate::profile::{Cluster, Kind};
use edgesoak_protocol::units::Ratio;

fn domain(points: u64) -> Domain {
    let cluster = Cluster {
        name: "big".to_owned(),
        kind: Kind::Cpu,
        node: "soc".to_owned(),
        cores: 2,
        work_per_cycle: 1.0,
        prefill_work_per_cycle: None,
        intensity: 1.0,
        points: (1..=points).map(|step| (step * 100_000, step as f64 * 100.0)).collect(),
    };
    Domain::new(&cluster, 0, Ratio(1.0))
}

/// The states that it asks for at these temperatures, one per poll.
fn states(temperatures: &[f64]) -> Vec<usize> {
    let trip = Trip { at_c: 80.0, hysteresis_k: 3.0, deepest: 3, cools: vec![0], crossed: false, state: 0 };
    let mut governor = StepWise { period_ns: 1, sensor: 0, trips: vec![trip], last_c: None };
    let mut domains = [domain(6)];
    temperatures
        .iter()
        .map(|celsius| {
            governor.poll(View { sensors: &[*celsius], domains: &domains, busy_cores: &[2] });
            domains[0].allowed = domains[0].top();
            governor.limit(&mut domains);
            domains[0].top() - domains[0].allowed
        })
        .collect()
}

#[test]
fn it_goes_one_state_deeper_per_poll_while_it_warms() {
    assert_eq!(states(&[79.9, 80.0, 81.0, 82.0, 83.0, 84.0]), [0, 1, 2, 3, 3, 3], "no deeper than it may");
}

#[test]
fn it_keeps_its_state_within_the_hysteresis_and_returns_below() {
    assert_eq!(states(&[81.0, 82.0, 81.0, 79.0, 77.1, 76.9, 76.0, 75.0]), [1, 2, 2, 2, 2, 1, 0, 0]);
}

#[test]
fn a_crossing_counts_again_at_the_trip_point_only() {
    assert_eq!(states(&[81.0, 76.0, 78.0, 79.9, 80.1]), [1, 0, 0, 0, 1]);
}
