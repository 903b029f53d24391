//! Least squares on several predictors at once, and what each of them explains.

/// `y = constant + sum of coefficients * predictors`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// One per predictor; 0 for one that never changes or that others already hold.
    pub coefficients: Vec<f64>,
    /// Share of the variance of `y` that they explain together; 0 where `y` has none.
    pub r2: f64,
}

/// A pivot this much smaller than its predictor's variance is rounding: others hold that predictor already.
const SINGULAR: f64 = 1e-9;

/// Fits `y` to predictors of the same length.
#[must_use]
pub fn fit(predictors: &[&[f64]], y: &[f64]) -> Fit {
    let columns: Vec<Vec<f64>> = predictors.iter().map(|column| centred(column)).collect();
    let y = centred(y);
    let with_y: Vec<f64> = columns.iter().map(|column| product(column, &y)).collect();
    let coefficients = solved(&columns, &with_y);
    let explained: f64 = coefficients.iter().zip(&with_y).map(|(b, with)| b * with).sum();
    let whole = product(&y, &y);
    let r2 = if whole > 0.0 { (explained / whole).clamp(0.0, 1.0) } else { 0.0 };
    Fit { coefficients, r2 }
}

/// The share of each predictor in `R2`: its mean gain over all orders in which they can be taken in (Lindeman, Merenda and
/// Gold, 1980; the Shapley value of cooperative games). Their sum is the `R2` of all together. For ten predictors at most.
#[must_use]
pub fn shares(predictors: &[&[f64]], y: &[f64]) -> Vec<f64> {
    let count = predictors.len().min(10);
    let of_subset = |subset: usize| {
        let taken: Vec<&[f64]> =
            (0..count).filter(|place| subset >> place & 1 == 1).map(|place| predictors[place]).collect();
        fit(&taken, y).r2
    };
    let r2: Vec<f64> = (0..1_usize << count).map(of_subset).collect();
    let factorial = |n: usize| (1..=n).map(|factor| factor as f64).product::<f64>();
    let orders = factorial(count);
    let gain = |place: usize| {
        let without = (0..r2.len()).filter(move |subset| subset >> place & 1 == 0);
        without
            .map(|subset| {
                let before = subset.count_ones() as usize;
                let weight = factorial(before) * factorial(count - before - 1) / orders;
                weight * (r2[subset | 1 << place] - r2[subset])
            })
            .sum()
    };
    (0..count).map(gain).collect()
}

fn centred(column: &[f64]) -> Vec<f64> {
    let mean = column.iter().sum::<f64>() / column.len() as f64;
    column.iter().map(|value| value - mean).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The normal equations, by elimination with the largest pivot first.
fn solved(columns: &[Vec<f64>], with_y: &[f64]) -> Vec<f64> {
    let count = columns.len();
    let mut rows: Vec<Vec<f64>> = columns
        .iter()
        .zip(with_y)
        .map(|(row, with)| columns.iter().map(|column| product(row, column)).chain([*with]).collect())
        .collect();
    let variances: Vec<f64> = (0..count).map(|place| rows[place][place]).collect();
    let mut open: Vec<usize> = (0..count).filter(|place| variances[*place] > 0.0).collect();
    let mut done = Vec::new();
    while let Some(pivot) = open
        .iter()
        .copied()
        .max_by(|a, b| left(&rows, &variances, *a).total_cmp(&left(&rows, &variances, *b)))
    {
        open.retain(|place| *place != pivot);
        if left(&rows, &variances, pivot) < SINGULAR {
            break;
        }
        done.push(pivot);
        let of_pivot = rows[pivot].clone();
        for (place, row) in rows.iter_mut().enumerate().filter(|(place, _)| *place != pivot) {
            if variances[place] > 0.0 {
                let factor = row[pivot] / of_pivot[pivot];
                row.iter_mut().zip(&of_pivot).for_each(|(value, other)| *value -= factor * other);
            }
        }
    }
    let coefficient = |place: usize| {
        let value = rows[place][count] / rows[place][place];
        if done.contains(&place) && value.is_finite() { value } else { 0.0 }
    };
    (0..count).map(coefficient).collect()
}

/// The part of a predictor's variance that the pivots before have left.
fn left(rows: &[Vec<f64>], variances: &[f64], place: usize) -> f64 {
    rows[place][place] / variances[place]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{fit, shares};

    #[test]
    fn recovers_coefficients() {
        let a = [1.0, 2.0, 3.0, 4.0, 6.0];
        let b = [1.0, -1.0, 2.0, 0.0, 3.0];
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 5.0 + 2.0 * a - 3.0 * b).collect();
        let fit = fit(&[&a, &b], &y);
        assert!((fit.coefficients[0] - 2.0).abs() < 1e-9 && (fit.coefficients[1] + 3.0).abs() < 1e-9);
        assert!((fit.r2 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_never_changes_or_says_the_same_twice_counts_once() {
        let a = [1.0, 2.0, 3.0, 4.0];
        let doubled = [2.0, 4.0, 6.0, 8.0];
        let flat = [7.0; 4];
        let fit = fit(&[&a, &doubled, &flat], &a);
        assert!((fit.coefficients[0] + 2.0 * fit.coefficients[1] - 1.0).abs() < 1e-9, "{fit:?}");
        assert!(fit.coefficients[2].abs() < 1e-12 && (fit.r2 - 1.0).abs() < 1e-9, "{fit:?}");
        let shares = shares(&[&a, &doubled, &flat], &a);
        assert!((shares[0] - 0.5).abs() < 1e-9 && (shares[1] - 0.5).abs() < 1e-9, "{shares:?}");
    }

    #[test]
    fn without_variance_nothing_is_explained() {
        let fit = fit(&[&[1.0, 2.0, 3.0]], &[4.0; 3]);
        assert!(fit.r2.abs() < 1e-12 && fit.coefficients[0].abs() < 1e-12);
        assert!(shares(&[], &[1.0, 2.0]).is_empty());
    }

    proptest! {
        #[test]
        fn shares_add_up_to_what_all_explain(rows in proptest::collection::vec([-1.0..1.0_f64, -1.0..1.0, -1.0..1.0, -1.0..1.0], 6..40)) {
            let column = |place: usize| rows.iter().map(|row| row[place]).collect::<Vec<f64>>();
            let (a, b, c, y) = (column(0), column(1), column(2), column(3));
            let all: [&[f64]; 3] = [&a, &b, &c];
            let sum: f64 = shares(&all, &y).iter().sum();
            prop_assert!((sum - fit(&all, &y).r2).abs() < 1e-6);
        }
    }
}
