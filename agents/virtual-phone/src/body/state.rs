//! What can be seen of a body: what its sensors show, and the truth behind them.

use edgesoak_protocol::units::{Celsius, Nanos, Ratio, Watts};

use super::Body;
use super::gauge::Shown;
use super::governor::Governor;
use super::status::Severity;

/// An amount of energy, joules.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Joules(pub f64);

/// Why a device switched itself off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Down {
    /// A zone reached its last limit.
    Heat {
        /// When.
        at: Nanos,
        /// Index of the sensor.
        sensor: usize,
    },
    /// The battery is empty, or sagged below its cut-off.
    Battery {
        /// When.
        at: Nanos,
    },
}

/// What a battery does, as the kernel counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeStatus {
    /// Current flows in.
    Charging,
    /// Current flows out.
    Discharging,
    /// Plugged in, and no current flows.
    NotCharging,
    /// Plugged in, and full.
    Full,
}

impl ChargeStatus {
    /// The number that Android gives it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Charging => 2,
            Self::Discharging => 3,
            Self::NotCharging => 4,
            Self::Full => 5,
        }
    }
}

/// The clock of one cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// What it runs at, kHz: the lowest point while idle.
    pub now_khz: u64,
    /// What governors and caps allow, kHz.
    pub allowed_khz: u64,
    /// What the hardware could do, kHz.
    pub most_khz: u64,
    /// Operating points that are taken away: the state of its cooling device.
    pub cooling_state: usize,
}

/// A look at a body.
#[derive(Debug, Clone, Copy)]
pub struct State<'a>(pub(super) &'a Body);

impl State<'_> {
    /// What a sensor shows, as of the last control tick; indices as in the profile.
    #[must_use]
    pub fn sensor(&self, index: usize) -> Option<Celsius> {
        self.0.sensors_c.get(index).copied().map(Celsius)
    }

    /// The temperature of a node, as of the last control tick; indices as in the profile.
    #[must_use]
    pub fn node(&self, index: usize) -> Option<Celsius> {
        self.0.nodes_c.get(index).copied().map(Celsius)
    }

    /// The air around it.
    #[must_use]
    pub fn ambient(&self) -> Celsius {
        Celsius(self.0.ambient_c)
    }

    /// The clock of a cluster; indices as in the profile.
    #[must_use]
    pub fn clock(&self, index: usize) -> Option<Clock> {
        let domain = self.0.domains.get(index)?;
        let busy = self.0.placement.get(index).is_some_and(|cores| *cores > 0);
        let lowest = domain.points.first()?.khz;
        let allowed = domain.point().khz;
        Some(Clock {
            now_khz: if busy { allowed } else { lowest },
            allowed_khz: allowed,
            most_khz: domain.points.last()?.khz,
            cooling_state: domain.top() - domain.governed,
        })
    }

    /// The thermal status, where the operating system has one.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.0.status.as_ref().map(|status| status.severity)
    }

    /// Whether any cap of the vendor holds.
    #[must_use]
    pub fn is_capped(&self) -> bool {
        self.0.governors.iter().any(|governor| matches!(governor, Governor::Cap(cap) if cap.holds))
    }

    /// What the fuel gauge shows, where there is one.
    #[must_use]
    pub fn gauge(&self) -> Option<Shown> {
        self.0.supply.as_ref().map(|supply| supply.gauge.shown())
    }

    /// The true state of charge, where there is a battery.
    #[must_use]
    pub fn charge(&self) -> Option<Ratio> {
        self.0.supply.as_ref().map(|supply| Ratio(supply.battery.state_of_charge()))
    }

    /// What the battery does, where there is one.
    #[must_use]
    pub fn charge_status(&self) -> Option<ChargeStatus> {
        let supply = self.0.supply.as_ref()?;
        let plugged = self.is_plugged();
        Some(match supply.flow.current_a {
            out if out > 0.0 || !plugged => ChargeStatus::Discharging,
            out if out < 0.0 => ChargeStatus::Charging,
            _ if supply.battery.state_of_charge() >= 1.0 => ChargeStatus::Full,
            _ => ChargeStatus::NotCharging,
        })
    }

    /// Whether a charger is plugged in.
    #[must_use]
    pub fn is_plugged(&self) -> bool {
        self.0.charger.is_some()
    }

    /// The true power of the whole device over the last step.
    #[must_use]
    pub fn power(&self) -> Watts {
        Watts(self.0.drawn_w)
    }

    /// The true energy since the start.
    #[must_use]
    pub fn energy(&self) -> Joules {
        Joules(self.0.energy_j)
    }

    /// Whether and why it switched itself off.
    #[must_use]
    pub fn down(&self) -> Option<Down> {
        self.0.down
    }
}
