//! `reverse:`: ports of the device that lead to the host, for as long as the connection lives.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::{AsFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::{SocketFlags, accept_with};

use super::connection::Connection;
use super::relay::{Ends, Framing, relay};
use super::stream::Stream;
use super::waker::Waker;

/// Ports that lead to one host.
const MAX_REVERSES: usize = 64;
/// Between two tries to let somebody in.
const PAUSE: Duration = Duration::from_millis(20);

/// The ports of a connection.
#[derive(Debug, Default)]
pub(super) struct Reverses(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    closed: bool,
    ports: BTreeMap<String, Port>,
}

#[derive(Debug)]
struct Port {
    /// Where it leads, in the words of the host.
    target: Arc<Mutex<String>>,
    /// Ends its listener.
    end: Arc<Waker>,
}

impl Reverses {
    /// The end of the connection: no port is left, and none comes.
    pub(super) fn close_all(&self) {
        let mut table = self.table();
        table.closed = true;
        table.close();
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn close(&mut self) {
        for port in std::mem::take(&mut self.ports).into_values() {
            port.end.wake();
        }
    }
}

/// Serves a request of the host.
pub(super) fn serve<'s>(
    connection: &'s Connection<'_>,
    scope: &'s Scope<'s, '_>,
    stream: &Stream,
    request: &[u8],
) -> io::Result<()> {
    let request = std::str::from_utf8(request).map_err(io::Error::other)?;
    stream.accept()?;
    let answer = match request.split_once(':') {
        // The one answer that has no word before its text.
        None if request == "list-forward" => return stream.write(&counted(&list(&connection.reverses))),
        None if request == "killforward-all" => {
            connection.reverses.table().close();
            Ok(None)
        }
        Some(("killforward", port)) => kill(&connection.reverses, port),
        Some(("forward", ports)) => forward(connection, scope, ports),
        _ => Err(format!("unknown request {request:.80}")),
    };
    stream.write(&spell(answer))
}

/// `OKAY`, then the text where there is one; or `FAIL` and the reason.
fn spell(answer: Result<Option<String>, String>) -> Vec<u8> {
    match answer {
        Ok(None) => b"OKAY".to_vec(),
        Ok(Some(text)) => [b"OKAY".to_vec(), counted(&text)].concat(),
        Err(text) => [b"FAIL".to_vec(), counted(&text)].concat(),
    }
}

/// A text behind its length in four hexadecimal digits, which is all it can be long.
fn counted(text: &str) -> Vec<u8> {
    let text = &text.as_bytes()[..text.len().min(0xffff)];
    [format!("{:04x}", text.len()).as_bytes(), text].concat()
}

fn list(reverses: &Reverses) -> String {
    let table = reverses.table();
    let target = |port: &Port| port.target.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let lines: Vec<_> =
        table.ports.iter().map(|(name, port)| format!("host {name} {}\n", target(port))).collect();
    lines.concat()
}

fn kill(reverses: &Reverses, name: &str) -> Result<Option<String>, String> {
    let port = reverses.table().ports.remove(name);
    let port = port.ok_or_else(|| format!("listener '{name:.80}' not found"))?;
    port.end.wake();
    Ok(None)
}

fn forward<'s>(
    connection: &'s Connection<'_>,
    scope: &'s Scope<'s, '_>,
    ports: &str,
) -> Result<Option<String>, String> {
    let (rebind, ports) = ports.strip_prefix("norebind:").map_or((true, ports), |ports| (false, ports));
    let (name, target) = ports.split_once(';').ok_or("bad forward")?;
    let mut table = connection.reverses.table();
    if let Some(port) = table.ports.get(name) {
        if !rebind {
            return Err("cannot rebind existing socket".to_owned());
        }
        target.clone_into(&mut port.target.lock().unwrap_or_else(PoisonError::into_inner));
        return Ok(None);
    }
    if table.closed || table.ports.len() >= MAX_REVERSES {
        return Err("too many listeners".to_owned());
    }
    let failed = |error: io::Error| format!("cannot bind listener: {error}");
    let (listener, port_number) = listen(name).map_err(failed)?;
    let name = port_number.map_or_else(|| name.to_owned(), |port| format!("tcp:{port}"));
    let port = Port {
        target: Arc::new(Mutex::new(target.to_owned())),
        end: Arc::new(Waker::new().map_err(failed)?),
    };
    let (target, end) = (Arc::clone(&port.target), Arc::clone(&port.end));
    let accept = move || accept_all(connection, scope, &listener, &end, &target);
    thread::Builder::new().name("reverse".to_owned()).spawn_scoped(scope, accept).map_err(failed)?;
    table.ports.insert(name, port);
    Ok(port_number.map(|port| port.to_string()))
}

/// A listener, and its port where the host left the choice to the device.
fn listen(name: &str) -> io::Result<(OwnedFd, Option<u16>)> {
    let unknown = || io::Error::new(io::ErrorKind::InvalidInput, "unknown kind of socket");
    let (kind, address) = name.split_once(':').ok_or_else(unknown)?;
    let (listener, port) = match kind {
        "tcp" => {
            let wanted: u16 = address.parse().map_err(io::Error::other)?;
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted))?;
            let port =
                (wanted == 0).then(|| listener.local_addr().map(|address| address.port())).transpose()?;
            (OwnedFd::from(listener), port)
        }
        "localabstract" => {
            let address = SocketAddr::from_abstract_name(address)?;
            (OwnedFd::from(UnixListener::bind_addr(&address)?), None)
        }
        "localfilesystem" => {
            // What a connection before has left; anything else than a socket stays.
            if fs::symlink_metadata(address).is_ok_and(|known| known.file_type().is_socket()) {
                let _ = fs::remove_file(address);
            }
            (OwnedFd::from(UnixListener::bind(address)?), None)
        }
        _ => return Err(unknown()),
    };
    ioctl_fionbio(&listener, true)?;
    Ok((listener, port))
}

fn accept_all<'s>(
    connection: &'s Connection<'_>,
    scope: &'s Scope<'s, '_>,
    listener: &OwnedFd,
    end: &Waker,
    target: &Mutex<String>,
) {
    loop {
        let mut waited = [PollFd::new(end, PollFlags::IN), PollFd::new(listener, PollFlags::IN)];
        match poll(&mut waited, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return,
        }
        if !waited[0].revents().is_empty() {
            return;
        }
        let Ok(socket) = accept_with(listener.as_fd(), SocketFlags::CLOEXEC | SocketFlags::NONBLOCK) else {
            // Whoever came may be gone again, and a process may be short of descriptors for a moment.
            thread::sleep(PAUSE);
            continue;
        };
        let target = target.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let lead = move || lead(connection, &target, socket);
        // Without a thread the caller sees its connection closed.
        drop(thread::Builder::new().name("reversed".to_owned()).spawn_scoped(scope, lead));
    }
}

/// Connects a caller on the device with the host.
fn lead(connection: &Connection<'_>, target: &str, socket: OwnedFd) {
    let Ok(Some(stream)) = connection.open_at_host(target) else { return };
    if stream.wait_until_open() {
        // Either side may end it.
        let _ = relay(&stream, Ends::new(socket, None, Framing::Bytes));
    }
    connection.strike_out(stream.local);
}
