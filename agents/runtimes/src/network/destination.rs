//! Where a call leads, by the bytes of its address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest address that the kernel takes, bytes.
pub(super) const MOST_BYTES: usize = 128;
/// Shortest addresses of the two families, bytes. Of the second one the kernel takes one without its last word.
const LEAST_4: usize = 16;
const LEAST_6: usize = 24;
/// Ports on which names are asked for: what listens there on a device asks on.
const NAMES: [u16; 2] = [53, 853];

/// Where an address lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Loopback,
    Private,
    LinkLocal,
    Multicast,
    Public,
}

impl Reach {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::LinkLocal => "link-local",
            Self::Multicast => "multicast",
            Self::Public => "public",
        }
    }

    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_4(address),
            IpAddr::V6(address) => Self::of_6(address),
        }
    }

    fn of_4(address: Ipv4Addr) -> Self {
        let [first, second, ..] = address.octets();
        // Without an address, the kernel takes the device itself.
        if address.is_loopback() || address.is_unspecified() {
            Self::Loopback
        } else if address.is_private() || (first == 100 && (64..128).contains(&second)) {
            Self::Private
        } else if address.is_link_local() {
            Self::LinkLocal
        } else if address.is_multicast() || address.is_broadcast() {
            Self::Multicast
        } else {
            Self::Public
        }
    }

    fn of_6(address: Ipv6Addr) -> Self {
        if let Some(address) = address.to_ipv4_mapped() {
            return Self::of_4(address);
        }
        if address.is_loopback() || address.is_unspecified() {
            Self::Loopback
        } else if address.is_unique_local() {
            Self::Private
        } else if address.is_unicast_link_local() {
            Self::LinkLocal
        } else if address.is_multicast() {
            Self::Multicast
        } else {
            Self::Public
        }
    }
}

/// An address and a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Destination {
    address: IpAddr,
    pub(super) port: u16,
}

impl Destination {
    /// Reads what stands in a caller's memory; `None` where it is no address of the internet.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let port = u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]);
        let address = match family(bytes)? {
            // Where a packet is sent, no family at all is taken for the first one.
            libc::AF_INET | libc::AF_UNSPEC if bytes.len() >= LEAST_4 => {
                IpAddr::from(<[u8; 4]>::try_from(bytes.get(4..8)?).ok()?)
            }
            libc::AF_INET6 if bytes.len() >= LEAST_6 => {
                IpAddr::from(<[u8; 16]>::try_from(bytes.get(8..24)?).ok()?)
            }
            _ => return None,
        };
        Some(Self { address, port })
    }

    pub(super) fn reach(&self) -> Reach {
        Reach::of(self.address)
    }

    /// Whether it stays with the runtime: its own loopback, and nobody there who asks others for names.
    pub(super) fn stays(&self) -> bool {
        self.reach() == Reach::Loopback && !NAMES.contains(&self.port)
    }

    /// The address, where it says who was meant to be reached: those within a site would tell of the site alone.
    pub(super) fn told(&self) -> Option<String> {
        (self.reach() == Reach::Public).then(|| self.address.to_canonical().to_string())
    }
}

/// The family that an address says it is of.
pub(super) fn family(bytes: &[u8]) -> Option<i32> {
    Some(i32::from(u16::from_ne_bytes([*bytes.first()?, *bytes.get(1)?])))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(address: &str, port: u16) -> Vec<u8> {
        let address: IpAddr = address.parse().expect("an address");
        let port = port.to_be_bytes();
        match address {
            IpAddr::V4(address) => [&[2, 0], &port[..], &address.octets(), &[0; 8]].concat(),
            IpAddr::V6(address) => [&[10, 0], &port[..], &[0; 4], &address.octets(), &[0; 4]].concat(),
        }
    }

    #[test]
    fn only_public_addresses_are_told() {
        for (address, reach, told) in [
            ("127.0.0.1", "loopback", false),
            ("0.0.0.0", "loopback", false),
            ("10.1.2.3", "private", false),
            ("172.31.0.1", "private", false),
            ("192.168.1.1", "private", false),
            ("100.64.0.1", "private", false),
            ("100.128.0.1", "public", true),
            ("169.254.1.1", "link-local", false),
            ("224.0.0.251", "multicast", false),
            ("255.255.255.255", "multicast", false),
            ("192.0.2.1", "public", true),
            ("::1", "loopback", false),
            ("::", "loopback", false),
            ("::ffff:127.0.0.1", "loopback", false),
            ("::ffff:192.0.2.1", "public", true),
            ("fd00::1", "private", false),
            ("fe80::1", "link-local", false),
            ("ff02::fb", "multicast", false),
            ("2001:db8::1", "public", true),
        ] {
            let found = Destination::read(&bytes(address, 443)).expect("an address");
            assert_eq!((found.reach().word(), found.told().is_some()), (reach, told), "{address}");
            assert_eq!(found.port, 443);
        }
    }

    #[test]
    fn what_asks_for_names_leaves_even_by_the_loopback() {
        let stays = |address, port| Destination::read(&bytes(address, port)).expect("an address").stays();
        assert!(stays("127.0.0.1", 8080) && stays("::1", 8080));
        assert!(!stays("127.0.0.53", 53) && !stays("::1", 853) && !stays("192.0.2.1", 8080));
    }

    #[test]
    fn torn_addresses_are_none() {
        let whole = bytes("192.0.2.1", 1);
        assert!((0..16).all(|length| Destination::read(&whole[..length]).is_none()));
        let whole = bytes("2001:db8::1", 1);
        assert!((0..24).all(|length| Destination::read(&whole[..length]).is_none()));
        assert!(Destination::read(&[1, 0, b'/', b'x', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_address_or_none(bytes in prop::collection::vec(any::<u8>(), 0..MOST_BYTES)) {
            if let Some(found) = Destination::read(&bytes) {
                prop_assert!(found.told().is_none_or(|text| text.len() <= 45));
                prop_assert!(!(found.stays() && found.told().is_some()));
            }
        }
    }
}
