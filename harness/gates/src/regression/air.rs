//! The air around the device as a covariate: a warmer room slows a device that throttles, whatever it runs.

use crate::defaults::{AMBIENT_APART_K, AMBIENT_FREEDOM, AMBIENT_SPREAD_K};
use crate::outcome::Missing;
use crate::regression::noise::{Run, mean};

/// What the air did to a difference.
#[derive(Debug, Clone, PartialEq)]
pub enum Air {
    /// Left alone, and why: one sentence.
    Left(String),
    /// Accounted for by a straight line, one slope for both sides.
    Removed {
        /// Change of the logarithm per kelvin.
        slope: f64,
        /// Candidate's mean less the reference's, kelvin.
        apart: f64,
        /// Sum of squares of the temperatures around the means of their sides.
        squares: f64,
    },
}

/// Whether the air has to be accounted for, and whether it can.
pub fn of(candidate: &[Run], reference: &[Run]) -> Result<Air, Missing> {
    let known = |runs: &[Run]| runs.iter().map(|run| run.ambient).collect::<Option<Vec<f64>>>();
    let (Some(ours), Some(theirs)) = (known(candidate), known(reference)) else {
        return Ok(Air::Left("The air was not measured in every run and is not accounted for.".to_owned()));
    };
    let apart = mean(&ours) - mean(&theirs);
    let freedom = (ours.len() + theirs.len()).saturating_sub(3);
    if spread(&ours).max(spread(&theirs)) >= AMBIENT_SPREAD_K && freedom >= AMBIENT_FREEDOM {
        let (a, b) = (Sums::of(candidate, &ours), Sums::of(reference, &theirs));
        let squares = a.squares + b.squares;
        return Ok(Air::Removed { slope: (a.products + b.products) / squares, apart, squares });
    }
    if apart.abs() > AMBIENT_APART_K {
        let words = format!(
            "The candidate ran in air that was {:.1} K {} than the reference's, and too few runs show what that does",
            apart.abs(),
            if apart > 0.0 { "warmer" } else { "cooler" }
        );
        return Err(Missing::new("ambient_differs", words));
    }
    let widest = spread(&ours).max(spread(&theirs));
    Ok(Air::Left(format!(
        "The air differed by {:.1} K between the sides and moved by {widest:.1} K within them; that is not accounted for.",
        apart.abs()
    )))
}

fn spread(values: &[f64]) -> f64 {
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    most - least
}

/// Sums around the means of one side.
struct Sums {
    /// Of squares of the temperature.
    squares: f64,
    /// Of products of temperature and logarithm of the rate.
    products: f64,
}

impl Sums {
    fn of(runs: &[Run], ambient: &[f64]) -> Self {
        let (x0, y0) = (mean(ambient), mean(&runs.iter().map(|run| run.y).collect::<Vec<f64>>()));
        let squares = ambient.iter().map(|x| (x - x0) * (x - x0)).sum();
        let products = runs.iter().zip(ambient).map(|(run, x)| (x - x0) * (run.y - y0)).sum();
        Self { squares, products }
    }
}

#[cfg(test)]
mod tests {
    use super::{Air, of};
    use crate::regression::noise::Run;

    fn runs(ambient: &[f64]) -> Vec<Run> {
        ambient.iter().map(|celsius| Run { y: 3.0 - 0.01 * celsius, ambient: Some(*celsius) }).collect()
    }

    #[test]
    fn a_slope_is_found_where_the_air_moved_enough() {
        let air = of(&runs(&[22.0, 23.0, 24.0, 25.0, 26.0]), &runs(&[20.0, 21.0, 22.0, 23.0, 24.0]));
        let Ok(Air::Removed { slope, apart, squares }) = air else { panic!("{air:?}") };
        assert!((slope + 0.01).abs() < 1e-12 && (apart - 2.0).abs() < 1e-12 && (squares - 20.0).abs() < 1e-9);
    }

    #[test]
    fn still_air_is_left_alone_and_different_air_is_refused() {
        let still = of(&runs(&[22.0, 22.3, 22.1]), &runs(&[22.0, 22.2, 22.1]));
        assert!(matches!(still, Ok(Air::Left(_))), "{still:?}");
        let warm = of(&runs(&[27.0, 27.3, 27.1]), &runs(&[22.0, 22.2, 22.1]));
        assert_eq!(warm.expect_err("too far apart").cause, "ambient_differs");
        let unknown = of(&[Run { y: 1.0, ambient: None }], &runs(&[22.0]));
        assert!(matches!(unknown, Ok(Air::Left(_))));
    }
}
