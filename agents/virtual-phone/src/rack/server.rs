//! The two questions for an adb server: to connect to a phone, and to let it go.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::error::RackError;

/// A server that answers nothing for so long is none; it may itself wait for a phone.
const PATIENCE: Duration = Duration::from_secs(15);
/// Where they are, if nobody says.
const PORT: u16 = 5037;
/// Longest answer that is read, bytes.
const MOST: u64 = 4 << 10;

/// Has the server connect to a phone; what it says of it.
pub(super) fn connect(server: &str, serial: &str) -> Result<String, RackError> {
    ask(server, "connect", serial)
}

/// Has the server forget a phone.
pub(super) fn disconnect(server: &str, serial: &str) -> Result<String, RackError> {
    ask(server, "disconnect", serial)
}

fn ask(server: &str, verb: &str, serial: &str) -> Result<String, RackError> {
    let failed = |problem| {
        let (server, asked) = (server.to_owned(), format!("{verb} {serial}"));
        RackError::AskingServer { server, asked, problem }
    };
    let answered = stream(server).and_then(|mut stream| {
        let request = format!("host:{verb}:{serial}");
        stream.write_all(format!("{:04x}{request}", request.len()).as_bytes())?;
        let mut answer = Vec::new();
        stream.take(MOST).read_to_end(&mut answer)?;
        Ok(answer)
    });
    let answer = answered.map_err(|error| failed(format!("{error}; is it running?")))?;
    said(&answer).map_err(failed)
}

fn stream(server: &str) -> io::Result<TcpStream> {
    let with_port = if server.contains(':') { server.to_owned() } else { format!("{server}:{PORT}") };
    let address = with_port.to_socket_addrs()?.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// What stands behind `OKAY` and a length, or `FAIL` and a length.
fn said(answer: &[u8]) -> Result<String, String> {
    let text =
        |from: usize| String::from_utf8_lossy(answer.get(from..).unwrap_or_default()).trim().to_owned();
    match answer.get(..4) {
        Some(b"OKAY") => Ok(text(8)),
        Some(b"FAIL") => Err(text(8)),
        _ => Err("it does not speak as an adb server".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_refusals_and_from_noise() {
        assert_eq!(said(b"OKAY0015connected to localhost:1").as_deref(), Ok("connected to localhost:1"));
        assert_eq!(said(b"FAIL0004nope").expect_err("it refused"), "nope");
        for noise in [&b"HTTP/1.1 400"[..], b"OK", b""] {
            assert_eq!(said(noise).expect_err("noise"), "it does not speak as an adb server");
        }
        assert_eq!(said(b"OKAY").as_deref(), Ok(""));
    }
}
