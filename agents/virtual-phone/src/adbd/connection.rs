//! One connection of a host: it says hello, may have to prove itself, and opens streams.

use std::collections::HashMap;
use std::io;
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};

use super::device::Device;
use super::link::{Access, Attached};
use super::message::{Command, Header};
use super::orphans::Orphans;
use super::reverse::Reverses;
use super::service;
use super::stream::Stream;
use super::wire::Wire;

/// Streams of one connection.
const MAX_STREAMS: usize = 256;
/// The smallest message a host must take.
const LEAST_PAYLOAD: u32 = 4 << 10;
/// Bytes of the random token that a host is to sign.
const TOKEN_BYTES: usize = 20;

/// What a host sends with [`Command::Authenticate`].
const AUTH_TOKEN: u32 = 1;
const AUTH_SIGNATURE: u32 = 2;
const AUTH_PUBLIC_KEY: u32 = 3;

/// A connection, as its threads share it.
#[derive(Debug)]
pub(super) struct Connection<'a> {
    pub(super) device: &'a Device,
    pub(super) orphans: &'a Orphans,
    pub(super) reverses: Reverses,
    wire: Arc<Wire>,
    streams: Mutex<Streams>,
}

#[derive(Debug, Default)]
struct Streams {
    /// Whether the host may open any.
    online: bool,
    open: HashMap<u32, Arc<Stream>>,
    last: u32,
}

/// Serves one host until it goes or the cable is cut.
pub(super) fn serve(stream: TcpStream, cable: Attached, device: &Device, orphans: &Orphans) {
    let _ = stream.set_nodelay(true);
    let connection = Connection {
        device,
        orphans,
        reverses: Reverses::default(),
        wire: Arc::new(Wire::new(stream, cable)),
        streams: Mutex::default(),
    };
    thread::scope(|scope| {
        // Whatever the reason, the host gets no other word than the end of the connection.
        while connection.serve_message(scope).is_ok() {}
        connection.end();
    });
}

impl Connection<'_> {
    fn serve_message<'s>(&'s self, scope: &'s Scope<'s, '_>) -> io::Result<()> {
        let (header, payload) = self.wire.receive()?;
        if self.wire.cable.is_offline() {
            return Ok(());
        }
        match header.command {
            Command::Connect => self.greet(header),
            Command::Authenticate => self.prove(header, scope),
            Command::StartTls => Err(io::ErrorKind::Unsupported.into()),
            _ if !self.streams().online => Ok(()),
            Command::Open => self.open(header, &payload, scope),
            Command::Okay => {
                if let Some(stream) = self.stream(header.second) {
                    stream.acknowledged(header.first);
                }
                Ok(())
            }
            Command::Write => self.stream(header.second).map_or(Ok(()), |stream| stream.keep(&payload)),
            Command::Close => {
                if let Some(stream) = self.stream(header.second) {
                    stream.closed();
                }
                Ok(())
            }
        }
    }

    fn greet(&self, header: Header) -> io::Result<()> {
        if header.second < LEAST_PAYLOAD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the host takes no messages"));
        }
        self.drop_streams();
        let features = self.device.features;
        self.wire.agree(header.first.min(features.version()), header.second.min(features.max_payload()));
        match self.wire.cable.access() {
            Access::Granted => self.welcome(),
            Access::Unauthorised => self.ask_for_proof(),
        }
    }

    fn prove<'s>(&'s self, header: Header, scope: &'s Scope<'s, '_>) -> io::Result<()> {
        match (header.first, self.wire.cable.access()) {
            (AUTH_SIGNATURE | AUTH_PUBLIC_KEY, Access::Granted) => self.welcome(),
            // A key that nobody knows; the host has others, or sends its public key in the end.
            (AUTH_SIGNATURE, Access::Unauthorised) => self.ask_for_proof(),
            // The dialog stands on the screen.
            (AUTH_PUBLIC_KEY, Access::Unauthorised) => {
                let wait = || {
                    if self.wire.cable.wait_for_access() {
                        let _ = self.welcome();
                    }
                };
                thread::Builder::new().spawn_scoped(scope, wait).map(|_| ())
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn ask_for_proof(&self) -> io::Result<()> {
        let mut token = [0; TOKEN_BYTES];
        io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut token)?;
        self.wire.send(Command::Authenticate, AUTH_TOKEN, 0, &token)
    }

    fn welcome(&self) -> io::Result<()> {
        let features = self.device.features;
        self.streams().online = true;
        let banner = self.device.banner();
        self.wire.send(Command::Connect, features.version(), features.max_payload(), banner.as_bytes())
    }

    fn open<'s>(&'s self, header: Header, payload: &[u8], scope: &'s Scope<'s, '_>) -> io::Result<()> {
        let name = payload.split(|byte| *byte == 0).next().unwrap_or_default();
        let remote = header.first;
        if remote == 0 {
            return Ok(());
        }
        let Some(stream) = self.enlist(remote)? else {
            return self.wire.send(Command::Close, 0, remote, &[]);
        };
        let local = stream.local;
        let name = name.to_vec();
        let serve = move || {
            service::serve(self, scope, &stream, &name);
            self.strike_out(stream.local);
            self.orphans.reap();
        };
        let started = thread::Builder::new().name("stream".to_owned()).spawn_scoped(scope, serve);
        if started.is_err() {
            // The host has its word with that.
            self.strike_out(local);
        }
        Ok(())
    }

    /// A new stream to what the host calls `name`, such as where a reversed port leads.
    pub(super) fn open_at_host(&self, name: &str) -> io::Result<Option<Arc<Stream>>> {
        let Some(stream) = self.enlist(0)? else { return Ok(None) };
        let mut payload = name.as_bytes().to_vec();
        payload.push(0);
        self.wire.send(Command::Open, stream.local, 0, &payload)?;
        Ok(Some(stream))
    }

    fn enlist(&self, remote: u32) -> io::Result<Option<Arc<Stream>>> {
        let mut streams = self.streams();
        if !streams.online || streams.open.len() >= MAX_STREAMS {
            return Ok(None);
        }
        loop {
            streams.last = streams.last.wrapping_add(1).max(1);
            if !streams.open.contains_key(&streams.last) {
                break;
            }
        }
        let stream = Arc::new(Stream::new(streams.last, remote, Arc::clone(&self.wire))?);
        streams.open.insert(stream.local, Arc::clone(&stream));
        Ok(Some(stream))
    }

    /// Says that a stream is closed, and forgets it.
    pub(super) fn strike_out(&self, local: u32) {
        let stream = self.streams().open.remove(&local);
        if let Some(stream) = stream {
            stream.finish();
        }
    }

    /// A service asked for the end of the whole connection.
    pub(super) fn hang_up(&self) {
        self.wire.cable.detach();
    }

    fn stream(&self, local: u32) -> Option<Arc<Stream>> {
        self.streams().open.get(&local).cloned()
    }

    /// Tells everybody that the connection is gone.
    fn end(&self) {
        self.wire.cable.detach();
        self.streams().online = false;
        self.drop_streams();
        self.reverses.close_all();
    }

    fn drop_streams(&self) {
        let open: Vec<_> = self.streams().open.values().cloned().collect();
        for stream in open {
            stream.lost();
        }
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
