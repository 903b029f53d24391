//! On a virtual phone, the phone's own engine plays: its tokens come at the pace of the simulated body.
//!
//! The phone listens on a socket in its folder. The first line to it says which process this is; from then on requests
//! go there and events come back as they are. A line with an `order` is for this runner itself.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddrV4};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use edgesoak_protocol::runner::MAX_LINE_BYTES;
use rustix::net::{AddressFamily, SocketType, bind, connect, socket};
use rustix::process::{Signal, getpid, kill_process};
use serde_json::{Value, json};

/// The socket, below the folder of the phone.
const SOCKET: &str = "run/runner.sock";
/// Whom a runtime calls that calls out: the same as in the phone's table of sockets.
const NOBODY: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const HTTPS: u16 = 443;

/// Passes requests and events on until stdin ends, or the phone goes away.
pub fn play(folder: &Path) -> ExitCode {
    let socket = folder.join(SOCKET);
    match relay(&socket) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("edgesoak-scripted-runner: talking to the phone at {}: {error}", socket.display());
            ExitCode::FAILURE
        }
    }
}

fn relay(socket: &Path) -> io::Result<()> {
    let mut phone = UnixStream::connect(socket)?;
    writeln!(phone, "{}", json!({ "pid": std::process::id() }))?;
    let (requests, is_over) = (phone.try_clone()?, Arc::new(AtomicBool::new(false)));
    let over = Arc::clone(&is_over);
    thread::spawn(move || forward(requests, &over));
    let (mut events, mut out) = (BufReader::new(phone), io::stdout().lock());
    while let Some(line) = next_line(&mut events)? {
        match serde_json::from_slice::<Value>(&line)?.get("order") {
            Some(order) => obey(order.as_str().unwrap_or_default()),
            None => out.write_all(&line).and_then(|()| out.flush())?,
        }
    }
    if is_over.load(Ordering::Acquire) { Ok(()) } else { Err(io::ErrorKind::ConnectionAborted.into()) }
}

/// Passes stdin on; its end is the end of everything.
fn forward(mut phone: UnixStream, is_over: &AtomicBool) {
    let copied = io::copy(&mut io::stdin().lock(), &mut phone);
    is_over.store(copied.is_ok(), Ordering::Release);
    // A phone that is gone already needs no goodbye.
    let _ = phone.shutdown(Shutdown::Both);
}

fn next_line(source: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    source.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
    Ok((line.last() == Some(&b'\n')).then_some(line))
}

/// What the phone's faults have a runner do.
fn obey(order: &str) {
    match order {
        // Cannot fail: a process may always kill itself.
        "die" => drop(kill_process(getpid(), Signal::KILL)),
        // The attempt counts.
        "call_out" => drop(call_out()),
        _ => {}
    }
}

/// Calls an address for documents from the loopback, which no kernel lets out.
fn call_out() -> rustix::io::Result<()> {
    let socket = socket(AddressFamily::INET, SocketType::STREAM, None)?;
    bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))?;
    connect(&socket, &SocketAddrV4::new(NOBODY, HTTPS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_bounded() {
        let mut bytes = b"{}\n".to_vec();
        bytes.extend(vec![b'x'; MAX_LINE_BYTES + 10]);
        let mut source = &bytes[..];
        assert_eq!(next_line(&mut source).expect("bytes").as_deref(), Some(&b"{}\n"[..]));
        assert_eq!(next_line(&mut source).expect("bytes"), None);
    }

    #[test]
    fn a_phone_that_is_not_there_is_an_error() {
        let socket = Path::new(env!("CARGO_MANIFEST_DIR")).join("no-phone").join(SOCKET);
        assert_eq!(relay(&socket).expect_err("nobody listens").kind(), io::ErrorKind::NotFound);
    }
}
