//! `tcp:`, `localabstract:` and their like: a socket of the device.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::io::ioctl_fionbio;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, socket_with};

use super::relay::{Ends, Framing, relay};
use super::stream::Stream;

/// Where `localreserved:` names lie.
const RESERVED: &[u8] = b"/dev/socket/";
/// How long a port may take to let us in.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connects the stream with the socket; a name that leads nowhere ends the stream.
pub(super) fn serve(stream: &Stream, kind: &str, address: &[u8]) -> io::Result<()> {
    let socket = connect(kind, address)?;
    ioctl_fionbio(&socket, true)?;
    stream.accept()?;
    relay(stream, Ends::new(socket, None, Framing::Bytes)).map(|_| ())
}

fn connect(kind: &str, address: &[u8]) -> io::Result<OwnedFd> {
    let unknown = || io::Error::from(io::ErrorKind::NotFound);
    let unix = match kind {
        "tcp" => {
            let port = std::str::from_utf8(address).ok().and_then(port).ok_or_else(unknown)?;
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            return TcpStream::connect_timeout(&address, PATIENCE).map(OwnedFd::from);
        }
        "localabstract" => SocketAddrUnix::new_abstract_name(address)?,
        "localfilesystem" => SocketAddrUnix::new(address)?,
        "local" | "localreserved" => SocketAddrUnix::new([RESERVED, address].concat())?,
        _ => return Err(unknown()),
    };
    // Who lets nobody in is not waited for.
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    rustix::net::connect(&socket, &unix)?;
    Ok(socket)
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
