//! From a checked profile to a body: names become indices, units become SI.

use edgesoak_protocol::units::Ratio;

use super::battery::{Battery, Flow};
use super::domain::Domain;
use super::draw::Floor;
use super::gauge::Gauge;
use super::governor::{Cap, Governor, PowerAllocator, StepWise};
use super::network::Network;
use super::status::{Severity, ThermalStatus};
use super::tamper::Tamper;
use super::unit::Unit;
use super::{Body, Supply, Surroundings};
use crate::error::PhoneError;
use crate::profile::{self, Profile};

/// Nanoseconds of a millisecond.
const NS_PER_MS: u64 = 1_000_000;

impl Body {
    /// A device at rest, in thermal balance with itself at the start temperature.
    ///
    /// `seed` draws the unit's differences from the nominal one; 0 is the nominal unit.
    pub fn new(profile: &Profile, seed: u64, surroundings: Surroundings) -> Result<Self, PhoneError> {
        surroundings.check()?;
        let unit = Unit::drawn(&profile.spread, seed);
        let names = Names(profile);
        let nodes = profile.heat.nodes.len();
        let mut network = network(profile, &unit, &surroundings);
        network.set_rises(&vec![surroundings.start.0 - surroundings.ambient.0; nodes]);
        let domains = domains(profile, &unit);
        let power = &profile.power;
        let (idle, leaks) = (names.node(&power.idle_node), names.node(&power.leakage_node));
        let mut body = Self {
            now_ns: 0,
            ambient_c: surroundings.ambient.0,
            network,
            nodes_c: vec![0.0; nodes],
            sensors_c: vec![0.0; profile.sensors.len()],
            mixes: mixes(profile),
            governors: governors(profile, &domains),
            status: status(profile),
            limits: profile.downs.iter().map(|down| (names.sensor(&down.sensor), down.at_c)).collect(),
            floor: Floor::new(power, idle, leaks, unit.leakage),
            supply: supply(profile, &unit, &surroundings),
            charger: surroundings.charger,
            placed: None,
            placement: vec![0; domains.len()],
            heat: vec![0.0; nodes],
            drawn_w: 0.0,
            energy_j: 0.0,
            down: None,
            tamper: Tamper::default(),
            domains,
            profile: profile.clone(),
        };
        body.observe();
        body.wake();
        body.refresh_gauge();
        Ok(body)
    }
}

/// Names of a checked profile: every look-up succeeds.
struct Names<'a>(&'a Profile);

impl Names<'_> {
    fn node(&self, name: &str) -> usize {
        self.0.node(name).expect("a checked profile")
    }

    fn sensor(&self, name: &str) -> usize {
        self.0.sensor(name).expect("a checked profile")
    }

    fn cluster(&self, name: &str) -> usize {
        self.0.cluster(name).expect("a checked profile")
    }
}

fn network(profile: &Profile, unit: &Unit, surroundings: &Surroundings) -> Network {
    let names = Names(profile);
    let heat = &profile.heat;
    let mut capacities: Vec<f64> = heat.nodes.iter().map(|node| node.capacity_j_per_k).collect();
    capacities[names.node(&heat.outside)] += surroundings.case.capacity_j_per_k;
    let outward = unit.cooling * surroundings.case.conductance.0;
    let to_ambient = heat.nodes.iter().map(|node| node.to_ambient_w_per_k * outward).collect();
    let links: Vec<_> = heat
        .links
        .iter()
        .map(|link| {
            let [one, other] = link.between.each_ref().map(|name| names.node(name));
            (one, other, link.w_per_k * unit.cooling)
        })
        .collect();
    Network::new(capacities, to_ambient, &links)
}

fn domains(profile: &Profile, unit: &Unit) -> Vec<Domain> {
    let names = Names(profile);
    profile
        .clusters
        .iter()
        .map(|cluster| Domain::new(cluster, names.node(&cluster.node), Ratio(unit.dynamic)))
        .collect()
}

fn mixes(profile: &Profile) -> Vec<Vec<(usize, f64)>> {
    let names = Names(profile);
    profile
        .sensors
        .iter()
        .map(|sensor| sensor.mix.iter().map(|(node, weight)| (names.node(node), *weight)).collect())
        .collect()
}

fn governors(profile: &Profile, domains: &[Domain]) -> Vec<Governor> {
    let step_wise = profile.step_wise.iter().map(|governor| Governor::StepWise(step_wise(profile, governor)));
    let allocator = profile
        .power_allocator
        .iter()
        .map(|governor| Governor::PowerAllocator(power_allocator(profile, governor)));
    let caps = profile.caps.iter().map(|rung| Governor::Cap(cap(profile, domains, rung)));
    step_wise.chain(allocator).chain(caps).collect()
}

fn step_wise(profile: &Profile, governor: &profile::StepWise) -> StepWise {
    let names = Names(profile);
    let trip = |trip: &profile::Trip| super::governor::Trip {
        at_c: trip.at_c,
        hysteresis_k: trip.hysteresis_k,
        deepest: trip.deepest,
        cools: trip.cools.iter().map(|cluster| names.cluster(cluster)).collect(),
        crossed: false,
        state: 0,
    };
    StepWise {
        period_ns: governor.poll_ms * NS_PER_MS,
        sensor: names.sensor(&governor.sensor),
        trips: governor.trips.iter().map(trip).collect(),
        last_c: None,
    }
}

fn power_allocator(profile: &Profile, governor: &profile::PowerAllocator) -> PowerAllocator {
    let names = Names(profile);
    let actor = |actor: &profile::Actor| super::governor::Actor {
        domain: names.cluster(&actor.cluster),
        weight: actor.weight,
        granted: None,
    };
    PowerAllocator {
        period_ns: governor.poll_ms * NS_PER_MS,
        sensor: names.sensor(&governor.sensor),
        switch_on_c: governor.switch_on_c,
        control_c: governor.control_c,
        sustainable_w: governor.sustainable_mw / 1e3,
        overshoot_w_per_k: governor.overshoot_mw_per_k / 1e3,
        undershoot_w_per_k: governor.undershoot_mw_per_k / 1e3,
        integral_w_per_k: governor.integral_mw_per_k / 1e3,
        integral_cutoff_k: governor.integral_cutoff_k,
        actors: governor.actors.iter().map(actor).collect(),
        integral_w: 0.0,
    }
}

fn cap(profile: &Profile, domains: &[Domain], cap: &profile::Cap) -> Cap {
    let names = Names(profile);
    let limits = cap.limits_khz.iter().map(|(cluster, khz)| {
        let index = names.cluster(cluster);
        (index, domains[index].at_most(*khz))
    });
    Cap {
        period_ns: cap.poll_ms * NS_PER_MS,
        sensor: names.sensor(&cap.sensor),
        on_c: cap.on_c,
        off_c: cap.off_c,
        limits: limits.collect(),
        holds: false,
    }
}

fn status(profile: &Profile) -> Option<ThermalStatus> {
    profile.status.as_ref().map(|status| ThermalStatus {
        period_ns: status.poll_ms * NS_PER_MS,
        sensor: Names(profile).sensor(&status.sensor),
        levels: status.levels(),
        hysteresis_k: status.hysteresis_k,
        severity: Severity::None,
    })
}

fn supply(profile: &Profile, unit: &Unit, surroundings: &Surroundings) -> Option<Supply> {
    let names = Names(profile);
    let battery_part = profile.battery.as_ref()?;
    let charging = profile.charging.as_ref()?;
    let battery = Battery::new(battery_part, charging, unit.resistance, surroundings.charge.0);
    let flow = Flow {
        current_a: 0.0,
        volts: battery.open_circuit_v(),
        battery_heat_w: 0.0,
        charging_heat_w: 0.0,
        holds: true,
    };
    Some(Supply {
        gauge: Gauge::new(profile.gauge.as_ref()?, battery_part.capacity_mah),
        battery_node: names.node(&battery_part.node),
        charging_node: names.node(&charging.node),
        battery,
        flow,
    })
}
