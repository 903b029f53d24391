//! How fast a file gets to a phone, beside `adb push` of the same file in the same run.
//!
//! ```text
//! cargo run --release -p edgesoak-drivers --example push_rate -- SERVER SERIAL FILE [ROUNDS]
//! ```
//!
//! Each round pushes the file with adb, with adb and then `sha256sum` on the phone, and with the driver, which verifies it
//! too; the order changes with each round. Rates are medians.

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

fn compare(server: &str, serial: &str, file: &Path, rounds: usize) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let parts = vec![("serial".to_owned(), serial.to_owned()), ("server".to_owned(), server.to_owned())];
    let address = DeviceAddress { device: "phone".to_owned(), state_dir: PathBuf::new(), parts };
    let driver = Adb::new(&address, WorkerProgram::this())?;
    runtime.block_on(driver.attach(DEADLINE))?;
    let bytes = std::fs::metadata(file)?.len();
    let to = RemotePath::new("push-rate/driver")?;
    // The folder for all.
    runtime.block_on(driver.push(file, &to, 0o600, DEADLINE))?;
    let mut times = [const { Vec::new() }; 3];
    for round in 0..rounds {
        for turn in 0..3 {
            let way = (round + turn) % 3;
            let began = Instant::now();
            match way {
                0 => adb_push(server, serial, file, driver.root())?,
                1 => {
                    adb_push(server, serial, file, driver.root())?;
                    adb(server, serial, &["shell", "sha256sum", &pushed_by_adb(driver.root())])?;
                }
                _ => drop(runtime.block_on(driver.push(file, &to, 0o600, DEADLINE))?),
            }
            times[way].push(began.elapsed());
        }
    }
    runtime.block_on(driver.remove(&RemotePath::new("push-rate")?, DEADLINE))?;
    let [theirs, verified, ours] = times.map(|mut times| {
        times.sort();
        times.get(times.len() / 2).map_or(0.0, |time| bytes as f64 / 1e6 / time.as_secs_f64())
    });
    println!(
        "{bytes} bytes, {rounds} rounds: adb push {theirs:.1} MB/s, with sha256sum {verified:.1} MB/s, driver {ours:.1} MB/s, \
         {:.2} of it",
        ours / theirs
    );
    Ok(())
}

fn pushed_by_adb(root: &str) -> String {
    format!("{root}/push-rate/adb")
}

fn adb_push(server: &str, serial: &str, file: &Path, root: &str) -> Result<(), Box<dyn std::error::Error>> {
    let file = file.to_str().ok_or("the file's name is not text")?;
    adb(server, serial, &["push", file, &pushed_by_adb(root)])
}

fn adb(server: &str, serial: &str, words: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    let (host, port) = server.rsplit_once(':').ok_or("the server is not host:port")?;
    let status = Command::new("adb")
        .args(["-H", host, "-P", port, "-s", serial])
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("adb {} failed", words.join(" ")).into()) }
}
