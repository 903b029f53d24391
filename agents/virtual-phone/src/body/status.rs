//! The thermal status as the operating system tells it: thresholds on one zone, polled now and then.

/// How the operating system rates the heat. `None` says little: vendors throttle before it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing to tell.
    None,
    /// Users do not notice.
    Light,
    /// Users may notice.
    Moderate,
    /// Users notice.
    Severe,
    /// Everything possible is done against it.
    Critical,
    /// Parts are switched off.
    Emergency,
    /// The device switches itself off.
    Shutdown,
}

impl Severity {
    /// Every severity by its number.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Light,
        Self::Moderate,
        Self::Severe,
        Self::Critical,
        Self::Emergency,
        Self::Shutdown,
    ];
}

/// The status with its thresholds.
#[derive(Debug, Clone)]
pub struct ThermalStatus {
    /// Time between polls, ns.
    pub period_ns: u64,
    /// Index of the sensor.
    pub sensor: usize,
    /// From LIGHT to SHUTDOWN, °C.
    pub levels: [Option<f64>; 6],
    /// It falls back this far below a level, K.
    pub hysteresis_k: f64,
    /// What it tells.
    pub severity: Severity,
}

impl ThermalStatus {
    /// Reads its zone, °C.
    pub fn poll(&mut self, celsius: f64) {
        let mut severity = Severity::None;
        for (level, reached) in self.levels.iter().zip(&Severity::ALL[1..]) {
            let slack = if self.severity >= *reached { self.hysteresis_k } else { 0.0 };
            if level.is_some_and(|level| celsius >= level - slack) {
                severity = *reached;
            }
        }
        self.severity = severity;
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, ThermalStatus};

    #[test]
    fn a_level_is_left_below_its_hysteresis_only() {
        let mut status = ThermalStatus {
            period_ns: 1,
            sensor: 0,
            levels: [Some(36.0), Some(38.0), None, Some(42.0), None, None],
            hysteresis_k: 1.0,
            severity: Severity::None,
        };
        let told: Vec<Severity> = [35.9, 36.0, 38.2, 37.1, 36.9, 35.1, 34.9, 50.0]
            .into_iter()
            .map(|celsius| {
                status.poll(celsius);
                status.severity
            })
            .collect();
        assert_eq!(told, [0, 1, 2, 2, 1, 1, 0, 4].map(|level| Severity::ALL[level]));
    }
}
