//! `edgesoak doctor` on hosts with and without adb.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::attached::{Server, free_port};
use crate::shown::plug;
use crate::world::World;

/// A world whose matrix has a phone behind an adb server at this port.
fn with_a_phone(port: &str) -> World {
    let world = World::new();
    let path = world.path().join("device_matrix.toml");
    let matrix = fs::read_to_string(&path).expect("the matrix");
    let device = format!(
        "\n[[device]]\nid = \"phone\"\nfamily = \"host\"\ndriver = \"adb\"\n\
         address = {{ serial = \"R58N1234ABC\", server = \"127.0.0.1:{port}\" }}\n"
    );
    fs::write(&path, matrix + &device).expect("room");
    world
}

/// A program called adb that says which version it is.
fn fake_adb(world: &World, folder: &str, version: &str) -> String {
    let path = world.path().join(folder);
    fs::create_dir_all(&path).expect("room");
    let words =
        format!("#!/bin/sh\n[ \"$1\" = version ] && printf 'Android Debug Bridge version 1.0.{version}'\n");
    fs::write(path.join("adb"), words).expect("room");
    fs::set_permissions(path.join("adb"), fs::Permissions::from_mode(0o755)).expect("ours");
    path.to_string_lossy().into_owned()
}

/// What the doctor says of adb and USB, where this host's adb server belongs at that port.
fn of_adb(world: &World, port: &str, path: &str) -> (Option<i32>, String) {
    let mut command = world.edgesoak();
    command.arg("doctor").env("PATH", path).env("ANDROID_ADB_SERVER_PORT", port);
    let output = command.output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).replace(&*world.path().to_string_lossy(), "WORLD");
    let mut told = String::new();
    let mut is_kept = false;
    for line in text.lines() {
        let is_hint = line.starts_with(' ');
        is_kept = if is_hint { is_kept } else { line.contains(" adb ") || line.contains(" usb ") };
        if is_kept {
            told = told + line + "\n";
        }
    }
    (output.status.code(), told)
}

#[test]
fn a_host_without_adb_needs_one_where_the_matrix_has_phones() {
    let port = free_port().to_string();
    let (exit, told) = of_adb(&with_a_phone(&port), &port, "/nowhere");
    assert_eq!(exit, Some(2));
    insta::assert_snapshot!("no-adb", told.replace(&port, "PORT"));
    let (exit, told) = of_adb(&World::new(), "1", "/nowhere");
    assert_eq!(exit, Some(0), "{told}");
}

#[test]
fn two_versions_of_adb_and_a_server_of_a_third_are_found() {
    let Some(server) = Server::start() else { return };
    let port = server.port();
    let world = with_a_phone(&port);
    let paths = [fake_adb(&world, "old", "32\n"), fake_adb(&world, "new", "39\nVersion 28.0.3")];
    let (exit, told) = of_adb(&world, &port, &paths.join(":"));
    assert_eq!(exit, Some(2), "{told}");
    insta::assert_snapshot!("versions", told.replace(&port, "PORT"));
}

#[test]
fn phones_of_one_kind_at_one_hub_are_told() {
    let world = World::new();
    let list = world.path().join("usb");
    plug(
        &list,
        "1-4",
        &[("idVendor", "2109"), ("idProduct", "2813"), ("bmAttributes", "80")],
        &[("090000", "")],
    );
    for port in ["1-4.1", "1-4.2"] {
        plug(&list, port, &[("idVendor", "18d1"), ("idProduct", "4ee7")], &[("ff4201", "ADB Interface")]);
    }
    let (exit, told) = of_adb(&world, "1", "/nowhere");
    assert_eq!(exit, Some(0), "a doubt is no error: {told}");
    insta::assert_snapshot!("hub", told);
}
