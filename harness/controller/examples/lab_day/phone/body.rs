//! How fast a made-up phone decodes and how it heats.

/// Temperature of the lab, °C.
pub const ROOM: f64 = 24.0;
/// How far a battery goes over it under load, kelvin, and how fast, seconds.
const HEATED: f64 = 9.0;
const TAU: f64 = 240.0;

/// What a phone can do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Body {
    /// Decode rate when it is cold, tokens per second.
    pub rate: f64,
    /// How much slower it is at the end of a soak, as a part of one.
    pub throttles: f64,
}

impl Body {
    /// How much slower than cold it is after this part of a soak.
    pub fn slowness(self, part: f64) -> f64 {
        1.0 + self.throttles * part.clamp(0.0, 1.0)
    }

    /// Time of a token after this part of a soak.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some milliseconds")]
    pub fn token_ns(self, part: f64) -> u64 {
        (1e9 / self.rate * self.slowness(part)) as u64
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
