//! How sure a model is of an answer: the geometric mean of the probabilities of its tokens.

/// The probabilities of an answer's tokens so far.
#[derive(Debug, Default)]
pub struct Certainty {
    log_sum: f64,
    tokens: u32,
}

impl Certainty {
    /// Takes in the token that was chosen from these logits, by its number.
    pub fn add(&mut self, logits: &[f32], token: i32) {
        let chosen = usize::try_from(token).ok().and_then(|token| logits.get(token));
        // NaN stays: an answer with a token of unknown probability has none itself.
        self.log_sum += chosen.map_or(f64::NAN, |chosen| log_probability(logits, *chosen));
        self.tokens += 1;
    }

    /// In 0..=1; `None` without tokens, or where the probability of one of them is unknown.
    pub fn mean(&self) -> Option<f64> {
        let mean = (self.log_sum / f64::from(self.tokens)).exp();
        mean.is_finite().then(|| mean.min(1.0))
    }
}

/// Logarithm of a softmax. The greatest logit is taken off first, so that no power overflows; a token that the model
/// gives as impossible, or as no number, takes nothing of the others.
fn log_probability(logits: &[f32], chosen: f32) -> f64 {
    let greatest = logits.iter().fold(f32::NEG_INFINITY, |greatest, logit| greatest.max(*logit));
    let powers =
        logits.iter().filter(|logit| !logit.is_nan()).map(|logit| f64::from((logit - greatest).exp()));
    f64::from(chosen - greatest) - powers.sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(tokens: &[(&[f32], i32)]) -> Option<f64> {
        let mut certainty = Certainty::default();
        for (logits, token) in tokens {
            certainty.add(logits, *token);
        }
        certainty.mean()
    }

    fn is_near(mean: Option<f64>, expected: f64) -> bool {
        mean.is_some_and(|mean| (mean - expected).abs() < 1e-6)
    }

    #[test]
    fn it_is_the_geometric_mean_of_the_probabilities() {
        let even = [1.0_f32; 4];
        let three_to_one = [3.0_f32.ln() + 90.0, 90.0];
        assert!(is_near(mean(&[(&even, 2)]), 0.25));
        assert!(is_near(mean(&[(&three_to_one, 0)]), 0.75));
        assert!(is_near(mean(&[(&three_to_one, 1)]), 0.25));
        assert!(is_near(mean(&[(&even, 0), (&three_to_one, 0), (&three_to_one, 0)]), 0.140_625_f64.cbrt()));
        assert!(is_near(mean(&[(&[5.0], 0)]), 1.0));
    }

    #[test]
    fn what_is_no_number_has_no_part_in_it() {
        let odd = [2.0, f32::NAN, f32::NEG_INFINITY, 2.0];
        assert!(is_near(mean(&[(&odd, 0)]), 0.5));
        assert!(is_near(mean(&[(&odd, 2)]), 0.0), "impossible, and chosen all the same");
        for unknown in [1, 4, -1] {
            assert_eq!(mean(&[(&odd, unknown), (&odd, 0)]), None, "{unknown}");
        }
        assert_eq!(mean(&[(&[f32::INFINITY, 0.0], 0)]), None, "no softmax");
        assert_eq!(mean(&[]), None);
    }
}
