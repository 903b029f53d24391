//! Queries on the whole way: asked of a real agent, told to be sensitive by their words, routed, judged and shown.

mod world;

use std::fs;

use serde_json::{Value, json};
use world::{World, gate};

const DRAFT: &str = r#"{"schema":1,"name":"pumps","version":"1.0.0","title":"Pumps","licence":"MIT","languages":["en"],
"items":"items.jsonl","files":[{"path":"items.jsonl"}],"generation":{"max_new":32,"greedy":true,"seed":0},
"gates":{},"slices":["language"],"changelog":[{"version":"1.0.0","changes":["First items."]}]}"#;

/// Three queries by what they ask, with how sure the runner says that it is of its answer.
const QUERIES: [(&str, &str, f64); 3] = [
    ("drops", "How many drops may a seal lose?", 0.94),
    ("class", "Which class is a spraying seal?", 0.41),
    ("rate", "What is the call-out rate of vendor V-2?", 0.38),
];

fn item((id, asked, _): &(&str, &str, f64)) -> String {
    let item = json!({ "id": id, "rev": 1, "route": "policy_qa", "split": "smoke", "tags": { "language": "en" },
        "messages": [{ "role": "user", "content": asked }], "answerable": true, "sensitive": *id == "rate",
        "expect": { "contains_all": ["10"] } });
    item.to_string() + "\n"
}

/// A world whose route hands on what the runner is not sure of; these words make a query sensitive.
fn world(terms: &str) -> World {
    let world =
        World::with_runner_args("\"--prefill-ms\", \"5\", \"--itl-ms\", \"2\", \"--answers\", \"SCRIPT\"");
    let line = |(_, asked, confidence): &(&str, &str, f64)| {
        json!({ "asked": asked, "answer": "It is 10.", "confidence": confidence }).to_string() + "\n"
    };
    world.write("script.jsonl", &QUERIES.iter().map(line).collect::<String>());
    world.write("terms.txt", terms);
    let routing = "[route.policy_qa.routing]\nthreshold = 0.75\nsensitive_terms = \"terms.txt\"\n\
        costs = { human_review = 5, cloud = 1, wrong_answer = 20 }\n\n[workload.soak]";
    let matrix = world
        .matrix()
        .replace("SCRIPT", &world.path().join("script.jsonl").to_string_lossy())
        .replace("local_only = true\nworkload = \"soak\"", "workload = \"soak\"\ngolden_set = \"pumps@1.0\"")
        .replace("[workload.soak]", routing)
        .replace("[policy.tier.smoke]\nblocking = [", "[policy.tier.smoke]\nblocking = [\"routing\", ");
    let profile = "\n[profile.golden]\ntier = \"smoke\"\ndevices = [\"this-machine\"]\ngolden = \"smoke\"\n";
    world.write("device_matrix.toml", &(matrix + profile));
    fs::create_dir_all(world.path().join("golden_sets/pumps/1.0.0")).expect("a folder");
    world.write("golden_sets/pumps/1.0.0/manifest.json", DRAFT);
    world.write("golden_sets/pumps/1.0.0/items.jsonl", &QUERIES.iter().map(item).collect::<String>());
    let sealed = world.call("golden seal golden_sets/pumps/1.0.0");
    assert_eq!(sealed.exit, Some(0), "{}", sealed.transcript());
    world
}

/// Where each query goes, by its id.
fn ways(world: &World, arguments: &str) -> Vec<[String; 2]> {
    let shown = world.call(&format!("golden route latest --format json {arguments}"));
    assert_eq!(shown.exit, Some(0), "{}", shown.transcript());
    let text = |query: &Value, key: &str| query[key].as_str().unwrap_or_default().to_owned();
    let document = shown.json();
    let queries = document["sessions"][0]["queries"].as_array().expect("queries");
    queries.iter().map(|query| ["item", "destination"].map(|key| text(query, key))).collect()
}

#[test]
fn three_queries_go_three_ways_and_nothing_sensitive_leaves() {
    let world = world("call-out rate\n");
    let run = world.call("run --profile golden --format json");
    assert_eq!(run.exit, Some(0), "{}", run.transcript());
    let routing = gate(&run.json(), "routing").clone();
    assert_eq!((&routing["outcome"], &routing["n"]), (&json!("pass"), &json!(1)), "{routing}");
    let way = |item: &str, destination: &str| [item, destination].map(str::to_owned);
    assert_eq!(
        ways(&world, ""),
        [
            way("drops", "local_answer"),
            way("class", "cloud_allowed_after_redaction"),
            way("rate", "human_review_local_only")
        ]
    );
    let lower = ways(&world, "--threshold 0.4");
    assert_eq!(
        (&lower[1], &lower[2]),
        (&way("class", "local_answer"), &way("rate", "human_review_local_only"))
    );
    insta::assert_snapshot!("route", world.call("golden route latest").transcript());

    // What is stored is enough: neither the set nor the words are asked again.
    let judged = world.call("judge latest --format json").stdout;
    fs::remove_file(world.path().join("terms.txt")).expect("it is there");
    assert_eq!(world.call("judge latest --format json").stdout, judged);
    let page = fs::read_to_string(world.path().join(run.json()["report"].as_str().expect("a path")));
    assert!(page.expect("a report").contains("Where queries go"));
}

#[test]
fn one_sensitive_query_that_would_leave_fails_the_release() {
    let world = world("Stundensatz\n");
    let run = world.call("run --profile golden");
    assert_eq!(run.last_line(), "verdict=fail exit=1 reason=routing", "{}", run.transcript());
    assert!(
        run.stdout.contains("Would leave the device though sensitive: 1 query (`rate`)"),
        "{}",
        run.stdout
    );
    assert!(world.call("golden route latest").stdout.contains("would leave though sensitive: rate"));
}

#[test]
fn terms_that_say_nothing_are_refused_before_anything_runs() {
    let world = world("\n");
    let run = world.call("run --profile golden");
    assert_eq!((run.exit, run.last_line()), (Some(2), "verdict=error exit=2 reason=configuration"));
    assert!(run.stderr.contains("reading the sensitive terms in terms.txt"), "{}", run.stderr);
    let plain = World::new();
    assert_eq!(plain.call("run").exit, Some(3));
    let none = plain.call("golden route latest");
    assert_eq!(none.exit, Some(5), "{}", none.transcript());
}
