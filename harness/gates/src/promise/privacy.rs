//! `privacy`: the runtime talks to nobody beyond the device.
//!
//! The agent looks at the runtime's sockets from time to time. One remote endpoint is one attempt and breaks the
//! promise. Nothing seen proves nothing: what opens and closes between two looks is missed.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::explain::Explained;
use crate::outcome::{Finding, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Remote endpoints of the runtime's process, looked at every 10 s.",
    decides: "One endpoint fails it. Nothing seen proves nothing, so that it never passes.",
    settings: &[],
    source: "The kernel's tables of sockets.",
};

/// The agent's word for remote endpoints.
const SEEN: &str = "egress-sockets";
/// Its other words, and what each means here.
const OTHERS: [(&str, &str, &str); 3] = [
    ("egress-possible", "egress_possible", "The runtime had a socket that is open to any endpoint"),
    ("egress-unchecked", "egress_unchecked", "The runtime's sockets could not be looked at"),
    (
        "egress-none-seen",
        "egress_unproven",
        "No remote endpoint was seen, which is no proof that there was none",
    ),
];

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let noted = |word: &str| case.record.notes.iter().find(|note| note.code == word);
    if let Some(note) = noted(SEEN) {
        let words = format!("The runtime reached beyond the device: {}", quoted(&note.text, 200));
        return Finding::fail(gate.word(), words);
    }
    for (word, cause, sentence) in OTHERS {
        if let Some(note) = noted(word) {
            return Finding::not_proven(cause, format!("{sentence} ({})", quoted(&note.text, 200)));
        }
    }
    Finding::not_proven("not_run", format!("`{gate}` was not evaluated: this run holds no evidence for it"))
}
