//! Units are types: no bare number crosses a crate boundary where two units could be mistaken.

use serde::{Deserialize, Serialize};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $symbol:literal $(, $extra:ident)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, $($extra,)* Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            /// The symbol as it is printed behind a value.
            pub const SYMBOL: &'static str = $symbol;
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{} {}", self.0, $symbol)
            }
        }
    };
}

unit!(/// Decode or prefill speed. 
    TokensPerSecond, f64, "tokens/s");
unit!(/// Temperature. 
    Celsius, f64, "°C");
unit!(/// A difference of two temperatures. 
    Kelvin, f64, "K");
unit!(/// Electric power. 
    Watts, f64, "W");
unit!(/// A rate of sampling or of a clock. 
    Hertz, f64, "Hz");
unit!(/// A part of one, printed by callers as a percentage. 
    Ratio, f64, "");
unit!(/// A count of bytes. 
    Bytes, u64, "B", Eq, Ord);
unit!(/// A span of time, or a time on the device's monotonic clock. 
    Nanos, u64, "ns", Eq, Ord);

unit!(
    /// A span of time in a plan or a job.
    Millis,
    u64,
    "ms", Eq, Ord
);

impl Millis {
    /// The span in seconds.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e3
    }

    /// The span in nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> Nanos {
        Nanos::from_millis(self.0)
    }
}

impl Nanos {
    /// Whole seconds as nanoseconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds * 1_000_000_000)
    }

    /// Whole milliseconds as nanoseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis * 1_000_000)
    }

    /// The span in seconds.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The span in milliseconds.
    #[must_use]
    pub fn as_millis_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The span from `earlier` to `self`; zero where the clock went backwards.
    #[must_use]
    pub const fn since(self, earlier: Nanos) -> Nanos {
        Nanos(self.0.saturating_sub(earlier.0))
    }

    /// The standard library's type, for deadlines.
    #[must_use]
    pub const fn as_duration(self) -> std::time::Duration {
        std::time::Duration::from_nanos(self.0)
    }
}
