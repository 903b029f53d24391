//! Texts at the right end of lines, kept apart so that none covers another.

use super::ink::Ink;

/// From top to bottom, no two nearer than `step` and none below `bottom`: what was pushed below it is pushed back up.
pub(crate) fn apart(mut labels: Vec<(Ink, f64, String)>, step: f64, bottom: f64) -> Vec<(Ink, f64, String)> {
    labels.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut least = f64::NEG_INFINITY;
    for label in &mut labels {
        label.1 = label.1.max(least);
        least = label.1 + step;
    }
    let mut most = bottom;
    for label in labels.iter_mut().rev() {
        label.1 = label.1.min(most);
        most = label.1 - step;
    }
    labels
}
