//! How fast a file gets to a phone, beside `adb push` of the same file in the same run.
//!
//! ```text
//! cargo run --release -p edgesoak-drivers --example push_rate -- SERVER SERIAL FILE [ROUNDS]
//! ```
//!
//! Each round pushes the file once with adb and once with the driver, which also verifies it; the order changes with each
//! round. Rates are medians.

#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use edgesoak_drivers::{Adb, DeviceAddress, Driver, RemotePath, WORKER_WORD, WorkerProgram, adb_worker};

const DEADLINE: Duration = Duration::from_mins(30);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == WORKER_WORD) {
        return adb_worker();
    }
    let [server, serial, file, rounds @ ..] = arguments.as_slice() else {
        eprintln!("push_rate SERVER SERIAL FILE [ROUNDS]");
        return ExitCode::from(2);
    };
    let rounds = rounds.first().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    match compare(server, serial, Path::new(file), rounds) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("push_rate: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(server: &str, serial: &str, file: &Path, rounds: u32) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let parts = vec![("serial".to_owned(), serial.to_owned()), ("server".to_owned(), server.to_owned())];
    let address = DeviceAddress { device: "phone".to_owned(), state_dir: PathBuf::new(), parts };
    let driver = Adb::new(&address, WorkerProgram::this())?;
    runtime.block_on(driver.attach(DEADLINE))?;
    let bytes = std::fs::metadata(file)?.len();
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    let to = RemotePath::new("push-rate/driver")?;
    // The folder for both.
    runtime.block_on(driver.push(file, &to, 0o600, DEADLINE))?;
    for round in 0..rounds {
        for turn in [round % 2, (round + 1) % 2] {
            let began = Instant::now();
            if turn == 0 {
                adb_push(server, serial, file, driver.root())?;
                theirs.push(began.elapsed());
            } else {
                runtime.block_on(driver.push(file, &to, 0o600, DEADLINE))?;
                ours.push(began.elapsed());
            }
        }
    }
    runtime.block_on(driver.remove(&RemotePath::new("push-rate")?, DEADLINE))?;
    let rate = |times: &mut Vec<Duration>| {
        times.sort();
        times.get(times.len() / 2).map_or(0.0, |time| bytes as f64 / 1e6 / time.as_secs_f64())
    };
    let (theirs, ours) = (rate(&mut theirs), rate(&mut ours));
    println!(
        "{bytes} bytes, {rounds} rounds: adb push {theirs:.1} MB/s, driver {ours:.1} MB/s, {:.2} of it",
        ours / theirs
    );
    Ok(())
}

fn adb_push(server: &str, serial: &str, file: &Path, root: &str) -> Result<(), Box<dyn std::error::Error>> {
    let (host, port) = server.rsplit_once(':').ok_or("the server is not host:port")?;
    let pushed = Command::new("adb")
        .args(["-H", host, "-P", port, "-s", serial, "push"])
        .arg(file)
        .arg(format!("{root}/push-rate/adb"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if pushed.success() { Ok(()) } else { Err("adb push failed".into()) }
}
