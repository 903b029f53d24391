//! Why a session slowed down: the cause, how well it is shown, and how much of the loss it explains.

use serde::{Deserialize, Serialize};

use crate::verdict::Evidence;

/// What became slower within a soak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slowed {
    /// Tokens after the first of each answer.
    Decode,
    /// The first token of each answer.
    FirstToken,
}

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// What slowed it down.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Cause { $($(#[$doc])* $name,)* }

        impl Cause {
            /// Every cause.
            pub const ALL: &'static [Cause] = &[$(Cause::$name,)*];

            /// The word used in JSON.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Cause::$name => $word,)* }
            }
        }
    };
}

causes! {
    /// The model ran elsewhere than planned.
    Fallback = "fallback";
    /// A charger was plugged in.
    Charger = "charger";
    /// Clocks were capped without any heat: a power saver, an administrator, a vendor's service.
    PolicyCap = "policy_cap";
    /// Heat.
    Thermal = "thermal";
    /// Every prompt carried more of what came before it.
    Context = "context";
    /// The system was short of memory.
    Memory = "memory";
    /// Other processes took processor time.
    BackgroundCpu = "background_cpu";
    /// The prompts became longer, or other ones came.
    PromptMix = "prompt_mix";
    /// The scheduler moved the work to slower cores.
    SlowerCores = "slower_cores";
    /// The candidate is slower than its baseline from its first second on.
    Code = "code";
    /// None of these could be shown.
    Unexplained = "unexplained";
}

/// How well a cause is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    /// Cause, mechanism and effect were each seen.
    A,
    /// Mechanism and effect were seen.
    B,
    /// A sign of it was seen beside the effect.
    C,
}

impl Grade {
    /// The grade with this letter.
    #[must_use]
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Grade::A, Grade::B, Grade::C].into_iter().find(|grade| letter.chars().eq([grade.letter()]))
    }

    /// Whether it is as good as this one, or better.
    #[must_use]
    pub fn reaches(self, least: Self) -> bool {
        self <= least
    }

    /// The letter.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Grade::A => 'A',
            Grade::B => 'B',
            Grade::C => 'C',
        }
    }
}

/// Something that may go with a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspect {
    /// Clocks of what decodes.
    Clock,
    /// Heat that the system announces, where no clock can be read.
    ThermalStatus,
    /// Waits for memory, or pages that had to be read again.
    Memory,
    /// Processor time of others.
    BackgroundCpu,
    /// Tokens in front of the one that is written.
    Context,
    /// Pauses inside of answers, which say where a loss lies and not why.
    Pauses,
    /// Time itself, which explains nothing: a suspect must do better.
    Time,
}

impl Suspect {
    /// The word used in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Suspect::Clock => "clock",
            Suspect::ThermalStatus => "thermal_status",
            Suspect::Memory => "memory",
            Suspect::BackgroundCpu => "background_cpu",
            Suspect::Context => "context",
            Suspect::Pauses => "pauses",
            Suspect::Time => "time",
        }
    }
}

/// What a suspect explains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Which.
    pub suspect: Suspect,
    /// Its part of the variance over time, by Shapley; `None` for what was removed before.
    pub variance: Option<f64>,
    /// The part of the loss that goes with it; `None` for time.
    pub loss: Option<f64>,
}

/// One slowdown within a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slowdown {
    /// What became slower.
    pub slowed: Slowed,
    /// How much of the speed was lost, as a part of one; `None` where it was never there.
    pub loss: Option<f64>,
    /// Why.
    pub cause: Cause,
    /// How well that is shown; `None` where nothing is.
    pub grade: Option<Grade>,
    /// What each suspect explains, the largest part of the loss first.
    pub shares: Vec<Share>,
    /// The part of the loss that came back after the rest behind the soak, where there was one.
    pub recovered: Option<f64>,
    /// What a person should know, in one sentence.
    pub sentence: String,
    /// Where to look.
    pub evidence: Vec<Evidence>,
}

#[cfg(test)]
mod tests {
    use super::{Cause, Suspect};
    use crate::verdict::SessionVerdict;

    #[test]
    fn verdicts_without_slowdowns_are_written_and_read_as_before() {
        let before = serde_json::json!({
            "session": "s01", "device": "d", "family": "f", "route": "r", "candidate": "c", "virtual": false,
            "verdict": "pass", "sentence": "d: all passed.", "gates": [],
        });
        let read: SessionVerdict =
            serde_json::from_value(before.clone()).expect("a verdict of an older version");
        assert!(read.slowdowns.is_empty());
        assert_eq!(serde_json::to_value(&read).expect("JSON"), before);
    }

    #[test]
    fn words_are_those_of_the_json() {
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).expect("JSON"), cause.word());
        }
        let suspects = [Suspect::Clock, Suspect::ThermalStatus, Suspect::Memory, Suspect::BackgroundCpu];
        for suspect in suspects.into_iter().chain([Suspect::Context, Suspect::Pauses, Suspect::Time]) {
            assert_eq!(serde_json::to_value(suspect).expect("JSON"), suspect.word());
        }
    }
}
