//! What befalls a cable, as the real ADB server meets it.

use std::fs;
use std::os::unix::net::UnixListener;
use std::process::Stdio;
use std::time::Duration;

use edgesoak_virtual_phone::adbd::{self, LinkFault};

use crate::bench::{Bench, until};
use crate::server::Server;

const A_WHILE: Option<Duration> = Some(Duration::from_millis(700));

#[test]
fn a_cut_connection_comes_back() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let serial = bench.serial();
    let mut child = server.spawn(&["-s", &serial, "shell", "sleep 600"], Stdio::null());
    until("the command runs", || server.on(&bench, &["shell", "true"]).code == Some(0));
    bench.link.plant(LinkFault::Drop);
    // What its exit code says of a lost command is of no use: some versions say 0.
    child.wait().expect("adb ends");
    server.reattach(&bench);
}

#[test]
fn a_connection_is_cut_in_the_middle_of_a_file() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let home = tempfile::tempdir().expect("a folder");
    let here = home.path().join("here");
    fs::write(&here, vec![7; 4_000_000]).expect("the file is written");
    let (here, there) = (here.display().to_string(), bench.path("there"));
    bench.link.plant(LinkFault::DropAfter(1_000_000));
    let said = server.on(&bench, &["push", &here, &there.display().to_string()]);
    assert_ne!(said.code, Some(0), "{said:?}");
    until("half a file is no file", || !there.exists());
    server.reattach(&bench);
    server.done(&bench, &["push", &here, &there.display().to_string()]);
    assert_eq!(fs::metadata(&there).expect("it is there").len(), 4_000_000);
}

#[test]
fn a_connection_is_cut_again_and_again() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    bench.link.plant(LinkFault::DropEvery(Duration::from_secs(1)));
    for _ in 0..3 {
        until("it is cut", || bench.link.connections() == 0);
        server.reattach(&bench);
    }
    bench.link.plant(LinkFault::Heal);
    server.reattach(&bench);
    server.done(&bench, &["shell", "sleep 1"]);
}

#[test]
fn a_device_that_stalls_goes_on_where_it_stood() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    bench.link.plant(LinkFault::Stall(A_WHILE));
    let before = std::time::Instant::now();
    assert_eq!(server.done(&bench, &["shell", "echo on"]).text(), "on\n");
    assert!(before.elapsed() >= Duration::from_millis(600), "nothing passes while it stalls");
    bench.link.plant(LinkFault::Stall(None));
    let serial = bench.serial();
    let mut child = server.spawn(&["-s", &serial, "shell", "true"], Stdio::null());
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().expect("adb is there").is_none(), "nothing passes until it is healed");
    bench.link.plant(LinkFault::Heal);
    assert!(child.wait().expect("adb ends").success());
}

#[test]
fn a_restart_refuses_everybody_for_a_while() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    bench.link.plant(LinkFault::Restart(Duration::from_secs(2)));
    until("nobody listens", || std::net::TcpStream::connect(bench.address).is_err());
    server.reattach(&bench);
}

#[test]
fn an_offline_device_is_there_and_says_nothing() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    bench.link.plant(LinkFault::Offline(None));
    server.wait_for(&bench, "offline");
    let said = server.on(&bench, &["shell", "true"]);
    assert!(said.err.contains("device offline"), "{said:?}");
    bench.link.plant(LinkFault::Heal);
    server.reattach(&bench);
}

#[test]
fn a_slow_cable_takes_its_time() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    bench.link.plant(LinkFault::Slow(200_000));
    let before = std::time::Instant::now();
    assert_eq!(server.done(&bench, &["exec-out", "head -c 150000 /dev/zero"]).out.len(), 150_000);
    assert!(before.elapsed() >= Duration::from_millis(700), "150 kB at 200 kB/s");
}

#[test]
fn faults_come_over_a_socket() {
    let bench = Bench::current();
    let path = bench.path("control");
    let link = bench.link.clone();
    adbd::obey(UnixListener::bind(&path).expect("a socket"), move |words| link.hear(words))
        .expect("a thread");
    let Some(server) = Server::with(&bench) else { return };
    adbd::say(&path, "offline").expect("it is a fault");
    server.wait_for(&bench, "offline");
    adbd::say(&path, "heal").expect("it is a fault");
    server.reattach(&bench);
    let error = adbd::say(&path, "lightning").expect_err("no fault");
    assert!(error.to_string().contains("known are drop,"), "{error}");
}
