//! Files over the real ADB server.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use edgesoak_virtual_phone::adbd::{Access, Features};

use crate::bench::Bench;
use crate::server::Server;

/// Bytes that are all over the place, the same every time.
fn bytes(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn text(path: &Path) -> &str {
    path.to_str().expect("plain letters")
}

fn round_trip(bench: &Bench, length: usize) {
    let Some(server) = Server::with(bench) else { return };
    let home = tempfile::tempdir().expect("a folder");
    let (here, back) = (home.path().join("here"), home.path().join("back"));
    let there = bench.path("new/folder/there");
    let sent = bytes(length);
    fs::write(&here, &sent).expect("the file is written");
    fs::set_permissions(&here, fs::Permissions::from_mode(0o640)).expect("it is ours");
    server.done(bench, &["push", text(&here), text(&there)]);
    assert!(fs::read(&there).expect("it is there") == sent, "what came is what was sent");
    let mode = fs::metadata(&there).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode, 0o666, "the user's rights are everybody's, as adbd has it");
    server.done(bench, &["pull", text(&there), text(&back)]);
    assert!(fs::read(&back).expect("it is back") == sent, "what came back is what was sent");
}

#[test]
fn twenty_megabytes_go_there_and_back() {
    round_trip(&Bench::current(), 20_000_000);
}

#[test]
fn an_old_device_takes_small_messages() {
    round_trip(&Bench::new(Features::Old, Access::Granted), 3_000_000);
}

#[test]
fn folders_are_listed_and_links_come_over() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    fs::write(bench.path("one"), b"1").expect("the file is written");
    fs::create_dir(bench.path("sub")).expect("the folder is made");
    let listed = server.done(&bench, &["ls", text(bench.folder())]).text();
    let mut names: Vec<_> = listed.lines().filter_map(|line| line.split(' ').nth(3)).collect();
    names.sort_unstable();
    assert_eq!(names, [".", "..", "one", "sub"]);
    assert_eq!(server.done(&bench, &["ls", text(&bench.path("none"))]).text(), "");
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("tree")).expect("the folder is made");
    for name in ["a", "b", "c"] {
        fs::write(home.path().join("tree").join(name), name).expect("the file is written");
    }
    server.done(&bench, &["push", text(&home.path().join("tree")), text(bench.folder())]);
    assert_eq!(fs::read(bench.path("tree/c")).expect("it is there"), b"c");
    server.done(&bench, &["pull", text(&bench.path("tree")), text(&home.path().join("back"))]);
    assert_eq!(fs::read(home.path().join("back/b")).expect("it is back"), b"b");
}

#[test]
fn what_cannot_be_written_says_why() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let home = tempfile::tempdir().expect("a folder");
    let here = home.path().join("here");
    fs::write(&here, bytes(3_000_000)).expect("the file is written");
    let refused = |target: &str| {
        let said = server.on(&bench, &["push", text(&here), target]);
        assert_eq!(said.code, Some(1), "{said:?}");
        format!("{}{}", said.text(), said.err)
    };
    // Files that no system lets anybody make or fill.
    let said = refused("/proc/no-such-thing");
    assert!(said.contains("remote couldn't create file: "), "{said}");
    let said = refused("/dev/full");
    assert!(said.contains("remote write failed: No space left on device"), "{said}");
    fs::write(bench.path("file"), b"").expect("the file is written");
    let said = refused(text(&bench.path("file/below")));
    assert!(said.contains("Not a directory"), "{said}");
    let said = server.on(&bench, &["pull", "/nowhere/at/all", text(&here)]);
    assert!(
        said.err.contains("No such file or directory") || said.text().contains("No such file"),
        "{said:?}"
    );
    // The device is as ready as before.
    server.done(&bench, &["push", text(&here), text(&bench.path("there"))]);
}
