//! Settings that the plan asked for: what counts only under them, and those of which nobody knows whether they held.

use edgesoak_record::Quantity;
use edgesoak_record::session::Note;

use crate::case::Case;
use crate::case::faked::is_of_heat;
use crate::case::supply::BEFORE_S;
use crate::outcome::{Missing, quoted};

/// The agent's word for a setting that it made on a system that does not tell its state.
const UNVERIFIED: &str = "setting-unverified";

/// Its word for one that was not as it was made when the session ended. Where it was seen to differ, the session has
/// failed by that alone; here it could not be read.
const MOVED: &str = "setting-moved";

/// The setting under which a heat status that somebody set by hand is taken off before anything is loaded.
const NO_OVERRIDE: &str = "thermal-override";

/// From when on it counts what the system announces of its heat, seconds: shortly before the soak, and where an override
/// was seen until then that the plan does not measure under, not before it was taken off.
#[must_use]
pub fn heat_counts_from(case: &Case) -> f64 {
    let prepared = case.telemetry.prepared();
    let settings = &case.record.planned.device.beside.settings;
    let was_set = || {
        case.telemetry
            .of(Quantity::Override)
            .filter(|channel| is_of_heat(channel))
            .any(|channel| case.telemetry.values(channel, -BEFORE_S, prepared).any(|(_, value)| value > 0.5))
    };
    if settings.iter().any(|setting| setting.name == NO_OVERRIDE) && was_set() {
        prepared.max(-BEFORE_S)
    } else {
        -BEFORE_S
    }
}

/// A setting that was never read back.
#[must_use]
pub fn unverified(case: &Case) -> Option<Missing> {
    let note = first(case, UNVERIFIED)?;
    let words = format!("A setting was made and could not be read back: {}", quoted(&note.text, 120));
    Some(Missing::new("setting_unverified", words))
}

/// A setting that may not have lasted to the end.
#[must_use]
pub fn unread(case: &Case) -> Option<Missing> {
    let note = first(case, MOVED)?;
    let words = format!("A setting may not have lasted: {}", quoted(&note.text, 120));
    Some(Missing::new("setting_moved", words))
}

fn first<'a>(case: &'a Case<'a>, code: &str) -> Option<&'a Note> {
    case.record.notes.iter().find(|note| note.code == code)
}
