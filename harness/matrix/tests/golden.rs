//! Golden sets in a plan: which version, how much of it, and who asks nothing.

use std::fs;
use std::path::Path;

use edgesoak_matrix::{Request, load};
use edgesoak_record::golden::Round;
use edgesoak_record::{Gate, Plan};

const MATRIX: &str = r#"
schema = 1
family.host = { title = "This machine" }
workload.w = { duration = "10 s", prompts = "prompts.jsonl" }
route.asked = { title = "Asked", workload = "w", golden_set = "pumps@1.0:policy_qa" }
route.other = { title = "Other", workload = "w" }
candidate.tiny = { runtime = "scripted-runner", placement = "cpu", artifact = { cache = "t", sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" } }
profile.plain = { tier = "pr" }
profile.smoke = { tier = "pr", golden = "smoke" }
profile.gate = { tier = "pr", golden = "gate" }
profile.few = { extends = "gate", golden_items = 7 }
profile.full = { tier = "pr", golden = "full" }
profile.planted = { tier = "pr", canaries = true }
profile.sealed = { tier = "merge" }
policy.tier.merge = { blocking = ["leaks"] }
[[device]]
id = "here"
family = "host"
driver = "local"
"#;

fn plan(folder: &Path, profile: &str) -> Plan {
    let matrix = load(&folder.join("matrix.toml")).expect("the language is right");
    matrix.plan(&Request { profile: Some(profile), ..Request::default() }).expect("a plan")
}

fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("matrix.toml"), MATRIX).expect("a matrix");
    fs::write(path.join("prompts.jsonl"), "{}\n").expect("prompts");
    for version in ["0.9.0", "1.0.0", "1.0.3", "1.1.0"] {
        let set = path.join("golden_sets/pumps").join(version);
        fs::create_dir_all(&set).expect("a set");
        fs::write(set.join("manifest.json"), version).expect("a manifest");
    }
    folder
}

#[test]
fn a_round_takes_the_newest_patch_of_the_set_that_the_route_names() {
    let folder = made();
    for (profile, round, items) in [
        ("smoke", Round::Smoke, None),
        ("gate", Round::Gate, Some(60)),
        ("few", Round::Gate, Some(7)),
        ("full", Round::Full, None),
    ] {
        let plan = plan(folder.path(), profile);
        let golden = plan.sessions[0].golden.as_ref().expect("its route has a set");
        assert_eq!((golden.set.as_str(), golden.slice.as_deref()), ("pumps@1.0.3", Some("policy_qa")));
        assert_eq!((golden.round, golden.items), (round, items));
        assert_eq!(golden.manifest.path, "golden_sets/pumps/1.0.3/manifest.json");
        assert_eq!(golden.manifest.bytes, 5);
        assert_eq!(plan.sessions[1].golden, None, "a route without a set asks nothing");
    }
}

#[test]
fn secrets_are_planted_where_a_profile_says_so_or_a_tier_blocks_on_them() {
    let folder = made();
    for (profile, planted, blocks) in
        [("plain", false, false), ("planted", true, true), ("sealed", true, true)]
    {
        let plan = plan(folder.path(), profile);
        assert!(plan.sessions.iter().all(|session| session.canaries == planted), "{profile}");
        assert_eq!(plan.policy.blocking.contains(&Gate::Leaks), blocks, "{profile}");
        assert_eq!(serde_json::to_string(&plan.sessions).expect("JSON").contains("canaries"), planted);
    }
}

#[test]
fn who_asks_nothing_has_the_plan_he_had() {
    let folder = made();
    let plan = plan(folder.path(), "plain");
    let text = serde_json::to_string(&plan).expect("JSON");
    assert!(plan.sessions.iter().all(|session| session.golden.is_none()) && !text.contains("\"golden\""));
    assert_eq!(serde_json::from_str::<Plan>(&text).expect("it reads"), plan);
}

#[test]
fn the_questions_of_a_set_take_their_time() {
    let folder = made();
    let set = folder.path().join("golden_sets/pumps/1.0.3");
    let none = plan(folder.path(), "full");
    assert_eq!(none.sessions[0].golden.as_ref().expect("a set").answers, None, "nobody can count them");
    fs::write(set.join("manifest.json"), r#"{"items":"items.jsonl"}"#).expect("a manifest");
    let item = |route: &str, split: &str, critical: bool| {
        format!("{{\"route\":\"{route}\",\"split\":\"{split}\",\"critical\":{critical},\"id\":\"i\"}}\n")
    };
    let mut items = item("policy_qa", "smoke", false).repeat(3) + &item("policy_qa", "gate", true).repeat(2);
    items += &item("policy_qa", "gate", false).repeat(20);
    items += &(item("other", "gate", false) + &item("policy_qa", "holdout", false));
    fs::write(set.join("items.jsonl"), items).expect("items");
    for (profile, answers) in [("smoke", 6), ("gate", 28), ("few", 15), ("full", 28)] {
        let plan = plan(folder.path(), profile);
        assert_eq!(plan.sessions[0].golden.as_ref().expect("a set").answers, Some(answers), "{profile}");
        let more = plan.expected_s - none.expected_s;
        assert!((more - f64::from(answers) * 10.0).abs() < 1e-9, "{profile}: {more} s more");
    }
}

#[test]
fn another_manifest_makes_another_plan() {
    let folder = made();
    let before = plan(folder.path(), "smoke").id;
    fs::write(folder.path().join("golden_sets/pumps/1.0.3/manifest.json"), "other").expect("a manifest");
    assert_ne!(plan(folder.path(), "smoke").id, before);
}
