//! Every gate by name, with its unit and direction: the vocabulary of bars, policies and verdicts.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Which side of a limit is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The measured value must be at least the limit.
    AtLeast,
    /// The measured value must be at most the limit.
    AtMost,
    /// No number is compared: the promise is kept or broken.
    Holds,
}

macro_rules! gates {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal, $unit:literal, $direction:ident;)*) => {
        /// A promise that is judged, or a figure that is reported.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Gate { $($(#[doc = $doc])* $name,)* }

        impl Gate {
            /// Every gate, integrity first, in the order of a report.
            pub const ALL: &'static [Gate] = &[$(Gate::$name,)*];

            /// The name in matrices, JSON, SQLite and reports.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Gate::$name => $word,)* }
            }

            /// What it promises, one sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Gate::$name => concat!($($doc),*).trim_ascii(),)* }
            }

            /// The unit of measured value, bounds and limit; empty for counts and plain ratios.
            #[must_use]
            pub fn unit(self) -> &'static str {
                match self { $(Gate::$name => $unit,)* }
            }

            /// Which side of a limit is good.
            #[must_use]
            pub fn direction(self) -> Direction {
                match self { $(Gate::$name => Direction::$direction,)* }
            }
        }
    };
}

gates! {
    /// Every file on the device had its planned digest.
    Artifact = "artifact", "", Holds;
    /// The model's work ran where the candidate demands.
    Placement = "placement", "", Holds;
    /// Nothing left the device.
    Privacy = "privacy", "", Holds;
    /// No planted secret was found where it was left behind, on the device or on the host.
    Leaks = "leaks", "", Holds;
    /// The runtime process lived until it was closed.
    RuntimeAlive = "runtime_alive", "", Holds;
    /// The journal is whole: from its header to `Finished`.
    Journal = "journal", "", Holds;
    /// The device fulfilled the start conditions.
    StartGate = "start_gate", "", Holds;
    /// Share of planned telemetry that was read.
    DataCoverage = "data_coverage", "ratio", AtLeast;
    /// Clocks were monotone and the device was not suspended.
    Clocks = "clocks", "", Holds;
    /// Processor time of everything but runtime and agent, median.
    BackgroundCpu = "background_cpu", "ratio", AtMost;
    /// Busy time by wall time during the soak.
    DutyCycle = "duty_cycle", "ratio", AtLeast;
    /// Engine's own decode time against our token times.
    TimestampAgreement = "timestamp_agreement", "ratio", AtMost;
    /// Pauses of more than 2 s inside a prompt.
    Stalls = "stalls", "", AtMost;
    /// Decode rate of the first active 10 s.
    BurstTps = "burst_tps", "tokens/s", AtLeast;
    /// Decode rate of the last 180 s.
    SustainedTps = "sustained_tps", "tokens/s", AtLeast;
    /// 5th percentile of rolling 60 s windows.
    FloorTps = "floor_tps", "tokens/s", AtLeast;
    /// Mean of the first three 5 s rolling rates.
    PeakTps = "peak_tps", "tokens/s", AtLeast;
    /// Slowest minute.
    WorstMinuteTps = "worst_minute_tps", "tokens/s", AtLeast;
    /// Rate over the last 30 s.
    Last30sTps = "last_30s_tps", "tokens/s", AtLeast;
    /// Sustained by burst.
    Retention = "retention", "ratio", AtLeast;
    /// One less floor by burst.
    ThrottleDepth = "throttle_depth", "ratio", AtMost;
    /// First time at which the rate stays below 90 % of burst.
    TimeToThrottle = "time_to_throttle", "s", AtLeast;
    /// First time below 90 % of the peak.
    TimeTo90 = "time_to_90", "s", AtLeast;
    /// First time below 75 % of the peak.
    TimeTo75 = "time_to_75", "s", AtLeast;
    /// Time to first token, median.
    TtftP50 = "ttft_p50", "ms", AtMost;
    /// Time to first token, 90th percentile.
    TtftP90 = "ttft_p90", "ms", AtMost;
    /// Time to first token, 95th percentile.
    TtftP95 = "ttft_p95", "ms", AtMost;
    /// Time to first token, 99th percentile.
    TtftP99 = "ttft_p99", "ms", AtMost;
    /// Inter-token latency, median.
    ItlP50 = "itl_p50", "ms", AtMost;
    /// Inter-token latency, 90th percentile.
    ItlP90 = "itl_p90", "ms", AtMost;
    /// Inter-token latency, 95th percentile.
    ItlP95 = "itl_p95", "ms", AtMost;
    /// Inter-token latency, 99th percentile.
    ItlP99 = "itl_p99", "ms", AtMost;
    /// Submit to last token, median.
    E2eP50 = "e2e_p50", "ms", AtMost;
    /// Submit to last token, 95th percentile.
    E2eP95 = "e2e_p95", "ms", AtMost;
    /// Items answered per second.
    ItemsPerSecond = "items_per_s", "1/s", AtLeast;
    /// Hottest reading of any temperature channel.
    Temperature = "temperature", "°C", AtMost;
    /// Hottest reading of the battery.
    BatteryTemperature = "battery_temperature", "°C", AtMost;
    /// Growth of the runtime's anonymous memory and swap.
    MemoryGrowth = "memory_growth", "MiB/min", AtMost;
    /// Largest resident set of the runtime against the family's budget.
    MemoryPeak = "memory_peak", "MiB", AtMost;
    /// Largest resident set of the runtime against what was predicted before anything was pushed.
    MemoryPrediction = "memory_prediction", "MiB", AtMost;
    /// Tokens per joule, gross.
    TokensPerJoule = "tokens_per_joule", "tokens/J", AtLeast;
    /// Joules per token, gross.
    JoulesPerToken = "joules_per_token", "J/token", AtMost;
    /// Share of golden items answered right.
    Quality = "quality", "ratio", AtLeast;
    /// Share of unanswerable items that were answered all the same.
    FalseAnswers = "false_answers", "ratio", AtMost;
    /// No sensitive query leaves the device.
    Routing = "routing", "", Holds;
    /// Share of queries that the device does not answer itself.
    Escalation = "escalation", "ratio", AtMost;
    /// Change of the sustained rate against the previous release, or a pinned one.
    Regression = "regression", "ratio", AtLeast;
}

impl Gate {
    /// Percentiles of times, taken over the prompts of all repetitions of a session.
    pub const LATENCIES: &[Gate] = &[
        Gate::TtftP50,
        Gate::TtftP90,
        Gate::TtftP95,
        Gate::TtftP99,
        Gate::ItlP50,
        Gate::ItlP90,
        Gate::ItlP95,
        Gate::ItlP99,
        Gate::E2eP50,
        Gate::E2eP95,
    ];

    /// Whether it speaks of the pace of decoding: nothing for answers that end by themselves and are counted whole.
    #[must_use]
    pub fn is_of_decoding(self) -> bool {
        let is_part_of_rates = [
            Gate::Retention,
            Gate::ThrottleDepth,
            Gate::TimeToThrottle,
            Gate::TimeTo90,
            Gate::TimeTo75,
            Gate::TimestampAgreement,
        ];
        self.unit() == "tokens/s" || is_part_of_rates.contains(&self)
    }

    /// The gate with this name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|gate| gate.word() == word)
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Serialize for Gate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Gate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::from_word(&word).ok_or_else(|| de::Error::custom(format!("unknown gate `{word}`")))
    }
}
