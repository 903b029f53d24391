//! The cable, from outside.

use std::net::TcpStream;
use std::process::{Command, Output};

use crate::phone::{PHONE, Place, until};

fn plant(place: &Place, words: &[&str]) -> Output {
    Command::new(PHONE).arg("link").arg(place.dir()).args(words).output().expect("the phone can be executed")
}

#[test]
fn only_who_asks_for_help_gets_it() {
    for word in ["link", "charger"] {
        for (words, code) in
            [(&[][..], 2), (&["/tmp"][..], 2), (&["--help"][..], 0), (&["/tmp", "-h"][..], 0)]
        {
            let said = Command::new(PHONE).arg(word).args(words).output().expect("the phone can be executed");
            assert_eq!(said.status.code(), Some(code), "{words:?}");
            assert_eq!(
                (said.stdout.is_empty(), said.stderr.is_empty()),
                (code == 2, code == 0),
                "{word} {words:?}: {said:?}"
            );
        }
    }
}

#[test]
fn faults_are_planted_from_outside() {
    let Some(place) = Place::new() else { return };
    let mut served = place.serve(&[]);
    let serial = served.serial.clone();
    TcpStream::connect(&serial).expect("it listens");
    assert!(plant(&place, &["restart", "600"]).status.success());
    until(|| TcpStream::connect(&serial).is_err());
    assert!(plant(&place, &["heal"]).status.success());
    until(|| TcpStream::connect(&serial).is_ok());
    let refused = plant(&place, &["cut"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("known are drop"), "{refused:?}");
    served.child.stdin = None;
    assert_eq!(served.end(), Some(0));
    assert_eq!(plant(&place, &["heal"]).status.code(), Some(1), "nobody is there any more");
}

#[test]
fn the_charger_is_moved_from_outside() {
    let Some(place) = Place::new() else { return };
    let mut served = place.serve(&[]);
    let charge = |words: &[&str]| {
        Command::new(PHONE).arg("charger").arg(place.dir()).args(words).output().expect("it can be executed")
    };
    for words in [&["15W"][..], &["7.5", "W"], &["off"]] {
        assert_eq!(charge(words).status.code(), Some(0), "{words:?}");
    }
    let refused = charge(&["lightning"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("a charger is `off`"), "{refused:?}");
    served.child.stdin = None;
    assert_eq!(served.end(), Some(0));
    assert_eq!(charge(&["off"]).status.code(), Some(1), "nobody is there any more");
}
