//! The driver `adb` leaves nothing behind. In a process of its own, because its descriptors and threads are counted.

#[path = "../adb/bench.rs"]
#[expect(dead_code, reason = "the other tests use the rest of it")]
mod bench;
#[path = "../adb/reached.rs"]
#[expect(dead_code, reason = "the other tests use the rest of it")]
mod reached;

use std::fs;
use std::time::Duration;

use edgesoak_drivers::Driver;

use bench::SOON;
use reached::Reached;

/// Attachments before the first count, and after it.
const CYCLES: [u32; 2] = [10, 50];

#[tokio::test]
async fn nothing_is_left_behind_by_any_number_of_attachments() {
    let Some(bench) = Reached::with(&[]).await else { return };
    let say = bench.script("say", "echo here; exec sleep 300").await;
    let mut counted = Vec::new();
    for cycles in CYCLES {
        for _ in 0..cycles {
            let driver = bench.server.driver(&bench.phone.serial);
            driver.attach(SOON).await.expect("attaches");
            let mut stream = driver.stream(&say, SOON).await.expect("starts");
            stream.next().await.expect("speaks");
        }
        // What the driver of the whole test keeps for its next call.
        while bench.workers().len() > 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        counted.push(open_descriptors());
    }
    assert_eq!(counted[0], counted[1], "descriptors after {CYCLES:?} cycles");
    let (workers, driver) = (bench.workers(), bench.driver);
    drop(driver);
    // They are reaped while the runtime runs.
    for pid in workers {
        while fs::metadata(format!("/proc/{pid}")).is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("its own").count()
}
