//! The thermal network: heat capacities joined by thermal resistances, the classic RC model of a handheld.
//!
//! ```text
//! C_i dT_i/dt = P_i + sum_j G_ij (T_j - T_i) + G_i,amb (T_amb - T_i)
//! ```
//! with `C` in J/K, `G` in W/K and `P` in W. For power that is constant over a step the solution is
//! `T(t + dt) - T_amb = exp(A dt) (T(t) - T_amb) + A^-1 (exp(A dt) - 1) C^-1 P`, without any error of a time step.
//! `A = -C^-1 L` is not symmetric, but `S = C^-1/2 L C^-1/2` is, and has the same time constants: one
//! decomposition per body serves every length of step.

use super::symmetric::{Decomposition, Matrix, decompose};
use crate::elementary::{exp, mean_decay};

/// Lengths of step whose matrices are kept. Control periods and gauge periods are few; odd rests come and go.
const KEPT_STEPS: usize = 8;

/// Nanoseconds of a second.
const NS_PER_S: f64 = 1e9;

/// A network with its state.
#[derive(Debug, Clone)]
pub struct Network {
    capacities: Vec<f64>,
    to_ambient: Vec<f64>,
    modes: Decomposition,
    kept: Vec<Step>,
    next_kept: usize,
    /// Above ambient, K.
    rises: Vec<f64>,
    scratch: Vec<f64>,
}

/// What one step of a fixed length does: `rise' = decay * rise + gain * power`.
#[derive(Debug, Clone)]
struct Step {
    ns: u64,
    decay: Matrix,
    gain: Matrix,
}

impl Network {
    /// A network from capacities (J/K), conductances to ambient (W/K) and conductances between nodes
    /// (first node, second node, W/K). Every node must reach ambient over some path.
    #[must_use]
    pub fn new(capacities: Vec<f64>, to_ambient: Vec<f64>, links: &[(usize, usize, f64)]) -> Self {
        let size = capacities.len();
        let mut laplacian: Matrix = vec![vec![0.0; size]; size];
        for (node, conductance) in to_ambient.iter().enumerate() {
            laplacian[node][node] += conductance;
        }
        for &(one, other, conductance) in links {
            laplacian[one][one] += conductance;
            laplacian[other][other] += conductance;
            laplacian[one][other] -= conductance;
            laplacian[other][one] -= conductance;
        }
        for (row, values) in laplacian.iter_mut().enumerate() {
            for (column, value) in values.iter_mut().enumerate() {
                *value /= (capacities[row] * capacities[column]).sqrt();
            }
        }
        let rises = vec![0.0; size];
        let scratch = rises.clone();
        Self {
            modes: decompose(laplacian),
            capacities,
            to_ambient,
            kept: Vec::new(),
            next_kept: 0,
            rises,
            scratch,
        }
    }

    /// Temperatures above ambient, K.
    #[must_use]
    pub fn rises(&self) -> &[f64] {
        &self.rises
    }

    /// Sets all temperatures above ambient, K.
    pub fn set_rises(&mut self, rises: &[f64]) {
        self.rises.copy_from_slice(rises);
    }

    /// Heat stored above ambient, J.
    #[must_use]
    pub fn stored_j(&self) -> f64 {
        self.rises.iter().zip(&self.capacities).map(|(rise, capacity)| rise * capacity).sum()
    }

    /// Heat that leaves to ambient, W.
    #[must_use]
    pub fn lost_w(&self) -> f64 {
        self.rises.iter().zip(&self.to_ambient).map(|(rise, conductance)| rise * conductance).sum()
    }

    /// The time constants of the network, seconds, longest first.
    #[must_use]
    pub fn time_constants_s(&self) -> Vec<f64> {
        let mut constants: Vec<f64> = self.modes.values.iter().map(|value| 1.0 / value).collect();
        constants.sort_by(|a, b| b.total_cmp(a));
        constants
    }

    /// Lets `ns` nanoseconds pass with these powers (W, one per node). Exact for constant power.
    pub fn advance(&mut self, ns: u64, powers: &[f64]) {
        let index = self.step_of(ns);
        let step = &self.kept[index];
        for (node, (decay, gain)) in step.decay.iter().zip(&step.gain).enumerate() {
            let kept: f64 = decay.iter().zip(&self.rises).map(|(factor, rise)| factor * rise).sum();
            let fed: f64 = gain.iter().zip(powers).map(|(factor, power)| factor * power).sum();
            self.scratch[node] = kept + fed;
        }
        std::mem::swap(&mut self.rises, &mut self.scratch);
    }

    /// Where the matrices of this length of step are kept; made on first use, over the oldest.
    fn step_of(&mut self, ns: u64) -> usize {
        if let Some(index) = self.kept.iter().position(|step| step.ns == ns) {
            return index;
        }
        let step = self.step(ns);
        if self.kept.len() < KEPT_STEPS {
            self.kept.push(step);
            return self.kept.len() - 1;
        }
        let index = self.next_kept;
        self.kept[index] = step;
        self.next_kept = (index + 1) % KEPT_STEPS;
        index
    }

    fn step(&self, ns: u64) -> Step {
        let seconds = ns as f64 / NS_PER_S;
        let decays: Vec<f64> = self.modes.values.iter().map(|value| exp(-value * seconds)).collect();
        let gains: Vec<f64> =
            self.modes.values.iter().map(|value| seconds * mean_decay(value * seconds)).collect();
        let decay =
            self.spread(&decays, |row, column| (self.capacities[column] / self.capacities[row]).sqrt());
        let gain =
            self.spread(&gains, |row, column| 1.0 / (self.capacities[row] * self.capacities[column]).sqrt());
        Step { ns, decay, gain }
    }

    /// `Q diag(factors) Q^T`, each element scaled.
    fn spread(&self, factors: &[f64], scale: impl Fn(usize, usize) -> f64) -> Matrix {
        let size = factors.len();
        let vectors = &self.modes.vectors;
        let element = |row: usize, column: usize| -> f64 {
            let sum: f64 =
                (0..size).map(|mode| vectors[row][mode] * factors[mode] * vectors[column][mode]).sum();
            sum * scale(row, column)
        };
        (0..size).map(|row| (0..size).map(|column| element(row, column)).collect()).collect()
    }
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
