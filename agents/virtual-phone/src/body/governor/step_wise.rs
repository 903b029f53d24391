//! The step-wise governor: from each trip point on, one state deeper per poll while the temperature rises, one state
//! back per poll below it. It knows neither the size of the error nor of the effect, so that a chip that heats faster
//! than it polls swings about the trip: the limit cycles of phones need no other cause.

use super::View;
use crate::body::domain::Domain;

/// A step-wise governor of one zone.
#[derive(Debug, Clone)]
pub struct StepWise {
    /// Time between polls, ns.
    pub period_ns: u64,
    /// Index of the sensor.
    pub sensor: usize,
    /// Its trip points.
    pub trips: Vec<Trip>,
    /// What it read at the last poll, °C; nothing at first.
    pub last_c: Option<f64>,
}

/// A trip point with the states that it asks for.
#[derive(Debug, Clone)]
pub struct Trip {
    /// Temperature from which it throttles, °C.
    pub at_c: f64,
    /// It lets go this far below, K.
    pub hysteresis_k: f64,
    /// Most points that it may take away.
    pub deepest: usize,
    /// Indices of the clusters.
    pub cools: Vec<usize>,
    /// Whether it was crossed and not yet left.
    pub crossed: bool,
    /// Points that it takes away from each of its clusters.
    pub state: usize,
}

impl StepWise {
    pub(super) fn poll(&mut self, view: View<'_>) {
        let celsius = view.sensors[self.sensor];
        let rises = self.last_c.is_none_or(|last| celsius > last);
        for trip in &mut self.trips {
            let threshold = if trip.crossed { trip.at_c - trip.hysteresis_k } else { trip.at_c };
            trip.crossed = celsius >= threshold;
            if !trip.crossed {
                trip.state = trip.state.saturating_sub(1);
            } else if rises && celsius >= trip.at_c {
                trip.state = (trip.state + 1).min(trip.deepest);
            }
        }
        self.last_c = Some(celsius);
    }

    pub(super) fn limit(&self, domains: &mut [Domain]) {
        for trip in &self.trips {
            for &index in &trip.cools {
                let domain = &mut domains[index];
                domain.allowed = domain.allowed.min(domain.top().saturating_sub(trip.state));
            }
        }
    }
}

#[cfg(test)]
#[path = "step_wise_tests.rs"]
mod tests;
