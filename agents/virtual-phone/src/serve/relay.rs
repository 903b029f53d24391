//! `runner`: passes the runner protocol on to the phone, and does what the phone's faults have a runner do.

use std::io::{self, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::{Signal, getpid, kill_process};

use super::arguments::RunnerOptions;
use super::desk::{Card, Order, SOCKET, Said, line};
use super::error::ServeError;

/// Where nobody listens: the port that discards, on this machine itself.
const DISCARD: u16 = 9;

/// Passes requests from stdin to the phone and its events to stdout, until stdin ends.
pub fn relay(options: &RunnerOptions) -> Result<(), ServeError> {
    let socket = options.phone.join(SOCKET);
    let mut phone = UnixStream::connect(&socket).map_err(ServeError::file("connecting to", &socket))?;
    let lost = |_| ServeError::LosingPhone;
    let card =
        serde_json::to_string(&Card { pid: std::process::id() }).map_err(|_| ServeError::LosingPhone)?;
    writeln!(phone, "{card}").map_err(lost)?;
    let requests = phone.try_clone().map_err(lost)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    thread::Builder::new()
        .name("requests".to_owned())
        .spawn(move || {
            forward(requests, &over);
        })
        .map_err(|source| ServeError::Listening { what: "requests", source })?;
    let mut events = BufReader::new(phone);
    let mut out = io::stdout().lock();
    while let Some(line) = line(&mut events) {
        match serde_json::from_slice(&line) {
            Ok(Said::Order { order }) => obey(order),
            // Nobody who reads means that stdin ends too.
            Ok(Said::Event(_)) if out.write_all(&line).and_then(|()| out.flush()).is_ok() => {}
            _ => break,
        }
    }
    if is_over.load(Ordering::Acquire) { Ok(()) } else { Err(ServeError::LosingPhone) }
}

/// Passes stdin on as it is; its end is the end of everything.
fn forward(mut phone: UnixStream, is_over: &AtomicBool) {
    let mut stdin = io::stdin().lock();
    let mut bytes = vec![0; 64 << 10];
    while let Ok(length) = stdin.read(&mut bytes) {
        if length == 0 || phone.write_all(&bytes[..length]).is_err() {
            is_over.store(length == 0, Ordering::Release);
            break;
        }
    }
    // A phone that is gone already needs no goodbye.
    let _ = phone.shutdown(Shutdown::Both);
}

fn obey(order: Order) {
    match order {
        Order::Die => {
            // Cannot fail: a process may always kill itself.
            let _ = kill_process(getpid(), Signal::KILL);
        }
        Order::CallOut => {
            // The attempt counts; nothing is sent, and nobody answers there.
            let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, DISCARD));
        }
    }
}
