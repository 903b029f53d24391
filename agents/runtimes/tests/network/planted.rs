//! Every way out is refused and told.

use std::path::Path;

use crate::attempts::{Running, told};

/// Plays a way, which must be told as this one call; what is told in words.
fn caught(way: &str, call: &str) {
    let Some(told) = told(way) else { return };
    assert!(told.account.is_over, "{way}: {:?}", told.account);
    let said: Vec<String> = told.attempts.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|said| said.starts_with(call)), "{way}: {said:?} {:?}", told.account);
    assert_eq!(told.account.attempts, told.attempts.len() as u64);
}

macro_rules! planted {
    ($($way:ident = $call:literal;)*) => { $(#[test] fn $way() { caught(stringify!($way), $call); })* };
}

planted! {
    tcp = "connect (inet, tcp) to 192.0.2.1 port 443 by ";
    tcp6 = "connect (inet6, tcp) to 2001:db8::1 port 443 by ";
    udp = "sendto (inet, udp) to 192.0.2.1 port 443 by ";
    udp6 = "sendto (inet6, udp) to 2001:db8::1 port 443 by ";
    connected_udp = "connect (inet, udp) to 192.0.2.1 port 443 by ";
    message = "sendmsg (inet, udp) to 192.0.2.1 port 443 by ";
    messages = "sendmmsg (inet, udp) to 192.0.2.1 port 443 by ";
    names = "sendto (inet, udp) to a loopback address port 53 by ";
    raw = "socket (inet, icmp) by ";
    packets = "socket (packet, raw) by ";
    host_of_a_guest = "socket (vsock) by ";
    network_of_others = "setns (none) by ";
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_call_by_the_gate_of_32_bits() {
    caught("gate_of_32_bits", "foreign (none) by ");
}

#[test]
fn a_ping_is_refused_as_a_socket_or_as_a_packet() {
    let Some(told) = told("ping") else { return };
    // Most systems let no user make such a socket; then there is nothing to tell.
    assert!(told.attempts.iter().all(|attempt| attempt.call == "sendto"), "{:?}", told.attempts);
}

#[test]
fn a_child_of_a_child_is_told_with_its_parents() {
    let running = Running::way("child_of_child");
    let runtime = running.pid();
    let told = running.end();
    if told.account.listed.is_err() {
        return println!("skipped: this system does not cut off: {:?}", told.account.listed);
    }
    let [attempt] = &told.attempts[..] else { panic!("{:?}", told.attempts) };
    assert_eq!(attempt.parents.len(), 2, "{attempt}");
    assert_eq!(attempt.parents.last(), Some(&runtime), "{attempt}");
    assert_eq!(told.account.survivors, 0);
}

#[test]
fn a_daemon_that_outlives_its_runtime_is_told_and_ended() {
    let running = Running::way("daemon");
    running.wait_for_attempt();
    let told = running.end();
    if told.account.network.is_err() {
        return println!("skipped: this system gives no network of its own: {:?}", told.account.network);
    }
    assert_eq!((told.account.attempts, told.account.survivors), (1, 1), "{:?}", told.account);
    assert!(told.account.is_over);
    let pid = told.attempts[0].pid;
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z"), "it lives: {state}");
}

/// Leaves something in a network within its network, which ends when the folder of the runtime goes.
const HIDER: &str = r#"
    { setsid unshare --user --net sh -c ': > hidden; while [ -d "$PWD" ]; do sleep 0.02; done' || : > refused; } &
    until [ -e hidden ] || [ -e refused ]; do sleep 0.02; done
    [ -e hidden ]
"#;

#[test]
fn one_that_hides_in_another_network_is_not_taken_for_gone() {
    let told = Running::program(Path::new("/bin/sh"), &["-c", HIDER]).end();
    if told.account.network.is_err() || told.account.listed.is_err() || !told.is_well {
        return println!("skipped: this system gives no such networks: {:?}", told.account);
    }
    assert!(!told.account.is_over, "{:?}", told.account);
}

#[test]
fn of_a_flood_the_first_are_told_and_all_are_counted() {
    let Some(told) = told("flood") else { return };
    assert_eq!((told.account.attempts, told.attempts.len()), (400, 256));
}

#[test]
fn a_ring_is_refused_and_is_no_attempt() {
    let Some(told) = told("ring") else { return };
    assert_eq!((told.account.rings, told.account.attempts), (1, 0));
}
