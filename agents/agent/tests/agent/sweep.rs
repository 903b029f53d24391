//! `sweep`: whatever a session may have left on its device is streamed, place by place.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use edgesoak_agent::sha256_hex;
use edgesoak_protocol::sweep::{Piece, SweepReader};

/// A device's files and programs, with one marked text in each place.
struct Left(tempfile::TempDir);

impl Left {
    fn of_android() -> Self {
        let left = Self(tempfile::tempdir().expect("a folder"));
        for (file, mark) in [
            ("home/sessions/run/one/scratch/runtime.log", "mark-session"),
            ("home/sessions/run/one/journal", "mark-journal"),
            ("home/stray.txt", "mark-home"),
            ("home/store/0000", "mark-store"),
            ("root/tmp/a/b.tmp", "mark-temp"),
            ("root/data/local/tmp/x", "mark-local"),
            ("root/data/log/runtime.log", "mark-logs"),
            ("root/real/Android/data/app/cache", "mark-app"),
            ("root/data/tombstones/tombstone_00", "mark-tombstone"),
        ] {
            left.put(file, mark);
        }
        std::os::unix::fs::symlink(left.path("root/real"), left.path("root/sdcard")).expect("a link");
        left.put_program(
            "logcat",
            "[ \"$*\" = '-b all -d' ] && echo mark-logcat; [ \"$2\" = crash ] && echo mark-crash; exit 0",
        );
        left.put_program("dumpsys", "[ \"$*\" = 'dropbox --print' ] && echo mark-dropbox");
        let model = b"mark-artifact, which is what its name says";
        left.put(&format!("home/store/{}", sha256_hex(model)), std::str::from_utf8(model).expect("ASCII"));
        left
    }

    fn path(&self, below: &str) -> std::path::PathBuf {
        self.0.path().join(below)
    }

    fn put(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("a folder")).expect("room");
        fs::write(path, text).expect("room");
    }

    fn put_program(&self, name: &str, script: &str) {
        self.put(&format!("programs/{name}"), &format!("#!/bin/sh\n{script}\n"));
        let path = self.path(&format!("programs/{name}"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("ours");
    }

    /// Texts by place, with what could not be read.
    fn swept(&self) -> BTreeMap<String, (String, Vec<String>)> {
        let output = Command::new(env!("CARGO_BIN_EXE_edgesoak-agent"))
            .args(["sweep", "--session", "run/one", "--home"])
            .arg(self.path("home"))
            .arg("--root")
            .arg(self.path("root"))
            .arg("--programs")
            .arg(self.path("programs"))
            .output()
            .expect("the agent starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        read(&output.stdout)
    }
}

fn read(stream: &[u8]) -> BTreeMap<String, (String, Vec<String>)> {
    let (mut reader, mut places) = (SweepReader::default(), BTreeMap::new());
    let (mut place, mut is_whole) = (String::new(), false);
    reader.feed(stream);
    while let Some(piece) = reader.next_piece().expect("whole pieces") {
        let told: &mut (String, Vec<String>) = places.entry(place.clone()).or_default();
        match piece {
            Piece::Place { name } => place = name,
            Piece::File { .. } => {}
            Piece::Bytes { bytes } => told.0.push_str(&String::from_utf8_lossy(&bytes)),
            Piece::Unread { why } => told.1.push(why),
            Piece::End {} => is_whole = true,
        }
    }
    assert!(is_whole);
    places
}

#[test]
fn every_place_of_a_phone_is_told() {
    let left = Left::of_android();
    let swept = left.swept();
    for (place, marks) in [
        ("session", &["mark-session", "mark-journal"][..]),
        ("home", &["mark-home", "mark-store"]),
        ("temp", &["mark-temp", "mark-local"]),
        ("logs", &["mark-logs"]),
        ("app-files", &["mark-app"]),
        ("tombstones", &["mark-tombstone"]),
        ("dropbox", &["mark-dropbox"]),
        ("logcat", &["mark-logcat"]),
        ("crash-buffer", &["mark-crash"]),
    ] {
        let (text, unread) = swept.get(place).unwrap_or_else(|| panic!("no place {place}: {swept:?}"));
        assert!(marks.iter().all(|mark| text.contains(mark)), "{place}: {text}");
        assert_eq!(unread, &[""; 0], "{place}");
    }
    let all: String = swept.values().map(|(text, _)| text.as_str()).collect();
    assert!(!all.contains("mark-artifact"), "what has its planned digest was there before");
    assert_eq!(all.matches("mark-session").count(), 1, "nothing is told twice");
}

#[test]
fn what_cannot_be_read_is_told_and_a_board_has_other_places() {
    let left = Left::of_android();
    left.put_program("dumpsys", "echo half; exit 20");
    let swept = left.swept();
    assert_eq!(swept["dropbox"].1, ["dumpsys dropbox --print: ended with an error"]);
    assert!(swept["dropbox"].0.contains("half"));
    fs::remove_dir_all(left.path("programs")).expect("ours");
    let swept = left.swept();
    assert!(!swept.contains_key("logcat") && swept.contains_key("crashes"), "{:?}", swept.keys());
}

#[test]
fn what_was_there_before_the_session_came_is_none_of_it() {
    let left = Left::of_android();
    // A folder changes when a session is made in it.
    let run = left.path("home/sessions/run");
    let wait_for_a_later_time = |path: &Path| {
        let changed = |path: &Path| {
            let found = fs::metadata(path).expect("there");
            let nanos = std::os::unix::fs::MetadataExt::ctime_nsec(&found);
            (std::os::unix::fs::MetadataExt::ctime(&found), nanos)
        };
        while changed(path) <= changed(&left.path("root/tmp/a/b.tmp")) {
            fs::create_dir(path.join("two")).expect("room");
            fs::remove_dir(path.join("two")).expect("ours");
        }
    };
    wait_for_a_later_time(&run);
    let swept = left.swept();
    assert_eq!(swept.get("temp").map(|(text, _)| text.as_str()), Some(""));
    assert!(swept["session"].0.contains("mark-session"), "its own folder is told whole");
}
