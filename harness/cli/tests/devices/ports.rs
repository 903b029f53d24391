//! Devices that only USB shows.

use std::fs;

use crate::attached::Server;
use crate::shown::{plug, states};
use crate::world::World;

#[test]
fn devices_without_adb_are_named_with_what_to_ask_for() {
    let world = World::new();
    let list = world.path().join("usb");
    let ids = |vendor, product| [("idVendor", vendor), ("idProduct", product)];
    let named = |vendor, maker, name, serial| {
        [
            ("idVendor", vendor),
            ("idProduct", "0001"),
            ("manufacturer", maker),
            ("product", name),
            ("serial", serial),
        ]
    };
    plug(&list, "usb1", &ids("1d6b", "0002"), &[("090000", "")]);
    plug(&list, "1-1", &ids("2109", "2813"), &[("090000", "")]);
    plug(
        &list,
        "1-1.1",
        &named("05e0", "Zebra Technologies", "TC58", "23104522501234"),
        &[("060101", "MTP")],
    );
    plug(&list, "1-1.2", &named("0c2e", "Honeywell", "CT45", "20182D8123"), &[]);
    plug(&list, "1-1.3", &named("18d1", "Google", "Pixel 8", "38111FDJH00ABC"), &[("060101", "MTP")]);
    plug(&list, "1-2", &ids("04e8", "6860"), &[("ff0000", "")]);
    plug(&list, "1-3", &named("18d1", "Google", "Pixel 9", "48111FDJH00ABC"), &[("ff4201", "ADB Interface")]);
    // A scanner of Zebra that types what it reads, and a disk: no phones.
    plug(&list, "1-4", &ids("05e0", "1200"), &[("030000", "")]);
    plug(&list, "1-5", &ids("04e8", "61f5"), &[("080650", "")]);
    let listed = world.call("devices");
    assert_eq!(listed.exit, Some(0), "{}", listed.stderr);
    insta::assert_snapshot!("ports", states(&listed.stdout));
    let document = world.call("devices --format json").json();
    let rows = document.as_array().expect("rows");
    let zebra = rows.iter().find(|row| row["usb_port"] == "1-1.1").expect("the scanner");
    assert_eq!(
        (zebra["state"].as_str(), zebra["serial"].as_str()),
        (Some("managed"), Some("23104522501234"))
    );
    assert!(zebra["what_to_do"].as_str().is_some_and(|words| words.contains("UsbADBUsage")), "{zebra}");
}

#[test]
fn a_device_of_the_matrix_is_told_by_its_port_why_adb_does_not_have_it() {
    let Some(server) = Server::start() else { return };
    let world = World::new();
    let path = world.path().join("device_matrix.toml");
    let matrix = fs::read_to_string(&path).expect("the matrix");
    let device = format!(
        "\n[[device]]\nid = \"scanner\"\nfamily = \"host\"\ndriver = \"adb\"\n\
         address = {{ serial = \"2310\", server = \"{}\" }}\n",
        server.address()
    );
    fs::write(&path, matrix + &device).expect("room");
    let files = [("idVendor", "05e0"), ("idProduct", "2106"), ("serial", "2310")];
    plug(&world.path().join("usb"), "1-1", &files, &[("060101", "MTP")]);
    let mut command = world.edgesoak();
    command.args(["devices", "--format", "json"]).env("ANDROID_ADB_SERVER_PORT", server.port());
    let listed: serde_json::Value =
        serde_json::from_slice(&command.output().expect("it runs").stdout).expect("a document");
    let rows = listed.as_array().expect("rows");
    assert_eq!(rows.len(), 2, "it is listed once: {listed:#}");
    assert_eq!((&rows[1]["device"], &rows[1]["state"]), (&"scanner".into(), &"managed".into()), "{listed:#}");
}
