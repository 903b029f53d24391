//! `tcp:`, `localabstract:` and their like: a socket of the device.

use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::os::fd::OwnedFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::Path;

use rustix::io::ioctl_fionbio;

use super::relay::{Ends, Framing, relay};
use super::stream::Stream;

/// Where `localreserved:` names lie.
const RESERVED: &str = "/dev/socket";

/// Connects the stream with the socket; a name that leads nowhere ends the stream.
pub(super) fn serve(stream: &Stream, kind: &str, address: &[u8]) -> io::Result<()> {
    let socket = connect(kind, address)?;
    ioctl_fionbio(&socket, true)?;
    stream.accept()?;
    relay(stream, Ends::new(socket, None, Framing::Bytes)).map(|_| ())
}

fn connect(kind: &str, address: &[u8]) -> io::Result<OwnedFd> {
    let unknown = || io::Error::from(io::ErrorKind::NotFound);
    match kind {
        "tcp" => {
            let port = std::str::from_utf8(address).ok().and_then(port).ok_or_else(unknown)?;
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map(OwnedFd::from)
        }
        "localabstract" => {
            let address = SocketAddr::from_abstract_name(address)?;
            UnixStream::connect_addr(&address).map(OwnedFd::from)
        }
        "localfilesystem" => UnixStream::connect(path(address)).map(OwnedFd::from),
        "local" | "localreserved" => {
            UnixStream::connect(Path::new(RESERVED).join(path(address))).map(OwnedFd::from)
        }
        _ => Err(unknown()),
    }
}

fn path(address: &[u8]) -> &Path {
    Path::new(std::ffi::OsStr::from_bytes(address))
}

/// `PORT`, or `PORT:HOST` and `HOST:PORT` where the host is the device itself: it is nobody's way to other machines.
fn port(address: &str) -> Option<u16> {
    let here = |host: &str| matches!(host, "localhost" | "127.0.0.1");
    let port = match address.split_once(':') {
        None => address,
        Some((port, host)) if here(host) => port,
        Some((host, port)) if here(host) => port,
        Some(_) => return None,
    };
    port.parse().ok().filter(|port| *port != 0)
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn ports_are_of_this_device_only() {
        assert_eq!(port("80"), Some(80));
        assert_eq!(port("80:localhost"), Some(80));
        assert_eq!(port("127.0.0.1:80"), Some(80));
        for no in ["", "0", "65536", "80:example.org", "10.0.0.1:80", "-1"] {
            assert_eq!(port(no), None, "{no}");
        }
    }
}
