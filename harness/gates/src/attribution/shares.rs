//! How much of a loss goes with each suspect.

use edgesoak_record::slowdown::{Share, Suspect};

use crate::attribution::course::Course;
use crate::attribution::suspects::Burden;
use crate::defaults::CAUSE_LEAST_PART;
use crate::statistics::least_squares;

/// The shares of every suspect, the largest part of the loss first; time, which is a placebo, at the end.
///
/// Variance is shared by Shapley over all of them and time. Parts of the loss are those of the fit without time and
/// without suspects of the wrong sign: a burden that goes with more speed has slowed nothing down.
#[must_use]
pub fn of(course: &Course, burdens: &[Burden], loss: f64) -> Vec<Share> {
    let slowness = course.slowness();
    let time: Vec<f64> = course.points.iter().map(|point| f64::midpoint(point.from, point.to)).collect();
    let columns: Vec<&[f64]> = burdens.iter().map(|burden| burden.values.as_slice()).collect();
    let all: Vec<&[f64]> = columns.iter().copied().chain([time.as_slice()]).collect();
    let variances = least_squares::shares(&all, &slowness);
    let coefficients = burdening(&columns, &slowness);
    let mut shares: Vec<Share> = burdens
        .iter()
        .zip(&variances)
        .zip(coefficients)
        .map(|((burden, variance), coefficient)| Share {
            suspect: burden.suspect,
            variance: Some(*variance),
            loss: Some(((coefficient * course.rise(&burden.values)).min(burden.most) / loss).clamp(0.0, 1.0)),
        })
        .collect();
    let removed =
        |suspect, lost: f64| Share { suspect, variance: None, loss: Some((lost / loss).clamp(0.0, 1.0)) };
    let moving = course.lost(&course.moving());
    if course.effect.is_some() {
        shares.push(removed(Suspect::Context, moving - course.lost(&slowness)));
    }
    if course.is_paused {
        shares.push(removed(Suspect::Pauses, loss - moving));
    }
    shares.sort_by(|a, b| b.loss.unwrap_or(0.0).total_cmp(&a.loss.unwrap_or(0.0)));
    shares.push(Share { suspect: Suspect::Time, variance: variances.last().copied(), loss: None });
    shares
}

/// The suspect that explains most of the loss among those that explain enough of it, and more of the course than time does.
#[must_use]
pub fn winner(shares: &[Share]) -> Option<Share> {
    let placebo = shares.iter().find(|share| share.suspect == Suspect::Time).and_then(|time| time.variance);
    let explains = |share: &&Share| share.loss.is_some_and(|part| part >= CAUSE_LEAST_PART);
    let beats = |share: &&Share| {
        share.variance.is_none_or(|variance| placebo.is_none_or(|placebo| variance > placebo))
    };
    shares.iter().filter(|share| share.suspect != Suspect::Time).filter(explains).find(beats).copied()
}

/// Coefficients of a fit in which none is negative: the worst is left out until that holds.
#[must_use]
pub fn burdening(columns: &[&[f64]], slowness: &[f64]) -> Vec<f64> {
    let mut kept: Vec<usize> = (0..columns.len()).collect();
    loop {
        let taken: Vec<&[f64]> = kept.iter().map(|place| columns[*place]).collect();
        let fit = least_squares::fit(&taken, slowness);
        let weight = |at: usize| fit.coefficients[at] * reach(taken[at]);
        let worst = (0..kept.len()).min_by(|a, b| weight(*a).total_cmp(&weight(*b)));
        let Some(at) = worst.filter(|at| fit.coefficients[*at] < 0.0) else {
            let mut coefficients = vec![0.0; columns.len()];
            kept.iter().zip(fit.coefficients).for_each(|(place, value)| coefficients[*place] = value);
            return coefficients;
        };
        kept.remove(at);
    }
}

fn reach(values: &[f64]) -> f64 {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    high - low
}

#[cfg(test)]
mod tests {
    use edgesoak_record::slowdown::{Share, Suspect};

    use super::winner;

    #[test]
    fn the_next_suspect_counts_where_the_largest_does_no_better_than_time() {
        let share = |suspect, variance, loss| Share { suspect, variance: Some(variance), loss: Some(loss) };
        let time = Share { suspect: Suspect::Time, variance: Some(0.4), loss: None };
        let first = share(Suspect::Clock, 0.3, 0.9);
        let named = |shares: &[Share]| winner(shares).map(|share| share.suspect);
        assert_eq!(named(&[first, share(Suspect::Memory, 0.5, 0.6), time]), Some(Suspect::Memory));
        assert_eq!(named(&[first, share(Suspect::Memory, 0.5, 0.4), time]), None);
        assert_eq!(
            named(&[share(Suspect::Clock, 0.45, 0.9), share(Suspect::Memory, 0.5, 0.6), time]),
            Some(Suspect::Clock)
        );
        assert_eq!(named(&[time]), None);
    }
}
