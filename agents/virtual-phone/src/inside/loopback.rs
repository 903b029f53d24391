//! The network of a phone: its own loopback and nothing else. A new one is down.

use std::io;

use rustix::fd::AsFd;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with};

/// Bytes of a request: the header of a message, then that of a link.
const REQUEST: usize = 32;
const RTM_NEWLINK: u16 = 16;
/// That it is a request, and wants an answer.
const REQUEST_AND_ACK: u16 = 1 | 4;
const IFF_UP: u32 = 1;
/// The first link of a network.
const LOOPBACK: i32 = 1;
/// Where an answer holds the error number, negative or 0, behind its header.
const ERROR_AT: std::ops::Range<usize> = 16..20;

/// Brings the loopback of this network up.
pub(super) fn raise() -> io::Result<()> {
    // Without a number, it speaks of links and routes.
    let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None)?;
    sendto(socket.as_fd(), &request(), SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
    let mut answer = [0; 256];
    let (length, _) = recv(socket.as_fd(), &mut answer, RecvFlags::empty())?;
    let number =
        answer[..length].get(ERROR_AT).and_then(|bytes| bytes.try_into().ok()).map(i32::from_ne_bytes);
    match number {
        Some(0) => Ok(()),
        Some(number) => Err(io::Error::from_raw_os_error(number.saturating_neg())),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn request() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(REQUEST);
    // Length, kind, flags, number and sender of the message.
    bytes.extend(32_u32.to_ne_bytes());
    bytes.extend(RTM_NEWLINK.to_ne_bytes());
    bytes.extend(REQUEST_AND_ACK.to_ne_bytes());
    bytes.extend(1_u32.to_ne_bytes());
    bytes.extend(0_u32.to_ne_bytes());
    // Family and kind of the link, which it is, the flags, and which of them change.
    bytes.extend(0_u32.to_ne_bytes());
    bytes.extend(LOOPBACK.to_ne_bytes());
    bytes.extend(IFF_UP.to_ne_bytes());
    bytes.extend(IFF_UP.to_ne_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_as_long_as_it_says() {
        let bytes = request();
        assert_eq!(bytes.len(), REQUEST);
        assert_eq!(bytes[..4], 32_u32.to_ne_bytes());
    }
}
