//! Candidates and exports as sessions measured them, up to who is chosen.

use edgesoak_gates::judge;
use edgesoak_gates::selection::{Measured, Selection, conclude};
use edgesoak_record::policy::ExportPolicy;
use edgesoak_record::session::{JournalEnding, SessionRecord};
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::{Outcome, RunVerdict, Verdict};
use edgesoak_record::{PlannedSession, Run};

use crate::answers::asked;

/// A run of one candidate, whose artifact has so many bytes, which had this many of 100 items wrong.
fn ran(candidate: &str, bytes: u64, wrong: usize) -> Run {
    let mut run = asked(|item, _| item < 50 || item >= 50 + wrong, true);
    run.id = format!("run-{candidate}");
    run.sessions[0].verified[0].bytes = bytes;
    each(&mut run, |planned| {
        candidate.clone_into(&mut planned.candidate.id);
        planned.route.bars.retain(|bar| bar.gate != edgesoak_record::Gate::Quality);
        planned.route.golden_set = Some("pumps@1.0".to_owned());
    });
    run.plan.policy.export = Some(ExportPolicy { largest_drop: 0.05 });
    run
}

/// Changes the session as it was planned.
fn each(run: &mut Run, change: impl Fn(&mut PlannedSession)) {
    change(&mut run.sessions[0].planned);
    change(&mut run.plan.sessions[0]);
}

fn export(of: &str, mut run: Run) -> Run {
    each(&mut run, |planned| planned.candidate.export_of = Some(of.to_owned()));
    run
}

fn selected(runs: &[Run], largest_drop: f64) -> Selection {
    let judged: Vec<RunVerdict> = runs.iter().map(judge).collect();
    let measured: Vec<Measured<'_>> = runs
        .iter()
        .zip(&judged)
        .map(|(run, verdict)| Measured { run, record: &run.sessions[0], verdict: &verdict.sessions[0] })
        .collect();
    let mut policy = runs[0].plan.policy.clone();
    policy.export = policy.export.map(|_| ExportPolicy { largest_drop });
    conclude(&policy, None, &[], &measured)
}

#[test]
fn an_export_that_lost_nothing_is_approved_and_one_that_lost_a_fifth_is_not() {
    let runs =
        [ran("full", 400, 0), export("full", ran("int8", 200, 0)), export("full", ran("int4", 100, 20))];
    let selection = selected(&runs, 0.05);
    assert_eq!((selection.verdict, selection.exit), (Verdict::Pass, 0), "{}", selection.sentence);
    let route = &selection.routes[0];
    assert_eq!(route.chosen.as_deref(), Some("int8"));
    let held: Vec<_> =
        route.exports.iter().map(|it| (it.candidate.as_str(), it.outcome, it.cause.as_deref())).collect();
    assert_eq!(held, [("int4", Outcome::Fail, Some("worse")), ("int8", Outcome::Pass, None)]);
    let paired = route.exports[0].paired.as_ref().expect("both answered");
    assert_eq!((paired.n, paired.only_baseline, paired.only_candidate), (100, 20, 0));
    assert!(
        selection.sentence.starts_with("`int8` is the smallest of 3 candidates"),
        "{}",
        selection.sentence
    );
}

#[test]
fn an_export_without_enough_to_be_held_against_is_not_chosen() {
    let runs = [ran("full", 400, 0), export("full", ran("int8", 200, 0))];
    let few = selected(&runs, 0.02);
    assert_eq!(few.routes[0].chosen.as_deref(), Some("full"), "a hundred items cannot show two points");
    assert_eq!(few.routes[0].exports[0].cause.as_deref(), Some("too_close"));

    let alone = selected(&runs[1..], 0.05);
    assert_eq!((alone.verdict, alone.reason.as_str()), (Verdict::NotProven, "no_baseline"));
    assert!(
        alone.next_actions[0].contains("the candidate that it was exported from"),
        "{:?}",
        alone.next_actions
    );

    let mut unruled = selected(&runs, 0.05);
    assert_eq!(unruled.routes[0].chosen.as_deref(), Some("int8"));
    let mut bare = runs.to_vec();
    bare[0].plan.policy.export = None;
    unruled = selected(&bare, 0.05);
    assert_eq!(unruled.routes[0].exports[0].cause.as_deref(), Some("no_export_rule"));
}

#[test]
fn an_export_is_held_against_nothing_but_a_whole_session_of_the_planned_baseline() {
    let good = ran("full", 400, 0);
    let newer = |change: &dyn Fn(&mut SessionRecord)| {
        let mut newer = ran("full", 400, 60);
        (newer.id, newer.opened) = ("run-newer".to_owned(), Nanos(good.opened.0 + 1));
        change(&mut newer.sessions[0]);
        newer
    };
    let export = export("full", ran("int8", 200, 45));
    let fell_back = newer(&|session| session.placement = Some(crate::made::placement("gpu")));
    let wrong_file = newer(&|session| session.verified[0].sha256 = "9".repeat(64));
    let cut = newer(&|session| {
        let ending = JournalEnding::Finished { reason: "battery-limit".to_owned(), detail: String::new() };
        session.journal.as_mut().expect("a journal").ending = ending;
    });
    for bad in [fell_back, wrong_file, cut] {
        let alone = selected(&[bad.clone(), export.clone()], 0.05);
        let held = &alone.routes[0].exports[0];
        assert_eq!(
            (held.outcome, held.cause.as_deref()),
            (Outcome::NotProven, Some("no_baseline")),
            "{}",
            held.sentence
        );
        let beside = selected(&[bad, good.clone(), export.clone()], 0.05);
        assert_eq!(beside.routes[0].exports[0].outcome, Outcome::Fail, "the whole one is there too");
    }
    let refusing = newer(&|session| {
        for answer in &mut session.golden.as_mut().expect("it was asked").answers {
            if !answer.scored.passed() {
                answer.finish = "refused".to_owned();
            }
        }
    });
    let held = &selected(&[refusing, export], 0.05).routes[0].exports[0];
    let paired = held.paired.as_ref().expect("both answered");
    assert_eq!((paired.n, paired.only_candidate), (50, 0), "a refusal is no item that could be gained");
}

#[test]
fn who_was_asked_nothing_is_not_chosen_and_what_a_candidate_was_does_not_count() {
    let mut silent = ran("fast", 10, 0);
    each(&mut silent, |planned| planned.golden = None);
    silent.sessions[0].golden = None;
    silent.plan.policy.blocking.pop();
    let selection = selected(&[silent], 0.05);
    assert_eq!((selection.verdict, selection.reason.as_str()), (Verdict::NotProven, "not_run"));
    assert!(selection.sentence.contains("quality was not judged"), "{}", selection.sentence);

    let mut unbarred = ran("fast", 10, 0);
    unbarred.sessions[0].golden.as_mut().expect("it was asked").asked.quality = None;
    unbarred.plan.policy.blocking.pop();
    assert_eq!(selected(&[unbarred], 0.05).reason, "no_bar", "nobody says what is right enough");

    let old = ran("mended", 10, 0);
    let mut new = ran("mended", 12, 0);
    (new.id, new.opened) = ("run-later".to_owned(), Nanos(old.opened.0 + 1));
    let digest = "9".repeat(64);
    each(&mut new, |planned| planned.candidate.sha256.clone_from(&digest));
    new.sessions[0].verified[0].sha256.clone_from(&digest);
    let selection = selected(&[old, new], 0.05);
    assert_eq!(selection.verdict, Verdict::Pass, "{}", selection.sentence);
    let used = |sessions: &[edgesoak_gates::selection::SessionUsed]| -> Vec<String> {
        sessions.iter().map(|used| used.run.clone()).collect()
    };
    assert_eq!(
        (used(&selection.rests_on), used(&selection.outdated)),
        (vec!["run-later".to_owned()], vec!["run-mended".to_owned()])
    );
}

#[test]
fn a_required_family_that_was_not_measured_and_a_route_that_was_not_are_not_proven() {
    let mut run = ran("full", 400, 0);
    run.plan.policy.required_families = vec!["scanners".to_owned()];
    let selection = selected(std::slice::from_ref(&run), 0.05);
    assert_eq!((selection.verdict, selection.reason.as_str()), (Verdict::NotProven, "not_run"));

    let verdict = judge(&run);
    let measured = [Measured { run: &run, record: &run.sessions[0], verdict: &verdict.sessions[0] }];
    let policy = ran("full", 400, 0).plan.policy;
    let routes = [measured[0].record.planned.route.id.clone(), "photo_support".to_owned()];
    let both = conclude(&policy, None, &routes, &measured);
    assert_eq!((both.verdict, both.reason.as_str()), (Verdict::NotProven, "not_measured"));
    let neither = conclude(&policy, None, &routes[1..], &[]);
    assert_eq!((neither.verdict, neither.exit), (Verdict::Nothing, 5));
}
