//! A small seeded generator: judging the same run twice must give the same bytes.

/// `SplitMix64` (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
///
/// Good enough to resample with; never for secrets.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A generator whose sequence depends on the words alone, on their order and on their limits.
    ///
    /// FNV-1a spreads the words over the state.
    #[must_use]
    pub fn from_words(words: &[&str]) -> Self {
        let mut state = 0xcbf2_9ce4_8422_2325_u64;
        for word in words {
            for byte in word.bytes().chain([0xff]) {
                state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        Self { state }
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number between 0 and 1.
    pub fn part(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number below `end`; 0 when `end` is 0.
    ///
    /// The multiplication keeps the bias below `end / 2^64`, far under anything that a resample can show.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the high half of the product is below `end`, a usize"
    )]
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * (end as u128)) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_sequence_depends_on_words_and_their_limits() {
        let first = Random::from_words(&["ab", "c"]).next();
        assert_eq!(first, Random::from_words(&["ab", "c"]).next());
        assert_ne!(first, Random::from_words(&["a", "bc"]).next());
    }

    #[test]
    fn published_reference_value() {
        // First output of SplitMix64 for the seed 1234567.
        assert_eq!(Random { state: 1_234_567 }.next(), 6_457_827_717_110_365_317);
    }

    #[test]
    fn below_stays_below_and_reaches_everything() {
        let mut random = Random::from_words(&["x"]);
        let mut seen = [0_u32; 7];
        for _ in 0..7000 {
            seen[random.below(7)] += 1;
        }
        assert!(seen.iter().all(|&count| (800..1200).contains(&count)), "{seen:?}");
        assert_eq!(random.below(0), 0);
    }
}
