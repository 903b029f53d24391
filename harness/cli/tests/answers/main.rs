//! Golden items on the whole way: asked of a real agent, scored in memory, judged, shown, and kept nowhere.

mod hostile;
mod texts;
#[path = "../world/mod.rs"]
mod world;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use world::{World, gate};

const DRAFT: &str = r#"{"schema":1,"name":"pumps","version":"1.0.0","title":"Pumps","licence":"MIT","languages":["en"],
"items":"items.jsonl","files":[{"path":"items.jsonl"}],"generation":{"max_new":32,"greedy":true,"seed":0},
"gates":{"quality":0.5},"slices":["language"],"changelog":[{"version":"1.0.0","changes":["First items."]}]}"#;
/// What the runner answers to ordinary items, and to the one that is sensitive.
const SAYS: &str = "It may lose 10 drops per minute, marker-plain-elephant.";
const WHISPERS: &str = "The rate is 95, marker-secret-elephant.";

fn items() -> String {
    let item = |id: &str, split: &str, rest: &str, expected: &str| {
        format!(
            r#"{{"id":"{id}","rev":1,"route":"policy_qa","split":"{split}","tags":{{"language":"en"}},"messages":[{{"role":"user","content":"Question {id}?"}}],"answerable":true,{rest}"expect":{{"contains_all":["{expected}"]}}}}"#
        ) + "\n"
    };
    let plain =
        (0..8).map(|n| item(&format!("plain-{n}"), if n < 2 { "smoke" } else { "gate" }, "", "10 drops"));
    plain.collect::<String>() + &item("rate", "gate", "\"sensitive\":true,", "95")
}

/// A world whose runner answers every plain question with these words.
fn asking(plain: &str) -> World {
    with_script(DRAFT, &items(), &[("Question plain", plain), ("Question rate?", WHISPERS)])
}

/// A world with a sealed set and a runner that knows these questions and answers.
fn with_script(draft: &str, items: &str, script: &[(&str, &str)]) -> World {
    let world =
        World::with_runner_args("\"--prefill-ms\", \"5\", \"--itl-ms\", \"2\", \"--answers\", \"SCRIPT\"");
    let line = |(asked, answer): &(&str, &str)| {
        serde_json::json!({ "asked": asked, "answer": answer }).to_string() + "\n"
    };
    world.write("script.jsonl", &script.iter().map(line).collect::<String>());
    let matrix = fs::read_to_string(world.path().join("device_matrix.toml")).expect("a matrix");
    let script = world.path().join("script.jsonl");
    let matrix = matrix
        .replace("SCRIPT", &script.to_string_lossy())
        .replace("workload = \"soak\"", "workload = \"soak\"\ngolden_set = \"pumps@1.0\"")
        .replace("[policy.tier.smoke]\nblocking = [", "[policy.tier.smoke]\nblocking = [\"quality\", ");
    let profile = "\n[profile.golden]\ntier = \"smoke\"\ndevices = [\"this-machine\"]\ngolden = \"full\"\n";
    world.write("device_matrix.toml", &(matrix + profile));
    fs::create_dir_all(world.path().join("golden_sets/pumps/1.0.0")).expect("a folder");
    world.write("golden_sets/pumps/1.0.0/manifest.json", draft);
    world.write("golden_sets/pumps/1.0.0/items.jsonl", items);
    let sealed = world.call("golden seal golden_sets/pumps/1.0.0");
    assert_eq!(sealed.exit, Some(0), "{}", sealed.transcript());
    world
}

/// Files below a folder that hold a text; the script itself is not asked.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if !path.ends_with("script.jsonl")
            && fs::read(&path)
                .is_ok_and(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
        {
            found.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn right_answers_pass_and_none_of_their_words_is_left_anywhere() {
    let world = asking(SAYS);
    let plan = world.call("plan --profile golden");
    assert!(plan.stdout.contains("| full of pumps@1.0.0, 11 answers"), "{}", plan.stdout);
    let spoken = world.call("run --profile golden --format json");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    let run = spoken.json();
    let quality = gate(&run, "quality");
    assert_eq!((quality["outcome"].as_str(), quality["n"].as_u64()), (Some("pass"), Some(7)), "{quality}");
    let examined = &run["sessions"][0]["examined"];
    assert_eq!((examined["right"].as_u64(), examined["hot"].as_u64()), (Some(7), Some(2)), "{examined}");
    for marker in ["marker-plain-elephant", "marker-secret-elephant"] {
        assert_eq!(holding(world.path(), marker), [""; 0], "{marker}");
    }
    let first = world.call("judge latest --format json").stdout;
    assert_eq!(world.call("store rebuild").exit, Some(0));
    assert_eq!(world.call("judge latest --format json").stdout, first);
    let page =
        fs::read_to_string(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert!(page.contains("7 of 7 gate items were answered right"));
}

#[test]
fn texts_are_stored_on_demand_and_never_those_of_sensitive_items() {
    let world = asking(SAYS);
    let spoken = world.call("run --profile golden --store-outputs");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    assert!(holding(world.path(), "marker-plain-elephant").contains(&"host.journal".to_owned()));
    assert_eq!(holding(world.path(), "marker-secret-elephant"), [""; 0]);
}

#[test]
fn wrong_answers_fail_and_a_set_that_was_changed_is_refused() {
    let world = asking("I cannot say.");
    let spoken = world.call("run --profile golden");
    assert_eq!(spoken.last_line(), "verdict=fail exit=1 reason=quality", "{}", spoken.transcript());
    assert!(spoken.stdout.contains("1 of 7 gate items of pumps@1.0.0 answered right"), "{}", spoken.stdout);
    world.write("golden_sets/pumps/1.0.0/items.jsonl", &items().replace("10 drops", "9 drops"));
    let spoken = world.call("run --profile golden");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
    assert!(spoken.stderr.contains("items.jsonl"), "{}", spoken.stderr);
}

/// Places of the answers that a world's only run has written down, in the order of writing.
fn written(world: &World) -> Vec<u64> {
    let runs = fs::read_dir(world.path().join("edgesoak-out/runs")).into_iter().flatten().flatten();
    let texts = runs.filter_map(|run| fs::read_to_string(run.path().join("host.journal")).ok());
    let lines: Vec<String> =
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    let entries = lines.iter().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    entries.filter_map(|entry| entry["event"]["answer"]["index"].as_u64()).collect()
}

#[test]
fn a_host_that_is_killed_between_two_answers_keeps_those_that_it_has() {
    let world = asking(SAYS);
    let matrix = world.matrix().replace("\"--prefill-ms\", \"5\"", "\"--prefill-ms\", \"400\"");
    world.write("device_matrix.toml", &matrix);
    let mut command = world.edgesoak();
    let said = fs::File::create(world.path().join("said")).expect("room");
    command.args(["run", "--profile", "golden"]).stdout(Stdio::null()).stderr(said);
    let mut host = command.spawn().expect("edgesoak starts");
    let until = Instant::now() + Duration::from_mins(1);
    while written(&world).len() < 3 {
        assert!(Instant::now() < until && host.try_wait().expect("ours").is_none(), "it answers");
        std::thread::sleep(Duration::from_millis(20));
    }
    host.kill().expect("it is ours");
    host.wait().expect("it ended");
    let before = written(&world);
    assert!(before.len() < 11, "it was killed in the middle: {before:?}");
    let said = fs::read_to_string(world.path().join("said")).expect("it spoke");
    assert!(said.contains("answering, 0 of 11 answers"), "{said}");
    let resumed = world.call("resume latest --format json");
    assert_eq!(resumed.exit, Some(0), "{}", resumed.transcript());
    let after = written(&world);
    assert_eq!(after[..before.len()], before, "what was there is not asked again");
    let mut places = after.clone();
    places.sort_unstable();
    assert_eq!(places, (0..11).collect::<Vec<_>>(), "each once");
    assert!(resumed.stderr.contains("of 11 answers"), "{}", resumed.stderr);
    let quality = gate(&resumed.json(), "quality").clone();
    assert_eq!((quality["outcome"].as_str(), quality["n"].as_u64()), (Some("pass"), Some(7)), "{quality}");
    for marker in ["marker-plain-elephant", "marker-secret-elephant"] {
        assert_eq!(holding(world.path(), marker), [""; 0], "{marker}");
    }
}

#[test]
fn a_candidate_that_answers_worse_fails_against_the_one_before() {
    let world = asking(SAYS);
    let run = |exit| {
        let spoken = world.call("run --profile golden --format json");
        assert_eq!(spoken.exit, Some(exit), "{}", spoken.transcript());
        spoken.json()["run"].as_str().expect("an id").to_owned()
    };
    let before = run(0);
    let script = fs::read_to_string(world.path().join("script.jsonl")).expect("a script");
    world.write("script.jsonl", &script.replace(SAYS, "I cannot say."));
    let after = run(1);
    let spoken =
        world.call(&format!("gate --candidate {after} --baseline {before} --format json --report html"));
    assert_eq!(spoken.last_line(), "verdict=fail exit=1 reason=answers_worse", "{}", spoken.transcript());
    let change = &spoken.json()["devices"][0]["changes"][0];
    let answers = &change["answers"];
    assert_eq!((answers["n"].as_u64(), answers["only_reference"].as_u64()), (Some(7), Some(6)), "{change}");
    let shown = world.call(&format!("compare {after} {before}"));
    assert!(
        shown.stdout.contains("WORSE ANSWERS") && shown.stdout.contains("lost: plain-2"),
        "{}",
        shown.stdout
    );
    let page = fs::read_to_string(world.path().join("edgesoak-out/comparison/report.html")).expect("a page");
    assert!(page.contains("Answers to the same golden items") && page.contains("plain-2"), "{page}");
}
