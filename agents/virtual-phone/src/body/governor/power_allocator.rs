//! The power allocator: a PID controller makes a budget of power from the distance to a control temperature, and the
//! actors share it by what they ask for. The derivative term is left out, as most vendors set it to zero.

use edgesoak_protocol::units::Watts;

use super::View;
use crate::body::domain::Domain;

/// A power allocator of one zone.
#[derive(Debug, Clone)]
pub struct PowerAllocator {
    /// Time between polls, ns.
    pub period_ns: u64,
    /// Index of the sensor.
    pub sensor: usize,
    /// Below this everything may run, °C.
    pub switch_on_c: f64,
    /// The temperature that it holds, °C.
    pub control_c: f64,
    /// Budget at the control temperature, W.
    pub sustainable_w: f64,
    /// Proportional gain above the control temperature, W/K.
    pub overshoot_w_per_k: f64,
    /// Proportional gain below it, W/K.
    pub undershoot_w_per_k: f64,
    /// Integral gain, W/K per poll.
    pub integral_w_per_k: f64,
    /// Larger errors are not integrated, K.
    pub integral_cutoff_k: f64,
    /// Who shares the budget.
    pub actors: Vec<Actor>,
    /// The integral so far, W.
    pub integral_w: f64,
}

/// One that shares the budget.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Index of the cluster.
    pub domain: usize,
    /// Weight of its requests.
    pub weight: f64,
    /// What it was granted; nothing while everything may run.
    pub granted: Option<Watts>,
}

impl PowerAllocator {
    pub(super) fn poll(&mut self, view: View<'_>) {
        let celsius = view.sensors[self.sensor];
        if celsius < self.switch_on_c {
            self.integral_w = 0.0;
            for actor in &mut self.actors {
                actor.granted = None;
            }
            return;
        }
        let most: f64 = self.actors.iter().map(|actor| full_power(&view.domains[actor.domain])).sum();
        let budget = self.budget(self.control_c - celsius, most);
        self.share(budget, view);
    }

    fn budget(&mut self, error_k: f64, most: f64) -> f64 {
        let gain = if error_k < 0.0 { self.overshoot_w_per_k } else { self.undershoot_w_per_k };
        let integral = self.integral_w + error_k * self.integral_w_per_k;
        // Winding up beyond what actors can draw would delay the answer to the next error.
        if error_k < self.integral_cutoff_k && integral.abs() < most {
            self.integral_w = integral;
        }
        (self.sustainable_w + gain * error_k + self.integral_w).clamp(0.0, most)
    }

    /// By weighted requests first, then what nobody took by what is still missing.
    fn share(&mut self, budget: f64, view: View<'_>) {
        let wishes: Vec<f64> = self.actors.iter().map(|actor| request(actor, view)).collect();
        let weighted: f64 = wishes.iter().zip(&self.actors).map(|(wish, actor)| wish * actor.weight).sum();
        let mut granted: Vec<f64> = wishes
            .iter()
            .zip(&self.actors)
            .map(
                |(wish, actor)| if weighted > 0.0 { wish * actor.weight / weighted * budget } else { budget },
            )
            .collect();
        let mut extra = 0.0;
        let mut missing = 0.0;
        for (grant, actor) in granted.iter_mut().zip(&self.actors) {
            let most = full_power(&view.domains[actor.domain]);
            extra += (*grant - most).max(0.0);
            *grant = grant.min(most);
            missing += most - *grant;
        }
        for (grant, actor) in granted.iter_mut().zip(&mut self.actors) {
            let share = full_power(&view.domains[actor.domain]) - *grant;
            if missing > 0.0 {
                *grant += extra.min(missing) * share / missing;
            }
            actor.granted = Some(Watts(*grant));
        }
    }

    pub(super) fn limit(&self, domains: &mut [Domain]) {
        for actor in &self.actors {
            if let Some(granted) = actor.granted {
                let domain = &mut domains[actor.domain];
                domain.allowed = domain.allowed.min(domain.within(granted));
            }
        }
    }
}

/// What a cluster draws with all its cores at the highest point.
fn full_power(domain: &Domain) -> f64 {
    domain.points.last().map_or(0.0, |point| point.core_w * f64::from(domain.cores))
}

/// What an actor would draw without limits.
fn request(actor: &Actor, view: View<'_>) -> f64 {
    let domain = &view.domains[actor.domain];
    domain.points.last().map_or(0.0, |point| point.core_w * f64::from(view.busy_cores[actor.domain]))
}

#[cfg(test)]
#[path = "power_allocator_tests.rs"]
mod tests;
