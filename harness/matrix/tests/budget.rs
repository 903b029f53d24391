//! What is left out of a plan that has to fit into a time, and what never is.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use edgesoak_matrix::{Matrix, Pair, Request};
use edgesoak_record::not_run::LeftOut;
use edgesoak_record::{Gate, Plan};

const MATRIX: &str = r#"
    schema = 1
    family.scanner = { title = "Scanner", evidence = "A" }
    family.phone = { title = "Phone", evidence = "B" }
    workload.soak = { duration = "10 min", prompts = "p.jsonl", recovery_probe = { rest = "120 s", burst = "20 s" } }
    route.qa = { title = "Questions", workload = "soak", bars = { floor_tps = "9 tokens/s", ttft_p95 = "2 s" } }
    candidate.new = { runtime = "gguf-runner", artifact = { cache = "n", sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" }, placement = "cpu" }
    candidate.old = { runtime = "gguf-runner", artifact = { cache = "o", sha256 = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100" }, placement = "cpu" }
    profile.night = { tier = "nightly", runs = 3, candidates = ["new"] }
    profile.held = { tier = "release", candidates = ["new"] }
    profile.both = { tier = "pr" }
    policy.tier.nightly = { budget = "45 min" }
    policy.tier.release = { required_families = ["phone"] }
    policy.units_per_family = 1
    [[device]]
    id = "scanner-1"
    family = "scanner"
    driver = "adb"
    address = { serial = "a" }
    [[device]]
    id = "phone-1"
    family = "phone"
    driver = "adb"
    address = { serial = "b" }
    [[device]]
    id = "here"
    family = "phone"
    driver = "local"
    [[device]]
    id = "virtual:phone"
    family = "phone"
    driver = "virtual"
    address = { profile = "tensor-phone" }
"#;

fn with_matrix<T>(look: impl FnOnce(&Matrix) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("matrix.toml");
    fs::write(&path, MATRIX).expect("written");
    fs::write(folder.path().join("p.jsonl"), "{\"id\":\"1\",\"prompt\":\"hello\"}\n").expect("written");
    look(&edgesoak_matrix::load(&path).unwrap_or_else(|errors| panic!("{errors:?}")))
}

fn asked(profile: &'static str, minutes: u64) -> Request<'static> {
    Request { profile: Some(profile), budget: Some(Duration::from_mins(minutes)), ..Request::default() }
}

fn planned(matrix: &Matrix, request: &Request<'_>) -> Plan {
    matrix.plan(request).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn left_out(plan: &Plan) -> Vec<LeftOut> {
    plan.cut.iter().flat_map(|cut| &cut.not_run).map(|one| one.what).collect()
}

fn devices(plan: &Plan) -> BTreeSet<&str> {
    plan.sessions.iter().map(|session| session.device.id.as_str()).collect()
}

#[test]
fn repetitions_go_first() {
    with_matrix(|matrix| {
        // Three soaks of 12.5 min, rests of none, one after the other on each device.
        let whole = planned(matrix, &asked("night", 60));
        assert_eq!((left_out(&whole), whole.sessions.len()), (Vec::new(), 12), "{}", whole.expected_s);
        assert_eq!(whole.policy.budget_s, Some(3600.0));

        let plan = planned(matrix, &asked("night", 30));
        assert_eq!(left_out(&plan), [LeftOut::Repetitions]);
        assert_eq!((plan.sessions.len(), devices(&plan).len()), (8, 4), "two of three on each device");
        assert!(plan.sessions.iter().filter(|session| !session.device.is_virtual).all(|session| {
            session.workload.recovery_probe.is_some() && session.workload.duration.0 == 600_000
        }));
        let cut = plan.cut.expect("it was cut");
        assert_eq!((cut.budget_s, cut.not_run[0].cause.as_str()), (1800.0, "budget"));
        assert_eq!(cut.not_run[0].gates, [Gate::TtftP95]);
        assert!(cut.not_run[0].sentence.contains("percentiles (`ttft_p95`) rest on"), "{:?}", cut.not_run);

        let tiers = planned(matrix, &Request { profile: Some("night"), ..Request::default() });
        assert_eq!(left_out(&tiers), [], "45 min hold three soaks");
    });
}

#[test]
fn then_the_probe_where_nobody_owes_it_then_devices_that_are_not_required() {
    with_matrix(|matrix| {
        // A soak with its probe takes 12.5 min, without 10.2 min.
        let held = |minutes| planned(matrix, &asked("held", minutes));
        assert_eq!(left_out(&held(13)), []);
        let plan = held(11);
        assert_eq!(left_out(&plan), [LeftOut::RecoveryProbe, LeftOut::Device]);
        // The scanner owes grade A, which needs its probe, and is not required: it goes as a whole.
        assert_eq!(devices(&plan), BTreeSet::from(["here", "phone-1", "virtual:phone"]));
        let cut = plan.cut.expect("it was cut");
        assert_eq!(cut.not_run[0].devices, ["here", "phone-1"]);
        assert_eq!(
            (&cut.not_run[1].devices, &cut.not_run[1].families),
            (&vec!["scanner-1".to_owned()], &vec!["scanner".to_owned()])
        );
        assert!(cut.not_run[1].sentence.contains("nothing is shown of it"), "{}", cut.not_run[1].sentence);
        assert!(cut.not_run[1].gates.contains(&Gate::FloorTps));
        assert!(cut.whole_s > 660.0 && plan.expected_s <= 660.0);
    });
}

#[test]
fn what_is_required_does_not_go_and_a_soak_is_never_shortened() {
    with_matrix(|matrix| {
        let refused = matrix.plan(&asked("held", 9)).expect_err("no soak fits");
        let words = format!("{:?}", miette::Report::new(refused));
        assert!(
            words.contains("at the least") && words.contains("9.0 min") && words.contains("phone-1"),
            "{words}"
        );
        // The virtual phone alone would fit, and proves nothing about hardware.
        assert!(matrix.plan(&asked("night", 1)).is_err());
        let simulated = ["virtual:*".to_owned()];
        let only = Request { devices: &simulated, ..asked("night", 1) };
        assert_eq!(left_out(&planned(matrix, &only)), []);
    });
}

#[test]
fn more_time_never_leaves_out_more_and_every_plan_fits() {
    with_matrix(|matrix| {
        for profile in ["night", "held"] {
            let mut before = usize::MAX;
            for minutes in 1..=60 {
                let Ok(plan) = matrix.plan(&asked(profile, minutes)) else {
                    assert_eq!(before, usize::MAX, "{minutes} min fit no more, and less did");
                    continue;
                };
                assert!(plan.expected_s <= plan.policy.budget_s.expect("asked for"), "{minutes} min");
                assert!(plan.sessions.iter().all(|session| session.workload.duration.0 == 600_000));
                let missing = plan.cut.map_or(0, |cut| cut.not_run.len());
                assert!(missing <= before, "{minutes} min leave out more");
                before = missing;
            }
            assert_eq!(before, 0, "an hour holds everything");
        }
    });
}

#[test]
fn a_comparison_keeps_the_runs_of_its_first_look() {
    with_matrix(|matrix| {
        let profile = ["phone-1".to_owned()];
        let pair = Pair { candidate: "new", baseline: "old" };
        let mut request = Request { pair: Some(pair), devices: &profile, ..asked("both", 62) };
        request.runs = std::num::NonZeroU32::new(8);
        let plan = planned(matrix, &request);
        assert_eq!(plan.sessions.len(), 6, "three of either, of eight");
        assert_eq!(left_out(&plan), [LeftOut::Repetitions, LeftOut::RecoveryProbe]);
        request.budget = Some(Duration::from_mins(50));
        assert!(matrix.plan(&request).is_err());
    });
}
