//! Links that break, stall and come back.

use std::fs;
use std::time::{Duration, Instant};

use edgesoak_drivers::{Driver, DriverError, Whose};

use crate::attached::until;
use crate::reached::{Reached, SOON, bytes, path};

#[tokio::test]
async fn a_push_goes_on_where_a_lost_link_left_it() {
    let Some(bench) = Reached::with(&["--link", "slow 8000000"]).await else { return };
    let content = bytes(12_000_000);
    let local = bench.file("model", &content);
    bench.phone.plant("drop-after 5000000");
    let pushed = bench.driver.push(&local, &path("store/m"), 0o600, SOON).await.expect("it gets there");
    assert_eq!(pushed, 12_000_000);
    bench.phone.plant("heal");
    let back = bench.dir.path().join("back");
    bench.driver.pull(&path("store/m"), &back, SOON).await.expect("pulls");
    assert!(fs::read(&back).expect("it is there") == content, "whole, and in order");
    let listed = bench.driver.list(&path("store"), SOON).await.expect("lists");
    assert_eq!(listed.len(), 1, "no part is left: {listed:?}");
}

#[tokio::test]
async fn only_what_is_the_beginning_of_the_file_is_built_upon() {
    let Some(bench) = Reached::with(&[]).await else { return };
    let content = bytes(2_000_000);
    let local = bench.file("model", &content);
    let mut other = bytes(1_500_000);
    other[700_000] ^= 1;
    for part in [&content[..1_500_000], &other, &bytes(3_000_000), &[]] {
        let left = bench.file("left", part);
        bench.driver.push(&left, &path("store/m.part"), 0o600, SOON).await.expect("pushes");
        bench.driver.push(&local, &path("store/m"), 0o640, SOON).await.expect("pushes");
        let back = bench.dir.path().join("back");
        bench.driver.pull(&path("store/m"), &back, SOON).await.expect("pulls");
        assert!(fs::read(&back).expect("it is there") == content, "after {} bytes", part.len());
    }
}

#[tokio::test]
async fn a_phone_that_stalls_is_given_up_at_the_deadline_and_found_again() {
    let Some(bench) = Reached::with(&[]).await else { return };
    let say = bench.script("say", "echo here").await;
    bench.phone.plant("stall");
    let began = Instant::now();
    let error = bench.driver.exec(&say, Duration::from_secs(2)).await.expect_err("it stalls");
    assert!(matches!(error, DriverError::DeadlinePassed { .. }) && error.retry(), "{error:?}");
    let listed = bench.driver.list(&path("bin"), Duration::from_secs(1)).await.expect_err("still");
    assert!(listed.retry(), "{listed:?}");
    assert!(began.elapsed() < SOON, "both ended by themselves");
    until("no worker waits for the phone", || bench.workers().len() <= 2);
    bench.phone.plant("heal");
    bench.driver.attach(SOON).await.expect("it is back");
    assert_eq!(bench.driver.exec(&say, SOON).await.expect("runs").stdout, b"here\n");
}

#[tokio::test]
async fn what_runs_over_its_deadline_is_killed_on_the_phone_but_not_what_it_detached() {
    let Some(bench) = Reached::with(&[]).await else { return };
    let text =
        "sleep 301 & echo $! >child; setsid sleep 302 >/dev/null 2>&1 </dev/null & echo $! >detached; wait";
    let hang = bench.script("hang", text).await;
    let error = bench.driver.exec(&hang, Duration::from_secs(2)).await.expect_err("it hangs");
    assert!(matches!(error, DriverError::DeadlinePassed { .. }), "{error:?}");
    let lives = bench
        .script(
            "lives",
            "for n in child detached; do grep -q sleep /proc/$(cat $n)/cmdline 2>/dev/null && echo $n; done; true",
        )
        .await;
    let began = Instant::now();
    loop {
        let said = bench.driver.exec(&lives, SOON).await.expect("runs").stdout;
        if said == b"detached\n" {
            break;
        }
        assert!(began.elapsed() < SOON, "the child lives: {}", String::from_utf8_lossy(&said));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let kill = bench.script("kill", "kill -9 $(cat detached)").await;
    assert_eq!(bench.driver.exec(&kill, SOON).await.expect("runs").code, Some(0));
}

#[tokio::test]
async fn a_server_that_died_and_a_worker_that_died_are_replaced() {
    let Some(mut bench) = Reached::with(&[]).await else { return };
    let say = bench.script("say", "echo here; sleep 300").await;
    let mut stream = bench.driver.stream(&say, SOON).await.expect("starts");
    stream.next().await.expect("speaks");
    bench.server.kill();
    let error = stream.next().await.expect_err("its server died");
    assert!(matches!(error, DriverError::LinkLost(_)) && error.whose() == Whose::Lab, "{error:?}");
    bench.server.begin();
    bench.driver.attach(SOON).await.expect("found again");
    let mut stream = bench.driver.stream(&say, SOON).await.expect("starts");
    stream.next().await.expect("speaks");
    bench.kill_workers();
    let error = stream.next().await.expect_err("its worker died");
    assert!(matches!(error, DriverError::LinkLost(_)) && error.retry(), "{error:?}");
    assert_eq!(bench.driver.list(&path("bin"), SOON).await.expect("goes on").len(), 1);
}
