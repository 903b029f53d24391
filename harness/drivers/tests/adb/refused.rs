//! Phones that cannot be used, and what a person reads about each.

use std::fmt::Write as _;
use std::time::Duration;

use edgesoak_drivers::{Driver, DriverError, attached};

use crate::attached::{Phone, Server, until};
use crate::reached::{Reached, SOON, driver, path};

/// What the user sees: sentence, causes, what to do, whose it is.
fn seen(error: &DriverError, server: &Server, serial: &str) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    let hint = error.hint().unwrap_or("-");
    let _ = write!(text, "\n  hint: {hint}\n  whose: {}, retry: {}\n", error.whose().word(), error.retry());
    text.replace(serial, "SERIAL").replace(&server.address(), "SERVER")
}

#[tokio::test]
async fn a_phone_of_each_kind_is_refused_in_words() {
    let Some(server) = Server::start() else { return };
    let mut told = String::new();
    for kind in ["unauthorised", "noexec", "tiny-storage"] {
        let Some(phone) = Phone::start("tensor-phone", &["--phone", kind]) else { return };
        let driver = driver(&server, &phone.serial);
        let deadline = Duration::from_secs(8);
        let outcome = match driver.attach(deadline).await {
            Ok(()) => {
                let local = server.home().join("large");
                std::fs::write(&local, vec![7; 20 << 20]).expect("room");
                let pushed = driver.push(&local, &path("store/large"), 0o600, SOON).await;
                let left = driver.list(&path("store"), SOON).await.expect("lists");
                assert_eq!(left, [], "nothing is left of what did not fit");
                pushed.map(drop)
            }
            refused => refused,
        };
        let error = outcome.expect_err("it cannot be used");
        let _ = write!(told, "{kind}: {}", steady(&seen(&error, &server, &phone.serial)));
    }
    insta::assert_snapshot!(told);
}

/// Without numbers of bytes, which depend on the file system.
fn steady(text: &str) -> String {
    text.split(' ')
        .map(|word| if word.parse::<u64>().is_ok() { "N" } else { word })
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_words_too() {
    let Some(mut server) = Server::start() else { return };
    let soon = Duration::from_secs(2);
    let mut told = String::new();
    let absent = driver(&server, "R58N1234ABC").attach(soon).await.expect_err("nobody has it");
    let _ = write!(told, "absent: {}", seen(&absent, &server, "R58N1234ABC"));
    let nobody = attached("rack-9.invalid:5037", soon).await.expect_err("no such host");
    assert!(matches!(nobody, DriverError::NoAdbServer { .. }) && nobody.hint().is_some(), "{nobody:?}");
    server.kill();
    let error = attached(&server.address(), soon).await.expect_err("nobody is there");
    let _ = write!(told, "no server: {}", seen(&error, &server, "R58N1234ABC"));
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn a_server_tells_what_is_attached() {
    let Some(bench) = Reached::with(&[]).await else { return };
    let found = attached(&bench.server.address(), SOON).await.expect("it answers");
    let [phone] = found.as_slice() else { panic!("one phone, not {found:?}") };
    assert_eq!((phone.serial.as_str(), phone.state.as_str()), (bench.phone.serial.as_str(), "device"));
    assert!(phone.model.is_some() && phone.transport.is_some(), "{phone:?}");
    assert!(matches!(bench.driver.abi(), Some("x86_64" | "arm64-v8a")));
    bench.phone.plant("forbid");
    bench.phone.plant("drop");
    until("the phone is lost", || bench.server.state(&bench.phone).is_none_or(|state| state != "device"));
}
