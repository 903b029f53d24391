//! The driver `virtual` with a made-up program in the phone's place.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use edgesoak_drivers::{Argv, DeviceAddress, Driver, RemotePath, open};

const SOON: Duration = Duration::from_secs(20);

fn device(state: &Path, id: &str) -> Box<dyn Driver> {
    let parts = [("profile", "some-phone"), ("seed", "5"), ("ambient", "28")];
    let parts = parts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let address = DeviceAddress { device: id.to_owned(), state_dir: state.to_owned(), parts };
    open("virtual", &address).expect("it is built in")
}

fn path(text: &str) -> RemotePath {
    RemotePath::new(text).expect("plain")
}

fn at(driver: &dyn Driver, below: &str) -> PathBuf {
    Path::new(driver.root()).join(below)
}

#[tokio::test]
async fn a_sandbox_is_private_and_holds_its_sheet() {
    let dir = tempfile::tempdir().expect("a directory");
    let driver = device(dir.path(), "virtual:phone#2");
    driver.attach(SOON).await.expect("attaches");
    let sheet = fs::read_to_string(at(driver.as_ref(), "phone.toml")).expect("a sheet");
    assert!(sheet.starts_with("profile = \"some-phone\"\nseed = 5\nambient_c = 28.0\n"), "{sheet}");
    let root = fs::metadata(driver.root()).expect("it is there");
    assert_eq!(root.permissions().mode() & 0o777, 0o700);
    for shared in ["virtual/files", "virtual/digests"] {
        let mode = fs::metadata(dir.path().join(shared)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{shared}");
    }
    assert!(driver.is_simulated() && !driver.shares_host_processor());
    assert!(driver.describe().contains("virtual: some-phone, seed 5"), "{}", driver.describe());
}

#[tokio::test]
async fn large_files_are_shared_and_small_ones_are_not() {
    let dir = tempfile::tempdir().expect("a directory");
    let (large, small) = (dir.path().join("large"), dir.path().join("small"));
    fs::write(&large, vec![7; 2 << 20]).expect("room");
    fs::write(&small, "job").expect("room");
    let phones: Vec<_> = (0..4).map(|n| device(dir.path(), &format!("virtual:p{n}"))).collect();
    let pushed = phones.iter().map(|phone| async {
        phone.attach(SOON).await.expect("attaches");
        phone.push(&large, &path("store/aa"), 0o600, SOON).await.expect("pushes");
        phone.push(&small, &path("job.json"), 0o600, SOON).await.expect("pushes");
    });
    for phone in pushed {
        phone.await;
    }
    let found = |n: usize, below: &str| fs::metadata(at(phones[n].as_ref(), below)).expect("pushed");
    assert!((1..4).all(|n| found(n, "store/aa").ino() == found(0, "store/aa").ino()));
    assert!((1..4).all(|n| found(n, "job.json").ino() != found(0, "job.json").ino()));
    assert_eq!(found(0, "store/aa").mode() & 0o777, 0o600);
    phones[0].remove(&path("store/aa"), SOON).await.expect("removed");
    assert_eq!(fs::read(at(phones[1].as_ref(), "store/aa")).expect("still there").len(), 2 << 20);
}

#[tokio::test]
async fn the_bench_moves_on_by_what_the_program_lived_and_by_what_the_host_skips() {
    let dir = tempfile::tempdir().expect("a directory");
    let driver = device(dir.path(), "virtual:phone");
    driver.attach(SOON).await.expect("attaches");
    assert_eq!(driver.ahead(), Duration::ZERO);
    let script = dir.path().join("live");
    fs::write(&script, "#!/bin/sh\nprintf 600000000000 > ahead_ns\n").expect("room");
    driver.push(&script, &path("bin/live"), 0o700, SOON).await.expect("pushes");
    driver.exec(&Argv::of(&path("bin/live")), SOON).await.expect("lives");
    assert_eq!(driver.ahead(), Duration::from_mins(10));
    assert!(driver.skip(Duration::from_secs(5)).await.expect("skips"));
    assert_eq!(driver.ahead(), Duration::from_secs(605));
    let again = device(dir.path(), "virtual:phone");
    again.attach(SOON).await.expect("attaches");
    assert_eq!(again.ahead(), Duration::from_secs(605), "the lead outlives the host");
}
