//! Caps of the vendor: a ladder of clocks over the temperature of the skin, with hysteresis.
//!
//! They stand beside the thermal status and usually act before it: a phone can lose half its rate with status NONE.

use super::View;
use crate::body::domain::Domain;

/// One rung of the ladder.
#[derive(Debug, Clone)]
pub struct Cap {
    /// Time between polls, ns.
    pub period_ns: u64,
    /// Index of the sensor.
    pub sensor: usize,
    /// It holds from here, °C.
    pub on_c: f64,
    /// It lets go below, °C.
    pub off_c: f64,
    /// Clusters and the highest point of each.
    pub limits: Vec<(usize, usize)>,
    /// Whether it holds.
    pub holds: bool,
}

impl Cap {
    pub(super) fn poll(&mut self, view: View<'_>) {
        let celsius = view.sensors[self.sensor];
        self.holds = celsius >= if self.holds { self.off_c } else { self.on_c };
    }

    pub(super) fn limit(&self, domains: &mut [Domain]) {
        for &(domain, highest) in self.limits.iter().filter(|_| self.holds) {
            domains[domain].allowed = domains[domain].allowed.min(highest);
        }
    }
}
