//! Whether devices that come and go leave anything behind in a process, and whether one that stalls is given up in time.
//!
//! ```text
//! cargo run --release -p edgesoak-drivers --example attach_cycles -- SERVER SERIAL [CYCLES]
//! ```
//!
//! Attaches to a device and lets go of it, and prints what this process holds before and after. Then it reads a line, asks a
//! device that has been made to stall meanwhile, with a deadline of 5 s, and prints when it was given up, and what is held then.

#![forbid(unsafe_code)]

#[path = "../tests/adb_leaks/held.rs"]
mod held;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use edgesoak_drivers::{Adb, DeviceAddress, Driver, WORKER_WORD, WorkerProgram, adb_worker};

use held::Held;

/// For what answers.
const DEADLINE: Duration = Duration::from_secs(30);
/// For what does not.
const SHORT: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|word| word == WORKER_WORD) {
        return adb_worker();
    }
    let [server, serial, cycles @ ..] = arguments.as_slice() else {
        eprintln!("attach_cycles SERVER SERIAL [CYCLES]");
        return ExitCode::from(2);
    };
    let cycles = cycles.first().and_then(|cycles| cycles.parse().ok()).unwrap_or(500);
    match run(server, serial, cycles) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("attach_cycles: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(server: &str, serial: &str, cycles: u32) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let parts = vec![("serial".to_owned(), serial.to_owned()), ("server".to_owned(), server.to_owned())];
    let address = DeviceAddress { device: "phone".to_owned(), state_dir: PathBuf::new(), parts };
    // The first makes what the process keeps.
    runtime.block_on(Adb::new(&address, WorkerProgram::this())?.attach(DEADLINE))?;
    println!("before: {}", held()?);
    for _ in 0..cycles {
        runtime.block_on(Adb::new(&address, WorkerProgram::this())?.attach(DEADLINE))?;
    }
    println!("after {cycles} cycles: {}", held()?);
    let driver = Adb::new(&address, WorkerProgram::this())?;
    runtime.block_on(driver.attach(DEADLINE))?;
    println!("stall it");
    std::io::stdin().read_line(&mut String::new())?;
    let began = Instant::now();
    let asked = runtime.block_on(driver.free_space(SHORT));
    let after = began.elapsed().as_secs_f64();
    let Err(error) = asked else { return Err("it did not stall".into()) };
    drop(driver);
    println!("given up after {after:.2} s of {} s: {error}; {}", SHORT.as_secs(), held()?);
    Ok(())
}

/// What this process holds once what has ended is reaped.
fn held() -> Result<String, std::io::Error> {
    std::thread::sleep(Duration::from_secs(2));
    let Held { descriptors, threads, processes } = Held::now()?;
    Ok(format!("{descriptors} descriptors, {threads} threads, {processes} processes"))
}
