//! The JUnit XML of a run says what the verdict says, case by case.

use std::collections::BTreeMap;
use std::fs;

use edgesoak_record::verdict::{GateResult, SessionVerdict};
use edgesoak_record::{Outcome, RunVerdict, Verdict};
use roxmltree::{Document, Node};

use super::world::World;

/// A case: the name of its element, with its type, and the message.
type Ending = (String, String);

fn ending(case: Node<'_, '_>) -> Ending {
    let Some(child) = case.children().find(Node::is_element) else {
        return ("passed".to_owned(), String::new());
    };
    let kind = child.attribute("type").map_or_else(String::new, |kind| format!(" {kind}"));
    let message = child.attribute("message").expect("a message").to_owned();
    (format!("{}{kind}", child.tag_name().name()), message)
}

/// The suites of a file, and in each the cases by name.
fn suites(document: &Document<'_>) -> BTreeMap<String, BTreeMap<String, Ending>> {
    let named = |node: Node<'_, '_>| node.attribute("name").expect("a name").to_owned();
    let suites = document.descendants().filter(|node| node.has_tag_name("testsuite"));
    let cases = |suite: Node<'_, '_>| {
        let cases = suite.children().filter(|node| node.has_tag_name("testcase"));
        cases.map(|case| (named(case), ending(case))).collect()
    };
    suites.map(|suite| (named(suite), cases(suite))).collect()
}

/// Compares the file of a run with its verdict: both ways of writing it, every session, every gate.
pub fn compare(world: &World, written: &str, verdict: &RunVerdict) {
    let xml = fs::read_to_string(world.path().join(written)).expect("JUnit XML");
    let again = world.call("report latest --format junit --output again.xml");
    assert_eq!(again.exit, Some(0), "{}", again.transcript());
    assert_eq!(fs::read_to_string(world.path().join("again.xml")).expect("JUnit XML"), xml);
    let document = Document::parse(&xml).expect("XML");
    let suites = suites(&document);
    assert_eq!(suites.len(), verdict.sessions.len() + 1, "{:?}", suites.keys());
    let (element, message) = &suites["edgesoak run"]["verdict"];
    assert_eq!(element, of_verdict(verdict.verdict));
    assert!(verdict.verdict == Verdict::Pass || *message == verdict.sentence, "{message}");
    for session in &verdict.sessions {
        let name = format!("{} (virtual) / {} / {}", session.device, session.route, session.candidate);
        compare_session(session, suites.get(&name).unwrap_or_else(|| panic!("no suite {name}")));
    }
}

fn of_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "passed",
        Verdict::Fail => "failure fail",
        Verdict::NotProven => "error not_proven",
        Verdict::Infrastructure => "error infra",
        Verdict::Nothing => "error nothing",
    }
}

fn compare_session(session: &SessionVerdict, cases: &BTreeMap<String, Ending>) {
    let judged: Vec<&GateResult> =
        session.gates.iter().filter(|gate| gate.outcome != Outcome::Info).collect();
    assert_eq!(cases.len(), judged.len(), "{}: {:?}", session.device, cases.keys());
    for gate in judged {
        let (element, message) = &cases[&format!("{} (virtual)", gate.gate.word())];
        let wanted = match gate.outcome {
            Outcome::NotProven if gate.accepted.is_some() || !gate.blocking => "skipped",
            Outcome::NotProven => "error not_proven",
            Outcome::Fail => "failure fail",
            Outcome::Pass | Outcome::Info => "passed",
        };
        assert_eq!(element, wanted, "{} {}: {message}", session.device, gate.gate);
        if let Some(cause) = &gate.cause {
            assert!(message.contains(&format!("({cause}) (virtual)")), "{message}");
        }
    }
}
