//! What instruments beside a device read: external power meters and probes of the air around it.
//!
//! Their times are the host's; whoever compares them with the device goes through its
//! [`ClockOffset`](crate::session::ClockOffset)s.

use edgesoak_protocol::reading::Reading;
use edgesoak_protocol::units::{Celsius, Nanos, Ratio, Watts};

use crate::lab::MeterScope;

/// Everything that one meter said during a session.
#[derive(Debug, Clone, PartialEq)]
pub struct MeterTrace {
    /// Its name in `lab.toml`.
    pub name: String,
    /// What it measures.
    pub scope: MeterScope,
    /// Largest gain error that the lab claims for it, as a part of one.
    pub gain_error: Option<Ratio>,
    /// Readings in time order.
    pub readings: Vec<PowerReading>,
}

/// One reading of a meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerReading {
    /// When it was measured, on the host's monotonic clock.
    pub host_mono: Nanos,
    /// Power, or the reason why there is none.
    pub watts: Reading<Watts>,
}

/// One reading of the air around a device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AmbientReading {
    /// When it was measured, on the host's monotonic clock.
    pub host_mono: Nanos,
    /// Temperature, or the reason why there is none.
    pub celsius: Reading<Celsius>,
}
