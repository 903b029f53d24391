//! Where the watts of a load go.

use super::domain::Domain;
use super::speed::Speed;
use crate::elementary::exp;
use crate::load::Load;
use crate::profile::{Kind, Power};

/// The chip's own consumption, compiled from a profile.
#[derive(Debug, Clone)]
pub struct Floor {
    idle_w: f64,
    idle_node: usize,
    leakage_w: f64,
    leakage_node: usize,
    per_kelvin: f64,
    stalled_share: f64,
    efficiency: f64,
    /// Leakage at the temperature of the last control tick, W.
    leaking_w: f64,
}

impl Floor {
    /// `leakage` is this unit's leakage by the nominal unit's.
    #[must_use]
    pub fn new(power: &Power, idle_node: usize, leakage_node: usize, leakage: f64) -> Self {
        Self {
            idle_w: power.idle_mw / 1e3,
            idle_node,
            leakage_w: power.leakage_mw_at_25c / 1e3 * leakage,
            leakage_node,
            per_kelvin: std::f64::consts::LN_2 / power.leakage_doubles_every_k,
            stalled_share: power.stalled_share,
            efficiency: power.regulator_efficiency,
            leaking_w: 0.0,
        }
    }

    /// Index of the node that leaks: the chip.
    #[must_use]
    pub fn leakage_node(&self) -> usize {
        self.leakage_node
    }

    /// Takes over the temperatures of the nodes, °C: subthreshold leakage grows exponentially with temperature.
    ///
    /// Between two control ticks it is held: with 3 K/s, faster than any of our chips heats, and a doubling in 25 K,
    /// it is wrong by 0.8 % of itself for 0.1 s.
    pub fn observe(&mut self, celsius: &[f64]) {
        self.leaking_w = self.leakage_w * exp((celsius[self.leakage_node] - 25.0) * self.per_kelvin);
    }

    /// Adds the heat of everything behind the supply to the nodes, W, and returns what the supply must give, W.
    pub fn draw(
        &self,
        domains: &[Domain],
        placement: &[u32],
        load: &Load<'_>,
        speed: Speed,
        heat: &mut [f64],
    ) -> f64 {
        heat[self.idle_node] += self.idle_w;
        heat[self.leakage_node] += self.leaking_w;
        let mut total = self.idle_w + self.leaking_w;
        let (core_activity, memory_activity) = self.activity(load, speed);
        for (domain, &cores) in domains.iter().zip(placement) {
            let activity = if domain.kind == Kind::Memory { memory_activity } else { core_activity };
            let watts = domain.point().core_w * f64::from(cores) * activity;
            heat[domain.node] += watts;
            total += watts;
        }
        let supplied = total / self.efficiency;
        heat[self.idle_node] += supplied - total;
        supplied
    }

    /// Power of a placed core and of the memory by their power at full work.
    fn activity(&self, load: &Load<'_>, speed: Speed) -> (f64, f64) {
        match *load {
            Load::Idle => (0.0, 0.0),
            Load::Prefill(_) => (1.0, 0.0),
            Load::Decode { context, .. } => {
                let memory = speed.memory_s(context) / speed.token_s(context);
                (1.0 - memory * (1.0 - self.stalled_share), memory)
            }
        }
    }
}
