//! `edgesoak report sign`, `verify` and `--redact`: who vouches for a page, offline, and what a forwarded one tells.

mod world;

use std::fs;
use std::path::Path;

use world::World;

/// A world with the page of a run, two keys and a page that is signed by nobody.
fn reported() -> World {
    let world = World::new();
    assert_eq!(world.call("run").exit, Some(3));
    assert_eq!(world.call("report latest --output report.html").exit, Some(0));
    for key in ["manager.key", "qa.key"] {
        assert_eq!(world.call(&format!("key new {key}")).exit, Some(0));
    }
    world
}

/// `report sign` with a name of two words, which `World::call` would part.
fn sign(world: &World, key: &str, name: &str, rest: &str) -> (Option<i32>, String) {
    let mut command = world.edgesoak();
    command.args(["report", "sign", "report.html", "--key", key, "--name", name]);
    command.args(rest.split_whitespace());
    let output = command.output().expect("edgesoak starts");
    let spoken = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("text"));
    (output.status.code(), spoken.concat())
}

const QA: &str = "--role qa --meaning reviewed --at 2026-04-01T09:30:00Z";
const MANAGER: &str =
    "--role release-manager --meaning approved --at 2026-04-02T10:00:00Z --despite-fail rehearsal";

fn signed() -> World {
    let world = reported();
    for (key, name, rest) in [("qa.key", "Bo Example", QA), ("manager.key", "Ada Example", MANAGER)] {
        let (exit, spoken) = sign(&world, key, name, rest);
        assert_eq!(exit, Some(0), "{spoken}");
    }
    world
}

fn verify(world: &World, rest: &str) -> world::Spoken {
    world.call(&format!("report verify report.html {rest}"))
}

/// Without what differs from run to run: digests, keys, the run's id and how long its soak lasted.
fn steady(text: &str) -> String {
    let is_hex = |word: &str| word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_run = |word: &str| word.starts_with("20") && word.contains("-quick-");
    let word = |word: &str| {
        let bare = word.trim_end_matches(')');
        match bare {
            _ if is_hex(bare) => word.replace(bare, "DIGEST"),
            _ if is_run(bare) => "RUN".to_owned(),
            _ => word.to_owned(),
        }
    };
    let line = |line: &str| match line.split_once("this one lasted ") {
        Some((before, _)) => format!("{before}this one lasted SECONDS"),
        None => line.split(' ').map(word).collect::<Vec<_>>().join(" "),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn states(world: &World, rest: &str) -> (Option<i32>, String, Vec<String>) {
    let told = verify(world, &format!("{rest} --format json"));
    let document = told.json();
    let signatures = document["signatures"].as_array().expect("signatures");
    let states =
        signatures.iter().map(|entry| entry["state"].as_str().expect("a state").to_owned()).collect();
    (told.exit, document["standing"].as_str().expect("a standing").to_owned(), states)
}

fn expected(exit: i32, standing: &str, states: &[&str]) -> (Option<i32>, String, Vec<String>) {
    (Some(exit), standing.to_owned(), states.iter().map(ToString::to_string).collect())
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("a text");
    assert!(text.contains(from), "{} holds {from}", path.display());
    fs::write(path, text.replacen(from, to, 1)).expect("the text again");
}

#[test]
fn two_people_sign_and_an_auditor_verifies() {
    let world = reported();
    assert_eq!(states(&world, "--trust qa.key.pub"), expected(3, "not_proven", &[]));
    let (exit, spoken) = sign(&world, "qa.key", "Bo Example", QA);
    assert_eq!(exit, Some(0), "{spoken}");
    insta::assert_snapshot!("sign", steady(&spoken.replace(&*world.path().to_string_lossy(), "WORLD")));
    let sheet = world.path().join("report.html.sig.json");
    let first = fs::read_to_string(&sheet).expect("signatures");
    let (exit, spoken) = sign(&world, "manager.key", "Ada Example", MANAGER);
    assert_eq!(exit, Some(0), "{spoken}");
    let both = fs::read_to_string(&sheet).expect("signatures");
    let entry = first.split_once("[{").expect("entries").1.split_once("}]").expect("one entry").0;
    assert!(both.contains(entry), "an entry that is added touches no other");

    assert_eq!(states(&world, "--trust ."), expected(0, "signed", &["good", "good"]));
    assert_eq!(states(&world, "--trust qa.key.pub"), expected(0, "signed", &["good", "unknown_key"]));
    assert_eq!(states(&world, ""), expected(3, "not_proven", &["unknown_key", "unknown_key"]));
    assert_eq!(states(&world, "--trust . --require-roles qa,release-manager").1, "signed");
    let missing = verify(&world, "--trust . --require-roles qa,legal");
    assert_eq!(missing.exit, Some(3));
    insta::assert_snapshot!("verify", steady(&missing.transcript()));
}

#[test]
fn what_was_altered_is_told_apart() {
    let world = signed();
    let page = world.path().join("report.html");
    let whole = fs::read_to_string(&page).expect("a page");
    edit(&page, "<title>", "<title>SHIP ");
    assert_eq!(states(&world, "--trust ."), expected(1, "broken", &["altered_report", "altered_report"]));
    insta::assert_snapshot!("verify-altered", steady(&verify(&world, "--trust .").transcript()));
    fs::write(&page, whole.replacen("\"verdict\":\"not_proven\"", "\"verdict\":\"pass\"", 1))
        .expect("a page");
    assert_eq!(states(&world, "--trust .").2, ["altered_data", "altered_data"]);
    let digest = "\"policy_digest\":\"";
    let at = whole.find(digest).expect("a policy") + digest.len();
    let other = if whole.as_bytes()[at] == b'0' { "1" } else { "0" };
    fs::write(&page, [&whole[..at], other, &whole[at + 1..]].concat()).expect("a page");
    assert_eq!(states(&world, "--trust .").2, ["other_policy", "other_policy"]);
    // Nothing of an unknown key is proven, and nothing is broken by it.
    assert_eq!(states(&world, ""), expected(3, "not_proven", &["unknown_key", "unknown_key"]));
    fs::write(&page, &whole).expect("the page again");
    assert_eq!(states(&world, "--trust .").1, "signed");

    let sheet = world.path().join("report.html.sig.json");
    edit(&sheet, "Bo Example", "Bo Other");
    assert_eq!(states(&world, "--trust ."), expected(1, "broken", &["wrong_key", "good"]));
}

#[test]
fn keys_are_trusted_for_roles_and_days() {
    let world = signed();
    let list = |qa: &str, manager: &str| {
        let line = |key: &str, terms: &str| {
            let line = fs::read_to_string(world.path().join(key)).expect("a key");
            format!("{} {terms}\n", line.trim_end())
        };
        world.write("signers", &(line("qa.key.pub", qa) + &line("manager.key.pub", manager)));
        states(&world, "--trust signers").2
    };
    assert_eq!(list("roles=qa until=2026-04-01", "roles=release-manager"), ["good", "good"]);
    assert_eq!(list("until=2026-03-31", "roles=qa"), ["expired_key", "wrong_role"]);
    insta::assert_snapshot!("verify-expired", steady(&verify(&world, "--trust signers").transcript()));
    assert_eq!(states(&world, "--trust signers").0, Some(1));
    world.write("signers", "no key\n");
    assert_eq!(verify(&world, "--trust signers").exit, Some(2));
}

#[test]
fn a_rejection_is_never_green() {
    let world = reported();
    let (exit, spoken) = sign(&world, "qa.key", "Bo", "--role qa --meaning rejected");
    assert_eq!(exit, Some(0), "{spoken}");
    assert_eq!(states(&world, "--trust ."), expected(1, "rejected", &["good"]));
}

#[test]
fn what_did_not_pass_is_approved_with_a_reason_alone() {
    let world = reported();
    let approve = "--role release-manager --meaning approved";
    let (exit, spoken) = sign(&world, "manager.key", "Ada Example", approve);
    assert_eq!(exit, Some(2), "{spoken}");
    insta::assert_snapshot!(
        "sign-unexcused",
        steady(&spoken.replace(&*world.path().to_string_lossy(), "WORLD"))
    );
    assert!(!world.path().join("report.html.sig.json").exists());
    for rest in [
        "--role QA --meaning reviewed",
        "--role qa --meaning reviewed --at yesterday",
        "--role qa --meaning reviewed --despite-fail x",
    ] {
        assert_eq!(sign(&world, "qa.key", "Bo", rest).0, Some(2), "{rest}");
    }
    assert_eq!(sign(&world, "qa.key", "two\nlines", "--role qa --meaning reviewed").0, Some(2));
}

#[test]
fn hostile_files_are_refused_in_words() {
    let world = signed();
    let sheet = world.path().join("report.html.sig.json");
    let whole = fs::read_to_string(&sheet).expect("signatures");
    let deep = "[".repeat(50_000);
    let twice = whole.replacen("\"version\":1", "\"version\":1,\"version\":1", 1);
    let spaced = whole.replace(':', ": ");
    let large = format!("{}{}", " ".repeat(300 << 10), whole);
    let newer = whole.replacen("\"version\":1", "\"version\":2", 1);
    for broken in ["", "{}", &deep, &twice, &spaced, &large, &newer] {
        fs::write(&sheet, broken).expect("a file");
        let told = verify(&world, "--trust .");
        assert_eq!((told.exit, told.stdout.as_str()), (Some(2), ""), "{}", told.stderr);
    }
    fs::write(&sheet, [0xff, 0xfe, 0x00]).expect("a file");
    assert_eq!(verify(&world, "--trust .").exit, Some(2));
    fs::remove_file(&sheet).expect("a file");
    std::os::unix::fs::symlink("nowhere", &sheet).expect("a link");
    assert_eq!(verify(&world, "--trust .").exit, Some(2), "a link to nothing is no missing file");

    world.write("other.html", "<!DOCTYPE html><title>SHIP</title>");
    let told = world.call("report verify other.html --trust .");
    assert_eq!(told.exit, Some(2));
    insta::assert_snapshot!("verify-other-origin", told.transcript());
    assert_eq!(world.call("report verify nowhere.html").exit, Some(2));
    assert_eq!(world.call("report verify . --trust .").exit, Some(2), "a folder is no page");
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let world = reported();
    let (exit, spoken) = sign(&world, "qa.key", "Bo \u{202e}elpmaxE", QA);
    assert_eq!(exit, Some(0), "{spoken}");
    let told = verify(&world, "--trust .");
    assert!(
        told.stdout.contains("Bo \u{fffd}elpmaxE") && !told.stdout.contains('\u{202e}'),
        "{}",
        told.stdout
    );
}

#[test]
fn a_redacted_report_names_no_device_in_any_format() {
    let world = reported();
    let device = "this-machine";
    for kind in ["html", "md", "json", "junit", "openmetrics", "annotations", "bencher"] {
        let plain = world.call(&format!("report latest --format {kind} --output -"));
        let redacted = world.call(&format!("report latest --redact --format {kind} --output -"));
        assert_eq!((plain.exit, redacted.exit), (Some(0), Some(0)), "{}", redacted.stderr);
        assert!(plain.stdout.contains(device) || kind == "annotations", "{kind} names the device");
        for secret in [device, "WORLD", "device_matrix.toml", "model.bin", "prompts.jsonl"] {
            assert!(!redacted.stdout.contains(secret), "{kind} tells {secret}");
        }
        let again = world.call(&format!("report latest --redact --format {kind} --output -"));
        assert_eq!(again.stdout, redacted.stdout, "{kind}");
    }
    assert_eq!(world.call("report latest --redact --output report.html").exit, Some(0));
    let (exit, spoken) = sign(&world, "qa.key", "Bo Example", QA);
    assert_eq!(exit, Some(0), "{spoken}");
    let told = verify(&world, "--trust . --format json");
    assert_eq!((told.exit, &told.json()["report"]["redacted"]), (Some(0), &true.into()));

    let over = world.call("report latest --output report.html");
    assert_eq!(over.exit, Some(2), "{}", over.transcript());
    assert!(over.stderr.contains("report.html is signed"), "{}", over.stderr);
    assert_eq!(world.call("report latest --redact --output report.html").exit, Some(0), "the same bytes");
    let beside = world.call("report latest --redact");
    assert!(beside.stdout.trim_end().ends_with("/report.redacted.html"), "{}", beside.transcript());
}
