//! What other people's CI gets of a comparison.

use edgesoak_record::comparison::{Comparison, Reference};
use edgesoak_record::{Outcome, Verdict};
use edgesoak_reports::{
    Beside, Part, Side, annotations, bencher, benchmark_entries, comparison_html, comparison_junit,
    comparison_markdown, comparison_verdict, openmetrics,
};
use roxmltree::Node;
use serde_json::Value;

use crate::comparison_made::{answered, change, comparison, device, example};
use crate::document::Document;
use crate::hostile::ATTACKS;
use crate::junit_xml::{all, parsed};
use crate::made_up;

#[test]
fn a_comparison_reads_like_this() {
    let example = example();
    let verdict = comparison_verdict(&example, &Beside::default());
    insta::assert_snapshot!("markdown", comparison_markdown(&example, &Beside::default()));
    insta::assert_snapshot!("junit", comparison_junit(&example, &Beside::default()));
    insta::assert_snapshot!("annotations", annotations(&verdict));
    insta::assert_snapshot!("openmetrics", openmetrics(&verdict));
    insta::assert_snapshot!("bencher", bencher(&verdict));
    let entries: Value =
        serde_json::from_str(&benchmark_entries(&verdict, Side::BiggerIsBetter)).expect("JSON");
    assert_eq!(
        entries.as_array().map(Vec::len),
        Some(6),
        "what is not proven for want of a reference has no figure"
    );
}

/// The ending of a case.
fn ending(case: Node<'_, '_>) -> String {
    let child = case.children().find(Node::is_element);
    child.map_or_else(
        || "passed".to_owned(),
        |child| {
            format!("{} {}", child.tag_name().name(), child.attribute("type").unwrap_or_default())
                .trim()
                .to_owned()
        },
    )
}

/// Endings of the first suite and of the first device's, and the annotation of that device.
fn told(comparison: &Comparison) -> (String, String, Option<String>) {
    let xml = comparison_junit(comparison, &Beside::default());
    let document = parsed(&xml);
    let suites: Vec<Node> = all(document.root(), "testsuite").collect();
    let first = |suite: &Node| ending(all(*suite, "testcase").next().expect("a case"));
    let notes = annotations(&comparison_verdict(comparison, &Beside::default()));
    let note =
        notes.lines().nth(1).and_then(|line| Some(line.strip_prefix("::")?.split_once(' ')?.0.to_owned()));
    (first(&suites[0]), first(&suites[1]), note)
}

#[test]
fn one_table_of_outcome_check_and_ending() {
    use Outcome::{Fail, NotProven, Pass};
    let of = |verdict, outcome, cause, accepted: Option<&str>| {
        let mut device = device("phone", false, vec![change(Reference::Previous, outcome, cause, -0.06)]);
        device.accepted = accepted.map(str::to_owned);
        let (whole, case, note) = told(&comparison(verdict, vec![device]));
        (whole, case, note.unwrap_or_default())
    };
    let row = |whole: &str, case: &str, note: &str| (whole.to_owned(), case.to_owned(), note.to_owned());
    assert_eq!(of(Verdict::Pass, Pass, None, None), row("passed", "passed", ""));
    assert_eq!(
        of(Verdict::Fail, Fail, Some("regression"), None),
        row("failure fail", "failure fail", "error")
    );
    let open = of(Verdict::NotProven, NotProven, Some("too_close"), None);
    assert_eq!(open, row("error not_proven", "error not_proven", "warning"));
    let named = of(Verdict::Pass, NotProven, Some("too_close"), Some("accepted as not proven by tier pr"));
    assert_eq!(named, row("passed", "skipped", "notice"));
    let waived = of(Verdict::Pass, Fail, Some("regression"), Some("waived by T-1"));
    assert_eq!(waived, row("passed", "skipped", "notice"));
}

#[test]
fn a_waiver_that_is_over_fails_and_a_simulated_unit_beside_hardware_stops_nobody() {
    let open = change(Reference::Previous, Outcome::NotProven, Some("too_close"), -0.04);
    let mut expired = device("phone", false, vec![open]);
    (expired.outcome, expired.cause) = (Outcome::Fail, Some("waiver_expired".to_owned()));
    let (_, case, note) = told(&comparison(Verdict::Fail, vec![expired]));
    assert_eq!((case.as_str(), note.as_deref()), ("failure fail", Some("error")));
    let lost = change(Reference::Previous, Outcome::Fail, Some("regression"), -0.2);
    let (_, case, note) = told(&comparison(Verdict::Pass, vec![device("virtual:phone", true, vec![lost])]));
    assert_eq!((case.as_str(), note.as_deref()), ("skipped", Some("notice")));
}

#[test]
fn runs_that_were_made_for_it_stand_beside_it_and_redden_nothing() {
    let (run, verdict) = made_up::example();
    let passing = device("phone", false, vec![change(Reference::Previous, Outcome::Pass, None, 0.0)]);
    let comparison = comparison(Verdict::Pass, vec![passing]);
    let left_out = [made_up::left_out("phone-2")];
    let parts = Beside { parts: vec![Part { run: &run, verdict: &verdict }], not_run: &left_out };
    let xml = comparison_junit(&comparison, &parts);
    let document = parsed(&xml);
    let root = document.root_element();
    assert_eq!((root.attribute("failures"), root.attribute("errors")), (Some("0"), Some("0")), "{xml}");
    let skipped = root.attribute("skipped").and_then(|count| count.parse::<u32>().ok()).expect("a count");
    assert!(xml.contains("not_run (budget)"), "{xml}");
    assert!(skipped > 0 && xml.contains("beside the comparison, which decides"), "{xml}");
    let failed = verdict.sessions.iter().flat_map(|session| &session.gates);
    let failed = failed.filter(|gate| gate.blocking && gate.outcome == Outcome::Fail).count();
    assert!(failed > 0, "the example has something to show");
    let page = comparison_markdown(&comparison, &parts);
    assert!(page.contains("- not run (budget): "), "{page}");
    assert!(page.starts_with("## ✔ NOT SLOWER\n") && page.contains("beside the comparison"), "{page}");
    let notes = annotations(&comparison_verdict(&comparison, &parts));
    assert!(!notes.contains("::error") && !notes.contains("::warning"), "{notes}");
}

/// A comparison in which every text is this one.
fn poisoned(attack: &str) -> Comparison {
    let mut hurt = example();
    let poison = |text: &mut String| attack.clone_into(text);
    [&mut hurt.sentence, &mut hurt.tier, &mut hurt.reason].into_iter().for_each(poison);
    hurt.accepted.iter_mut().chain(&mut hurt.next_actions).for_each(poison);
    for device in &mut hurt.devices {
        [&mut device.device, &mut device.route, &mut device.sentence].into_iter().for_each(poison);
        for change in &mut device.changes {
            let mut answers = answered();
            poison(&mut answers.sentence);
            answers.lost.iter_mut().chain(&mut answers.gained).for_each(poison);
            change.answers = Some(answers);
            poison(&mut change.sentence);
            change.notes.iter_mut().for_each(poison);
            change.why.iter_mut().for_each(|why| poison(&mut why.sentence));
        }
    }
    for side in &mut hurt.sides {
        side.candidates.iter_mut().chain(&mut side.runs).chain(&mut side.artifacts_sha256).for_each(poison);
    }
    hurt.families.iter_mut().for_each(|family| poison(&mut family.family));
    hurt
}

#[test]
fn the_page_is_whole_and_no_text_gets_out_of_its_place() {
    let page = comparison_html(&example(), &Beside::default());
    assert!(page.contains("Slowed by its own code (grade B)"), "{page}");
    assert_eq!(Document::parse(&page).errors, Vec::<String>::new());
    let elements = |comparison: &Comparison| {
        Document::parse(&comparison_html(comparison, &Beside::default())).elements.len()
    };
    let lines = |comparison: &Comparison| comparison_markdown(comparison, &Beside::default()).lines().count();
    let innocent = poisoned("innocent");
    for attack in ATTACKS {
        let hurt = poisoned(attack);
        assert_eq!((elements(&hurt), lines(&hurt)), (elements(&innocent), lines(&innocent)), "{attack}");
        parsed(&comparison_junit(&hurt, &Beside::default()));
        let verdict = comparison_verdict(&hurt, &Beside::default());
        let notes = annotations(&verdict);
        assert!(notes.lines().all(|line| line.starts_with("::")), "{attack}: {notes}");
        for line in openmetrics(&verdict).lines().filter(|line| !line.starts_with('#')) {
            let value = line.rsplit(' ').next().expect("a value");
            assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{attack}: {line}");
        }
    }
}

#[test]
fn what_was_lost_and_gained_is_named_beside_the_rate() {
    let mut change = change(Reference::Previous, Outcome::Fail, Some("answers_critical"), -0.01);
    change.answers = Some(answered());
    let held = comparison(Verdict::Fail, vec![device("phone", false, vec![change])]);
    let page = Document::parse(&comparison_html(&held, &Beside::default()));
    assert_eq!(page.errors, Vec::<String>::new());
    let html = comparison_html(&held, &Beside::default());
    for words in
        ["Answers to the same golden items", "seal-2", "bearing-1", "Answers: 1 of 40 same items lost"]
    {
        assert!(html.contains(words), "{words}");
    }
    let markdown = comparison_markdown(&held, &Beside::default());
    assert!(markdown.contains("Answers: 1 of 40 same items lost"), "{markdown}");
}

#[test]
fn nothing_and_everything_fit() {
    let nothing = comparison(Verdict::Nothing, Vec::new());
    assert!(comparison_markdown(&nothing, &Beside::default()).starts_with("## – NOTHING WAS COMPARED\n"));
    parsed(&comparison_junit(&nothing, &Beside::default()));
    let device =
        device("phone", false, vec![change(Reference::Previous, Outcome::Fail, Some("regression"), -0.2)]);
    let page = comparison_markdown(&comparison(Verdict::Fail, vec![device; 3_000]), &Beside::default());
    assert!(page.len() <= 60_000 && page.contains("more"), "{}", page.len());
}

#[test]
fn every_run_of_both_sides_is_a_dot() {
    let example = example();
    let page = comparison_html(&example, &Beside::default());
    crate::plots::check(&page);
    for (place, device) in example.devices.iter().enumerate() {
        let known = device.changes.iter().filter(|change| !change.candidate_rates.is_empty()).count();
        let plot = page
            .split(&format!("id=\"c{place}-runs\""))
            .nth(1)
            .and_then(|rest| rest.split("</figure>").next());
        let Some(plot) = plot else {
            assert_eq!(known, 0, "{} has runs and no plot", device.device);
            continue;
        };
        let path = plot.split("class=\"i-new\" d=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert_eq!(path.expect("dots of the candidate").matches("h0").count(), 3 * known);
        assert!(plot.contains("class=\"i-margin\"") && plot.contains("class=\"i-bounds\""));
    }
}
