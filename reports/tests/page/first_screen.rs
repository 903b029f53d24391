//! The words of the verdict and what stands beside it.

use edgesoak_record::Verdict;

use crate::document::Document;
use crate::made_up;

#[test]
fn each_verdict_has_its_word() {
    let (run, mut verdict) = made_up::example();
    let words = [
        (Verdict::Pass, "✔ SHIP"),
        (Verdict::Fail, "✖ DO NOT SHIP"),
        (Verdict::NotProven, "? NOT PROVEN"),
        (Verdict::Infrastructure, "! LAB PROBLEM"),
        (Verdict::Nothing, "– NOTHING RAN"),
    ];
    for (outcome, word) in words {
        verdict.verdict = outcome;
        let document = Document::parse(&edgesoak_reports::html(&run, &verdict));
        assert!(document.text.contains(word), "{outcome:?} is not shown as {word}");
    }
}

#[test]
fn a_failing_device_comes_first_and_a_passing_one_is_folded() {
    let (mut run, mut verdict) = made_up::example();
    run.sessions.reverse();
    verdict.sessions.reverse();
    let page = edgesoak_reports::html(&run, &verdict);
    let at = |needle: &str| page.find(needle).expect("it is on the page");
    assert!(at("<bdi>made-up-scanner-1</bdi>") < at("<bdi>made-up-board-1</bdi>"));
    assert!(at("<bdi>made-up-board-1</bdi>") < at("<bdi>made-up-phone-1</bdi>"));
    assert_eq!(page.matches("<details class=\"fold\">").count(), 1);
}

#[test]
fn virtual_devices_are_marked_everywhere() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(page.contains("Virtual devices only"));
    assert_eq!(page.matches("<tr class=\"simulated\">").count(), 3);
    assert_eq!(page.matches("<figure class=\"strips simulated\" ").count(), 3);
    assert!(page.matches("VIRTUAL</text>").count() >= 12);

    let (mut run, mut verdict) = made_up::ten_minutes();
    run.sessions[0].planned.device.is_virtual = false;
    verdict.sessions[0].is_virtual = false;
    assert!(
        edgesoak_reports::html(&run, &verdict).contains("VIRTUAL</text>"),
        "the agent's own word is enough to be virtual"
    );
    run.sessions[0].journal.as_mut().expect("a journal").is_virtual = false;
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(!page.contains("VIRTUAL</text>"));
    assert!(!page.contains("◇"), "hardware carries no mark");
}

#[test]
fn an_interrupted_run_says_so() {
    let (mut run, verdict) = made_up::example();
    run.interrupted = Some("stopped by a person".to_owned());
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(page.contains("The run was ended early: stopped by a person"));
}
