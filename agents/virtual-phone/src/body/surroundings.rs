//! What stands around a body: air, hand or boot, charger, and how it starts.

use edgesoak_protocol::units::{Celsius, Ratio, Watts};

use crate::error::PhoneError;

/// What stands around a body.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// Temperature of the air.
    pub ambient: Celsius,
    /// Temperature of the whole device at the start.
    pub start: Celsius,
    /// What covers it.
    pub case: Case,
    /// A charger, if it is plugged in.
    pub charger: Option<Charger>,
    /// State of charge at the start.
    pub charge: Ratio,
}

/// What covers a device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Case {
    /// Conductance to the air by that of the bare device.
    pub conductance: Ratio,
    /// Heat capacity that it adds to the outside, J/K.
    pub capacity_j_per_k: f64,
}

impl Case {
    /// Nothing.
    pub const BARE: Self = Self { conductance: Ratio(1.0), capacity_j_per_k: 0.0 };
    /// A thin sleeve of silicone: 25 g at 1.2 J/(g K).
    pub const SLEEVE: Self = Self { conductance: Ratio(0.8), capacity_j_per_k: 30.0 };
    /// The rubber boot of a warehouse: 60 g.
    pub const BOOT: Self = Self { conductance: Ratio(0.65), capacity_j_per_k: 72.0 };
}

/// A charger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Charger {
    /// What it can give.
    pub most: Watts,
}

impl Surroundings {
    /// A bare, unplugged device at the temperature of a room, with 80 % charge.
    pub const ROOM: Self = Self {
        ambient: Celsius(23.0),
        start: Celsius(23.0),
        case: Case::BARE,
        charger: None,
        charge: Ratio(0.8),
    };

    /// Whether a body is modelled for this.
    pub fn check(&self) -> Result<(), PhoneError> {
        let wrong = |problem: String| Err(PhoneError::SettingSurroundings(problem));
        for (what, celsius) in [("ambient", self.ambient.0), ("start", self.start.0)] {
            if !(-20.0..=60.0).contains(&celsius) {
                return wrong(format!("{what} of {celsius} °C is not between -20 and 60"));
            }
        }
        if !(0.05..=5.0).contains(&self.case.conductance.0)
            || !(0.0..=5_000.0).contains(&self.case.capacity_j_per_k)
        {
            return wrong(
                "the case conducts 0.05 to 5 times the bare device and holds 0 to 5000 J/K".to_owned(),
            );
        }
        if self.charger.is_some_and(|charger| !(0.1..=300.0).contains(&charger.most.0)) {
            return wrong("a charger gives 0.1 to 300 W".to_owned());
        }
        if !(0.0..=1.0).contains(&self.charge.0) {
            return wrong(format!("a charge of {} is not between 0 and 1", self.charge.0));
        }
        Ok(())
    }
}
