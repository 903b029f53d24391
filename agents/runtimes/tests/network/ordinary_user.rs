//! The same for a user without rights, who gets a network of its own in a namespace of users.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

const NOBODY: u32 = 65_534;

#[test]
fn an_ordinary_user_is_cut_off_too() {
    if !rustix::process::getuid().is_root() {
        return println!("skipped: who runs this is an ordinary user already");
    }
    let dir = tempfile::tempdir().expect("a folder");
    let program = dir.path().join("network");
    // By a program of its own: a descriptor that another test's child inherits would keep the copy from being executed.
    let own = std::env::current_exe().expect("this program has a path");
    assert!(Command::new("cp").arg(own).arg(&program).status().expect("cp").success());
    for path in [dir.path(), &program] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("its own");
    }
    let ways = ["planted::tcp", "planted::a_child_of_a_child", "planted::a_daemon", "clean::ways_that_stay"];
    let output = Command::new(&program)
        .args(ways)
        .arg("--nocapture")
        .env("TMPDIR", dir.path())
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said} {}", String::from_utf8_lossy(&output.stderr));
    if let Some(skipped) = said.lines().find(|line| line.contains("skipped: ")) {
        return println!("{skipped}");
    }
    assert!(said.contains("5 passed"), "{said}");
}
