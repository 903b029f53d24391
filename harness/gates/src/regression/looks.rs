//! When a decision falls: after a few numbers of runs that are known before, each with its share of the error.

use edgesoak_record::comparison::MoreRuns;

/// Where a policy names none.
const USUAL: [u32; 3] = [3, 5, 8];

/// One-sided error of each look with 5 % over all of them, by the number of looks (Pocock 1977; constants for
/// equally spaced looks from Jennison and Turnbull 2000, table 2.1). Spread as 3, 5, 8 they err by a little less.
const POCOCK: [f64; 5] = [0.05, 0.0304, 0.0232, 0.0194, 0.0169];

/// Numbers of runs of either side after which a decision falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks(Vec<u32>);

impl Looks {
    /// Rising, each once; 3, 5 and 8 where none is named.
    #[must_use]
    pub fn of(looks: &[u32]) -> Self {
        let mut looks: Vec<u32> = looks.iter().copied().filter(|look| *look > 0).collect();
        looks.sort_unstable();
        looks.dedup();
        Self(if looks.is_empty() { USUAL.to_vec() } else { looks })
    }

    /// The numbers.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        &self.0
    }

    /// One-sided error of one look.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        let looks = self.0.len();
        POCOCK.get(looks - 1).copied().unwrap_or(POCOCK[0] / looks as f64)
    }

    /// What corrected probabilities of this many claims are held against, so that all looks together err in 5 % at
    /// most.
    ///
    /// Pocock's constants count on looks that agree with each other, which they do less the rarer the claim: among many
    /// devices his share of a look is too large, and an equal share of the 5 % is always small enough.
    #[must_use]
    pub fn alpha_among(&self, claims: usize) -> f64 {
        if claims > 1 { POCOCK[0] / self.0.len() as f64 } else { self.alpha() }
    }

    /// The last look that this many runs of either side reach.
    #[must_use]
    pub fn reached(&self, runs: u32) -> Option<u32> {
        self.0.iter().rev().copied().find(|look| *look <= runs)
    }

    /// What the next look needs over what there is; zeros after the last one.
    #[must_use]
    pub fn more(&self, candidate: u32, reference: u32) -> MoreRuns {
        let next = self.0.iter().copied().find(|look| *look > candidate.min(reference));
        next.map_or_else(MoreRuns::default, |next| MoreRuns {
            candidate: next.saturating_sub(candidate),
            reference: next.saturating_sub(reference),
        })
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_record::comparison::MoreRuns;

    use super::Looks;

    #[test]
    fn decisions_fall_at_looks_only() {
        let looks = Looks::of(&[8, 3, 5, 3, 0]);
        assert_eq!(looks.numbers(), [3, 5, 8]);
        assert_eq!((looks.reached(2), looks.reached(4), looks.reached(30)), (None, Some(3), Some(8)));
        assert_eq!(looks.more(4, 3), MoreRuns { candidate: 1, reference: 2 });
        assert_eq!(looks.more(9, 8), MoreRuns::default());
    }

    #[test]
    fn more_looks_have_smaller_errors() {
        let alphas: Vec<f64> = (1..9).map(|n| Looks::of(&(1..=n).collect::<Vec<_>>()).alpha()).collect();
        assert!(alphas.windows(2).all(|pair| pair[0] > pair[1]), "{alphas:?}");
        assert!((Looks::of(&[]).alpha() - 0.0232).abs() < 1e-12);
        assert!((Looks::of(&[]).alpha_among(1) - 0.0232).abs() < 1e-12);
        assert!((Looks::of(&[]).alpha_among(9) - 0.05 / 3.0).abs() < 1e-12);
    }
}
