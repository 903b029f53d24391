//! Matrices that are right, and the plans they give.

use std::path::{Path, PathBuf};

use edgesoak_matrix::{Matrix, MatrixErrors, Pair, Request, lab_schema, load, load_lab, schema};
use edgesoak_record::lab::{MeterFormat, MeterScope, MeterSource};
use edgesoak_record::plan::{Charger, Threads};
use edgesoak_record::policy::OwedEvidence;
use edgesoak_record::slowdown::Grade;
use edgesoak_record::units::Millis;
use edgesoak_record::{Gate, Plan};
use miette::{GraphicalReportHandler, GraphicalTheme};

fn shown(errors: &MatrixErrors) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    handler.render_report(&mut text, errors).expect("rendering to a string");
    text
}

fn loaded(path: &Path) -> Matrix {
    load(path).unwrap_or_else(|errors| panic!("{}", shown(&errors)))
}

fn planned(matrix: &Matrix, request: &Request<'_>) -> Plan {
    matrix.plan(request).unwrap_or_else(|errors| panic!("{}", shown(&errors)))
}

fn good() -> Matrix {
    loaded(Path::new("tests/good/matrix.toml"))
}

fn product() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../device_matrix.toml")
}

#[test]
fn a_profile_becomes_sessions_with_every_setting_resolved() {
    let plan = planned(&good(), &Request::default());
    insta::assert_json_snapshot!(plan);
}

#[test]
fn extended_profiles_overrides_and_repeats_are_resolved() {
    let plan = planned(&good(), &Request { profile: Some("long"), ..Request::default() });
    let names: Vec<_> =
        plan.sessions.iter().map(|s| (s.session.as_str(), s.candidate.id.as_str(), s.repeat)).collect();
    assert_eq!(names, [("s01", "tiny", 1), ("s02", "cached", 1), ("s03", "cached", 2), ("s04", "tiny", 2)]);
    let session = &plan.sessions[0];
    assert_eq!(session.workload.duration.0, 20_000, "from the profile it extends");
    assert_eq!(session.workload.think_time.0, 500, "its own");
    assert_eq!(session.candidate.threads, Threads::Exactly(2));
    // Two repeats of two candidates of 20 s with 10 s allowance each, and three rests of 5 min between them.
    assert!((plan.expected_s - (4.0 * 30.0 + 3.0 * 300.0)).abs() < 1e-9, "{}", plan.expected_s);
    assert_eq!(plan.policy.tier, "lab");
    assert_eq!(plan.policy.budget_s, Some(7200.0));
    let owed = |plan: &Plan| OwedEvidence::by("bench", &plan.policy.evidence);
    assert_eq!(owed(&plan), Some(Grade::C), "the tier's");
    assert_eq!(owed(&planned(&good(), &Request::default())), Some(Grade::B), "the family's own");
}

#[test]
fn a_tier_that_nobody_wrote_has_no_policy() {
    let matrix = good();
    let plan = planned(&matrix, &Request { profile: Some("long"), ..Request::default() });
    let policy = matrix.policy(&plan.policy.tier).expect("its profile names it");
    assert_eq!(policy.required_families, plan.policy.required_families);
    assert!(matrix.policy("release").is_some(), "usual tiers need no table");
    assert_eq!(matrix.policy("loosened"), None);
}

#[test]
fn a_canary_runs_beside_what_is_asked_for_where_the_tier_says_so() {
    let matrix = good();
    let plan = planned(&matrix, &Request { profile: Some("new"), ..Request::default() });
    let candidates = |plan: &Plan| -> Vec<String> {
        plan.sessions.iter().map(|session| session.candidate.id.clone()).collect()
    };
    assert_eq!(candidates(&plan), ["tiny", "cached"]);
    let canary = plan.policy.canary.as_ref().expect("the policy has one");
    assert_eq!((canary.candidate.as_str(), canary.runtime.as_str()), ("cached", "gguf-runner"));
    assert_eq!(canary.sha256, plan.sessions[1].candidate.sha256);
    let pair = Pair { candidate: "tiny", baseline: "cached" };
    let both = planned(&matrix, &Request { profile: Some("new"), pair: Some(pair), ..Request::default() });
    assert_eq!(both.sessions.len(), 6, "a comparison runs its two candidates and no other");
}

#[test]
fn two_candidates_run_in_turns_as_often_as_a_first_look_needs() {
    let matrix = good();
    let pair =
        |candidate, baseline| Request { pair: Some(Pair { candidate, baseline }), ..Request::default() };
    let plan = planned(&matrix, &pair("cached", "tiny"));
    let order: Vec<_> = plan.sessions.iter().map(|session| session.candidate.id.as_str()).collect();
    assert_eq!(order, ["tiny", "cached", "cached", "tiny", "tiny", "cached"]);
    let more = Request { runs: std::num::NonZeroU32::new(5), ..pair("cached", "tiny") };
    assert_eq!(planned(&matrix, &more).sessions.len(), 10);

    let refused = |pair| shown(&matrix.plan(&pair).expect_err("they cannot be held against each other"));
    let unknown = refused(pair("cachet", "tiny"));
    assert!(unknown.contains("no candidate `cachet`") && unknown.contains("`cached`"), "{unknown}");
    let same = refused(pair("tiny", "tiny"));
    assert!(same.contains("against itself"), "{same}");
}

#[test]
fn a_health_check_measures_the_candidates_of_its_profile_alone() {
    let matrix = good();
    let check = matrix.health_check().expect("the matrix has one");
    assert_eq!((check.every.as_secs(), check.after), (6 * 3600, 3));
    let planned = |profile| planned(&matrix, &Request { profile: Some(profile), ..Request::default() });
    let candidates = |plan: Plan| -> Vec<String> {
        plan.sessions.into_iter().map(|session| session.candidate.id).collect()
    };
    let all = candidates(planned("quick"));
    let of_check = candidates(planned(&check.profile));
    assert!(all.iter().any(|id| id == "tiny") && all.iter().any(|id| id == "cached"), "{all:?}");
    assert!(!of_check.is_empty() && of_check.iter().all(|id| id == "cached"), "{of_check:?}");
    let product = loaded(&product());
    let check = product.health_check().expect("the product's matrix has one");
    let plan = product.plan(&Request { profile: Some(&check.profile), ..Request::default() });
    assert!(plan.is_ok_and(|plan| plan.sessions.len() > 6), "every device has a candidate that is good");
}

#[test]
fn devices_can_be_chosen_by_pattern() {
    let globs = ["north.*".to_owned()];
    let plan = planned(&good(), &Request { devices: &globs, ..Request::default() });
    assert!(plan.sessions.iter().all(|session| session.device.id == "north.3"));
    assert!(!plan.sessions.is_empty());
    assert!(plan.sessions.iter().all(|session| session.workload.settle.is_none()), "no heat, no settling");
    let ttft = plan.sessions[0].route.bars.iter().find(|bar| bar.gate == Gate::TtftP95).expect("barred");
    assert!((ttft.limit - 3000.0).abs() < 1e-9, "the family's own bar, in milliseconds");
}

#[test]
fn the_same_matrix_gives_the_same_plan_and_another_bar_another() {
    let first = planned(&good(), &Request::default());
    assert_eq!(first, planned(&good(), &Request::default()));
    let folder = tempfile::tempdir().expect("a folder");
    for file in
        ["matrix.toml", "prompts.jsonl", "corpus.jsonl", "chat.jinja", "tiny.gguf", "racks/north.toml"]
    {
        let to = folder.path().join(file);
        std::fs::create_dir_all(to.parent().expect("a parent")).expect("folders");
        std::fs::copy(Path::new("tests/good").join(file), to).expect("a copy");
    }
    let path = folder.path().join("matrix.toml");
    assert_eq!(planned(&loaded(&path), &Request::default()), first, "wherever the folder stands");
    let text = std::fs::read_to_string(&path).expect("text");
    std::fs::write(&path, text.replace("12 tokens/s", "13 tokens/s")).expect("written");
    let other = planned(&loaded(&path), &Request::default());
    assert_ne!(other.id, first.id);
    assert_eq!(other.policy_digest, first.policy_digest);
}

#[test]
fn lists_tell_devices_and_profiles() {
    let matrix = good();
    let devices: Vec<_> =
        matrix.devices().iter().map(|device| (device.id.as_str(), device.unusable.is_none())).collect();
    assert_eq!(devices, [("bench-1", true), ("north.3", true)]);
    let profiles: Vec<_> = matrix.profiles().iter().map(|p| (p.id.as_str(), p.tier.as_str())).collect();
    assert_eq!(profiles, [("quick", "pr"), ("long", "lab"), ("new", "lab"), ("check", "pr")]);
}

#[test]
fn the_product_s_own_matrix_plans_both_profiles() {
    let matrix = loaded(&product());
    let quick = planned(&matrix, &Request::default());
    assert_eq!(quick.profile, "quick");
    let (rack, here): (Vec<_>, Vec<_>) = quick.sessions.iter().partition(|session| session.device.is_virtual);
    assert_eq!(here.len(), 1);
    assert!(rack.len() >= 6, "a rack of virtual phones and scanners");
    assert!(rack.iter().all(|session| session.workload.duration.0 == 600_000), "the full ten minutes");
    assert!(quick.expected_s < 120.0, "which take no time: {} s", quick.expected_s);
    assert_eq!(quick.sessions[0].workload.duration.0, 60_000);
    assert_eq!(quick.sessions[0].workload.recovery_probe, None);
    assert_eq!(quick.sessions[0].device.stop_at.battery_percent, None, "on mains");
    let origin = |key: &str| quick.settings.iter().find(|s| s.key.ends_with(key)).map(|s| s.origin.as_str());
    assert!(origin("workload.soak.duration").is_some_and(|origin| origin.starts_with("device_matrix.toml:")));
    assert_eq!(origin("candidate.smollm2-135m-q4_1.options.args"), Some("default"));
    let soak = planned(&matrix, &Request { profile: Some("soak"), ..Request::default() });
    assert_eq!(soak.sessions[0].workload.duration.0, 600_000);
    assert!(soak.sessions[0].workload.recovery_probe.is_some());
    assert_eq!(soak.policy.tier, "merge");
    let owed = [(&quick, Gate::TtftP50), (&soak, Gate::TtftP95)];
    for (plan, latency) in owed {
        assert!(plan.policy.blocking.contains(&Gate::FloorTps) && plan.policy.blocking.contains(&latency));
    }
}

#[test]
fn the_product_s_lanes_and_releases_owe_right_answers_and_what_was_promised_of_privacy() {
    let matrix = loaded(&product());
    let lanes = planned(&matrix, &Request { profile: Some("lanes"), ..Request::default() });
    assert_eq!(lanes.sessions.len(), 2);
    assert!(lanes.sessions.iter().all(|session| session.golden.is_some()));
    assert!(lanes.policy.blocking.contains(&Gate::Quality));
    let release = matrix.policy("release").expect("it is written");
    for owed in [Gate::Quality, Gate::FalseAnswers, Gate::Routing, Gate::Leaks, Gate::Privacy] {
        assert!(release.blocking.contains(&owed) && !release.accept_not_proven.contains(&owed), "{owed}");
    }
}

#[test]
fn the_design_s_example_is_in_the_language_and_lacks_its_files_alone() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/design/device_matrix.example.toml");
    if !path.exists() {
        println!("skipped: the example is not beside this checkout");
        return;
    }
    let matrix = loaded(&path);
    assert_eq!(matrix.devices().len(), 4);
    let lacking: Vec<_> = matrix.devices().iter().filter_map(|device| device.unusable.clone()).collect();
    assert_eq!(lacking, [""; 0], "every way to reach a device that it names is built in");
    let nightly = Request { profile: Some("nightly"), ..Request::default() };
    let errors = matrix.plan(&nightly).expect_err("its files are not beside it");
    let refused: Vec<_> = errors.findings().iter().map(|finding| finding.problem().code()).collect();
    assert!(!refused.is_empty() && refused.iter().all(|code| *code == "bad_input"), "{refused:?}");
}

/// A copy of the good matrix with these lines for its device and its profile.
fn amended(device: &str, profile: &str) -> Plan {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["matrix.toml", "prompts.jsonl"] {
        std::fs::copy(format!("tests/labs/{file}"), folder.path().join(file)).expect("copied");
    }
    let path = folder.path().join("matrix.toml");
    let text = std::fs::read_to_string(&path).expect("a matrix");
    let beside = "charger = \"hub-1\"\nambient = \"room\"\nmeter = \"shunt\"\n";
    assert!(text.contains(beside));
    let text = text.replace(beside, device) + profile;
    std::fs::write(&path, text).expect("written");
    planned(&loaded(&path), &Request::default())
}

#[test]
fn what_stands_beside_a_device_is_part_of_its_sessions() {
    let plain = amended("", "");
    assert!(plain.sessions[0].device.beside.is_empty());
    let text = serde_json::to_string(&plain).expect("JSON");
    assert!(!text.contains("beside"), "the digest of a plan without it is what it was");

    let beside = |device, profile| amended(device, profile).sessions[0].device.beside.clone();
    let named = beside("charger = \"hub-1\"\nambient = \"room\"\nmeter = \"shunt\"\n", "");
    assert_eq!(named.charger, Some(Charger::Hook("hub-1".to_owned())));
    assert_eq!((named.ambient.as_deref(), named.meter.as_deref()), (Some("room"), Some("shunt")));
    assert_eq!(beside("charger = \"ask\"\n", "").charger, Some(Charger::Ask));
    assert_eq!(beside("charger = \"node\"\n", "").charger, Some(Charger::Node));
    assert_ne!(amended("meter = \"shunt\"\n", "").id, plain.id);
}

#[test]
fn settings_of_a_profile_lie_over_those_of_a_device_in_the_order_of_the_language() {
    let device = "settings = { airplane = \"on\", brightness = 40, screen-off-timeout = \"10 min\", zen = \"none\" }\n";
    let profile = "settings = { brightness = \"auto\", doze = \"off\", charging = \"off\" }\n";
    let said = |plan: Plan| -> Vec<String> {
        let settings = plan.sessions[0].device.beside.settings.iter();
        settings.map(|setting| format!("{}={}", setting.name, setting.value)).collect()
    };
    assert_eq!(
        said(amended(device, profile)),
        [
            "screen-off-timeout=600000",
            "brightness=auto",
            "doze=off",
            "zen=none",
            "charging=off",
            "airplane=on"
        ]
    );
    assert_eq!(said(amended("charger = \"ask\"\n", "settings = { charging = \"on\" }\n")), [""; 0]);
}

#[test]
fn a_lab_file_becomes_commands_and_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lab.toml");
    std::fs::write(&path, std::fs::read("tests/labs/good.lab.toml").expect("a lab")).expect("written");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("our own");
    let lab = load_lab(&path).expect("a lab");
    assert_eq!(lab.hooks["hub-1"].off, ["hub", "--port", "3", "--off"]);
    assert_eq!(lab.hooks["hub-1"].on, ["hub", "--port", "3", "--on"]);
    assert_eq!(lab.probes["room"].command, ["lab-probe"]);
    let (shunt, wall) = (&lab.meters["shunt"], &lab.meters["wall"]);
    assert_eq!(shunt.source, MeterSource::Serial { path: "/dev/ttyUSB0".into(), baud: 115_200 });
    assert_eq!((shunt.format, shunt.scope), (MeterFormat::Csv, MeterScope::Board));
    assert!((shunt.gain_error.expect("stated") - 0.01).abs() < 1e-12);
    assert_eq!(wall.source, MeterSource::Command(vec!["read-wall".to_owned()]));
    assert_eq!((wall.format, wall.gain_error), (MeterFormat::Ndjson, None));
    let notify = lab.notify.expect("a command");
    assert_eq!((notify.command.len(), notify.wait), (3, Millis(600_000)));
}

#[test]
fn a_charge_window_holds_where_a_battery_feeds_and_a_start_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let window = |heat: bool, gate: bool, keys: &str| {
        let gate = if gate { "start_gate = {}" } else { "" };
        let text = format!(
            r#"
            schema = 1
            family.f = {{ title = "F", hardware_heat = {heat} }}
            device = [{{ id = "d", family = "f", driver = "local", {keys} }}]
            route.r = {{ title = "R", workload = "w" }}
            workload.w = {{ duration = "60 s", prompts = "p.jsonl" }}
            candidate.c = {{ runtime = "scripted-runner", artifact = {{ cache = "a", sha256 = "{}" }}, placement = "cpu" }}
            profile.quick = {{ tier = "pr", devices = ["*"], {gate} }}
            policy.tier.pr = {{ blocking = [] }}
            "#,
            "0".repeat(64)
        );
        let path = folder.path().join("matrix.toml");
        std::fs::write(folder.path().join("p.jsonl"), "{}\n").expect("written");
        std::fs::write(&path, text.replace(", }", " }")).expect("written");
        let plan = load(&path).and_then(|matrix| matrix.plan(&Request::default())).expect("a plan");
        let shown: Vec<String> = plan
            .settings
            .iter()
            .filter(|setting| setting.key.ends_with(".charge_window"))
            .map(|setting| setting.value.clone())
            .collect();
        (plan.sessions[0].device.beside.charge_window.map(|window| (window.low, window.high)), shown)
    };
    let usual = (Some((50.0, 90.0)), vec!["50-90 %".to_owned()]);
    assert_eq!(window(true, true, ""), usual, "said although nobody wrote it");
    assert_eq!(window(true, true, "charge_window = \"30-80 %\"").0, Some((30.0, 80.0)));
    assert_eq!(window(false, true, ""), (None, Vec::new()), "nothing heats");
    assert_eq!(window(false, true, "charge_window = \"30-80 %\"").0, Some((30.0, 80.0)));
    assert_eq!(window(true, false, "charge_window = \"30-80 %\"").0, None, "nothing is waited for");
    assert_eq!(window(true, true, "power = \"mains\"").0, None);
}

/// Every key that a matrix of ours uses is a property of the schema.
fn covered(schema: &serde_json::Value, value: &toml::Value, place: &str) {
    match value {
        toml::Value::Table(table) => {
            let alternatives = schema["anyOf"].as_array().cloned().unwrap_or_default();
            let schema = alternatives.iter().find(|one| one["type"] == "object").unwrap_or(schema);
            for (key, value) in table {
                let inner = schema["properties"].get(key).or_else(|| schema.get("additionalProperties"));
                let inner = inner.filter(|inner| inner.is_object());
                covered(inner.unwrap_or_else(|| panic!("{place}.{key}")), value, &format!("{place}.{key}"));
            }
        }
        toml::Value::Array(items) => items.iter().for_each(|item| covered(&schema["items"], item, place)),
        _ => assert!(schema.is_object(), "{place}"),
    }
}

#[test]
fn the_schema_covers_the_language() {
    for path in [PathBuf::from("tests/good/matrix.toml"), product()] {
        let text = std::fs::read_to_string(&path).expect("a matrix");
        covered(&schema(), &text.parse::<toml::Table>().expect("TOML").into(), "");
    }
    insta::assert_json_snapshot!("schema", schema());
    insta::assert_json_snapshot!("lab_schema", lab_schema());
}

#[test]
fn replicas_are_units_of_simulated_devices_with_seeds_and_names_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("matrix.toml");
    let text = r#"
        schema = 1
        family.f = { title = "F" }
        policy.tier.pr = { blocking = ["floor_tps"] }
        route.r = { title = "R", workload = "w", bars = { floor_tps = "1 tokens/s" } }
        workload.w = { duration = "10 min", prompts = "p.jsonl" }
        candidate.c = { routes = ["r"], runtime = "scripted-runner", placement = "cpu", artifact = { path = "p.jsonl", sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" } }
        profile.quick = { tier = "pr", devices = ["*"], override.w = { duration = "60 s" } }
        [[device]]
        id = "here"
        family = "f"
        driver = "local"
        [[device]]
        id = "virtual:phone"
        family = "f"
        driver = "virtual"
        address = { profile = "some-phone", seed = 7, ambient = "28 C", start = "31 C", case = "boot", charger = "15 W", charge = "60 %", faults = ["one@1", "two@2"] }
        [[device]]
        id = "virtual:attached"
        family = "f"
        driver = "adb"
        address = { serial = "127.0.0.1:6001" }
    "#;
    std::fs::write(&path, text).expect("written");
    std::fs::write(folder.path().join("p.jsonl"), "{}\n").expect("written");
    let matrix = loaded(&path);
    let replicas = std::num::NonZeroU32::new(3);
    let plan = planned(&matrix, &Request { replicas, ..Request::default() });
    let devices: Vec<_> = plan.sessions.iter().map(|session| session.device.id.as_str()).collect();
    assert_eq!(devices, ["here", "virtual:phone", "virtual:phone#2", "virtual:phone#3", "virtual:attached"]);
    let minutes = |session: usize| plan.sessions[session].workload.duration.0 / 60_000;
    assert_eq!([0, 1, 3, 4].map(minutes), [1, 10, 10, 1], "a phone behind an adb server lives in real time");
    assert!(plan.sessions[4].device.is_virtual);
    let address = |session: usize| -> Vec<String> {
        let parts = plan.sessions[session].device.address.iter();
        parts.map(|part| format!("{}={}", part.key, part.value)).collect()
    };
    assert!(address(0).is_empty());
    let begin =
        ["profile=some-phone", "seed=7", "ambient=28", "start=31", "case=boot", "charger=15", "charge=60"];
    assert_eq!(address(1)[..7], begin);
    assert_eq!(address(1)[7..], ["faults=one@1", "faults=two@2"]);
    assert_eq!(address(3)[1], "seed=9");
    assert!(plan.expected_s < 120.0, "ten simulated minutes take no time: {}", plan.expected_s);
    let here = ["here".to_owned()];
    let errors = matrix.plan(&Request { devices: &here, replicas, ..Request::default() });
    assert!(shown(&errors.expect_err("there is nothing to replicate")).contains("none is chosen"));
}
