//! A phone that another host of the lab has, as `edgesoak devices` shows it.

#[path = "../../drivers/tests/attached/mod.rs"]
mod attached;
mod world;

use attached::{Phone, Server};
use world::World;

/// Another host and its run, as the agent is told of them.
const THERE: &str = "--host lab-2-0a1b2c3d --run 20260101-120000-ab";

#[test]
fn a_phone_of_another_host_is_busy_with_whose_it_is_and_until_when() {
    let (Some(server), Some(phone)) = (Server::start(), Phone::start("tensor-phone", &[])) else { return };
    server.connect(&phone, "device");
    let world = World::new();
    let matrix = std::fs::read_to_string(world.path().join("device_matrix.toml")).expect("the matrix");
    let entry = format!(
        "\n[[device]]\nid = \"leased\"\nfamily = \"host\"\ndriver = \"adb\"\n\
         address = {{ serial = \"{}\", server = \"{}\" }}\n",
        phone.serial,
        server.address()
    );
    world.write("device_matrix.toml", &(matrix + &entry));
    let row = || {
        let rows = world.call("devices --format json").json();
        let row = rows.as_array().expect("rows").iter().find(|row| row["device"] == "leased").cloned();
        row.expect("it is listed")
    };
    assert_eq!(row()["state"], "ready", "its agent is there, and nobody has it");

    let agent = |words: &str| {
        let home = "/data/local/tmp/edgesoak";
        server.shell(&phone, &format!("{home}/bin/edgesoak-agent tenant --home {home} {words}"))
    };
    let granted = agent(&format!("{THERE} --for-ms 3600000"));
    assert!(granted.contains("lab-2-0a1b2c3d"), "{granted}");
    let busy = row();
    assert_eq!(busy["state"], "busy", "{busy:#}");
    assert_eq!(busy["said"]["tenancy"]["tenant"]["host"], "lab-2-0a1b2c3d", "{busy:#}");
    let what = busy["what_to_do"].as_str().expect("a sentence");
    assert!(what.contains("run 20260101-120000-ab of lab-2-0a1b2c3d (until 20"), "{what}");
    let identified = world.call("devices --identify leased");
    assert_ne!(identified.exit, Some(0), "its screen stays as it is: {}", identified.transcript());
    assert!(identified.stderr.contains("lab-2-0a1b2c3d"), "{}", identified.stderr);

    agent(&format!("{THERE} --for-ms 0"));
    assert_eq!(row()["state"], "ready", "the other host has left");
}
