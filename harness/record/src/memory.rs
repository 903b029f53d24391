//! What a session is expected to take of its device's memory, or why nobody can say.

use std::fmt;

use edgesoak_protocol::units::Bytes;
use serde::{Deserialize, Serialize};

/// What is expected of a session before anything of it is pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryOutlook {
    /// So much.
    Predicted(MemoryPrediction),
    /// Nothing, for this reason: a phrase for the middle of a sentence.
    NotPredicted(String),
}

impl MemoryOutlook {
    /// The prediction, if there is one.
    #[must_use]
    pub fn prediction(&self) -> Option<&MemoryPrediction> {
        match self {
            Self::Predicted(prediction) => Some(prediction),
            Self::NotPredicted(_) => None,
        }
    }
}

impl fmt::Display for MemoryOutlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Predicted(prediction) => write!(f, "{prediction}"),
            Self::NotPredicted(why) => write!(f, "not predicted: {why}"),
        }
    }
}

/// The most that a runtime process is expected to hold at once: what `memory_peak` measures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPrediction {
    /// The sum of the parts.
    pub total: Bytes,
    /// What it is made of; each comes once.
    pub parts: Vec<MemoryPart>,
}

/// One part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPart {
    /// What takes it.
    pub what: MemoryUse,
    /// How much.
    pub bytes: Bytes,
    /// How the figure is made, with the model's own numbers.
    pub basis: String,
}

/// What memory is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryUse {
    /// Weights, as they lie in the artifact.
    Weights,
    /// Weights once more, in the order that the processor's instructions want.
    Repacked,
    /// Keys and values of the whole context.
    KvCache,
    /// What the engine computes with.
    Compute,
    /// The program and its vocabulary.
    Runtime,
}

impl MemoryUse {
    /// What it is called for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Repacked => "weights repacked",
            Self::KvCache => "KV cache",
            Self::Compute => "compute buffers",
            Self::Runtime => "runtime",
        }
    }
}

impl MemoryPrediction {
    /// The sum of these parts.
    #[must_use]
    pub fn of(parts: Vec<MemoryPart>) -> Self {
        let total = parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.bytes.0));
        Self { total: Bytes(total), parts }
    }

    /// The parts in words: `weights 93 MiB, KV cache 45 MiB`.
    #[must_use]
    pub fn parts_in_words(&self) -> String {
        let parts = self.parts.iter().map(|part| format!("{} {}", part.what.title(), mebibytes(part.bytes)));
        parts.collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for MemoryPrediction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} predicted ({})", mebibytes(self.total), self.parts_in_words())
    }
}

/// Whole mebibytes, rounded to the nearest: `182 MiB`.
#[must_use]
pub fn mebibytes(bytes: Bytes) -> String {
    const MIB: u64 = 1 << 20;
    format!("{} MiB", bytes.0 / MIB + u64::from(bytes.0 % MIB >= MIB / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(what: MemoryUse, bytes: u64) -> MemoryPart {
        MemoryPart { what, bytes: Bytes(bytes), basis: String::new() }
    }

    #[test]
    fn a_prediction_is_the_sum_of_its_parts() {
        let parts = vec![part(MemoryUse::Weights, 93 << 20), part(MemoryUse::KvCache, 45 << 20)];
        let prediction = MemoryPrediction::of(parts);
        assert_eq!(prediction.total, Bytes(138 << 20));
        assert_eq!(prediction.to_string(), "138 MiB predicted (weights 93 MiB, KV cache 45 MiB)");
        let huge =
            MemoryPrediction::of(vec![part(MemoryUse::Weights, u64::MAX), part(MemoryUse::Compute, 9)]);
        assert_eq!(huge.total, Bytes(u64::MAX));
    }

    #[test]
    fn an_outlook_is_stored_as_a_figure_or_a_reason() {
        let told = |outlook: &MemoryOutlook| serde_json::to_string(outlook).expect("plain data");
        let not = MemoryOutlook::NotPredicted("nobody knows".to_owned());
        assert_eq!(told(&not), r#"{"not_predicted":"nobody knows"}"#);
        let figure = MemoryOutlook::Predicted(MemoryPrediction::of(vec![part(MemoryUse::KvCache, 7)]));
        let text = r#"{"predicted":{"total":7,"parts":[{"what":"kv_cache","bytes":7,"basis":""}]}}"#;
        assert_eq!(told(&figure), text);
        assert_eq!(serde_json::from_str::<MemoryOutlook>(text).expect("the same"), figure);
    }

    #[test]
    fn mebibytes_are_rounded_to_the_nearest() {
        let told = |bytes| mebibytes(Bytes(bytes));
        assert_eq!([told(0), told(524_287), told(524_288)], ["0 MiB", "0 MiB", "1 MiB"]);
    }
}
