//! What stays on the device is no attempt.

use std::path::Path;

use edgesoak_runtimes::Account;

use crate::attempts::{Running, told};

/// An account of somebody who did nothing at all.
fn is_quiet(account: &Account) -> bool {
    let nothing = Account { sockets: 0, loopback: 0, ..account.clone() };
    let quiet = Account {
        network: Ok(()),
        listed: Ok(()),
        is_over: true,
        survivors: 0,
        attempts: 0,
        sockets: 0,
        loopback: 0,
        listens: 0,
        neighbours: 0,
        neighbour: String::new(),
        rings: 0,
    };
    nothing == quiet
}

fn clean(way: &str) {
    let Some(told) = told(way) else { return };
    assert!(is_quiet(&told.account), "{way}: {:?} {:?}", told.account, told.attempts);
}

#[test]
fn ways_that_stay() {
    for way in [
        "nothing",
        "pair",
        "own_socket_file",
        "own_name",
        "missing_socket_file",
        "loopback",
        "asks_the_kernel",
    ] {
        clean(way);
    }
}

#[test]
fn a_socket_of_another_program_is_told() {
    let Some(told) = told("foreign_socket_file") else { return };
    assert_eq!((told.account.neighbours, told.account.attempts), (1, 0), "{:?}", told.account);
    assert!(told.account.neighbour.ends_with("/foreign.sock"), "{}", told.account.neighbour);
}

#[test]
fn a_socket_file_that_others_can_call_is_told() {
    for way in ["waits_elsewhere", "waits_where_it_no_longer_is"] {
        let Some(told) = told(way) else { return };
        let Account { listens, neighbours, attempts, .. } = told.account;
        assert_eq!((listens, neighbours, attempts), (1, 0, 0), "{way}");
    }
}

#[test]
fn a_server_is_told() {
    let Some(told) = told("server") else { return };
    assert_eq!((told.account.listens, told.account.attempts), (1, 0), "{:?}", told.account);
}

#[test]
fn a_hundred_quiet_runtimes_raise_no_alarm() {
    for round in 0..100 {
        let told = Running::program(Path::new("/bin/sh"), &["-c", "true | cat; sleep 0 & wait"]).end();
        if told.account.network.is_err() || told.account.listed.is_err() {
            return println!("skipped: this system does not cut off: {:?}", told.account);
        }
        assert!(is_quiet(&told.account), "round {round}: {:?} {:?}", told.account, told.attempts);
    }
}

#[test]
fn a_program_that_is_not_there_is_an_error_as_ever() {
    use edgesoak_runtimes::{RunnerProcess, Spawn, Tell};
    let dir = tempfile::tempdir().expect("a folder");
    let tell: Tell = std::sync::Arc::new(|_| {});
    let spec = Spawn { program: Path::new("/no/such/program"), args: &[], dir: dir.path() };
    let error = RunnerProcess::spawn_cut_off(&spec, &tell).expect_err("it does not exist");
    assert!(error.to_string().contains("/no/such/program"), "{error}");
}
