//! Every call, on a phone of today and on an old one.

use std::fs;
use std::path::Path;
use std::time::Duration;

use edgesoak_drivers::{Argv, Chunk, Driver, DriverError, Whose};

use crate::reached::{Reached, SOON, bytes, path};

#[tokio::test]
async fn every_call_works_on_a_phone_of_today() {
    if let Some(bench) = Reached::with(&[]).await {
        files(&bench).await;
        programs(&bench).await;
        streams(&bench).await;
    }
}

#[tokio::test]
async fn every_call_works_on_an_old_phone() {
    if let Some(bench) = Reached::with(&["--phone", "old"]).await {
        files(&bench).await;
        programs(&bench).await;
        streams(&bench).await;
    }
}

async fn files(bench: &Reached) {
    let driver = &bench.driver;
    let content = bytes(3_000_000);
    let local = bench.file("model", &content);
    let remote = path("store/aa");
    assert_eq!(driver.push(&local, &remote, 0o600, SOON).await.expect("pushes"), 3_000_000);
    let back = bench.dir.path().join("back");
    assert_eq!(driver.pull(&remote, &back, SOON).await.expect("pulls"), 3_000_000);
    assert!(fs::read(&back).expect("it is there") == content, "it came back as it was");
    let listed = driver.list(&path("store"), SOON).await.expect("lists");
    let names: Vec<(&str, u64)> = listed.iter().map(|found| (found.name.as_str(), found.bytes)).collect();
    assert_eq!(names, [("aa", 3_000_000)], "no part is left beside it");
    let empty = bench.file("empty", b"");
    assert_eq!(driver.push(&empty, &path("store/e"), 0o640, SOON).await.expect("pushes nothing"), 0);
    // What is said of so long a name goes the way of the file, before it.
    let long = path(&format!("store/{0}/{0}", "d".repeat(200)));
    assert_eq!(driver.push(&local, &long, 0o600, SOON).await.expect("pushes"), 3_000_000);
    driver.remove(&path("store"), SOON).await.expect("removes a tree");
    driver.remove(&path("store"), SOON).await.expect("and nothing");
    assert_eq!(driver.list(&path("store"), SOON).await.expect("lists nothing"), []);
    assert!(driver.free_space(SOON).await.expect("can tell").is_some_and(|free| free > 0));

    let error = driver.push(Path::new("/nowhere"), &remote, 0o600, SOON).await.expect_err("nothing to push");
    assert_eq!((error.whose(), error.retry()), (Whose::Config, false), "{error:?}");
    let nowhere = bench.dir.path().join("nowhere");
    let error = driver.pull(&remote, &nowhere, SOON).await.expect_err("nothing to pull");
    assert_eq!(error.whose(), Whose::Device, "{error:?}");
    assert!(!nowhere.exists());
}

async fn programs(bench: &Reached) {
    let say = bench
        .script("say", "printf '%s|' \"$@\"; pwd; printf 'a\\r\\nb\\n'; echo complaint >&2; exit 7")
        .await;
    let output = bench.driver.exec(&say.arg("a 'b'").arg("$(id)").arg("*"), SOON).await.expect("runs");
    assert_eq!(output.code, Some(7));
    let said = String::from_utf8(output.stdout).expect("text");
    assert_eq!(said, format!("a 'b'|$(id)|*|{}\na\r\nb\n", bench.driver.root()), "no byte is changed");
    assert_eq!(output.stderr, b"complaint\n");

    let flood = bench.script("flood", "head -c 9000000 /dev/zero; head -c 200000 /dev/zero >&2").await;
    let output = bench.driver.exec(&flood, SOON).await.expect("runs");
    assert_eq!((output.code, output.truncated), (Some(0), true), "the program was never blocked");
    assert_eq!((output.stdout.len(), output.stderr.len()), (8 << 20, 64 << 10));

    let killed = bench.script("killed", "kill -9 $$").await;
    assert_eq!(bench.driver.exec(&killed, SOON).await.expect("runs").code, None);
    let error = bench.driver.exec(&Argv::of(&path("bin/none")), SOON).await.expect_err("nothing to run");
    assert!(error.to_string().contains("bin/none") && error.whose() == Whose::Device, "{error:?}");
}

async fn streams(bench: &Reached) {
    let count = bench.script("count", "echo one; sleep 0.2; echo two; echo three >&2; exit 3").await;
    let mut stream = bench.driver.stream(&count, SOON).await.expect("starts");
    let mut heard = Vec::new();
    let ended = loop {
        match stream.next().await.expect("no silence") {
            Chunk::Bytes(more) => heard.extend(more),
            Chunk::End(ended) => break ended,
        }
    };
    assert_eq!(heard, b"one\ntwo\n");
    assert_eq!((ended.code, ended.stderr.as_slice()), (Some(3), b"three\n".as_slice()));

    let mute = bench.script("mute", "echo up; exec sleep 300").await;
    let mut stream = bench.driver.stream(&mute, Duration::from_secs(1)).await.expect("starts");
    assert_eq!(stream.next().await.expect("speaks once"), Chunk::Bytes(b"up\n".to_vec()));
    let error = stream.next().await.expect_err("silent");
    assert!(matches!(error, DriverError::Silent { .. }) && error.retry(), "{error:?}");
    drop(stream);

    let echo = bench.script("echo", "while read -r line; do echo \"got $line\"; done").await;
    let mut talk = bench.driver.converse(&echo, SOON).await.expect("starts");
    for question in ["a", "b c"] {
        assert_eq!(talk.ask(question).await.expect("answers"), format!("got {question}"));
    }
    let endless = bench.script("endless", "exec cat /dev/zero").await;
    let mut talk = bench.driver.converse(&endless, SOON).await.expect("starts");
    assert!(matches!(talk.ask("?").await, Err(DriverError::LineTooLong { .. })));
    let error = talk.ask("!").await.expect_err("its answer would be that to the question before");
    assert!(matches!(error, DriverError::Program { .. }), "{error:?}");
}
