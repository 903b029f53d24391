//! `journal`: the device's journal is whole, and so is the soak in it.

use edgesoak_record::gate::Gate;
use edgesoak_record::session::JournalEnding;

use crate::case::{Case, wholeness};
use crate::explain::Explained;
use crate::outcome::{Finding, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "The journal is whole from its header to its end, and the soak in it has every prompt and token that it announces.",
    decides: "Anything missing leaves it not proven and takes passes and failures of the session away.",
    settings: &[],
    source: "Length, CRC-32 and sequence number of every frame.",
};

/// Judges it.
pub fn judge(case: &Case, _: Gate) -> Finding {
    let frames = match case.record.journal.as_ref().map(|journal| &journal.ending) {
        Some(JournalEnding::Finished { .. }) => "The journal is whole, from its header to its end",
        Some(JournalEnding::Open) => return Finding::not_proven("journal_open", "The journal has no end"),
        Some(JournalEnding::Torn) => {
            return Finding::not_proven("journal_torn", "The journal ends inside a frame");
        }
        Some(JournalEnding::Corrupt(place)) => {
            let place = quoted(place, 200);
            return Finding::not_proven("journal_corrupt", format!("The journal is damaged: {place}"));
        }
        None => return Finding::not_proven("no_journal", "There is no journal of the device"),
    };
    match case.soak.as_ref().ok().and_then(|soak| wholeness::missing(case, soak)) {
        Some(missing) => Finding::not_proven(
            "incomplete",
            format!("The journal has an end, but the soak is not whole: {missing}"),
        ),
        None => Finding::pass(frames),
    }
}
