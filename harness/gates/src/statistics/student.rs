//! Student's t and the F distribution, as far as comparisons of means and variances need them.

use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};

/// Quantile of Student's t. `None` for degrees of freedom that are not positive, or a `p` outside 0..1.
#[must_use]
pub fn quantile(p: f64, freedom: f64) -> Option<f64> {
    let t = StudentsT::new(0.0, 1.0, freedom).ok().filter(|_| p > 0.0 && p < 1.0)?;
    Some(t.inverse_cdf(p)).filter(|quantile| quantile.is_finite())
}

/// `P(T <= t)`. `None` for degrees of freedom that are not positive, or a `t` that is no number.
#[must_use]
pub fn cdf(t: f64, freedom: f64) -> Option<f64> {
    if t.is_nan() {
        return None;
    }
    StudentsT::new(0.0, 1.0, freedom).ok().map(|distribution| distribution.cdf(t))
}

/// Probability that a ratio of two estimates of one variance is at least this large.
#[must_use]
pub fn variance_ratio_p(ratio: f64, freedom_above: f64, freedom_below: f64) -> Option<f64> {
    let f = FisherSnedecor::new(freedom_above, freedom_below).ok()?;
    ratio.is_finite().then(|| f.sf(ratio))
}

#[cfg(test)]
mod tests {
    use super::{cdf, quantile, variance_ratio_p};

    #[test]
    fn agrees_with_printed_tables() {
        for (p, freedom, want) in [(0.95, 4.0, 2.1318), (0.975, 10.0, 2.2281), (0.99, 20.0, 2.5280)] {
            let got = quantile(p, freedom).expect("a quantile");
            assert!((got - want).abs() < 1e-4, "{got}");
            assert!((cdf(got, freedom).expect("a probability") - p).abs() < 1e-9);
        }
        // F with 4 and 10 degrees of freedom exceeds 3.478 in 5 % of cases.
        assert!((variance_ratio_p(3.478, 4.0, 10.0).expect("a probability") - 0.05).abs() < 1e-4);
    }

    #[test]
    fn what_is_no_distribution_has_none() {
        assert_eq!(quantile(0.95, 0.0), None);
        assert_eq!(quantile(1.0, 3.0), None);
        assert_eq!(cdf(f64::NAN, 3.0), None);
        assert_eq!(variance_ratio_p(1.0, 0.0, 3.0), None);
    }
}
