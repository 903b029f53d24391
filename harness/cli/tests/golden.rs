//! `edgesoak golden`: a small set is sealed, verified, compared, counted and scored.

mod world;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use world::World;

/// A world with the set of `tests/golden` as `golden_sets/pumps/1.0.0`, not sealed yet, and answers to it.
fn drafted() -> World {
    let world = World::new();
    place(&world, "1.0.0");
    fs::copy(data("answers.jsonl"), world.path().join("answers.jsonl")).expect("answers");
    world
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn folder(world: &World, version: &str) -> PathBuf {
    world.path().join("golden_sets/pumps").join(version)
}

fn place(world: &World, version: &str) {
    fs::create_dir_all(folder(world, version)).expect("a folder");
    for name in ["manifest.json", "corpus.jsonl", "items.jsonl"] {
        fs::copy(data(name), folder(world, version).join(name)).expect("a file of the set");
    }
    edit(&folder(world, version).join("manifest.json"), "\"1.0.0\"", &format!("\"{version}\""));
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("a text");
    assert!(text.contains(from), "{} holds {from}", path.display());
    fs::write(path, text.replacen(from, to, 1)).expect("the text again");
}

/// The same, sealed.
fn sealed() -> World {
    let world = drafted();
    let spoken = world.call("golden seal pumps@1.0.0");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    world
}

fn transcript(world: &World, name: &str, arguments: &str) {
    insta::assert_snapshot!(name, world.call(arguments).transcript());
}

#[test]
fn help_names_every_action() {
    transcript(&World::new(), "golden-help", "golden --help");
    transcript(&World::new(), "golden-score-help", "golden score --help");
}

#[test]
fn a_set_is_sealed_once_and_verified() {
    let world = drafted();
    transcript(&world, "golden-check-draft", "golden check pumps@1.0.0");
    transcript(&world, "golden-seal", "golden seal pumps@1.0.0");
    transcript(&world, "golden-check", "golden check golden_sets/pumps/1.0.0");
    let before = fs::read(folder(&world, "1.0.0").join("manifest.json")).expect("a manifest");
    assert_eq!(world.call("golden seal pumps@1.0.0").exit, Some(0));
    assert_eq!(fs::read(folder(&world, "1.0.0").join("manifest.json")).expect("a manifest"), before);
    edit(&folder(&world, "1.0.0").join("items.jsonl"), "How many", "How few");
    transcript(&world, "golden-check-edited", "golden check pumps@1.0.0");
    transcript(&world, "golden-seal-edited", "golden seal pumps@1.0.0");
    let told = world.call("golden check pumps@1.0.0 --format json");
    assert_eq!((told.exit, told.json()["valid"].as_bool()), (Some(2), Some(false)));
    assert_eq!(told.json()["findings"][0]["code"], "digest");
}

#[test]
fn a_set_that_is_nowhere_says_what_a_set_is() {
    transcript(&World::new(), "golden-check-nowhere", "golden check pumps@3.0.0");
    let world = sealed();
    fs::rename(folder(&world, "1.0.0"), folder(&world, "2.0.0")).expect("another name");
    transcript(&world, "golden-check-other-name", "golden check pumps@2.0.0");
}

#[test]
fn a_signature_is_demanded_and_given() {
    let world = sealed();
    transcript(&world, "golden-unsigned", "golden check pumps@1.0.0 --require-signature");
    assert_eq!(world.call("key new maintainer.key").exit, Some(0));
    let mode = fs::metadata(world.path().join("maintainer.key")).expect("a key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(world.call("key new maintainer.key").exit, Some(2), "no key is written over");
    assert_eq!(world.call("key new other.key").exit, Some(0));
    assert_eq!(world.call("golden seal pumps@1.0.0 --key maintainer.key").exit, Some(0));
    let check = |arguments: &str| {
        let spoken = world.call(&format!("golden check pumps@1.0.0 --format json {arguments}"));
        (spoken.exit, spoken.json()["signature"].as_str().map(str::to_owned))
    };
    let told = |exit, word: &str| (Some(exit), Some(word.to_owned()));
    assert_eq!(check("--require-signature --key maintainer.key.pub"), told(0, "verified"));
    assert_eq!(check("--require-signature --keys ."), told(0, "verified"));
    assert_eq!(check("--require-signature --key other.key.pub"), told(2, "unverified"));
    assert_eq!(check(""), told(0, "unverified"));
    edit(&folder(&world, "1.0.0").join("manifest.json"), "\"quality\": 0.5", "\"quality\": 0.1");
    let loosened = world.call("golden check pumps@1.0.0 --key maintainer.key.pub");
    assert_eq!(loosened.exit, Some(2), "{}", loosened.transcript());
}

#[test]
fn versions_are_compared_and_numbers_must_say_the_step() {
    let world = sealed();
    place(&world, "1.0.1");
    let next = folder(&world, "1.0.1");
    edit(&next.join("manifest.json"), "\"title\"", "\"parent\": \"1.0.0\", \"title\"");
    edit(&next.join("items.jsonl"), "How many", "How few");
    transcript(&world, "golden-seal-small-step", "golden seal pumps@1.0.1");
    edit(&next.join("manifest.json"), "\"parent\": \"1.0.0\", ", "");
    assert_eq!(world.call("golden seal pumps@1.0.1").exit, Some(0));
    transcript(&world, "golden-diff-small-step", "golden diff pumps@1.0.0 pumps@1.0.1");
    let told = world.call("golden diff pumps@1.0.0 pumps@1.0.0 --format json");
    assert_eq!((told.exit, told.json()["same"].as_u64()), (Some(0), Some(4)));
}

#[test]
fn a_set_is_counted_with_what_it_can_show() {
    let world = sealed();
    transcript(&world, "golden-stats", "golden stats pumps@1.0.0");
    let told = world.call("golden stats pumps@1.0.0 --format json").json();
    assert_eq!(told["counts"]["all"]["items"], 4);
    assert_eq!(told["showable"][0]["gate"], "quality");
    let world = drafted();
    edit(
        &folder(&world, "1.0.0").join("manifest.json"),
        "\"slices\"",
        "\"cluster\": \"language\", \"slices\"",
    );
    assert_eq!(world.call("golden seal pumps@1.0.0").exit, Some(0));
    let told = world.call("golden stats pumps@1.0.0").stdout;
    assert!(told.contains("3 of its items in 1 clusters: cannot be shown; 27.0 % at best"), "{told}");
}

#[test]
fn answers_are_scored_against_bars_baseline_and_themselves() {
    let world = sealed();
    transcript(&world, "golden-score", "golden score pumps@1.0.0 answers.jsonl");
    let answers = world.path().join("answers.jsonl");
    fs::copy(&answers, world.path().join("before.jsonl")).expect("a copy");
    edit(&answers, "lose 10 drops", "lose 12 drops");
    let worse = "golden score pumps@1.0.0 answers.jsonl --baseline before.jsonl --again before.jsonl";
    transcript(&world, "golden-score-worse", worse);
    let told = world.call(&format!("{worse} --format json"));
    assert_eq!(told.last_line(), "verdict=fail exit=1 reason=critical");
    assert_eq!(told.json()["baseline"]["critical_lost"][0], "seal");
    assert!(!told.stdout.contains("drops per minute") && !told.stderr.contains("drops per minute"));
    let smoke = world.call("golden score pumps@1.0.0 answers.jsonl --split smoke --format json").json();
    assert_eq!(smoke["answers"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_the_runtime_refused_is_told_in_words_and_in_json() {
    let world = sealed();
    let answers = world.path().join("answers.jsonl");
    edit(&answers, "\"text\": \"The documents do not say.\"", "\"text\": \"\", \"finish\": \"refused\"");
    let words = world.call("golden score pumps@1.0.0 answers.jsonl").stdout;
    assert!(words.contains("unanswerable: 0 abstained, 0 answered, 1 refused by the runtime"), "{words}");
    let told = world.call("golden score pumps@1.0.0 answers.jsonl --format json").json();
    let cells = told["judged"]["cells"].as_object().expect("the cells");
    assert_eq!((cells.len(), cells["unanswered_unanswerable"].as_u64()), (6, Some(1)), "{cells:?}");
}

#[test]
fn few_answers_prove_nothing_and_wrong_ones_fail() {
    let world = sealed();
    let first = fs::read_to_string(world.path().join("answers.jsonl")).expect("answers");
    world.write("few.jsonl", &first.lines().take(1).map(|line| line.to_owned() + "\n").collect::<String>());
    transcript(&world, "golden-score-few", "golden score pumps@1.0.0 few.jsonl");
    let wrong = ["seal", "bearing", "rates"].map(|id| format!("{{\"id\": \"{id}\", \"text\": \"42\"}}\n"));
    world.write("wrong.jsonl", &wrong.concat());
    let spoken = world.call("golden score pumps@1.0.0 wrong.jsonl");
    assert_eq!(spoken.last_line(), "verdict=fail exit=1 reason=quality");
    world.write("unknown.jsonl", "{\"id\": \"seals\", \"text\": \"a secret\"}\n");
    transcript(&world, "golden-score-unknown", "golden score pumps@1.0.0 unknown.jsonl");
    assert_eq!(world.call("golden score pumps@1.0.0").exit, Some(2));
}
