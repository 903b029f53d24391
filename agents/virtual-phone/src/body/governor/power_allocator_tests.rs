use super::{Actor, PowerAllocator};
use crate::body::domain::Domain;
use crate::body::governor::View;
use crate::profile::{Cluster, Kind};
use edgesoak_protocol::units::Ratio;
use proptest::prelude::*;

/// Ten points, of 0.1 to 1 W per core.
fn domain(cores: u32) -> Domain {
    let cluster = Cluster {
        name: "any".to_owned(),
        kind: Kind::Cpu,
        node: "soc".to_owned(),
        cores,
        work_per_cycle: 1.0,
        prefill_work_per_cycle: None,
        intensity: 1.0,
        points: (1..=10).map(|step| (step * 100_000, step as f64 * 100.0)).collect(),
    };
    Domain::new(&cluster, 0, Ratio(1.0))
}

fn allocator() -> PowerAllocator {
    let actor = |domain| Actor { domain, weight: 1.0, granted: None };
    PowerAllocator {
        period_ns: 1,
        sensor: 0,
        switch_on_c: 60.0,
        control_c: 70.0,
        sustainable_w: 1.25,
        overshoot_w_per_k: 0.2,
        undershoot_w_per_k: 0.3,
        integral_w_per_k: 0.01,
        integral_cutoff_k: 20.0,
        actors: vec![actor(0), actor(1)],
        integral_w: 0.0,
    }
}

/// The points that it allows after some polls at one temperature.
fn allowed(governor: &mut PowerAllocator, celsius: f64, polls: u32, busy_cores: &[u32]) -> Vec<usize> {
    let mut domains = [domain(1), domain(2)];
    for _ in 0..polls {
        governor.poll(View { sensors: &[celsius], domains: &domains, busy_cores });
    }
    governor.limit(&mut domains);
    domains.iter().map(|domain| domain.allowed).collect()
}

#[test]
fn everything_runs_below_its_switch_on() {
    assert_eq!(allowed(&mut allocator(), 59.0, 5, &[1, 2]), [9, 9]);
}

#[test]
fn the_sustainable_power_is_shared_at_the_control_temperature() {
    // 1.25 W by requests of 1 W and 2 W: 0.42 W for one core, 0.83 W for two.
    assert_eq!(allowed(&mut allocator(), 70.0, 1, &[1, 2]), [3, 3]);
}

#[test]
fn who_asks_for_nothing_leaves_the_budget_to_the_other() {
    assert_eq!(
        allowed(&mut allocator(), 70.0, 1, &[1, 0]),
        [9, 0],
        "1 W of 1.25 W, and 0.1 W per core of the rest"
    );
}

#[test]
fn an_error_that_stays_lowers_the_budget_further() {
    let soon = allowed(&mut allocator(), 71.0, 1, &[1, 2]);
    let late = allowed(&mut allocator(), 71.0, 40, &[1, 2]);
    assert!(late[1] < soon[1], "{soon:?} at first, {late:?} after 40 polls");
}

proptest! {
    #[test]
    fn grants_never_exceed_the_budget(celsius in 60.0..90.0_f64, polls in 1_u32..50, busy in (0_u32..=1, 0_u32..=2)) {
        let mut governor = allocator();
        allowed(&mut governor, celsius, polls, &[busy.0, busy.1]);
        let granted: f64 = governor.actors.iter().filter_map(|actor| actor.granted).map(|watts| watts.0).sum();
        let error = 70.0 - celsius;
        let gain = if error < 0.0 { 0.2 } else { 0.3 };
        let budget = (1.25 + gain * error + governor.integral_w).clamp(0.0, 3.0);
        // Where nobody asks, each may have all of it: nobody draws.
        let sharers = if busy == (0, 0) { 2.0 } else { 1.0 };
        prop_assert!(granted <= budget * sharers + 1e-9, "{granted} W of {budget} W");
    }
}
