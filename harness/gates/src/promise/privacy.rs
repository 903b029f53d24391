//! `privacy`: the runtime talks to nobody beyond the device.
//!
//! Only a route from which nothing may leave promises it. There the agent cuts the runtime off and tells whatever it tries
//! all the same: one attempt breaks the promise, although it came to nothing. Where the system cannot cut it off, the agent
//! looks at the runtime's sockets from time to time, and nothing seen proves nothing.

use edgesoak_record::gate::Gate;
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::session::Note;
use edgesoak_record::slowdown::Grade;

use crate::case::Case;
use crate::explain::Explained;
use crate::outcome::{Finding, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Calls of the runtime and of every process that it starts which would leave the device, on routes with \
              `local_only`. Grade A: cut off in an empty network, every such call refused and listed, from before its first \
              instruction to the end of its last process. Grade B: every such call listed, and no socket of the \
              device's network asked for; or a phone with its radios off sent nothing.",
    decides: "One attempt fails it, although it came to nothing. A proof of the grade that the family owes passes it, any proof \
              where it owes none. Sockets that were only looked at from time to time (grade C) never prove it, and one remote \
              endpoint fails it.",
    settings: &[],
    source: "Namespaces and system calls of Linux; where the device has none, its tables of sockets.",
};

/// The agent's words for what left the device, or would have. An agent that died before its last sentence had told every
/// attempt by itself.
const BROKEN: [(&str, &str); 3] = [
    ("egress-attempts", "The runtime tried to reach beyond the device"),
    ("egress-attempt", "The runtime tried to reach beyond the device"),
    ("egress-sockets", "The runtime reached beyond the device"),
];
/// Its words for what takes a proof away, and what each means here.
const DOUBTFUL: [(&str, &str, &str); 2] = [
    ("egress-possible", "egress_possible", "The runtime may have reached beyond the device"),
    ("egress-unfinished", "egress_unchecked", "The runtime could not be watched to its end"),
];
/// Its words for looks that prove nothing by themselves.
const LOOKS: [(&str, &str, &str); 3] = [
    ("egress-unchecked", "egress_unchecked", "The runtime's sockets could not be looked at"),
    (
        "egress-none-seen",
        "egress_unproven",
        "No remote endpoint was seen, which is no proof that there was none",
    ),
    ("egress-not-cut-off", "egress_unproven", "The runtime could not be cut off"),
];
/// Its words for a proof, and the grade of each.
const PROVEN: [(&str, Grade); 2] = [("egress-proven-a", Grade::A), ("egress-proven-b", Grade::B)];

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    if !case.record.planned.route.local_only {
        return Finding::info("The route may leave the device, so that nothing is promised");
    }
    let noted = |word: &str| case.record.notes.iter().find(|note| note.code == word);
    if let Some((sentence, note)) = BROKEN.iter().find_map(|(word, sentence)| Some((sentence, noted(word)?)))
    {
        return Finding::fail(gate.word(), format!("{sentence}: {}", told(note)));
    }
    let open = |words: &[(&str, &str, &str)]| {
        words.iter().find_map(|(word, why, sentence)| {
            Some(Finding::not_proven(why, format!("{sentence} ({})", told(noted(word)?))))
        })
    };
    if let Some(doubt) = open(&DOUBTFUL) {
        return doubt;
    }
    let proof = PROVEN.iter().find_map(|(word, grade)| Some((*grade, noted(word)?)));
    let Some((grade, note)) = proof else {
        let words = format!("`{gate}` was not evaluated: this run holds no evidence for it");
        return open(&LOOKS).unwrap_or_else(|| Finding::not_proven("not_run", words));
    };
    let proven = Finding::pass(format!("Proof of grade {}: {}", grade.letter(), told(note)));
    match OwedEvidence::by(&case.record.planned.device.family, &case.run.plan.policy.proofs) {
        Some(owed) if !grade.reaches(owed) => {
            let why = format!("The family owes a proof of grade {}", owed.letter());
            proven.withdrawn("egress_grade", &why)
        }
        _ => proven,
    }
}

fn told(note: &Note) -> String {
    quoted(&note.text, 400)
}
