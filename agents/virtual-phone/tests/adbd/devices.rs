//! What the ADB server says of devices.

use edgesoak_virtual_phone::adbd::{Access, Features, LinkFault};

use crate::bench::{Bench, until};
use crate::server::Server;

#[test]
fn a_device_is_listed_with_what_it_says_of_itself() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let listed = server.run(&["devices", "-l"]).text();
    let line = listed.lines().find(|line| line.starts_with(&bench.serial())).expect("the device is listed");
    assert!(line.contains(" device product:bench model:Bench_Phone device:bench transport_id:"), "{line}");
    let features = server.done(&bench, &["features"]).text();
    assert!(features.lines().any(|name| name == "shell_v2"), "{features}");
    assert!(!features.contains("delayed_ack") && !features.contains("sendrecv"), "{features}");
}

#[test]
fn an_old_device_has_no_features() {
    let bench = Bench::new(Features::Old, Access::Granted);
    let Some(server) = Server::with(&bench) else { return };
    assert_eq!(server.done(&bench, &["features"]).text().trim(), "");
}

#[test]
fn a_host_has_to_wait_until_somebody_allows_it() {
    let bench = Bench::new(Features::Current, Access::Unauthorised);
    let Some(server) = Server::start() else { return };
    server.connect(&bench);
    server.wait_for(&bench, "unauthorized");
    let said = server.on(&bench, &["shell", "true"]);
    assert!(said.err.contains("device unauthorized"), "{said:?}");
    bench.link.plant(LinkFault::Allow);
    server.wait_for(&bench, "device");
    assert_eq!(server.done(&bench, &["shell", "echo in"]).text(), "in\n");
    bench.link.plant(LinkFault::Forbid);
    until("the host is shut out", || {
        server.run(&["disconnect", &bench.serial()]);
        server.connect(&bench);
        server.state(&bench) == "unauthorized"
    });
}

#[test]
fn what_a_device_is_told_besides_commands() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let said = server.done(&bench, &["root"]);
    assert_eq!(said.text(), "adbd cannot run as root in production builds\n");
    server.done(&bench, &["reboot", "recovery"]);
    until("the device was asked", || bench.reboots.lock().expect("nobody panics").len() == 1);
    assert_eq!(*bench.reboots.lock().expect("nobody panics"), ["recovery"]);
}
