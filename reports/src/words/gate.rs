//! Gates as people name them.

use edgesoak_record::{Direction, Gate, Outcome, Verdict};

/// The name in headings and tables.
pub(crate) fn name(gate: Gate) -> &'static str {
    match gate {
        Gate::Artifact => "Artifact",
        Gate::Placement => "Placement",
        Gate::Privacy => "Privacy",
        Gate::Leaks => "Leaks",
        Gate::RuntimeAlive => "Runtime alive",
        Gate::Journal => "Journal",
        Gate::StartGate => "Start conditions",
        Gate::DataCoverage => "Telemetry",
        Gate::Clocks => "Clocks",
        Gate::BackgroundCpu => "Background CPU",
        Gate::DutyCycle => "Duty cycle",
        Gate::TimestampAgreement => "Timestamps",
        Gate::Stalls => "Stalls",
        Gate::BurstTps => "Burst",
        Gate::SustainedTps => "Sustained",
        Gate::FloorTps => "Floor",
        Gate::PeakTps => "Peak",
        Gate::WorstMinuteTps => "Worst minute",
        Gate::Last30sTps => "Last 30 s",
        Gate::Retention => "Retention",
        Gate::ThrottleDepth => "Throttle depth",
        Gate::TimeToThrottle => "Time to throttle",
        Gate::TimeTo90 => "Time to 90 %",
        Gate::TimeTo75 => "Time to 75 %",
        Gate::TtftP50 => "TTFT p50",
        Gate::TtftP90 => "TTFT p90",
        Gate::TtftP95 => "TTFT p95",
        Gate::TtftP99 => "TTFT p99",
        Gate::ItlP50 => "ITL p50",
        Gate::ItlP90 => "ITL p90",
        Gate::ItlP95 => "ITL p95",
        Gate::ItlP99 => "ITL p99",
        Gate::E2eP50 => "End to end p50",
        Gate::E2eP95 => "End to end p95",
        Gate::ItemsPerSecond => "Items",
        Gate::Temperature => "Hottest",
        Gate::BatteryTemperature => "Battery",
        Gate::MemoryGrowth => "Memory growth",
        Gate::MemoryPeak => "Memory peak",
        Gate::MemoryPrediction => "Memory against prediction",
        Gate::TokensPerJoule | Gate::JoulesPerToken => "Energy",
        Gate::Quality => "Quality",
        Gate::FalseAnswers => "False answers",
        Gate::Routing => "Routing",
        Gate::Escalation => "Escalation",
        Gate::Regression => "Regression",
    }
}

/// "≥" or "≤"; empty for promises without a number.
pub(crate) fn sign(gate: Gate) -> &'static str {
    match gate.direction() {
        Direction::AtLeast => "≥",
        Direction::AtMost => "≤",
        Direction::Holds => "",
    }
}

/// How an outcome or a verdict is shown: never by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mood {
    Fail,
    Lab,
    NotProven,
    Nothing,
    Pass,
    Info,
}

impl Mood {
    pub fn symbol(self) -> &'static str {
        match self {
            Mood::Fail => "✖",
            Mood::Lab => "!",
            Mood::NotProven => "?",
            Mood::Nothing => "–",
            Mood::Pass => "✔",
            Mood::Info => "·",
        }
    }

    /// In lower case, for tables and screen readers.
    pub fn word(self) -> &'static str {
        match self {
            Mood::Fail => "fail",
            Mood::Lab => "lab problem",
            Mood::NotProven => "not proven",
            Mood::Nothing => "nothing ran",
            Mood::Pass => "pass",
            Mood::Info => "information",
        }
    }

    /// On the banner.
    pub fn shout(self) -> &'static str {
        match self {
            Mood::Fail => "DO NOT SHIP",
            Mood::Lab => "LAB PROBLEM",
            Mood::NotProven => "NOT PROVEN",
            Mood::Nothing | Mood::Info => "NOTHING RAN",
            Mood::Pass => "SHIP",
        }
    }

    /// The class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Mood::Fail => "fail",
            Mood::Lab => "lab",
            Mood::NotProven => "open",
            Mood::Nothing => "none",
            Mood::Pass => "pass",
            Mood::Info => "info",
        }
    }
}

impl From<Outcome> for Mood {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Mood::Pass,
            Outcome::Fail => Mood::Fail,
            Outcome::NotProven => Mood::NotProven,
            Outcome::Info => Mood::Info,
        }
    }
}

impl From<Verdict> for Mood {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Mood::Pass,
            Verdict::Fail => Mood::Fail,
            Verdict::NotProven => Mood::NotProven,
            Verdict::Infrastructure => Mood::Lab,
            Verdict::Nothing => Mood::Nothing,
        }
    }
}
