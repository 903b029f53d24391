//! What exports owe, and where queries go, in a plan and in another matrix' judgement of it.

use std::fs;
use std::path::Path;

use edgesoak_matrix::{Matrix, Request, load};
use edgesoak_record::plan::{Bar, PlannedSession};
use edgesoak_record::routing::Costs;
use edgesoak_record::{Gate, Plan};

const MATRIX: &str = r#"
schema = 1
family.host = { title = "This machine" }
workload.w = { duration = "10 s", prompts = "prompts.jsonl" }
profile.quick = { tier = "pr" }
policy.selection_age = "48 h"
policy.export = { largest_drop = "1 %", bars = { e2e_p95 = "120 ms", floor_tps = "10 tokens/s" } }

[route.r]
title = "R"
workload = "w"
golden_set = "pumps@1.0"
bars = { e2e_p95 = "200 ms", floor_tps = "15 tokens/s" }

[route.r.routing]
threshold = 0.75
sensitive_terms = "terms.txt"
costs = { cloud = 0.5, wrong_answer = 20 }

[candidate.full]
runtime = "scripted-runner"
placement = "cpu"
artifact = { cache = "t", sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" }

[candidate.int8]
export_of = "full"
runtime = "scripted-runner"
placement = "cpu"
artifact = { cache = "t", sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" }

[[device]]
id = "here"
family = "host"
driver = "local"
"#;

fn loaded(folder: &Path, text: &str) -> Matrix {
    let path = folder.join("matrix.toml");
    fs::write(&path, text).expect("a matrix");
    fs::write(folder.join("prompts.jsonl"), "{}\n").expect("prompts");
    fs::write(folder.join("terms.txt"), "rate\n").expect("terms");
    load(&path).expect("the language is right")
}

fn bars(session: &PlannedSession) -> Vec<(Gate, f64)> {
    session.route.bars.iter().map(|Bar { gate, limit }| (*gate, *limit)).collect()
}

#[test]
fn an_export_owes_the_stricter_bars_and_names_its_baseline() {
    let folder = tempfile::tempdir().expect("a folder");
    let matrix = loaded(folder.path(), MATRIX);
    let mut plan = matrix.plan(&Request::default()).expect("a plan");
    let [full, int8] = &plan.sessions[..] else { panic!("two sessions") };
    assert_eq!(bars(full), [(Gate::FloorTps, 15.0), (Gate::E2eP95, 200.0)]);
    assert_eq!(bars(int8), [(Gate::FloorTps, 15.0), (Gate::E2eP95, 120.0)]);
    assert_eq!(
        (full.candidate.export_of.as_deref(), int8.candidate.export_of.as_deref()),
        (None, Some("full"))
    );
    assert_eq!(plan.policy.export.map(|export| export.largest_drop), Some(0.01));
    assert_eq!(plan.policy.selection_age_s, Some(48.0 * 3600.0));
    assert!(plan.policy.blocking.contains(&Gate::E2eP95) && plan.policy.blocking.contains(&Gate::Routing));

    let stricter = loaded(folder.path(), &MATRIX.replace("120 ms", "90 ms").replace("0.75", "0.9"));
    let terms = plan.sessions[0].route.routing.as_ref().map(|routing| routing.sensitive_terms.clone());
    fs::write(folder.path().join("terms.txt"), "other\n").expect("terms");
    assert_eq!(stricter.judge_by(&mut plan, "pr"), Vec::<String>::new());
    assert_eq!(bars(&plan.sessions[0])[1], (Gate::E2eP95, 200.0));
    assert_eq!(bars(&plan.sessions[1])[1], (Gate::E2eP95, 90.0));
    let routing = plan.sessions[0].route.routing.clone().expect("it routes");
    assert_eq!(routing.threshold.get().to_string(), "0.9");
    assert_eq!(Some(routing.sensitive_terms), terms, "by other words nobody looked");
}

/// The matrix without `routing`, and with no candidate an export.
fn loosened() -> String {
    let (head, tail) = MATRIX.split_once("[route.r.routing]").expect("it routes");
    let silent = head.to_owned() + tail.split_once("\n\n").expect("more follows").1;
    silent.replace("export_of = \"full\"\n", "")
}

#[test]
fn what_the_judging_matrix_promises_is_owed_by_a_plan_that_was_made_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let change = loaded(folder.path(), &loosened());
    let mut plan = change.plan(&Request::default()).expect("a plan");
    let int8 = |plan: &Plan| (plan.sessions[1].candidate.clone(), plan.sessions[1].route.clone());
    let (candidate, route) = int8(&plan);
    assert!(candidate.export_of.is_none() && !route.promises(Gate::Routing));

    let protected = loaded(folder.path(), MATRIX);
    assert_eq!(protected.judge_by(&mut plan, "pr"), Vec::<String>::new());
    let (candidate, route) = int8(&plan);
    assert_eq!(candidate.export_of.as_deref(), Some("full"));
    assert_eq!(bars(&plan.sessions[1]), [(Gate::FloorTps, 15.0), (Gate::E2eP95, 120.0)], "as an export");
    assert!(route.owed == [Gate::Routing] && route.routing.is_none());
    assert!(plan.policy.blocking.contains(&Gate::Routing), "a tier without a list blocks on it");
    assert_eq!(change.judge_by(&mut plan, "pr"), Vec::<String>::new());
    let (candidate, route) = int8(&plan);
    assert!(route.owed.is_empty(), "by its own matrix nothing is owed");
    assert_eq!(candidate.export_of.as_deref(), Some("full"), "an export stays one");
}

#[test]
fn whether_anything_may_leave_is_said_by_the_judging_matrix() {
    let folder = tempfile::tempdir().expect("a folder");
    let local = loosened().replace("title = \"R\"\n", "title = \"R\"\nlocal_only = true\n");
    let (local, open) = (loaded(folder.path(), &local), loaded(folder.path(), &loosened()));
    let mut plan = open.plan(&Request::default()).expect("a plan");
    assert!(plan.sessions.iter().all(|session| !session.route.promises(Gate::Privacy)));
    assert_eq!(local.judge_by(&mut plan, "pr"), Vec::<String>::new());
    assert!(plan.sessions.iter().all(|session| session.route.promises(Gate::Privacy)));
    assert!(plan.policy.blocking.contains(&Gate::Privacy));
}

#[test]
fn a_route_says_where_its_queries_go_and_who_says_nothing_has_the_plan_he_had() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = loaded(folder.path(), MATRIX).plan(&Request::default()).expect("a plan");
    let routing = plan.sessions[0].route.routing.clone().expect("it routes");
    let costs = Costs { local_answer: 0.0, human_review: 0.0, cloud: 0.5, wrong_answer: 20.0 };
    assert_eq!((routing.costs, routing.sensitive_terms.bytes), (Some(costs), 5));
    assert!(plan.settings.iter().any(|setting| setting.key == "session.s01.route.r.routing.threshold"));

    let silent = loosened();
    let silent = silent.lines().filter(|line| !line.starts_with("policy."));
    let plan = loaded(folder.path(), &silent.collect::<Vec<_>>().join("\n"));
    let text = serde_json::to_string(&plan.plan(&Request::default()).expect("a plan")).expect("JSON");
    for key in ["routing", "export_of", "\"export\"", "selection_age"] {
        assert!(!text.contains(key), "{key}: {text}");
    }
}
