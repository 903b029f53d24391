//! The one place for `exp`: made of additions, multiplications and divisions only.
//!
//! IEEE 754 rounds these operations, and the square root, in one way only; a system's maths library may round its
//! `exp` as it likes. Assumed: `f64` arithmetic without excess precision and without contraction to fused operations,
//! which Rust guarantees on every target but 32-bit x86 without SSE2. So the same seed gives the same bytes everywhere.

/// `ln 2`, split so that `n * LN2_HIGH` is exact for every exponent `n` of an `f64` (Cody and Waite, 1980).
const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `exp(x)`, to 4 units in the last place for the arguments that a body has (|x| < 700); saturates beyond.
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let x = x.min(700.0);
    let halvings = (x / std::f64::consts::LN_2).round();
    let rest = (x - halvings * LN2_HIGH) - halvings * LN2_LOW;
    // |rest| <= ln 2 / 2: the fifteenth term is below 1e-19 of the sum.
    let series = (1..=14).rev().fold(1.0, |sum, term| 1.0 + rest * sum / f64::from(term));
    series * power_of_two(halvings)
}

/// `(1 - exp(-x)) / x`, the mean of a decay over `x` time constants, for `x >= 0`; 1 at zero.
#[must_use]
pub fn mean_decay(x: f64) -> f64 {
    if x > 1e-2 {
        return (1.0 - exp(-x)) / x;
    }
    // The difference above would lose digits here; the seventh term of the series is below 1e-16.
    (2..=7).rev().fold(1.0, |sum, term| 1.0 - x * sum / f64::from(term))
}

/// `2^n` for whole `n` between -1022 and 1023.
fn power_of_two(n: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "|n| <= 1010 by the caller")]
    let biased = (n + 1023.0) as u64;
    f64::from_bits(biased << 52)
}

#[cfg(test)]
mod tests {
    use super::{exp, mean_decay};

    #[test]
    fn exp_agrees_with_the_maths_library() {
        for step in -6_000..6_000 {
            let x = f64::from(step) / 10.0;
            let (ours, theirs) = (exp(x), x.exp());
            assert!((ours - theirs).abs() <= 1e-15 * theirs, "exp({x}): {ours} against {theirs}");
        }
    }

    #[test]
    fn exp_has_the_same_bits_everywhere() {
        let bits = [-3.25, -0.1, 0.0, 1.0, 12.5].map(|x| exp(x).to_bits());
        let known = [
            0x3fa3_da36_8521_902d,
            0x3fec_f46d_99d5_2b3a,
            0x3ff0_0000_0000_0000,
            0x4005_bf0a_8b14_576a,
            0x4110_60c5_2565_ba66,
        ];
        assert_eq!(bits, known, "{bits:#x?}");
    }

    #[test]
    fn a_mean_decay_is_smooth_where_its_formula_changes() {
        assert!((mean_decay(0.0) - 1.0).abs() < 1e-16);
        for x in [1e-6_f64, 1e-3, 0.009_999, 0.010_001, 0.1, 5.0] {
            let theirs = -(-x).exp_m1() / x;
            assert!((mean_decay(x) - theirs).abs() < 2e-14 * theirs, "at {x}");
        }
    }
}
