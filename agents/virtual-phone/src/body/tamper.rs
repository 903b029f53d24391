//! What can be done to a body that nothing in its physics does by itself: the hands of faults.

use edgesoak_protocol::units::{Ratio, Watts};

use super::Body;
use super::domain::Domain;
use crate::profile::Kind;

/// What is done to a body at the moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tamper {
    /// Drawn beside the work, and heating where the chip leaks, W.
    pub(super) heater_w: f64,
    /// Share of every processor core that others take.
    pub(super) background: f64,
    /// Governors and caps of the vendor are asleep.
    pub(super) is_ungoverned: bool,
    /// Share of the highest clock that a person or a policy allows.
    pub(super) ceiling: Option<f64>,
    /// Work goes to the slowest cores first.
    pub(super) is_demoted: bool,
}

impl Body {
    /// Draws this much beside the work and turns it into heat inside of the chip.
    pub fn add_heater(&mut self, power: Watts) {
        self.tamper.heater_w = power.0.max(0.0);
    }

    /// Gives a share of every processor core to other processes; what is left of a core does our work.
    pub fn share_with_others(&mut self, share: Ratio) {
        self.tamper.background = share.0.clamp(0.0, 0.95);
    }

    /// Puts every governor and every cap of the vendor to sleep, as they stand.
    pub fn stop_governing(&mut self) {
        self.tamper.is_ungoverned = true;
    }

    /// Allows processors no more than this share of their highest clock, from the next control tick on. No cooling
    /// device moves.
    pub fn limit_clocks(&mut self, share: Ratio) {
        self.tamper.ceiling = Some(share.0.clamp(0.0, 1.0));
    }

    /// Sends work to the slowest cores first.
    pub fn demote(&mut self) {
        self.tamper.is_demoted = true;
        self.unplace();
    }

    /// Exchanges the battery for another one of its kind, as hot as the old one.
    pub fn swap_battery(&mut self, charge: Ratio) {
        if let Some(supply) = &mut self.supply {
            supply.battery.refill(charge.0.clamp(0.0, 1.0));
        }
    }

    /// The share of processors that others leave to our work.
    #[must_use]
    pub fn our_share(&self) -> Ratio {
        Ratio(1.0 - self.tamper.background)
    }

    /// What others draw and what the heater gives, W.
    pub(super) fn tampered_w(&self, placement: &[u32]) -> f64 {
        let of_others = |(domain, placed): (&Domain, &u32)| {
            let free = domain.cores.saturating_sub(*placed);
            // On a core of ours they take its time, which draws as much as before.
            f64::from(free) * domain.point().core_w * self.tamper.background
        };
        let processors = self.domains.iter().zip(placement).filter(|(domain, _)| domain.kind == Kind::Cpu);
        self.tamper.heater_w + processors.map(of_others).sum::<f64>()
    }

    /// Lowers processors to what a person or a policy allows.
    pub(super) fn limit_to_ceiling(&mut self) {
        let Some(share) = self.tamper.ceiling else { return };
        for domain in self.domains.iter_mut().filter(|domain| domain.kind != Kind::Memory) {
            domain.allowed = domain.allowed.min(domain.at_most_share(share));
        }
    }
}
