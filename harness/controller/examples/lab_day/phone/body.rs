//! How fast a made-up phone decodes and how it heats.

/// Temperature of the lab, °C.
pub const ROOM: f64 = 24.0;
/// How far a battery goes over it under load, kelvin, and how fast, seconds.
const HEATED: f64 = 4.0;
const TAU: f64 = 15.0;
/// Seconds of a soak after which it is as slow as it gets.
const THROTTLED: f64 = 20.0;

/// What a phone can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Body {
    /// Decode rate when it is cold, tokens per second.
    pub rate: f64,
    /// How much slower it is once it is warm, as a part of one.
    pub throttles: f64,
}

impl Body {
    /// How much slower than cold it is after so many seconds of a soak.
    pub fn slowness(self, seconds: f64) -> f64 {
        1.0 + self.throttles * (seconds / THROTTLED).min(1.0)
    }

    /// Time of a token after so many seconds of a soak.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some milliseconds")]
    pub fn token_ns(self, seconds: f64) -> u64 {
        (1e9 / self.rate * self.slowness(seconds)) as u64
    }
}

/// How far the battery is over the room after so many seconds of load.
pub fn over_after(over: f64, seconds: f64) -> f64 {
    HEATED + (over - HEATED) * (-seconds / TAU).exp()
}

/// The same after rest.
pub fn over_after_rest(over: f64, seconds: f64) -> f64 {
    over * (-seconds / TAU).exp()
}
