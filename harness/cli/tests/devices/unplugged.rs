//! Devices that are there, or not, without any adb.

use std::fs;

use crate::shown::states;
use crate::world::World;

#[test]
fn a_device_that_a_run_of_this_host_holds_is_busy() {
    let world = World::new();
    let leases = world.path().join(".local/state/edgesoak/leases");
    fs::create_dir_all(&leases).expect("room");
    let lease = fs::File::create(leases.join("this-machine")).expect("room");
    lease.lock().expect("it is free");
    let listed = world.call("devices --format json");
    assert_eq!(listed.exit, Some(4), "no device is usable: {}", listed.stderr);
    let row = &listed.json()[0];
    assert_eq!(row["state"], "busy", "{row}");
    drop(lease);
    assert_eq!(world.call("devices --format json").json()[0]["state"], "ready");
}

#[test]
fn nothing_is_adopted_or_identified_where_nothing_is() {
    let world = World::new();
    insta::assert_snapshot!("adopt-nothing", world.call("devices --adopt").transcript());
    insta::assert_snapshot!("identify-unknown", world.call("devices --identify that-phone").transcript());
    insta::assert_snapshot!("identify-local", world.call("devices --identify this-machine").transcript());
    insta::assert_snapshot!("into-without-adopt", world.call("devices --into x.toml").transcript());
}

#[test]
fn a_phone_of_another_host_is_told_with_its_server() {
    let world = World::new();
    let path = world.path().join("device_matrix.toml");
    let matrix = fs::read_to_string(&path).expect("the matrix");
    let device = "\n[[device]]\nid = \"far\"\nfamily = \"host\"\ndriver = \"adb\"\n\
                  address = { serial = \"R58N1234ABC\", server = \"rack-2.invalid:5037\" }\n";
    fs::write(&path, matrix + device).expect("room");
    let listed = world.call("devices");
    assert_eq!(listed.exit, Some(0), "the others are usable: {}", listed.stderr);
    insta::assert_snapshot!("far", states(&listed.stdout));
}
