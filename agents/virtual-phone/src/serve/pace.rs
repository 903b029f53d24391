//! Time: that of the phone's body follows the machine's monotonic clock, times a speed.

use edgesoak_protocol::units::Nanos;
use edgesoak_sensors::clocks;

/// How the two times belong together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The machine's clock when the body's stood at `body`.
    mono: Nanos,
    body: Nanos,
    speed: f64,
}

impl Pace {
    /// Begins now.
    pub(super) fn begin(body: Nanos, speed: f64) -> Self {
        Self { mono: Nanos(clocks::mono_ns()), body, speed }
    }

    /// The body's time now.
    pub(super) fn now(&self) -> Nanos {
        self.body_at(Nanos(clocks::mono_ns()))
    }

    fn body_at(&self, mono: Nanos) -> Nanos {
        Nanos(self.body.0 + scaled(mono.since(self.mono), self.speed).0)
    }

    /// The machine's clock at a time of the body.
    pub(super) fn mono_at(&self, body: Nanos) -> Nanos {
        Nanos(self.mono.0 + scaled(body.since(self.body), 1.0 / self.speed).0)
    }

    /// Milliseconds of the machine in a span of the body.
    pub(super) fn millis(&self, span: Nanos) -> f64 {
        span.0 as f64 / 1e6 / self.speed
    }
}

fn scaled(span: Nanos, factor: f64) -> Nanos {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive span of days at most"
    )]
    Nanos((span.0 as f64 * factor) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_go_there_and_back() {
        let pace = Pace { mono: Nanos::from_secs(1_000), body: Nanos::from_secs(20), speed: 12.5 };
        for seconds in [0_u64, 1, 3_600] {
            let mono = Nanos::from_secs(1_000 + seconds);
            let body = pace.body_at(mono);
            assert_eq!(body.0, 20_000_000_000 + seconds * 12_500_000_000);
            assert!(pace.mono_at(body).0.abs_diff(mono.0) <= 1);
        }
        assert!((pace.millis(Nanos::from_secs(1)) - 80.0).abs() < 1e-9);
    }
}
