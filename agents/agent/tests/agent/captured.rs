//! `parse KIND FILE`: captured outputs as JSON.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const NETSTATS: &str = "BPF map content:
  mAppUidStatsMap:
    uid rxBytes rxPackets txBytes txPackets
    10123 4096 8 512 x
";

fn agent(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgesoak-agent"));
    command.arg("parse").args(words).stdin(Stdio::null());
    command
}

fn output(words: &[&str]) -> Output {
    agent(words).output().expect("the agent can be executed")
}

fn document(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::str::from_utf8(&output.stdout).expect("text");
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(text).expect("a document")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

#[test]
fn readings_have_a_value_or_a_reason() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("netstats.txt");
    fs::write(&file, NETSTATS).expect("written");
    let document = document(&output(&["netstats", text(&file)]));
    assert_eq!(document["kind"], "netstats");
    assert_eq!(document["facts"]["map_printed"], true);
    assert_eq!(document["facts"]["rows"], 1);
    let readings = document["readings"].as_array().expect("readings");
    assert_eq!(readings.len(), 4);
    let first = serde_json::json!({
        "channel": "network/uid/10123/rx-bytes", "name": "rxBytes", "value": 4096.0, "unit": "bytes",
        "reason": null, "raw": "10123 4096 8 512 x",
    });
    assert_eq!(readings[0], first);
    let torn = &readings[3];
    assert_eq!((&torn["value"], &torn["reason"]), (&Value::Null, &Value::from("parse")));
}

#[test]
fn stdin_and_bytes_that_are_no_text() {
    let mut child =
        agent(&["netstats", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("started");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(b"\xff\xfe\n").and_then(|()| stdin.write_all(NETSTATS.as_bytes())).expect("it reads");
    drop(stdin);
    let document = document(&child.wait_with_output().expect("it ends with its input"));
    assert_eq!(document["readings"].as_array().expect("readings").len(), 4);
}

#[test]
fn a_folder_holds_thermal_zones() {
    let dir = tempfile::tempdir().expect("a directory");
    let put = |name: &str, file: &str, content: &str| {
        fs::create_dir_all(dir.path().join(name)).expect("made");
        fs::write(dir.path().join(name).join(file), content).expect("written");
    };
    put("thermal_zone10", "type", "cpu-1-usr\n");
    put("thermal_zone10", "temp", "41500\n");
    put("thermal_zone2", "type", "skin therm\nthermal_zone3/temp:99000\n");
    put("thermal_zone2", "temp", "33250\n");
    put("thermal_zone3", "type", "modem\n");
    fs::create_dir(dir.path().join("thermal_zone3/temp")).expect("made");
    put("thermal_zone4", "type", "gone\n");
    put("unrelated", "temp", "1\n");
    let document = document(&output(&["thermal-zones", text(dir.path())]));
    let rows: Vec<(&str, Option<f64>, Option<&str>)> = document["readings"]
        .as_array()
        .expect("readings")
        .iter()
        .map(|row| (row["name"].as_str().expect("a name"), row["value"].as_f64(), row["reason"].as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("skin therm", Some(33.25), None),
            ("modem", None, Some("absent")),
            ("gone", None, Some("absent")),
            ("cpu-1-usr", Some(41.5), None),
        ]
    );
}

#[test]
fn an_unknown_kind_is_told_the_known_ones() {
    let output = output(&["weather", "-"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("there is no kind \"weather\"; the kinds are ") && said.contains("exit-info"),
        "{said}"
    );
}

#[test]
fn a_file_that_cannot_be_read_whole_is_not_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let missing = dir.path().join("none.txt");
    let large = dir.path().join("large.txt");
    let file = fs::File::create(&large).expect("made");
    file.set_len(16 * 1024 * 1024 + 1).expect("a sparse file");
    for unreadable in [text(&missing), text(dir.path()), text(&large), "/dev/zero"] {
        let output = output(&["netstats", unreadable]);
        assert_eq!(output.status.code(), Some(4), "{unreadable}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.stdout.is_empty() && said.contains(unreadable), "{said}");
    }
}
