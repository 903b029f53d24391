//! What became slower in a session, and why.

use edgesoak_record::slowdown::{Share, Slowdown, Suspect};

use super::sources::Pair;
use crate::words::number::{Amount, NONE};
use crate::words::text::sentence;

/// Most slowdowns shown, and most suspects of each.
const MOST: usize = 4;
const MOST_SUSPECTS: usize = 8;

/// One slowdown.
#[derive(Debug, Clone)]
pub(crate) struct SlowdownRow {
    pub sentence: String,
    pub suspects: Vec<SuspectRow>,
    pub recovered: Option<String>,
}

/// What a suspect explains.
#[derive(Debug, Clone)]
pub(crate) struct SuspectRow {
    pub name: &'static str,
    pub loss: String,
    /// The same for a bar, whole per cent.
    pub bar: u8,
    pub variance: String,
}

impl SlowdownRow {
    pub fn all(pair: &Pair<'_>) -> Vec<Self> {
        let slowdowns = pair.verdict.map(|verdict| verdict.slowdowns.as_slice()).unwrap_or_default();
        slowdowns.iter().take(MOST).map(Self::of).collect()
    }

    fn of(slowdown: &Slowdown) -> Self {
        Self {
            sentence: sentence(&slowdown.sentence),
            suspects: slowdown.shares.iter().take(MOST_SUSPECTS).map(SuspectRow::of).collect(),
            recovered: slowdown.recovered.filter(|part| part.is_finite()).map(|part| percent(Some(part))),
        }
    }
}

impl SuspectRow {
    fn of(share: &Share) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100")]
        let bar = (share.loss.unwrap_or(0.0) * 100.0).clamp(0.0, 100.0) as u8;
        Self { name: name(share.suspect), loss: percent(share.loss), bar, variance: percent(share.variance) }
    }
}

fn percent(part: Option<f64>) -> String {
    part.map_or_else(|| NONE.to_owned(), |part| Amount::limit((part * 100.0).round() / 100.0, "ratio").full())
}

fn name(suspect: Suspect) -> &'static str {
    match suspect {
        Suspect::Clock => "Clocks",
        Suspect::ThermalStatus => "Announced heat",
        Suspect::Memory => "Waits for memory",
        Suspect::BackgroundCpu => "Other processes",
        Suspect::Context => "Context",
        Suspect::Pauses => "Pauses",
        Suspect::Time => "Time (placebo)",
    }
}
