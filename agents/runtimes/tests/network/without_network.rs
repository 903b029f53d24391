//! A system that gives nobody a network of its own: then sockets of the internet are refused altogether.

use std::process::Command;

use crate::attempts::Running;

/// Allows no more networks, in a namespace of users in which that can be said, and plays the test below there.
const INSIDE: &str = "echo 0 > /proc/sys/user/max_net_namespaces && exec \"$0\" --ignored --exact \
                      without_network::refused_sockets --nocapture";

#[test]
fn sockets_are_refused_where_there_is_no_other_network() {
    let program = std::env::current_exe().expect("this program has a path");
    let inside = Command::new("unshare")
        .args(["--user", "--map-root-user", "--", "sh", "-c", INSIDE])
        .arg(program)
        .output();
    let Ok(inside) = inside else { return println!("skipped: there is no unshare") };
    let said = String::from_utf8_lossy(&inside.stdout);
    if !said.contains("running 1 test") {
        return println!("skipped: {}", String::from_utf8_lossy(&inside.stderr));
    }
    assert!(inside.status.success(), "{said} {}", String::from_utf8_lossy(&inside.stderr));
}

#[test]
#[ignore = "played by the test above where there is no other network"]
fn refused_sockets() {
    let quiet = Running::way("pair").end();
    let why = quiet.account.network.clone().expect_err("it has none of its own");
    if let Err(listed) = &quiet.account.listed {
        return println!("skipped: calls are not heard: {listed}");
    }
    assert!(quiet.is_well && quiet.account.is_over, "{why}: {:?}", quiet.account);
    assert_eq!((quiet.account.sockets, quiet.account.attempts), (0, 0));
    // No socket is made, so that it never comes to a call with an address.
    let calls = Running::way("tcp").end();
    assert!(calls.is_well && calls.account.is_over, "{:?}", calls.account);
    assert_eq!((calls.account.sockets, calls.account.attempts), (1, 0));
    let raw = Running::way("raw").end();
    assert_eq!((raw.account.attempts, raw.attempts.len()), (1, 1));
}
