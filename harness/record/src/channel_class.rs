//! Words of `expect` in a matrix, and the quantities that fulfil them.

use edgesoak_protocol::channel::Quantity;

/// A class of channels that a device may be expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelClass {
    /// The word in matrices.
    pub word: &'static str,
    /// One of these must be readable.
    pub quantities: &'static [Quantity],
}

/// Every class that a matrix may name.
pub const CHANNEL_CLASSES: &[ChannelClass] = &[
    class("cpu-clock", &[Quantity::ClockCurrent]),
    class("memory", &[Quantity::SystemMemory]),
    class("load", &[Quantity::Load, Quantity::CpuTime]),
    class("temperature", &[Quantity::Temperature]),
    class("power", &[Quantity::Power, Quantity::Current, Quantity::Energy]),
    class("battery", &[Quantity::ChargeLevel]),
    class("network", &[Quantity::NetworkBytes]),
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
    ChannelClass { word, quantities }
}

impl ChannelClass {
    /// The class with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        CHANNEL_CLASSES.iter().copied().find(|class| class.word == word)
    }
}
