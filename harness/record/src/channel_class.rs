//! Words of `expect` in a matrix, and the quantities that fulfil them.

use edgesoak_protocol::channel::Quantity;

/// A class of channels that a device may be expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelClass {
    /// The word in matrices.
    pub word: &'static str,
    /// One of these must be readable.
    pub quantities: &'static [Quantity],
    /// How the names of its channels begin: graphics and buses have clocks too.
    prefix: &'static str,
}

/// How the names of the processors' clocks begin.
const PROCESSOR_CLOCKS: &str = "cpufreq/";

/// Every class that a matrix may name.
pub const CHANNEL_CLASSES: &[ChannelClass] = &[
    ChannelClass { prefix: PROCESSOR_CLOCKS, ..class("cpu-clock", &[Quantity::ClockCurrent]) },
    class("memory", &[Quantity::SystemMemory]),
    class("load", &[Quantity::Load, Quantity::CpuTime]),
    class("temperature", &[Quantity::Temperature]),
    class("power", &[Quantity::Power, Quantity::Current, Quantity::Energy]),
    class("battery", &[Quantity::ChargeLevel]),
    class("network", &[Quantity::NetworkBytes]),
    class("ambient", &[Quantity::Ambient]),
];

/// The words of all classes, in the same order.
pub const CHANNEL_CLASS_WORDS: [&str; CHANNEL_CLASSES.len()] = {
    let mut words = [""; CHANNEL_CLASSES.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = CHANNEL_CLASSES[i].word;
        i += 1;
    }
    words
};

const fn class(word: &'static str, quantities: &'static [Quantity]) -> ChannelClass {
    ChannelClass { word, quantities, prefix: "" }
}

/// Whether a channel is a clock of what decodes, where a candidate demands this placement. Clocks of buses and of
/// other parts rise and fall for reasons of their own. Graphics go by names of their makers, so that any clock but the
/// processor's may be theirs.
#[must_use]
pub fn is_clock_of(placement: &str, name: &str, quantity: Quantity) -> bool {
    let is_clock = matches!(quantity, Quantity::ClockCurrent | Quantity::ClockCap | Quantity::ClockMax);
    is_clock && name.starts_with(PROCESSOR_CLOCKS) == (placement == "cpu")
}

/// Whether a temperature follows the air while its device rests, by the channel's name: battery and skin do, a processor
/// never does.
#[must_use]
pub fn follows_the_air(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["battery", "skin"].iter().any(|part| name.contains(part))
}

impl ChannelClass {
    /// The class with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        CHANNEL_CLASSES.iter().copied().find(|class| class.word == word)
    }

    /// Whether a channel belongs to it.
    #[must_use]
    pub fn includes(&self, name: &str, quantity: Quantity) -> bool {
        self.quantities.contains(&quantity) && name.starts_with(self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_of_graphics_is_no_clock_of_the_processor() {
        let class = ChannelClass::from_word("cpu-clock").expect("a class");
        assert!(class.includes("cpufreq/policy0/cur", Quantity::ClockCurrent));
        assert!(!class.includes("gpu/clock", Quantity::ClockCurrent));
        assert!(!class.includes("devfreq/17000010.devfreq_mif/cur", Quantity::ClockCurrent));
        assert!(!class.includes("cpufreq/policy0/cap", Quantity::ClockCap));
        assert!(is_clock_of("cpu", "cpufreq/policy4/cap", Quantity::ClockCap));
        assert!(!is_clock_of("cpu", "gpu/clock", Quantity::ClockCurrent));
        assert!(is_clock_of("gpu", "gpu/clock", Quantity::ClockCurrent));
        assert!(!is_clock_of("cpu", "cpufreq/policy4/load", Quantity::Load));
        let class = ChannelClass::from_word("power").expect("a class");
        assert!(class.includes("rapl/package-0", Quantity::Energy));
    }
}
