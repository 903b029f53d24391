//! What instruments beside a device read: external power meters and probes of the air around it.
//!
//! Their times are the host's; whoever compares them with the device goes through its
//! [`ClockOffset`](crate::session::ClockOffset)s.

use edgesoak_protocol::reading::Reading;
use edgesoak_protocol::units::{Celsius, Nanos, Ratio, Watts};
use serde::{Deserialize, Serialize};

/// What a meter's figure covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeterScope {
    /// In place of the battery: all that the device draws.
    Battery,
    /// At the input of a board: all that the device draws.
    Board,
    /// At the socket: the losses of the supply too.
    Wall,
    /// One rail of several.
    Rail,
    /// The processor package.
    Package,
}

impl MeterScope {
    /// Every scope, whole devices before parts of them.
    pub const ALL: [MeterScope; 5] =
        [MeterScope::Battery, MeterScope::Board, MeterScope::Wall, MeterScope::Rail, MeterScope::Package];

    /// The word in `lab.toml`, in the database and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MeterScope::Battery => "battery",
            MeterScope::Board => "board",
            MeterScope::Wall => "wall",
            MeterScope::Rail => "rail",
            MeterScope::Package => "package",
        }
    }

    /// The scope with this [`word`](Self::word).
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

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
    pub readings: Vec<MeterReading>,
}

/// One reading of a meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeterReading {
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

#[cfg(test)]
mod tests {
    use super::MeterScope;

    #[test]
    fn words_lead_back() {
        for scope in MeterScope::ALL {
            assert_eq!(MeterScope::from_word(scope.word()), Some(scope));
            assert_eq!(serde_json::to_value(scope).expect("a word"), scope.word());
        }
        assert_eq!(MeterScope::from_word("Wall"), None);
    }
}
