//! What one kind of device is made of: a TOML file, parsed strictly and checked before a body is built from it.

mod built_in;
mod check;
mod check_supply;
mod clocks;
mod control;
mod face;
mod heat;
mod parse;
mod supply;

pub use built_in::built_in_names;
pub use clocks::{Cluster, Kind, Power};
pub use control::{Actor, Cap, Down, PowerAllocator, Status, StepWise, Trip};
pub use face::{Calibration, Face, Os, ZoneKind};
pub use heat::{Heat, Link, Node, Sensor};
pub use supply::{Battery, Charging, Counter, DischargeSign, Gauge, Spread};

use serde::Deserialize;

/// One kind of device.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name in a device address, such as `tensor-phone`.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Which operating system it shows to an agent, and that one's habits.
    pub face: Face,
    /// What the figures below were fitted to, and how well they fit.
    pub calibration: Calibration,
    /// The thermal network.
    pub heat: Heat,
    /// Thermal zones: what the governors and the agent can read.
    #[serde(rename = "sensor")]
    pub sensors: Vec<Sensor>,
    /// Clock domains: processors and the memory bus.
    #[serde(rename = "cluster")]
    pub clusters: Vec<Cluster>,
    /// What is drawn beside the work itself.
    pub power: Power,
    /// Governors that walk one state per poll, like the kernel's `step_wise`.
    #[serde(default)]
    pub step_wise: Vec<StepWise>,
    /// A governor that shares out a budget of power, like the kernel's `power_allocator`.
    pub power_allocator: Option<PowerAllocator>,
    /// Caps of the vendor, which act whatever the thermal status says.
    #[serde(default, rename = "cap")]
    pub caps: Vec<Cap>,
    /// The thermal status that the operating system tells.
    pub status: Option<Status>,
    /// Temperatures at which the device switches itself off.
    #[serde(default, rename = "down")]
    pub downs: Vec<Down>,
    /// The battery; absent on mains.
    pub battery: Option<Battery>,
    /// The fuel gauge, where there is a battery.
    pub gauge: Option<Gauge>,
    /// How it charges, where there is a battery.
    pub charging: Option<Charging>,
    /// How much units of this kind differ from each other.
    pub spread: Spread,
}

impl Profile {
    /// The sensor of this name.
    #[must_use]
    pub fn sensor(&self, name: &str) -> Option<usize> {
        self.sensors.iter().position(|sensor| sensor.name == name)
    }

    /// The cluster of this name.
    #[must_use]
    pub fn cluster(&self, name: &str) -> Option<usize> {
        self.clusters.iter().position(|cluster| cluster.name == name)
    }

    /// The thermal node of this name.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<usize> {
        self.heat.nodes.iter().position(|node| node.name == name)
    }
}
