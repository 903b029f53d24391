//! `runtime_alive`: the runtime process lived until it was closed.
//!
//! Killed by heat, for memory, or by a crash is an outcome of the product. The first time may be chance and asks
//! for another run; the second time in one run is a failure. A device that switched itself off for heat has failed
//! at once.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::case::obstacle::{Kind, Obstacle};
use crate::case::shutdown;
use crate::explain::Explained;
use crate::outcome::Finding;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "The runtime's process lived until the agent closed it.",
    decides: "Killed by heat, for memory or by a crash is not proven the first time and fails the second time in one run. A device that switched itself off for heat fails at once.",
    settings: &[],
    source: "Exit status of the process as the agent saw it.",
};

/// Signal of the kernel's out-of-memory killer, among others.
const SIGKILL: i32 = 9;

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    if let Some(why) = shutdown::for_heat(case) {
        let mut failed = Finding::fail(why.cause, why.sentence);
        failed.evidence = why.evidence.into_iter().collect();
        return failed;
    }
    let exit = case.record.runtime.as_ref().and_then(|runtime| runtime.exit.as_ref());
    let crashed = exit.is_some_and(|exit| exit.signal.is_some() || exit.code.is_some_and(|code| code != 0));
    let obstacle = Obstacle::of(case.record);
    // A session that ran to its end closed its runtime after the last phase: this kill is the agent's own.
    if obstacle.is_none() && exit.is_some_and(|exit| exit.signal == Some(SIGKILL)) {
        let words = "The runtime lived until it was closed, and was killed as it took too long to exit then";
        return Finding::pass(words);
    }
    let product = obstacle.filter(|obstacle| obstacle.kind == Kind::Product);
    if product.is_none() && !crashed {
        return match &case.record.runtime {
            None => Finding::not_proven("not_run", "The runtime never started"),
            Some(_) => Finding::pass("The runtime lived until it was closed"),
        };
    }
    let mut words = product.map_or("the runtime process died".to_owned(), |obstacle| obstacle.sentence);
    if let Some(exit) = exit {
        let how = match (exit.signal, exit.code) {
            (Some(SIGKILL), _) => " (killed by signal 9, as the system does when memory runs out)".to_owned(),
            (Some(signal), _) => format!(" (signal {signal})"),
            (None, Some(code)) => format!(" (exit code {code})"),
            (None, None) => String::new(),
        };
        words.push_str(&how);
    }
    if case.deaths >= 2 {
        let deaths = case.deaths;
        return Finding::fail(
            gate.word(),
            capitalised(&words) + &format!(", as in {deaths} sessions of this run"),
        );
    }
    let word = Obstacle::of(case.record).map_or("runtime_died".to_owned(), |obstacle| obstacle.cause);
    Finding::not_proven(&word, capitalised(&words) + "; once may be chance, so it has to be run again")
}

/// For the begin of a sentence.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
