//! Governors: each reads one zone now and then and says which operating points its clusters may use.

mod cap;
mod power_allocator;
mod step_wise;

pub use cap::Cap;
pub use power_allocator::{Actor, PowerAllocator};
pub use step_wise::{StepWise, Trip};

use super::domain::Domain;

/// What a governor sees when it polls.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Temperatures of the profile's sensors, °C.
    pub sensors: &'a [f64],
    /// The clusters.
    pub domains: &'a [Domain],
    /// Busy cores of each cluster.
    pub busy_cores: &'a [u32],
}

/// One governor of a body.
#[derive(Debug, Clone)]
pub enum Governor {
    /// One state per poll, up or down.
    StepWise(StepWise),
    /// A budget of power.
    PowerAllocator(PowerAllocator),
    /// A fixed clock while a zone is warm.
    Cap(Cap),
}

impl Governor {
    /// Time between polls, ns.
    #[must_use]
    pub fn period_ns(&self) -> u64 {
        match self {
            Self::StepWise(governor) => governor.period_ns,
            Self::PowerAllocator(governor) => governor.period_ns,
            Self::Cap(governor) => governor.period_ns,
        }
    }

    /// Looks at the device and changes its mind.
    pub fn poll(&mut self, view: View<'_>) {
        match self {
            Self::StepWise(governor) => governor.poll(view),
            Self::PowerAllocator(governor) => governor.poll(view),
            Self::Cap(governor) => governor.poll(view),
        }
    }

    /// Looks at a device that has lain in its air for long, where that alone decides.
    pub fn wake(&mut self, view: View<'_>) {
        if let Self::Cap(governor) = self {
            governor.poll(view);
        }
    }

    /// Lowers the highest allowed points to what it allows.
    pub fn limit(&self, domains: &mut [Domain]) {
        match self {
            Self::StepWise(governor) => governor.limit(domains),
            Self::PowerAllocator(governor) => governor.limit(domains),
            Self::Cap(governor) => governor.limit(domains),
        }
    }
}
