//! Randomness of a lab day: one seed, and a stream of its own for whoever rolls.

use std::ops::Range;
use std::time::Duration;

/// Looks random, is not: `SplitMix64`.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The stream of `who` on the day with this seed. Whoever rolls more often changes nobody else's luck.
    pub fn of(seed: u64, who: &str) -> Self {
        let start = seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ 0xCBF2_9CE4_8422_2325;
        let mixed =
            who.bytes().fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
        Self(mixed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number of a range that is not empty.
    pub fn within(&mut self, range: Range<u64>) -> u64 {
        range.start + self.roll() % (range.end - range.start)
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.within(0..100) < chance
    }

    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        let place = usize::try_from(self.roll() % things.len() as u64).expect("an index");
        &things[place]
    }

    /// Seconds, to the millisecond.
    pub fn seconds(&mut self, range: Range<u64>) -> Duration {
        Duration::from_millis(self.within(range.start * 1000..range.end * 1000))
    }
}
