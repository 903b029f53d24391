//! Questions that the adb server answers itself. Each is a connection of its own, given up at its deadline.

use std::io;
use std::net::{SocketAddr, SocketAddrV4};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use super::address::usual_server;
use crate::error::DriverError;

/// How long `adb start-server` may take.
const START: Duration = Duration::from_secs(10);
/// Longest quotation of a server's words, characters.
const MAX_WORDS: usize = 300;

/// The address of an adb server: `host:port`, where the host may be a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server(String);

/// What a server that is there said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Okay(String),
    Fail(String),
}

impl Server {
    /// Checks the form; names are looked up when they are needed, because a lab's addresses change.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        match text.rsplit_once(':') {
            Some((host, port))
                if !host.is_empty()
                    && host.chars().all(plain)
                    && port.parse::<u16>().is_ok_and(|port| port > 0) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(format!("the server {text:?} is not `host:port`")),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Its address now.
    pub(super) async fn resolve(&self) -> Result<SocketAddrV4, DriverError> {
        let blame = |source| DriverError::NoAdbServer { server: self.0.clone(), source };
        let mut found = tokio::net::lookup_host(&self.0).await.map_err(blame)?;
        found
            .find_map(|address| if let SocketAddr::V4(four) = address { Some(four) } else { None })
            .ok_or_else(|| blame(io::Error::new(io::ErrorKind::NotFound, "it has no IPv4 address")))
    }

    /// Asks one question whose answer is a text.
    pub(super) async fn ask(&self, question: &str, deadline: Duration) -> Result<Reply, DriverError> {
        let blame = |source| DriverError::NoAdbServer { server: self.0.clone(), source };
        let asking = async { exchange(self.resolve().await?, question).await.map_err(blame) };
        timeout(deadline, asking).await.map_err(|_| DriverError::DeadlinePassed {
            doing: format!("asking the adb server at {}", self.0),
            after: deadline,
        })?
    }

    /// Starts this host's usual server, if that is the one that is meant; `false` for any other. At another port of this
    /// host ends a tunnel, and a server that is started in its place would take this host's devices from the usual one.
    /// A server that runs already stays as it is.
    pub(super) async fn start(&self) -> Result<bool, DriverError> {
        let address = self.resolve().await?;
        if address.to_string() != usual_server() {
            return Ok(false);
        }
        let blame = |source| DriverError::NoAdbServer { server: self.0.clone(), source };
        let mut command = Command::new("adb");
        command
            .args(["-P", &address.port().to_string(), "start-server"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(blame)?;
        let status = timeout(START, child.wait()).await.map_err(|_| DriverError::DeadlinePassed {
            doing: "starting an adb server".to_owned(),
            after: START,
        })?;
        status.map_err(blame).map(|status| status.success())
    }
}

/// Whether a tunnel of this host ends there: an address of this host, and not that of its own server.
pub(crate) fn ends_a_tunnel(server: &str) -> bool {
    let (host, port) = server.rsplit_once(':').unwrap_or_default();
    let is_here = host == "localhost" || host.starts_with("127.");
    is_here && usual_server().rsplit_once(':').is_none_or(|(_, usual)| usual != port)
}

/// A question as a server wants it.
pub(super) fn request(question: &str) -> Vec<u8> {
    format!("{:04x}{question}", question.len()).into_bytes()
}

/// Bytes of the answer that follows. Four hexadecimal digits bound it to 64 KiB.
pub(super) fn length_of(digits: [u8; 4]) -> io::Result<usize> {
    let length = std::str::from_utf8(&digits).ok().and_then(|digits| u16::from_str_radix(digits, 16).ok());
    length
        .map(usize::from)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "its answer has no length"))
}

async fn exchange(server: SocketAddrV4, question: &str) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&request(question)).await?;
    let mut status = [0; 4];
    stream.read_exact(&mut status).await?;
    let okay = match &status {
        b"OKAY" => true,
        b"FAIL" => false,
        _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "it does not speak as an adb server")),
    };
    let mut length = [0; 4];
    stream.read_exact(&mut length).await?;
    let mut answer = vec![0; length_of(length)?];
    stream.read_exact(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Ok(if okay { Reply::Okay(answer) } else { Reply::Fail(in_words(&answer)) })
}

/// A text of a device or a server as part of a sentence: one line, no control characters, cut.
pub(super) fn in_words(text: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let words: String = text.chars().take(4 * MAX_WORDS).map(printable).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(MAX_WORDS).collect()
}
