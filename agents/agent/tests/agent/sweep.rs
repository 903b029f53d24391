//! `sweep`: whatever a session may have left on its device is streamed, place by place.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use edgesoak_agent::sha256_hex;
use edgesoak_protocol::journal::{Header, write_header};
use edgesoak_protocol::sweep::{Piece, SweepReader};
use edgesoak_sensors::clocks;

/// A device's files and programs, with one marked text in each place.
struct Left(tempfile::TempDir);

impl Left {
    fn of_android() -> Self {
        let left = Self(tempfile::tempdir().expect("a folder"));
        for (file, mark) in [
            ("home/sessions/run/one/scratch/runtime.log", "mark-session"),
            ("root/proc/sys/kernel/random/boot_id", "this-boot"),
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
        left.put_journal(0);
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

    /// The journal of a session that began when the clock was so far ahead of where it is now, nanoseconds.
    fn put_journal(&self, ahead: u64) {
        let header = Header {
            run: "run".to_owned(),
            session: "one".to_owned(),
            boot_id: "this-boot".to_owned(),
            mono_ns: clocks::mono_ns(),
            boottime_ns: clocks::boottime_ns(),
            wall_ns: clocks::wall_ns() + ahead,
            agent: "mark-journal".to_owned(),
            is_virtual: true,
            groups: Vec::new(),
            channels: Vec::new(),
        };
        fs::write(self.path("home/sessions/run/one/journal"), write_header(&header)).expect("room");
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
    fs::remove_file(left.path("programs/logcat")).expect("ours");
    assert_eq!(
        left.swept()["logcat"].1,
        ["logcat -b all -d: there is no such program"],
        "a phone all the same"
    );
    fs::remove_dir_all(left.path("programs")).expect("ours");
    let swept = left.swept();
    assert!(!swept.contains_key("logcat") && swept.contains_key("crashes"), "{:?}", swept.keys());
}

#[test]
fn the_journal_of_a_board_is_asked_since_the_session_came() {
    let left = Left::of_android();
    fs::remove_dir_all(left.path("programs")).expect("ours");
    let journal = |left: &Left| left.swept()["system-journal"].clone();
    assert_eq!(journal(&left), (String::new(), Vec::new()), "a board without one");
    fs::create_dir_all(left.path("root/run/log/journal")).expect("room");
    let (text, unread) = journal(&left);
    assert!(text.is_empty() && unread[0].ends_with("there is no such program"), "{unread:?}");
    left.put_program("journalctl", "echo \"mark-journald $*\"");
    let (text, unread) = journal(&left);
    assert!(text.starts_with("mark-journald --no-pager --output=export --since=@1"), "{text}");
    assert_eq!(unread, [""; 0]);
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
    left.put_journal(3_600_000_000_000);
    assert!(left.swept()["temp"].0.contains("mark-temp"), "the clock was set back by an hour since");
    left.put("home/sessions/run/one/journal", "torn");
    assert!(left.swept()["temp"].0.contains("mark-temp"), "nothing tells what the clock did");
}
