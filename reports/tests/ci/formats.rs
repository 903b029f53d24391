//! What other people's CI gets, read as they read it.

use edgesoak_record::{Outcome, Verdict};
use edgesoak_reports::{Side, annotations, bencher, benchmark_entries, markdown, openmetrics};
use serde_json::Value;

use crate::hostile::{ATTACKS, poisoned};
use crate::made_up;

#[test]
fn a_run_reads_like_this() {
    let (run, verdict) = made_up::example();
    insta::assert_snapshot!("markdown", markdown(&run, &verdict));
    insta::assert_snapshot!("annotations", annotations(&verdict));
    insta::assert_snapshot!("openmetrics", openmetrics(&verdict));
    insta::assert_snapshot!("bencher", bencher(&verdict));
    insta::assert_snapshot!("bigger_is_better", benchmark_entries(&verdict, Side::BiggerIsBetter));
    insta::assert_snapshot!("smaller_is_better", benchmark_entries(&verdict, Side::SmallerIsBetter));
}

#[test]
fn a_run_without_sessions_is_told_and_has_no_figures() {
    let (run, verdict) = made_up::empty();
    assert!(markdown(&run, &verdict).starts_with("## – NOTHING RAN\n"));
    assert!(annotations(&verdict).starts_with("::warning title=EdgeSoak%3A nothing::"));
    assert_eq!(bencher(&verdict), "{}\n");
    assert_eq!(benchmark_entries(&verdict, Side::BiggerIsBetter), "[]\n");
    let metrics = openmetrics(&verdict);
    assert!(metrics.ends_with("edgesoak_verdict{edgesoak_verdict=\"nothing\"} 1\n# EOF\n"), "{metrics}");
    assert_eq!(metrics.matches("# TYPE").count(), 1);
}

#[test]
fn a_figure_that_was_withdrawn_is_in_no_history() {
    let (_, mut verdict) = made_up::example();
    let gates = &verdict.sessions[0].gates;
    let place = gates.iter().position(|gate| gate.measured.is_some()).expect("a figure");
    let (word, device) = (gates[place].gate.word(), verdict.sessions[0].device.clone());
    let has = |verdict: &edgesoak_record::RunVerdict| {
        let document: Value = serde_json::from_str(&bencher(verdict)).expect("JSON");
        let subjects = document.as_object().expect("subjects").clone();
        subjects.iter().any(|(subject, metrics)| subject.starts_with(&device) && metrics.get(word).is_some())
    };
    assert!(has(&verdict));
    let gate = &mut verdict.sessions[0].gates[place];
    gate.outcome = Outcome::NotProven;
    gate.cause = Some("charging".to_owned());
    assert!(!has(&verdict));
    verdict.sessions[0].gates[place].cause = Some("too_close".to_owned());
    assert!(has(&verdict));
}

#[test]
fn nine_annotations_and_how_many_more() {
    let (_, mut verdict) = made_up::example();
    let session = verdict.sessions[0].clone();
    verdict.sessions = vec![session; 40];
    verdict.verdict = Verdict::Fail;
    let text = annotations(&verdict);
    assert_eq!(text.lines().count(), 10);
    let last = text.lines().last().expect("ten lines");
    assert!(last.starts_with("::notice title=EdgeSoak::") && last.contains(" annotations more"), "{last}");
    assert!(text.lines().next().is_some_and(|first| first.starts_with("::error title=EdgeSoak%3A fail::")));
}

/// Lines of a text that are commands, and the number of lines.
fn commands(text: &str) -> (usize, usize) {
    (text.lines().filter(|line| line.starts_with("::")).count(), text.lines().count())
}

#[test]
fn no_text_gets_out_of_its_place() {
    let (run, verdict) = poisoned("innocent");
    let shape = |text: &str| {
        (text.lines().count(), text.lines().map(|line| line.matches(" | ").count()).sum::<usize>())
    };
    let (page, metrics) = (markdown(&run, &verdict), openmetrics(&verdict));
    for attack in ATTACKS {
        let (run, verdict) = poisoned(attack);
        let notes = annotations(&verdict);
        let (found, lines) = commands(&notes);
        assert_eq!(found, lines, "{attack}: {notes}");
        let hurt = markdown(&run, &verdict);
        assert_eq!(shape(&hurt), shape(&page), "{attack}: {hurt}");
        let hurt = openmetrics(&verdict);
        assert_eq!(hurt.lines().count(), metrics.lines().count(), "{attack}: {hurt}");
        for line in hurt.lines().filter(|line| !line.starts_with('#')) {
            let value = line.rsplit(' ').next().expect("a value");
            assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{attack}: {line}");
        }
        let document: Value = serde_json::from_str(&bencher(&verdict)).expect("JSON");
        assert!(document.is_object());
    }
}

#[test]
fn texts_without_end_are_cut() {
    let (run, verdict) = poisoned(&"&".repeat(1_000_000));
    assert!(markdown(&run, &verdict).len() <= 60_000);
    assert!(openmetrics(&verdict).len() < 200_000);
    assert!(annotations(&verdict).len() < 20_000);
    let (run, mut verdict) = made_up::example();
    let session = verdict.sessions[0].clone();
    verdict.sessions = vec![session; 3_000];
    let page = markdown(&run, &verdict);
    assert!(page.len() <= 60_000 && page.contains("more"), "{}", page.len());
}
