//! A lane without a model on the whole way: items looked up, counted, answered, judged, and told as items.

mod world;

use std::fs;

use sha2::Digest;
use world::{World, agents_with, gate};

const CORPUS: &str = r#"{"id":"pm-1","title":"Seals","text":"A new seal is dry. Up to 10 drops per minute are tolerated."}
{"id":"pm-2","title":"Permits","text":"The shift lead signs a permit for hot work."}
"#;

/// The world's matrix, with a lane that looks up in the corpus in place of the scripted route.
fn lane(bars: &str) -> World {
    let world = World::new();
    world.write("corpus.jsonl", CORPUS);
    let digest = edgesoak_record::hex(&sha2::Sha256::digest(CORPUS));
    let item = |id: &str, text: &str| {
        serde_json::json!({ "id": id, "messages": [{ "role": "user", "content": text }] }).to_string() + "\n"
    };
    world.write("items.jsonl", &(item("drops", "drops tolerated") + &item("permit", "who signs hot work")));
    let matrix = world
        .matrix()
        .replace("\"floor_tps\"]", "\"items_per_s\", \"e2e_p50\"]")
        .replace("bars = { floor_tps = \"8 tokens/s\", ttft_p50 = \"5 s\" }", &format!("bars = {{ {bars} }}"))
        .replace(
            "prompts = \"prompts.jsonl\"\noutput_tokens = 32\ntemplate = \"template.jinja\"",
            "items = \"items.jsonl\"\nthink_time = \"20 ms\"",
        )
        .replace("scripted-runner", "lookup-runner")
        .replace("\"model.bin\"", "\"corpus.jsonl\"")
        .replace("6bb61a44022eb1958310a030e3dc23095b0ab2b1dccc58bffc9038697f971d59", &digest)
        .replace("options = { args = [\"--prefill-ms\", \"10\", \"--itl-ms\", \"5\"] }", "");
    world.write("device_matrix.toml", &matrix);
    world
}

#[test]
fn what_is_looked_up_is_soaked_by_items() {
    let world = lane("items_per_s = \"1 items/s\", e2e_p50 = \"30 s\"");
    let agents = agents_with(&["edgesoak-lookup-runner"]);
    let spoken = world.call_with("run --format json", agents);
    let run = spoken.json();
    for held in ["artifact", "placement", "journal", "runtime_alive"] {
        assert_eq!(gate(&run, held)["outcome"], "pass", "{held}: {}", gate(&run, held)["sentence"]);
    }
    let items = gate(&run, "items_per_s");
    assert!(items["n"].as_u64().expect("a count") >= 5 && items["unit"] == "1/s", "{items}");
    assert!(items["measured"].as_f64().expect("a rate") > 1.0, "{items}");
    assert!(!spoken.stderr.contains("tokens/s"), "{}", spoken.stderr);
    let page =
        fs::read_to_string(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert!(page.contains("items answered to their own end") && page.contains("none, the question alone"));
    let rebuilt = world.call("judge latest --format json");
    assert_eq!(rebuilt.json()["sessions"], run["sessions"], "the same from what is stored");
}

#[test]
fn a_bar_on_decoding_is_refused_before_anything_runs() {
    let world = lane("burst_tps = \"8 tokens/s\", e2e_p50 = \"5 s\"");
    let spoken = world.call("plan");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
    assert!(spoken.stderr.contains("`burst_tps` speaks of decoding"), "{}", spoken.stderr);
}
