//! The whole way once: matrix, agent, scripted runner, journal, database, verdict, report.

mod world;

use std::fs;

use world::{World, gate};

#[test]
fn a_short_soak_is_measured_but_proves_no_floor() {
    let world = World::new();
    let spoken = world.call("run --format json");
    let run = spoken.json();
    assert_eq!(spoken.exit, Some(3), "{}", spoken.stderr);
    assert_eq!(run["verdict"], "not_proven");
    let reason = run["reason"].as_str().expect("a word");
    assert_eq!(spoken.last_line(), format!("verdict=not_proven exit=3 reason={reason}"));
    assert_eq!(gate(&run, "floor_tps")["outcome"], "not_proven");
    assert_eq!(gate(&run, "floor_tps")["cause"], "too_short");
    for held in ["artifact", "placement", "journal", "runtime_alive"] {
        assert_eq!(gate(&run, held)["outcome"], "pass", "{held}: {}", gate(&run, held)["sentence"]);
    }
    assert!(gate(&run, "ttft_p50")["n"].as_u64().expect("a count") >= 2, "several prompts fit into the soak");
    let page =
        fs::read_to_string(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert!(page.contains("NOT PROVEN") && page.contains("this-machine"));
    for journal in run["journals"].as_array().expect("a list") {
        let bytes = fs::read(world.path().join(journal.as_str().expect("a path"))).expect("a journal");
        assert_eq!(&bytes[..8], b"EDGESOAK");
    }
}

#[test]
fn a_tier_that_owes_no_floor_is_green_when_integrity_holds() {
    let world = World::new();
    let spoken = world.call("run --profile smoke --format json");
    assert_eq!(spoken.exit, Some(0), "{}\n{}", spoken.stdout, spoken.stderr);
    assert_eq!(spoken.last_line(), "verdict=pass exit=0 reason=pass");
}

#[test]
fn nothing_that_leaves_a_local_route_is_missed() {
    let owing = |args: &str| {
        let world = World::with_runner_args(args);
        let smoke = "[policy.tier.smoke]\nblocking = [";
        world.write("device_matrix.toml", &world.matrix().replace(smoke, &format!("{smoke}\"privacy\", ")));
        world
    };
    let world = owing("\"--prefill-ms\", \"10\"");
    let spoken = world.call("run --profile smoke --format json");
    let run = spoken.json();
    let privacy = gate(&run, "privacy");
    let sentence = privacy["sentence"].as_str().expect("a sentence");
    if privacy["outcome"] == "not_proven" && sentence.contains("no proof that there was none") {
        return println!("skipped: this system does not cut off: {sentence}");
    }
    assert_eq!((&privacy["outcome"], spoken.exit), (&"pass".into(), Some(0)), "{sentence}");
    assert!(sentence.starts_with("Proof of grade A: "), "{sentence}");
    let page = world.path().join(run["report"].as_str().expect("a path"));
    assert!(fs::read_to_string(page).expect("a report").contains("Proof of grade A: "));
    let spoken = owing("\"--connect\", \"192.0.2.1:443\"").call("run --profile smoke --format json");
    let run = spoken.json();
    let sentence = gate(&run, "privacy")["sentence"].as_str().expect("a sentence");
    assert_eq!((spoken.exit, run["verdict"].as_str()), (Some(1), Some("fail")), "{sentence}");
    assert!(sentence.contains("connect (inet, tcp) to 192.0.2.1 port 443 by "), "{sentence}");
}

#[test]
fn stored_data_is_judged_to_the_same_bytes_again_and_after_a_rebuild() {
    let world = World::new();
    let run = world.call("run --format json").json();
    let first = world.call("judge latest --format json");
    assert_eq!(first.json()["sessions"], run["sessions"]);
    assert_eq!(first.stdout, world.call("judge latest --format json").stdout);
    let explained = world.call("explain duty_cycle latest --format json").json();
    let duty = first.json()["sessions"][0]["gates"].as_array().cloned().unwrap_or_default();
    let duty = duty.into_iter().find(|gate| gate["gate"] == "duty_cycle").expect("every session has it");
    assert_eq!(explained["sessions"][0]["result"], duty);
    let checked = world.call("store check");
    assert_eq!(checked.exit, Some(0), "{}", checked.transcript());
    assert_eq!(world.call("store rebuild").exit, Some(0));
    assert_eq!(world.call("judge latest --format json").stdout, first.stdout);
    let page = fs::read(world.path().join(run["report"].as_str().expect("a path"))).expect("a report");
    assert_eq!(world.call("report latest --output again.html").exit, Some(0));
    assert_eq!(fs::read(world.path().join("again.html")).expect("a report"), page);
}

#[test]
fn a_damaged_database_is_named_and_made_again() {
    let world = World::new();
    let run = world.call("run --format json").json();
    let verdict = world.call("judge latest --format json").stdout;
    let database = world.path().join(run["db"].as_str().expect("a path"));
    fs::write(&database, "not a database").expect("damage");
    let judged = world.call("judge latest");
    assert_eq!(judged.exit, Some(4), "{}", judged.transcript());
    assert!(judged.stderr.contains("store rebuild"), "{}", judged.stderr);
    fs::remove_file(&database).expect("moved away");
    assert_eq!(world.call("store rebuild").exit, Some(0));
    assert_eq!(world.call("judge latest --format json").stdout, verdict);
}

/// What `junit.xml` of a world says: counts of the root, and the ending of the run's own case.
fn junit(world: &World, path: &str) -> (String, String) {
    let xml = fs::read_to_string(world.path().join(path)).expect("JUnit XML");
    let document = roxmltree::Document::parse(&xml).expect("XML");
    let first = document.descendants().find(|node| node.has_tag_name("testcase")).expect("a case");
    let ending = first.children().find(roxmltree::Node::is_element);
    let kind = ending.and_then(|ending| ending.attribute("type")).unwrap_or("passed").to_owned();
    (document.root_element().attribute("tests").expect("a count").to_owned(), kind)
}

#[test]
fn a_run_is_told_to_machines_that_build() {
    let world = World::new();
    assert_eq!(world.call("run --report junit=ci/junit.xml").exit, Some(3));
    let (tests, kind) = junit(&world, "ci/junit.xml");
    assert!(tests.parse::<usize>().expect("a count") > 5, "{tests}");
    assert_eq!(kind, "not_proven");
    let beside = world.call("report latest --format junit --output again.xml");
    assert_eq!((beside.exit, beside.stdout.as_str()), (Some(0), "Report: again.xml\n"));
    let bytes = |path: &str| fs::read(world.path().join(path)).expect("a file");
    assert_eq!(bytes("again.xml"), bytes("ci/junit.xml"));
    let human = world.call("report latest --format junit");
    assert!(human.stdout.trim_end().ends_with("/junit.xml"), "{}", human.stdout);
    // A run that comes to nothing leaves neither the results of the run before it nor none.
    assert_eq!(world.call("run --profile quik --report junit=ci/junit.xml").exit, Some(2));
    assert_eq!(junit(&world, "ci/junit.xml"), ("1".to_owned(), "infra".to_owned()));
    let resumed = world.call("resume latest --report junit=ci/junit.xml");
    assert_eq!(resumed.exit, Some(3), "{}", resumed.transcript());
    assert_eq!(bytes("again.xml"), bytes("ci/junit.xml"));
    fs::write(world.path().join("file"), "no folder").expect("a file");
    let refused = world.call("run --report junit=file/junit.xml");
    assert_eq!(refused.exit, Some(4), "{}", refused.transcript());
    assert!(refused.stderr.contains("cannot write the report to file/junit.xml"), "{}", refused.stderr);
}

/// How many runs a world has.
fn runs(world: &World) -> usize {
    fs::read_dir(world.path().join("edgesoak-out/runs")).expect("runs").count()
}

#[test]
fn a_verdict_stands_in_the_place_of_a_run_where_nothing_has_changed() {
    let world = World::new();
    let first = world.call("run --profile smoke --format json");
    assert_eq!(first.exit, Some(0), "{}", first.transcript());
    let again = world.call("run --profile smoke --reuse 7d --report junit=junit.xml --format json");
    assert_eq!((again.exit, again.last_line()), (first.exit, first.last_line()), "{}", again.stderr);
    assert_eq!(runs(&world), 1, "{}", again.stderr);
    let (first, again) = (first.json(), again.json());
    assert_eq!((&again["run"], &again["sessions"]), (&first["run"], &first["sessions"]));
    let words = again["reused"]["sentence"].as_str().expect("marked").to_owned();
    assert!(words.starts_with("Nothing was run: this is the verdict of run "), "{words}");
    assert_eq!(first["reused"], serde_json::Value::Null);
    let read = |path: &str| fs::read_to_string(world.path().join(path)).expect("a file");
    assert!(read("junit.xml").contains("name=\"reused\""));
    let page = again["report"].as_str().expect("a page");
    assert!(page.ends_with("/reused.html") && read(page).contains("Nothing was run: this is the verdict"));
    let human = world.call("run --profile smoke --reuse 7d");
    assert!(human.stdout.contains("  reused: Nothing was run"), "{}", human.stdout);

    assert_eq!(world.call("run --profile smoke --reuse 0s").exit, Some(0));
    assert_eq!(runs(&world), 2, "none is so young");
    let matrix = read("device_matrix.toml");
    world.write("device_matrix.toml", &matrix.replace("output_tokens = 32", "output_tokens = 33"));
    assert_ne!(read("device_matrix.toml"), matrix);
    assert_eq!(world.call("run --profile smoke --reuse 7d").exit, Some(0));
    assert_eq!(runs(&world), 3, "another plan");

    // One byte more of the runner, which no plan knows of.
    let agents = world.path().join("agents");
    fs::create_dir(&agents).expect("a folder");
    for program in ["edgesoak-agent", "edgesoak-scripted-runner"] {
        fs::copy(world::agents_with(&[]).join(program), agents.join(program)).expect("a copy");
    }
    let runner = agents.join("edgesoak-scripted-runner");
    let program = fs::read(&runner).expect("a runner");
    fs::write(&runner, [program.as_slice(), &[0]].concat()).expect("another runner");
    let other = world.call_with("run --profile smoke --reuse 7d", &agents);
    assert_eq!((other.exit, runs(&world)), (Some(0), 4), "{}", other.transcript());
    assert!(
        other.stderr.contains("the program of runtime scripted-runner is another one"),
        "{}",
        other.stderr
    );
}

#[test]
fn what_was_not_proven_is_run_again() {
    let world = World::new();
    assert_eq!(world.call("run").exit, Some(3));
    assert_eq!(world.call("run --reuse 7d").exit, Some(3));
    assert_eq!(runs(&world), 2);
}
