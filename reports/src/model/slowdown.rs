//! What became slower in a session, and why.

use edgesoak_record::slowdown::Slowdown;

use super::sources::Pair;
use crate::plot::causes::{self, percent};
use crate::plot::chart::Plot;
use crate::words::text::sentence;

/// Most slowdowns shown.
const MOST: usize = 4;

/// One slowdown.
#[derive(Debug, Clone)]
pub(crate) struct SlowdownRow {
    pub sentence: String,
    /// What it is made of; `None` where no suspect was looked at.
    pub causes: Option<Plot>,
    pub recovered: Option<String>,
}

impl SlowdownRow {
    pub fn all(pair: &Pair<'_>) -> Vec<Self> {
        let slowdowns = pair.verdict.map(|verdict| verdict.slowdowns.as_slice()).unwrap_or_default();
        slowdowns.iter().take(MOST).map(Self::of).collect()
    }

    fn of(slowdown: &Slowdown) -> Self {
        Self {
            sentence: sentence(&slowdown.sentence),
            causes: (!slowdown.shares.is_empty()).then(|| causes::plot(slowdown)),
            recovered: slowdown.recovered.filter(|part| part.is_finite()).map(percent),
        }
    }
}
