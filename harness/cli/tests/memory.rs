//! What a candidate will take of a device's memory, told before it is pushed, and refused where it is too much.

mod world;

use std::os::unix::fs::symlink;

use sha2::{Digest, Sha256};
use world::World;

/// A GGUF file with a header that describes 24 layers of 4 KV heads, and one tensor.
fn model() -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
    let numbers = [
        ("block_count", 24_u32),
        ("embedding_length", 1024),
        ("feed_forward_length", 4096),
        ("attention.head_count", 16),
        ("attention.head_count_kv", 4),
        ("vocab_size", 32_000),
    ];
    let mut bytes = [&b"GGUF"[..], &3_u32.to_le_bytes(), &1_u64.to_le_bytes()].concat();
    bytes.extend((numbers.len() as u64 + 1).to_le_bytes());
    bytes.extend([&text("general.architecture")[..], &8_u32.to_le_bytes(), &text("llama")].concat());
    for (key, number) in numbers {
        bytes.extend(
            [&text(&format!("llama.{key}"))[..], &4_u32.to_le_bytes(), &number.to_le_bytes()].concat(),
        );
    }
    bytes.extend([&text("output_norm.weight")[..], &1_u32.to_le_bytes(), &1024_u64.to_le_bytes()].concat());
    bytes.extend([&0_u32.to_le_bytes()[..], &0_u64.to_le_bytes(), &[0; 4096 + 32]].concat());
    bytes
}

/// A world whose device has a budget of 128 MiB, and beside the scripted candidate one that needs more.
fn world() -> World {
    let world = World::new();
    let bytes = model();
    std::fs::write(world.path().join("large.gguf"), &bytes).expect("room");
    let sha256 = edgesoak_record::hex(&Sha256::digest(&bytes));
    let matrix =
        world.matrix().replace("hardware_heat = false", "hardware_heat = false\nmemory_budget = \"128 MiB\"");
    let large = format!(
        "\n[candidate.large]\nroutes = [\"policy_qa\"]\nruntime = \"gguf-runner\"\nartifact = {{ path = \"large.gguf\", \
         sha256 = \"{sha256}\" }}\nplacement = \"cpu\"\noptions = {{ context = 4096 }}\n"
    );
    world.write("device_matrix.toml", &(matrix + &large));
    world
}

/// What a plan says in front of its settings.
fn told(plan: &str) -> String {
    plan.split("\nSettings\n").next().expect("a begin").to_owned()
}

#[test]
fn a_plan_shows_what_is_over_its_budget_and_why() {
    let world = world();
    let spoken = world.call("plan");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.stderr);
    insta::assert_snapshot!("plan-over-budget", told(&spoken.stdout));
    let outlook = &world.call("plan --format json").json()["memory"];
    assert_eq!(outlook["s02"]["predicted"]["parts"][1]["what"], "kv_cache", "{outlook}");
    assert_eq!(outlook["s02"]["predicted"]["parts"][1]["bytes"], 96 << 20);
    assert_eq!(
        outlook["s01"]["not_predicted"],
        "only what `gguf-runner` takes is known, not `scripted-runner`"
    );
    let wide = world.matrix().replace("128 MiB", "1 GiB");
    world.write("device_matrix.toml", &wide);
    let fits = told(&world.call("plan").stdout);
    assert!(fits.contains("predicted; the memory_budget of host is 1024 MiB"), "{fits}");
}

#[test]
fn what_is_explained_is_what_is_planned() {
    let world = world();
    let (explained, planned) = (world.call("explain memory_prediction").stdout, world.call("plan").stdout);
    for (formula, figures) in [
        (
            "(36 x embedding + 5 x feed-forward + 4 x context) bytes + 1.5 MiB",
            "(36 x 1024 + 5 x 4096 + 4 x 4096) bytes + 1.5 MiB",
        ),
        ("8 MiB of program and 352 bytes per token of the vocabulary", "8 MiB + 32000 tokens x 352 bytes"),
        ("x tokens of context in steps of 256, x 2 bytes", "x 4096 tokens x 2 bytes (f16)"),
    ] {
        assert!(explained.contains(formula), "{formula}\n{explained}");
        assert!(planned.contains(figures), "{figures}\n{planned}");
    }
}

#[test]
fn a_run_leaves_out_what_is_over_its_budget_and_measures_the_rest() {
    let world = world();
    // The engine is never started: that there is a program of its name is enough.
    let programs = world.path().join("programs");
    std::fs::create_dir(&programs).expect("room");
    for name in ["edgesoak-agent", "edgesoak-scripted-runner"] {
        symlink(world::agents_with(&[]).join(name), programs.join(name)).expect("a link");
    }
    std::fs::write(programs.join("edgesoak-gguf-runner"), "never run").expect("room");
    let run = world.call_with("run", &programs);
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    assert!(run.last_line().ends_with("reason=memory_over_budget"), "{}", run.last_line());
    let verdict = world.call("judge latest --format json").json();
    let session = |name: &str| {
        let sessions = verdict["sessions"].as_array().expect("sessions");
        sessions.iter().find(|session| session["session"] == name).expect("a session").clone()
    };
    let sentence = session("s02")["sentence"].as_str().expect("a sentence").to_owned();
    let words = "the session was not run";
    assert!(sentence.to_lowercase().contains(words) && sentence.contains("for large"), "{sentence}");
    assert!(sentence.contains("the memory_budget of host is 128 MiB"), "{sentence}");
    let alive = |session: &serde_json::Value| {
        let gates = session["gates"].as_array().expect("gates");
        gates.iter().find(|gate| gate["gate"] == "runtime_alive").expect("a gate")["outcome"].clone()
    };
    assert_eq!(alive(&session("s01")), "pass", "the other candidate was measured");
    assert_eq!(world.call("report latest --output report.html").exit, Some(0));
    let html = std::fs::read_to_string(world.path().join("report.html")).expect("a report");
    assert!(
        html.contains("Memory predicted") && html.contains("96 KV heads in 24 layers"),
        "the parts are shown"
    );
}
