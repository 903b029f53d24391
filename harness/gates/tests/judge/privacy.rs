//! What the agent noted of the runtime's sockets.

use edgesoak_record::Run;
use edgesoak_record::gate::Gate;
use edgesoak_record::session::Note;
use edgesoak_record::verdict::Outcome;

use crate::made::{Made, at};
use crate::{gate, outcome};

/// A good run with this note on it.
fn noting(code: &str) -> Run {
    let mut run = Made::default().run();
    let text =
        "1 remote endpoint in 60 looks at the runtime's sockets, first after 31 s: tcp 443 (1)".to_owned();
    run.sessions[0].notes.push(Note { t: at(600.0), code: code.to_owned(), text });
    run
}

#[test]
fn one_remote_endpoint_breaks_the_promise() {
    let run = noting("egress-sockets");
    assert_eq!(outcome(&run, Gate::Privacy), (Outcome::Fail, "privacy".to_owned()));
    let result = gate(&edgesoak_gates::judge(&run), Gate::Privacy);
    assert!(result.sentence.contains("tcp 443 (1)"), "{}", result.sentence);
}

#[test]
fn nothing_seen_is_never_green() {
    for (code, cause) in [
        ("egress-none-seen", "egress_unproven"),
        ("egress-unchecked", "egress_unchecked"),
        ("egress-possible", "egress_possible"),
        ("egress-bytes", "not_run"),
    ] {
        assert_eq!(outcome(&noting(code), Gate::Privacy), (Outcome::NotProven, cause.to_owned()), "{code}");
    }
}
