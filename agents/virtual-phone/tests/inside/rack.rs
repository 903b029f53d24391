//! A rack.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use crate::phone::{PHONE, Place, until};

/// The first of some ports in a row that are free now.
fn free(count: u16) -> u16 {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let start = 20_000 + u16::try_from(std::process::id() % 10_000).expect("small");
    (start..).step_by(7).find(|first| (*first..first + count).all(is_free)).expect("some are free")
}

#[test]
fn a_rack_stands_until_its_caller_goes() {
    let Some(place) = Place::new() else { return };
    let first = free(3);
    let mut rack = Command::new(PHONE)
        .args(["rack", "--phones", "3", "--first-port", &first.to_string(), "--dir"])
        .arg(place.dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the phone can be executed");
    let mut lines = BufReader::new(rack.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let introduced: Vec<String> = lines.by_ref().take_while(|line| !line.contains("Ctrl-C")).collect();
    for port in first..first + 3 {
        TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        assert!(
            introduced.iter().any(|line| line.contains(&format!("adb connect 127.0.0.1:{port}"))),
            "{introduced:?}"
        );
        assert!(
            introduced.iter().any(|line| line.contains(&format!("serial = \"127.0.0.1:{port}\""))),
            "{introduced:?}"
        );
    }
    rack.stdin = None;
    assert_eq!(lines.last().as_deref(), Some("The rack is being taken down."));
    let mut code = None;
    until(|| {
        code = rack.try_wait().expect("it can be waited for");
        code.is_some()
    });
    assert_eq!(code.and_then(|status| status.code()), Some(0));
    for port in first..first + 3 {
        TcpStream::connect(("127.0.0.1", port)).expect_err("nobody listens any more");
    }
}

#[test]
fn a_rack_that_cannot_stand_says_so() {
    let Some(_place) = Place::new() else { return };
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("bound").port().to_string();
    let said = Command::new(PHONE)
        .args(["rack", "--phones", "1", "--first-port", &port])
        .stdin(Stdio::null())
        .output()
        .expect("the phone can be executed");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(said.status.code(), Some(1), "{words}");
    assert!(
        words.contains(&format!("listening on port {port}")) && words.contains("it did not come up"),
        "{words}"
    );
}
