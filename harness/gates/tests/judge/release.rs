//! Releases of made-up runs: what ships, what does not, and what nobody has shown.

use edgesoak_gates::release::{Evidence, Held, Past, PastSession, conclude};
use edgesoak_gates::selection::{Measured, as_measured_last};
use edgesoak_gates::{judge, judge_sessions};
use edgesoak_record::comparison::Reference;
use edgesoak_record::gate::Gate;
use edgesoak_record::host_entry::{History, WaiverUses};
use edgesoak_record::policy::Waiver;
use edgesoak_record::release::{Named, Release, TrendValue, WaiverStanding};
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::{Outcome, RunVerdict, Verdict};
use edgesoak_record::{PlannedSession, Run, SessionTrial, Tried};

use crate::answers::asked;
use crate::made::{Made, OPENED};

/// A run of one soak on a device of this family.
fn ran(device: &str, family: &str, rate: fn(f64) -> f64) -> Run {
    let mut run = Made { rate, ..Made::default() }.run();
    run.id = format!("run-{device}");
    run.sessions[0].os_build = Some("b1".to_owned());
    each(&mut run, |planned| {
        device.clone_into(&mut planned.device.id);
        family.clone_into(&mut planned.device.family);
    });
    run
}

fn each(run: &mut Run, change: impl Fn(&mut PlannedSession)) {
    change(&mut run.sessions[0].planned);
    change(&mut run.plan.sessions[0]);
}

fn simulated(mut run: Run) -> Run {
    each(&mut run, |planned| planned.device.is_virtual = true);
    run.sessions[0].journal.as_mut().expect("a journal").is_virtual = true;
    run
}

fn steady(_: f64) -> f64 {
    20.0
}

fn slow(_: f64) -> f64 {
    12.0
}

fn trials(runs: &[Run]) -> Vec<SessionTrial> {
    runs.iter()
        .flat_map(|run| judge_sessions(run).iter().map(|judged| judged.trial().clone()).collect::<Vec<_>>())
        .collect()
}

/// What a release comes to, with what else is known of it.
#[derive(Default)]
struct Asked<'a> {
    families: &'a [&'a str],
    units: u32,
    blocking: &'a [Gate],
    waivers: Vec<Waiver>,
    previous: Vec<SessionTrial>,
    not_stored: Vec<SessionTrial>,
    tried: Vec<Tried>,
    history: History,
    past: Vec<Past>,
}

fn released(runs: &[Run], asked: &Asked<'_>) -> Release {
    let judged: Vec<RunVerdict> = runs.iter().map(judge).collect();
    let measured: Vec<Measured<'_>> = runs
        .iter()
        .zip(&judged)
        .map(|(run, verdict)| Measured { run, record: &run.sessions[0], verdict: &verdict.sessions[0] })
        .collect();
    let (measured, outdated) = as_measured_last(&measured);
    let counts = |run: &str| measured.iter().any(|session| session.run.id == run);
    let pairs: Vec<(&Run, &RunVerdict)> =
        runs.iter().zip(&judged).filter(|(run, _)| counts(&run.id)).collect();
    let mut policy = Made::default().run().plan.policy;
    policy.required_families = asked.families.iter().map(|family| (*family).to_owned()).collect();
    policy.units_per_family = asked.units.max(1);
    policy.blocking.extend(asked.blocking);
    policy.waivers.clone_from(&asked.waivers);
    let held =
        Held { reference: Reference::Previous, name: "1.3", promoted: OPENED, trials: &asked.previous };
    conclude(&Evidence {
        name: "1.4",
        named: Named::Candidate,
        policy: &policy,
        policy_digest: "d",
        source: None,
        runs: &pairs,
        measured: &measured,
        outdated: &outdated,
        trials: trials(runs).into_iter().filter(|trial| counts(&trial.run)).collect(),
        not_stored: asked.not_stored.clone(),
        tried: &asked.tried,
        held: if asked.previous.is_empty() { Vec::new() } else { vec![held] },
        history: asked.history.clone(),
        past: &asked.past,
    })
}

fn came_to(release: &Release) -> (Verdict, &str) {
    (release.verdict, &release.reason)
}

#[test]
fn a_release_ships_when_every_family_that_is_owed_was_shown() {
    let runs = [ran("a", "phones", steady), ran("b", "scanners", steady)];
    let whole = released(&runs, &Asked { families: &["phones", "scanners"], ..Asked::default() });
    assert_eq!(came_to(&whole), (Verdict::Pass, "pass"), "{}", whole.sentence);
    assert_eq!((whole.exit, whole.cells.len(), whole.holes().count()), (0, 2, 0));
    let floor = whole.cells[0].worst.as_ref().expect("a gate");
    assert!(floor.measured.is_some(), "the nearest to its bar, not a promise without a figure: {floor:?}");

    let hole = released(&runs, &Asked { families: &["phones", "tablets"], ..Asked::default() });
    assert_eq!(came_to(&hole), (Verdict::NotProven, "not_run"));
    assert_eq!(hole.sentence, "`policy_qa` was measured on no device of tablets.");
    assert!(
        hole.next_actions[0].contains("on hardware of tablets")
            && hole.next_actions[0].contains("(about 13 minutes)")
    );

    let few = released(&runs, &Asked { families: &["phones", "scanners"], units: 3, ..Asked::default() });
    assert_eq!(came_to(&few), (Verdict::NotProven, "too_few_units"));
    assert!(few.sentence.ends_with("One other family is not covered, either."), "{}", few.sentence);
    assert_eq!((few.coverage[0].needed, few.coverage[0].units.len()), (3, 1));
}

#[test]
fn one_failing_session_fails_the_release_whatever_else_holds() {
    let runs = [ran("a", "phones", steady), ran("b", "phones", slow)];
    let failed = released(&runs, &Asked { families: &["phones", "tablets"], ..Asked::default() });
    assert_eq!((failed.verdict, failed.exit, failed.cells[0].device.as_str()), (Verdict::Fail, 1, "b"));
    assert_eq!(failed.cells[0].worst.as_ref().map(|gate| gate.outcome), Some(Outcome::Fail));
    assert!(
        failed.next_actions[0].starts_with("`edgesoak report run-b` shows "),
        "{:?}",
        failed.next_actions
    );
}

#[test]
fn simulated_devices_prove_and_break_nothing_beside_hardware() {
    let alone = released(&[simulated(ran("v", "phones", steady))], &Asked::default());
    assert_eq!(alone.verdict, Verdict::NotProven);
    assert_eq!(alone.coverage[0].cause.as_deref(), Some("virtual_only"));
    let beside = [ran("a", "phones", steady), simulated(ran("v", "phones", slow))];
    let beside = released(&beside, &Asked::default());
    assert_eq!(came_to(&beside), (Verdict::Pass, "pass"), "{}", beside.sentence);
    let cell = beside.cells.iter().find(|cell| cell.is_virtual).expect("the simulated one");
    assert_eq!((cell.verdict, cell.decides), (Verdict::Fail, false));
    let stood_in = [ran("a", "phones", steady), simulated(ran("v", "scanners", steady))];
    let hole = released(&stood_in, &Asked { families: &["phones", "scanners"], ..Asked::default() });
    assert_eq!(came_to(&hole), (Verdict::NotProven, "virtual_only"), "{}", hole.sentence);
}

#[test]
fn what_is_not_stored_or_was_covered_before_is_owed() {
    let runs = [ran("a", "phones", steady)];
    let other = trials(&[ran("b", "scanners", steady)]);
    let gone = released(&runs, &Asked { not_stored: other.clone(), ..Asked::default() });
    assert_eq!(came_to(&gone), (Verdict::NotProven, "not_stored"), "{}", gone.sentence);
    let before = released(&runs, &Asked { previous: other, ..Asked::default() });
    assert_eq!(came_to(&before), (Verdict::NotProven, "not_run"));
    assert_eq!(before.coverage[0].family, "scanners", "the previous release was shown there");
    let tried = Tried { route: "policy_qa".to_owned(), family: "tablets".to_owned(), is_virtual: false };
    let lost = released(&runs, &Asked { tried: vec![tried], ..Asked::default() });
    assert_eq!(lost.coverage[0].family, "tablets");
    let nothing = released(&[], &Asked::default());
    assert_eq!(came_to(&nothing), (Verdict::Nothing, "not_measured"));
}

#[test]
fn a_tier_that_blocks_on_regression_wants_a_reference_and_enough_runs() {
    let runs = [ran("a", "phones", steady)];
    let asked = |previous| Asked { blocking: &[Gate::Regression], previous, ..Asked::default() };
    let alone = released(&runs, &asked(Vec::new()));
    assert_eq!(came_to(&alone), (Verdict::NotProven, "no_baseline"));
    assert!(alone.comparison.is_none() && alone.not_compared.starts_with("No release was promoted"));
    let mut earlier = trials(&runs);
    earlier[0].run = "run-before".to_owned();
    let few = released(&runs, &asked(earlier.clone()));
    assert_eq!(came_to(&few), (Verdict::NotProven, "too_few_runs"), "{}", few.sentence);
    let shown = released(&runs, &Asked { previous: earlier, ..Asked::default() });
    assert_eq!(came_to(&shown), (Verdict::Pass, "pass"), "its tier asks for no comparison");
}

#[test]
fn what_a_candidate_was_before_shows_nothing_of_it() {
    let now = ran("a", "phones", steady);
    let before = |change: fn(&mut PlannedSession)| {
        let mut before = ran("b", "scanners", steady);
        before.opened = Nanos(now.opened.0 - 1);
        each(&mut before, change);
        released(&[now.clone(), before], &Asked::default())
    };
    assert_eq!(came_to(&before(|_| ())), (Verdict::Pass, "pass"));
    let other_file = before(|planned| planned.candidate.sha256 = "9".repeat(64));
    assert_eq!(came_to(&other_file), (Verdict::NotProven, "not_run"), "{}", other_file.sentence);
    assert_eq!(other_file.coverage[0].family, "scanners");
    assert_eq!(other_file.outdated, [("run-b".to_owned(), other_file.cells[0].rests_on[0].1.clone())]);
    assert_eq!((other_file.cells.len(), other_file.runs.len()), (1, 1));
    let other_route = before(|planned| {
        planned.candidate.sha256 = "9".repeat(64);
        "intent".clone_into(&mut planned.route.id);
    });
    assert_eq!(came_to(&other_route), (Verdict::NotProven, "not_run"), "a route is owed as well");
}

#[test]
fn a_candidate_is_shown_by_the_set_that_was_asked_last() {
    let answered = |id: &str, age: u64| {
        let mut run = asked(|_, _| true, true);
        (run.id, run.opened) = (format!("run-{id}"), Nanos(run.opened.0 - age));
        each(&mut run, |planned| id.clone_into(&mut planned.device.id));
        run
    };
    let mut older = answered("b", 1);
    let with = |older: &Run| released(&[answered("a", 0), older.clone()], &Asked::default());
    let same = with(&older);
    assert_eq!(came_to(&same), (Verdict::Pass, "pass"), "{}", same.sentence);
    older.sessions[0].golden.as_mut().expect("it was asked").asked.set_digest = "9".repeat(64);
    let other = with(&older);
    assert_eq!(came_to(&other), (Verdict::NotProven, "other_set"), "{}", other.sentence);
    assert!(other.sentence.starts_with("b: session "), "{}", other.sentence);
}

/// These trials as another candidate's, in a run of its own.
fn as_of(trials: &[SessionTrial], candidate: &str) -> Vec<SessionTrial> {
    let of = |trial: &SessionTrial| SessionTrial {
        run: format!("run-of-{candidate}"),
        candidate: candidate.to_owned(),
        ..trial.clone()
    };
    trials.iter().map(of).collect()
}

#[test]
fn several_candidates_on_a_route_are_not_shown_to_keep_what_was_there() {
    let run = ran("a", "phones", steady);
    let own = run.sessions[0].planned.candidate.id.clone();
    let mut second = run.clone();
    second.id = "run-second".to_owned();
    each(&mut second, |planned| "second".clone_into(&mut planned.candidate.id));
    let earlier = as_of(&trials(std::slice::from_ref(&run)), &own);
    let of = |runs: &[Run], blocking, previous: &[Vec<SessionTrial>]| {
        released(runs, &Asked { blocking, previous: previous.concat(), ..Asked::default() })
    };
    let both = [run.clone(), second];
    let open = of(&both, &[Gate::Regression], std::slice::from_ref(&earlier));
    assert_eq!(came_to(&open), (Verdict::NotProven, "several_candidates"), "{}", open.sentence);
    assert!(open.not_compared.starts_with("Several candidates have policy_qa on a"), "{}", open.not_compared);
    assert_eq!(came_to(&of(&both, &[], std::slice::from_ref(&earlier))), (Verdict::Pass, "pass"));

    let alone = std::slice::from_ref(&run);
    let pooled = [as_of(&earlier, "one"), as_of(&earlier, "two")];
    let open = of(alone, &[Gate::Regression], &pooled);
    assert_eq!(came_to(&open), (Verdict::NotProven, "several_candidates"), "{}", open.sentence);
    let followed = of(alone, &[Gate::Regression], &[earlier.clone(), pooled[0].clone()]);
    assert_eq!(came_to(&followed), (Verdict::NotProven, "too_few_runs"), "the one with its id");
    let comparison = followed.comparison.expect("a reference");
    assert_eq!((comparison.sides[1].candidates.as_slice(), followed.not_compared.as_str()), (&[own][..], ""));
    let elsewhere = as_of(&trials(&[ran("b", "phones", steady)]), "one");
    let gone = of(alone, &[Gate::Regression], &[elsewhere.clone(), as_of(&elsewhere, "two")]);
    assert_eq!(gone.verdict, Verdict::NotProven, "a device that only the reference has");
}

#[test]
fn a_failure_is_looked_at_in_the_run_that_had_it() {
    let mut failed = ran("a", "phones", slow);
    failed.id = "run-failed".to_owned();
    failed.opened = Nanos(failed.opened.0 - 1);
    let release = released(&[ran("a", "phones", steady), failed], &Asked::default());
    assert_eq!(release.cells[0].rests_on[0].0, "run-a", "the newest");
    let action = &release.next_actions[0];
    assert!(action.starts_with("`edgesoak report run-failed` shows "), "{action}");
}

#[test]
fn a_waiver_excuses_what_it_covers() {
    let waiver = |family: &str| Waiver {
        gate: Gate::FloorTps,
        device: None,
        family: Some(family.to_owned()),
        reason: "known".to_owned(),
        owner: "lab".to_owned(),
        approver: "release".to_owned(),
        ticket: "L1".to_owned(),
        expires: "2027-01-01".to_owned(),
        max_uses: None,
    };
    let waivers = vec![waiver("phones"), waiver("scanners")];
    let mut run = ran("a", "phones", slow);
    run.plan.policy.waivers.clone_from(&waivers);
    let release = released(&[run], &Asked { waivers, ..Asked::default() });
    let excuses: Vec<u32> = release.waivers.iter().map(|waiver| waiver.excuses).collect();
    assert_eq!(excuses, [1, 0]);
}

#[test]
fn waivers_stand_with_their_ends_and_uses() {
    let waiver = |ticket: &str, expires: &str, max_uses| Waiver {
        gate: Gate::FloorTps,
        device: None,
        family: Some("phones".to_owned()),
        reason: "meter ordered".to_owned(),
        owner: "lab".to_owned(),
        approver: "release".to_owned(),
        ticket: ticket.to_owned(),
        expires: expires.to_owned(),
        max_uses,
    };
    let uses = vec![WaiverUses { gate: Gate::FloorTps, ticket: "L2".to_owned(), runs: 2 }];
    let waivers = vec![
        waiver("L1", "2026-11-22", None),
        waiver("L2", "2027-01-01", Some(2)),
        waiver("L3", "2026-11-21", Some(9)),
    ];
    let history = History { waiver_uses: uses, ..History::default() };
    let release = released(&[ran("a", "phones", steady)], &Asked { waivers, history, ..Asked::default() });
    let stand: Vec<_> = release.waivers.iter().map(|it| (it.state, it.uses)).collect();
    let expected = [
        (WaiverStanding::Holds, None),
        (WaiverStanding::UsedUp, Some(2)),
        (WaiverStanding::Expired, Some(0)),
    ];
    assert_eq!(stand, expected);
}

/// Releases with two runs each on every one of these units, whose levels differ by themselves.
fn past(levels: &[f64], units: &[&str]) -> Vec<Past> {
    let session = |unit: &str, place: usize, floor: f64| PastSession {
        device: unit.to_owned(),
        family: "phones".to_owned(),
        route: "policy_qa".to_owned(),
        is_virtual: false,
        floor: Ok(floor * (1.0 + 0.3 * place as f64)),
    };
    let release = |(number, level): (usize, &f64)| Past {
        name: format!("1.{number}"),
        promoted: Some(Nanos::from_secs(1000 + number as u64)),
        sessions: units
            .iter()
            .enumerate()
            .flat_map(|(place, unit)| {
                [session(unit, place, level * 0.995), session(unit, place, level * 1.005)]
            })
            .collect(),
    };
    levels.iter().enumerate().map(release).collect()
}

fn trend(levels: &[f64]) -> edgesoak_record::release::Trend {
    let asked = Asked { past: past(levels, &["a", "b"]), ..Asked::default() };
    released(&[ran("a", "phones", steady)], &asked).trends.swap_remove(0)
}

#[test]
fn a_change_of_level_is_told_and_noise_is_not() {
    let step = trend(&[20.0, 20.1, 19.9, 17.0, 17.1]);
    assert_eq!(step.changes.len(), 1, "{}", step.sentence);
    let change = &step.changes[0];
    assert_eq!(change.at, 3);
    assert!((-0.16..-0.13).contains(&change.change), "{}", change.change);
    assert!(change.sentence.starts_with("With 1.3 the floor fell by 14."), "{}", change.sentence);
    assert_eq!((step.bar, step.points[0].units.len(), step.points[0].sessions), (Some(15.0), 2, 4));
    let quiet = trend(&[20.0, 20.1, 19.9, 20.05, 19.95]);
    assert!(
        quiet.changes.is_empty() && quiet.sentence.starts_with("No change of level in 5"),
        "{}",
        quiet.sentence
    );
    let few = trend(&[20.0, 20.0, 10.0]);
    assert_eq!((step.looked, quiet.looked, few.looked), (true, true, false));
    assert!(few.changes.is_empty() && few.sentence.ends_with("too few."), "{}", few.sentence);
}

#[test]
fn a_trend_says_what_it_does_not_know() {
    let mut single = past(&[20.0, 20.0, 20.0, 10.0], &["a"]);
    for release in &mut single {
        release.sessions.truncate(1);
    }
    single[1].sessions[0].floor = Err("its run is not stored here");
    single.extend(past(&[10.0], &["z"]).into_iter().map(|mut other| {
        other.sessions.truncate(1);
        other
    }));
    let release = released(&[ran("a", "phones", steady)], &Asked { past: single, ..Asked::default() });
    let trend = &release.trends[0];
    assert!(trend.changes.is_empty() && trend.sigma.is_none(), "nobody knows how far runs differ");
    assert_eq!(trend.points[1].value, TrendValue::Missing("its run is not stored here".to_owned()));
    assert!(trend.sentence.starts_with("No release has two runs of one unit"), "{}", trend.sentence);
}
