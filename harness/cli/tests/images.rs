//! Prompts with pictures on the whole way: pushed and verified for a runtime that takes them, and no soak with one that does not.

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
