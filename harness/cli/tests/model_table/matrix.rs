//! Rows of the model table as a matrix, in a world of their own.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use edgesoak_record::plan::Bar;
use sha2::{Digest, Sha256};

use super::fleet::Line;
use super::host::BLOCKING;
use super::world::World;

/// A prompt of the table: 160 tokens of four bytes, with some 28 bytes of the chat template.
const PROMPT_BYTES: usize = 612;

/// Id of a row's device.
pub fn device(number: usize) -> String {
    format!("virtual:row{number}")
}

/// A world whose profile `table` runs these rows, each on a device with bars of its own, in a room that a probe reads.
pub fn world(lines: &[Line], bars: &[Vec<Bar>]) -> World {
    let world = World::new();
    world.write("prompts.jsonl", &prompts());
    world.write("room", &format!("#!/bin/sh\necho {}\n", lines[0].ambient_c));
    let room = world.path().join("room");
    fs::set_permissions(&room, fs::Permissions::from_mode(0o700)).expect("a program");
    world.write("lab.toml", &format!("[probe.room]\ncommand = [\"{}\"]\n", room.display()));
    fs::set_permissions(world.path().join("lab.toml"), fs::Permissions::from_mode(0o600)).expect("ours");
    let mut matrix = head(&lines[0]);
    for (number, (line, bars)) in lines.iter().zip(bars).enumerate() {
        let model = format!("{}.toml", line.candidate);
        world.write(&model, &line.model);
        matrix += &row(number, line, &model, bars);
    }
    world.write("device_matrix.toml", &matrix);
    world
}

fn prompts() -> String {
    let item = |n: u32| {
        let content = format!("{n}{}", " word".repeat(PROMPT_BYTES / 5));
        let messages = serde_json::json!([{ "role": "user", "content": content }]);
        serde_json::json!({ "id": format!("q{n}"), "messages": messages }).to_string() + "\n"
    };
    (1..5).map(item).collect()
}

fn head(line: &Line) -> String {
    let blocking: Vec<&str> = BLOCKING.iter().map(|gate| gate.word()).collect();
    format!(
        "schema = 1\n\
         [policy.tier.table]\nblocking = {blocking:?}\n\
         [profile.table]\ntier = \"table\"\n\
         start_gate = {{ max_over_ambient = \"4 K\", rest = \"0 s\", timeout = \"30 min\" }}\n\
         [route.table]\ntitle = \"Rows of the model table\"\nlocal_only = true\nworkload = \"soak\"\n\
         [workload.soak]\nduration = \"{} ms\"\nprompts = \"prompts.jsonl\"\noutput_tokens = {}\n\
         sample_rate = \"2 Hz\"\n",
        line.soak_ms, line.output_tokens
    )
}

/// The device, the candidate and the bars of a row.
fn row(number: usize, line: &Line, model: &str, bars: &[Bar]) -> String {
    let faults: Vec<&String> = line.fault.iter().collect();
    let sha256 = edgesoak_record::hex(&Sha256::digest(&line.model));
    let mut text = format!(
        "[family.row{number}]\ntitle = \"{name}\"\n\
         [[device]]\nid = \"{id}\"\nfamily = \"row{number}\"\ndriver = \"virtual\"\nambient = \"room\"\n\
         expect = [\"temperature\", \"memory\", \"load\"]\n\
         address = {{ profile = \"{profile}\", seed = {seed}, ambient = \"{ambient} C\", faults = {faults:?} }}\n\
         stop_at = {{ temperature = \"{stop_at} C\", battery = \"1 %\" }}\n\
         [candidate.row{number}]\nfamilies = [\"row{number}\"]\nruntime = \"scripted-runner\"\n\
         artifact = {{ path = \"{model}\", sha256 = \"{sha256}\" }}\nplacement = \"{placement}\"\n\
         options = {{ threads = {threads} }}\n\
         [route.table.bars_for.row{number}]\n",
        id = device(number),
        name = line.name,
        profile = line.profile,
        seed = line.seed,
        ambient = line.ambient_c,
        stop_at = line.stop_at_c.unwrap_or(120.0),
        placement = line.device,
        threads = line.threads,
    );
    for bar in bars {
        writeln!(text, "{} = \"{} {}\"", bar.gate, bar.limit, bar.gate.unit()).expect("memory");
    }
    text
}
