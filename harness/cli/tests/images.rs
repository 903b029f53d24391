//! Prompts and golden items with pictures on the whole way: pushed and verified for a runtime that takes them, and no session with
//! one that does not.

mod world;

use edgesoak_record::hex;
use sha2::Digest;
use world::{World, gate};

const PICTURE: &str = "a scripted runner looks at no picture";

/// A world whose prompts name a picture in a folder of its own, for a runner with these further arguments.
fn picturing(further: &str) -> World {
    let world = World::with_runner_args(&format!("\"--prefill-ms\", \"10\", \"--itl-ms\", \"5\"{further}"));
    std::fs::create_dir(world.path().join("photos")).expect("a folder");
    world.write("photos/pump.jpg", PICTURE);
    name_picture(&world, &hex(&sha2::Sha256::digest(PICTURE)));
    world
}

fn name_picture(world: &World, sha256: &str) {
    let messages = [serde_json::json!({ "role": "user", "content": "What is broken?" })];
    let images = [serde_json::json!({ "file": "photos/pump.jpg", "sha256": sha256 })];
    let prompt = serde_json::json!({ "id": "photo", "messages": messages, "images": images });
    world.write("prompts.jsonl", &format!("{prompt}\n"));
}

#[test]
fn a_runtime_that_takes_images_soaks_with_them() {
    let spoken = picturing(", \"--images\"").call("run --profile smoke --format json");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    let artifact = gate(&spoken.json(), "artifact").clone();
    let sentence = artifact["sentence"].as_str().expect("a sentence");
    assert!(artifact["outcome"] == "pass" && sentence.contains("image"), "{artifact}");
}

#[test]
fn a_runtime_that_takes_none_is_never_green() {
    let spoken = picturing("").call("run --profile smoke --format json");
    assert_eq!(spoken.exit, Some(3), "{}", spoken.transcript());
    let run = spoken.json();
    let sentence = run["sessions"][0]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("the runtime takes no images"), "{sentence}");
    assert!(sentence.contains("choose one whose `caps` name `image`"), "what to do stands there: {sentence}");
    assert!(!spoken.stderr.contains("soaking"), "{}", spoken.stderr);
}

#[test]
fn a_picture_that_changed_is_refused_before_anything_runs() {
    let world = picturing(", \"--images\"");
    name_picture(&world, &"0".repeat(64));
    let spoken = world.call("plan");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
    assert!(
        spoken.stderr.contains("photos/pump.jpg") && spoken.stderr.contains("says another"),
        "{}",
        spoken.stderr
    );
}

/// The smallest picture: one grey point.
const POINT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
    \0\0\0\nIDATx\xdac\xc8\0\0\0j\0i\x94\xce0\x07\0\0\0\0IEND\xaeB`\x82";
const SET: &str = "golden_sets/gauges/1.0.0";

/// A world with a sealed set of two items, each about a picture, for a runner with these further arguments.
fn asking(further: &str) -> World {
    let world = World::with_runner_args(&format!(
        "\"--prefill-ms\", \"5\", \"--itl-ms\", \"2\", \"--answers\", \"SCRIPT\"{further}"
    ));
    let script = world.path().join("script.jsonl");
    world.write("script.jsonl", "{\"asked\": \"What does it show?\", \"answer\": \"It shows 4 bar.\"}\n");
    let matrix = world
        .matrix()
        .replace("SCRIPT", &script.to_string_lossy())
        .replace("workload = \"soak\"", "workload = \"soak\"\ngolden_set = \"gauges@1.0\"")
        .replace("[profile.smoke]\n", "[profile.smoke]\ngolden = \"full\"\n");
    world.write("device_matrix.toml", &matrix);
    std::fs::create_dir_all(world.path().join(SET).join("images")).expect("a folder");
    std::fs::write(world.path().join(SET).join("images/gauge.png"), POINT).expect("a picture");
    write_set(&world, &hex(&sha2::Sha256::digest(POINT)));
    world
}

/// The set as a draft whose items say that the picture has this digest.
fn write_set(world: &World, sha256: &str) {
    let item = |id: &str, split: &str| {
        let item = serde_json::json!({
            "id": id, "rev": 1, "route": "policy_qa", "split": split, "tags": { "language": "en" },
            "messages": [{ "role": "user", "content": "What does it show?" }],
            "images": [{ "file": "images/gauge.png", "sha256": sha256 }],
            "answerable": true, "expect": { "numeric": { "value": 4, "unit": "bar" } },
        });
        item.to_string() + "\n"
    };
    world.write(&format!("{SET}/items.jsonl"), &(item("first", "smoke") + &item("second", "gate")));
    let manifest = serde_json::json!({
        "schema": 1, "name": "gauges", "version": "1.0.0", "title": "Gauges", "licence": "MIT", "languages": ["en"],
        "items": "items.jsonl", "files": [{ "path": "images/gauge.png" }, { "path": "items.jsonl" }],
        "generation": { "max_new": 32, "greedy": true, "seed": 0 }, "gates": { "quality": 0.5 },
        "slices": ["language"], "changelog": [{ "version": "1.0.0", "changes": ["First items."] }],
    });
    world.write(&format!("{SET}/manifest.json"), &manifest.to_string());
}

fn seal(world: &World) {
    let sealed = world.call(&format!("golden seal {SET}"));
    assert_eq!(sealed.exit, Some(0), "{}", sealed.transcript());
}

#[test]
fn items_with_pictures_are_answered_where_the_runtime_takes_them() {
    let world = asking(", \"--images\"");
    seal(&world);
    let spoken = world.call("run --profile smoke --format json");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    let run = spoken.json();
    let artifact = gate(&run, "artifact");
    let sentence = artifact["sentence"].as_str().expect("a sentence");
    assert!(artifact["outcome"] == "pass" && sentence.contains("image, items"), "{artifact}");
    let quality = gate(&run, "quality");
    assert_eq!((quality["measured"].as_f64(), quality["n"].as_u64()), (Some(1.0), Some(1)), "{quality}");
}

#[test]
fn items_with_pictures_are_not_asked_of_a_runtime_that_takes_none() {
    let world = asking("");
    seal(&world);
    let spoken = world.call("run --profile smoke --format json");
    assert_eq!(spoken.exit, Some(3), "{}", spoken.transcript());
    let run = spoken.json();
    let sentence = run["sessions"][0]["sentence"].as_str().expect("a sentence");
    assert!(sentence.contains("the runtime takes no images"), "{sentence}");
    assert!(!spoken.stderr.contains("soaking"), "{}", spoken.stderr);
}

#[test]
fn a_picture_of_a_set_is_sealed() {
    let world = asking("");
    write_set(&world, &"0".repeat(64));
    let spoken = world.call(&format!("golden seal {SET}"));
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
    assert!(spoken.stderr.contains("with another SHA-256"), "{}", spoken.stderr);
    write_set(&world, &hex(&sha2::Sha256::digest(POINT)));
    seal(&world);
    assert_eq!(world.call(&format!("golden check {SET}")).exit, Some(0));
    world.write(&format!("{SET}/images/gauge.png"), "another picture");
    let spoken = world.call("run --profile smoke");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
}
