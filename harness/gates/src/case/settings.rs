//! Settings that the plan asked for and of which nobody knows whether they held.

use edgesoak_record::session::Note;

use crate::case::Case;
use crate::outcome::{Missing, quoted};

/// The agent's word for a setting that it made on a system that does not tell its state.
const UNVERIFIED: &str = "setting-unverified";

/// Its word for one that was not as it was made when the session ended. Where it was seen to differ, the session has
/// failed by that alone; here it could not be read.
const MOVED: &str = "setting-moved";

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
