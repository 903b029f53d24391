//! Three promoted releases and a candidate that lost a part of its speed, on a simulated phone: what a release manager is told.

mod world;

use std::fs;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use world::{Spoken, World, agents_with};

/// A markup that must stay a text wherever a person or a device says it.
const HOSTILE: &str = "<img/src=x/onerror=alert(1)>";

const DEVICES: &str = r#"
[[policy.waiver]]
gate = "floor_tps"
family = "tablets"
reason = "no tablet before spring"
owner = "lab"
approver = "release"
ticket = "LAB-7"
expires = 2099-12-31
max_uses = 5

[policy.tier.release]
blocking = ["journal", "runtime_alive", "floor_tps"]
required_families = ["phones", "tablets"]

[family.phones]
title = "Phones <b>that are not there</b>"

[family.tablets]
title = "Tablets"

[[device]]
id = "virtual:tensor"
family = "phones"
driver = "virtual"
address = { profile = "tensor-phone", seed = 3, ambient = "23 C" }
stop_at = { temperature = "110 C" }

[profile.rack]
tier = "release"
devices = ["virtual:*"]
runs = 2
"#;

/// Writes a matrix whose only candidate for phones reads this many bytes of weights for a token; `more` makes it another file.
fn build(world: &World, plain: &str, weights: u32, more: usize) {
    let model = format!(
        "edgesoak-described-model = 1\nname = \"student\"\nweights_bytes = {weights}\n\
         kv_bytes_per_token = 20_000\nflop_per_token = 7e8\nresident_bytes = 90_000_000\n#{}\n",
        "-".repeat(more)
    );
    world.write("student.toml", &model);
    let sha256 = edgesoak_record::hex(&Sha256::digest(&model));
    let candidate = format!(
        "\n[candidate.student]\nfamilies = [\"phones\"]\nroutes = [\"policy_qa\"]\nruntime = \"scripted-runner\"\n\
         artifact = {{ path = \"student.toml\", sha256 = \"{sha256}\" }}\nplacement = \"cpu\"\noptions = {{ threads = 4 }}\n"
    );
    world.write("device_matrix.toml", &(plain.to_owned() + DEVICES + &candidate));
}

fn call(world: &World, arguments: &str) -> Spoken {
    world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]))
}

fn report(world: &World, arguments: &str) -> String {
    let spoken = world.call(&format!("report --release {arguments} --output -"));
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    spoken.stdout
}

/// Runs and promotes 1.1, 1.2 and 1.3, which differ by next to nothing, then runs what lost a part of it.
fn history() -> World {
    let world = World::new();
    let plain = world
        .matrix()
        .replace("duration = \"2 s\"", "duration = \"240 s\"")
        .replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]");
    for (number, weights) in [200_000_000, 200_000_000, 201_000_000, 270_000_000].into_iter().enumerate() {
        build(&world, &plain, weights, number);
        let run = call(&world, "run --profile rack");
        assert_eq!(run.last_line(), "verdict=not_proven exit=3 reason=not_run", "{}", run.transcript());
        if number < 3 {
            let promote = format!("baseline promote 1.{} latest --reason shipped{HOSTILE}", number + 1);
            assert_eq!(world.call(&promote).exit, Some(0));
        }
    }
    world
}

#[test]
fn a_release_is_told_from_stored_data_in_every_format() {
    let world = history();
    let release: Value = serde_json::from_str(&report(&world, "student --format json")).expect("JSON");
    assert_eq!((&release["schema"], &release["version"]), (&json!("edgesoak-release"), &json!(1)));
    of_a_candidate(&release["release"]);
    of_a_baseline(&world);

    let page = report(&world, "1.2");
    assert!(page.contains("NOT PROVEN") && page.contains("promoted"), "{page}");
    assert_eq!(page, report(&world, "1.2"), "the same bytes again");
    assert!(!page.contains("<img"), "{page}");
    for (kind, name) in [("html", "student"), ("md", "1.2")] {
        let text = report(&world, &format!("{name} --format {kind}"));
        assert!(!text.contains("<img") && !text.contains("<b>that"), "{kind} of {name}: {text}");
    }
    of_machines(&world);
    of_its_last_run(&world);

    let placed = world.call("report --release 1.2 --format html --format json");
    let folder = "edgesoak-out/releases/1.2";
    assert_eq!(placed.stdout, format!("Report: {folder}/report.html\nReport: {folder}/report.json\n"));
    for file in ["report.html", "report.json"] {
        assert!(fs::metadata(world.path().join(folder).join(file)).is_ok_and(|it| it.len() > 1000), "{file}");
    }
    refusals(&world);
}

fn of_a_candidate(release: &Value) {
    assert_eq!((&release["verdict"], &release["exit"]), (&json!("not_proven"), &json!(3)), "{release:#}");
    assert_eq!(release["named"], json!({ "kind": "candidate" }));
    assert_eq!(release["cells"].as_array().map(Vec::len), Some(1));
    let cell = &release["cells"][0];
    assert_eq!((&cell["device"], &cell["virtual"]), (&json!("virtual:tensor"), &json!(true)));
    assert_eq!(cell["worst"]["gate"], "floor_tps", "{cell:#}");
    assert!(cell["worst"]["measured"].as_f64().is_some_and(|floor| floor > 8.0), "{cell:#}");
    let causes: Vec<&Value> =
        release["coverage"].as_array().expect("families").iter().map(|it| &it["cause"]).collect();
    assert_eq!(causes, [&json!("virtual_only"), &json!("not_run")], "phones, then tablets");
    let names: Vec<&Value> =
        release["references"].as_array().expect("references").iter().map(|it| &it["name"]).collect();
    assert_eq!(names, [&json!("1.3"), &json!("1.1")], "the previous one, and the oldest");
    let trend = &release["trends"][0];
    assert_eq!(trend["points"].as_array().map(Vec::len), Some(4), "{trend:#}");
    let changes = trend["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1, "the planted one: {trend:#}");
    assert_eq!(changes[0]["at"], 3);
    assert!(changes[0]["change"].as_f64().is_some_and(|change| (-0.3..-0.05).contains(&change)), "{trend:#}");
    let waiver = &release["waivers"][0];
    assert_eq!(
        (&waiver["state"], &waiver["uses"], &waiver["max_uses"]),
        (&json!("holds"), &json!(0), &json!(5))
    );
    let actions = release["next_actions"].as_array().expect("actions");
    let action = actions[0].as_str().unwrap_or_default();
    assert!(
        action.contains("phones, tablets") && action.contains("`edgesoak run --profile rack` (about "),
        "{action}"
    );
}

fn of_a_baseline(world: &World) {
    let release: Value = serde_json::from_str(&report(world, "1.2 --format json")).expect("JSON");
    let release = &release["release"];
    assert_eq!(release["named"]["kind"], "baseline", "{release:#}");
    assert_eq!(release["references"].as_array().map(Vec::len), Some(1), "1.1 alone stands before it");
    let trend = &release["trends"][0];
    assert_eq!(trend["points"].as_array().map(Vec::len), Some(2));
    assert!(trend["sentence"].as_str().is_some_and(|told| told.ends_with("too few.")), "{trend:#}");
    let pinned: Value = serde_json::from_str(&report(world, "1.3 --pinned 1.2 --format json")).expect("JSON");
    assert_eq!(pinned["release"]["references"][1]["name"], "1.2");
}

fn of_machines(world: &World) {
    let xml = report(world, "student --format junit");
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let cases: Vec<roxmltree::Node<'_, '_>> =
        document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let error = |name: &str| {
        let case = cases.iter().find(|case| case.attribute("name") == Some(name));
        let case = case.unwrap_or_else(|| panic!("no case {name}: {xml}"));
        case.children()
            .find(roxmltree::Node::is_element)
            .and_then(|it| it.attribute("type"))
            .map(str::to_owned)
    };
    for name in ["verdict", "family phones / policy_qa", "family tablets / policy_qa"] {
        assert_eq!(error(name).as_deref(), Some("not_proven"), "{name}");
    }
    let metrics = report(world, "student --format openmetrics");
    assert!(metrics.contains("\nedgesoak_floor_tps{device=\"virtual:tensor\""), "{metrics}");
    assert!(metrics.contains("\nedgesoak_verdict{edgesoak_verdict=\"not_proven\"} 1\n"), "{metrics}");
    assert!(metrics.ends_with("# EOF\n"));
    let summary = report(world, "student --format md");
    assert!(summary.starts_with("## ? NOT PROVEN: `student`\n"), "{summary}");
    assert!(
        summary.contains("### Families that are not covered") && summary.contains("### Changes of level")
    );
}

/// The page of a run names the releases from before it, and what changed since.
fn of_its_last_run(world: &World) {
    let page = |run: &str| {
        let spoken = world.call(&format!("report {run} --output -"));
        assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
        spoken.stdout
    };
    let last = page("latest");
    for told in ["<dt>Against</dt><dd><b><bdi>1.3</bdi>", "<dt>Pinned</dt><dd><b><bdi>1.1</bdi>"] {
        assert!(last.contains(told), "{told}");
    }
    let floor = last.split("Thermal floor").nth(1).and_then(|rest| rest.split("</article>").next());
    let floor = floor.expect("a tile");
    assert!(floor.contains("\u{a0}% to 1.3 · −") && floor.contains("\u{a0}% to 1.1"), "{floor}");
    let redacted = page("latest --redact");
    assert!(!redacted.contains("<dt>Against</dt>"), "a page without names tells nothing of other runs");
}

fn refusals(world: &World) {
    for (arguments, last) in [
        ("--release 9.9", "is no promoted baseline"),
        ("--release 1.3 --pinned 9.9", "is no promoted baseline"),
        ("--release 1.3 --pinned 1.3", "holds sessions of the release itself"),
        ("--release ../../etc", "is no promoted baseline"),
        ("--release 1.3 --open --format md", "no page is written into a file"),
    ] {
        let refused = world.call(&format!("report {arguments}"));
        assert_eq!(refused.exit, Some(2), "{arguments}: {}", refused.transcript());
        assert!(refused.stderr.contains(last), "{arguments}: {}", refused.stderr);
    }
    // A page that was written stays, and who has no desktop is told what to do.
    let opened = world.call("report --release 1.3 --open --output page.html");
    assert!(world.path().join("page.html").exists());
    if opened.exit != Some(0) {
        assert!(opened.stderr.contains("open the file by hand"), "{}", opened.stderr);
    }
}
