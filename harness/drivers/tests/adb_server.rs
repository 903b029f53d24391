//! An adb server of literal bytes, with devices that no virtual phone can be, and one that is no adb server at all.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use edgesoak_drivers::{
    Adb, DeviceAddress, Driver, DriverError, WorkerProgram, attached, start_server, usual_server,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const SOON: Duration = Duration::from_secs(5);
const SERIAL: &str = "R58N1234ABC";

/// A server that answers every question with these bytes and closes; its address.
async fn server(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has one").to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut question = [0; 256];
            // Who has gone away already needs no answer.
            let _ = stream.read(&mut question).await;
            let _ = stream.write_all(&answer).await;
        }
    });
    address
}

fn listing(text: &str) -> Vec<u8> {
    format!("OKAY{:04x}{text}", text.len()).into_bytes()
}

async fn attach(server: &str) -> DriverError {
    attach_within(server, Duration::from_secs(1)).await
}

async fn attach_within(server: &str, deadline: Duration) -> DriverError {
    let parts = vec![("serial".to_owned(), SERIAL.to_owned()), ("server".to_owned(), server.to_owned())];
    let address = DeviceAddress { device: "phone".to_owned(), state_dir: PathBuf::new(), parts };
    let worker = WorkerProgram { path: PathBuf::from("/nonexistent/worker"), args: Vec::new() };
    let driver = Adb::new(&address, worker).expect("a good address");
    driver.attach(deadline).await.expect_err("nothing could be attached")
}

#[tokio::test]
async fn every_state_of_a_device_has_words_and_a_hint() {
    let mut told = String::new();
    for lines in [
        "R58N1234ABC no permissions (user in plugdev group; are your udev rules wrong?); see [x] usb:1-3 transport_id:1\n",
        "R58N1234ABC device usb:1-1 transport_id:1\nR58N1234ABC device usb:1-2 transport_id:2\n",
        "R58N1234ABC offline transport_id:1\n",
        "R58N1234ABC recovery usb:1-1 product:p model:m device:d transport_id:1\n",
        "R58N1234ABC \u{1b}[2Jevil transport_id:1\n",
        "OTHER device transport_id:1\n",
        "R58N1234ABC device usb:1-1 transport_id:1\n",
    ] {
        let address = server(listing(lines)).await;
        let error = attach(&address).await;
        let (whose, retry, hint) = (error.whose().word(), error.retry(), error.hint().unwrap_or("-"));
        let text =
            format!("{error}\n  {hint}\n  whose: {whose}, retry: {retry}\n").replace(&address, "SERVER");
        let _ = write!(told, "{text}");
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn a_device_that_was_just_plugged_in_may_pass_through_every_state() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has one").to_string();
    tokio::spawn(async move {
        let states = ["no permissions usb:1-3", "device\nR58N1234ABC device", "unauthorized", "device"];
        for state in states.iter().chain(std::iter::repeat(&"device")) {
            let (mut stream, _) = listener.accept().await.expect("a question");
            let _ = stream.read(&mut [0; 256]).await;
            let _ = stream.write_all(&listing(&format!("R58N1234ABC {state}\n"))).await;
        }
    });
    let error = attach_within(&address, SOON).await;
    assert!(matches!(error, DriverError::StartingWorker { .. }), "it was found, and then: {error:?}");
}

#[tokio::test]
async fn no_server_is_started_where_a_tunnel_ends() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = nobody.local_addr().expect("it has one").to_string();
    drop(nobody);
    assert_ne!(address, usual_server());
    assert!(!start_server(&address).await.expect("it is no error"));
    let error = attach(&address).await;
    assert!(matches!(error, DriverError::NoAdbServer { .. }), "{error:?}");
    assert!(error.hint().expect("it has one").starts_with("open the tunnel"), "{error:?}");
}

#[tokio::test]
async fn what_is_no_adb_server_is_not_believed() {
    let refusal = attached(&server(b"FAIL0009no\x07 entry".to_vec()).await, SOON).await.expect_err("refused");
    assert!(matches!(&refusal, DriverError::LinkLost(why) if why.ends_with("no entry")), "{refusal:?}");
    for nonsense in
        [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"OKAYzzzz", b"OKAY+fff", b"OKAY0010short", b"OK", b""]
    {
        let error = attached(&server(nonsense.to_vec()).await, SOON).await.expect_err("nonsense");
        assert!(matches!(error, DriverError::NoAdbServer { .. }), "{nonsense:?}: {error:?}");
    }
    let mute = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = mute.local_addr().expect("it has one").to_string();
    let error = attached(&address, Duration::from_millis(200)).await.expect_err("it never answers");
    assert!(matches!(error, DriverError::DeadlinePassed { .. }), "{error:?}");
}
