//! The driver `adb` leaves nothing behind. In a process of its own, because what it holds is counted.

#[path = "../attached/mod.rs"]
mod attached;
mod held;
#[path = "../adb/reached.rs"]
#[expect(dead_code, reason = "the other tests use the rest of it")]
mod reached;

use std::time::{Duration, Instant};

use edgesoak_drivers::{Argv, Driver};

use held::Held;
use reached::{Reached, SOON, driver};

/// Attachments before anything is counted: the first ones make what the process keeps.
const FIRST: u32 = 5;
const CYCLES: u32 = 25;
/// In so many cycles once, the cable is pulled under a stream.
const PULLED: u32 = 5;

#[tokio::test]
async fn nothing_is_left_behind_by_any_number_of_attachments() {
    let Some(bench) = Reached::with(&[]).await else { return };
    let say = bench.script("say", "echo here; exec sleep 300").await;
    cycles(&bench, &say, FIRST).await;
    // What the driver of the whole test keeps for its next call.
    settled("workers end with their drivers", || bench.workers().len() <= 2).await;
    let before = Held::now().expect("its own");
    cycles(&bench, &say, CYCLES).await;
    let what = format!("after {CYCLES} cycles it holds no more than {before:?}");
    settled(&what, || {
        let now = Held::now().expect("its own");
        now.descriptors <= before.descriptors
            && now.threads <= before.threads
            && now.processes <= before.processes
    })
    .await;
    let Reached { driver, phone, server, dir } = bench;
    drop(driver);
    settled("nothing waits for the phone", || reached::workers_of(&phone).is_empty()).await;
    drop((phone, server, dir));
}

async fn cycles(bench: &Reached, say: &Argv, count: u32) {
    for cycle in 0..count {
        let driver = driver(&bench.server, &bench.phone.serial);
        driver.attach(SOON).await.expect("attaches");
        let mut stream = driver.stream(say, SOON).await.expect("starts");
        stream.next().await.expect("speaks");
        if cycle % PULLED == 0 {
            bench.phone.plant("drop");
            stream.next().await.expect_err("its link is cut");
        }
    }
}

/// Waits, while the runtime reaps what has ended and lets idle threads go.
async fn settled(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < SOON, "it never came true: {what}; it holds {:?}", Held::now());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
