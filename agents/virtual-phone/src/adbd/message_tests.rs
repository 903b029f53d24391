//! Messages byte by byte, as the protocol's documents spell them.

use proptest::prelude::*;

use super::{Command, HEADER_BYTES, Header, MAX_PAYLOAD, MessageError, VERSION_WITHOUT_SUMS, sum};

#[test]
fn every_message_has_its_bytes() {
    let connect =
        Header::over(Command::Connect, VERSION_WITHOUT_SUMS, MAX_PAYLOAD, b"device::features=cmd", true);
    assert_eq!(
        connect.encode(),
        *b"CNXN\x01\x00\x00\x01\x00\x00\x10\x00\x14\x00\x00\x00\xb4\x07\x00\x00\xbc\xb1\xa7\xb1"
    );
    let token = Header::over(Command::Authenticate, 1, 0, &[7; 20], true);
    assert_eq!(
        token.encode(),
        *b"AUTH\x01\x00\x00\x00\x00\x00\x00\x00\x14\x00\x00\x00\x8c\x00\x00\x00\xbe\xaa\xab\xb7"
    );
    let open = Header::over(Command::Open, 5, 0, b"shell:id\0", true);
    assert_eq!(
        open.encode(),
        *b"OPEN\x05\x00\x00\x00\x00\x00\x00\x00\t\x00\x00\x00\x1f\x03\x00\x00\xb0\xaf\xba\xb1"
    );
    let okay = Header::over(Command::Okay, 1, 2, b"", false);
    assert_eq!(
        okay.encode(),
        *b"OKAY\x01\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xb0\xb4\xbe\xa6"
    );
    let write = Header::over(Command::Write, 1, 2, b"ab", false);
    assert_eq!(
        write.encode(),
        *b"WRTE\x01\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\xa8\xad\xab\xba"
    );
    let close = Header::over(Command::Close, 1, 2, b"", false);
    assert_eq!(
        close.encode(),
        *b"CLSE\x01\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xbc\xb3\xac\xba"
    );
}

#[test]
fn a_sum_adds_bytes_and_wraps() {
    assert_eq!(sum(b""), 0);
    assert_eq!(sum(b"ab"), 0x61 + 0x62);
    assert_eq!(sum(&[0xff; 3]), 0x2fd);
}

#[test]
fn what_is_no_message_is_named() {
    let good = Header::over(Command::Write, 1, 2, b"ab", true).encode();
    let mut unchecked = good;
    unchecked[20] ^= 1;
    assert!(matches!(Header::decode(&unchecked, MAX_PAYLOAD), Err(MessageError::Magic(..))));
    let mut unknown = good;
    unknown[..4].copy_from_slice(b"SYNX");
    unknown[20..].copy_from_slice(&(!u32::from_le_bytes(*b"SYNX")).to_le_bytes());
    assert!(matches!(Header::decode(&unknown, MAX_PAYLOAD), Err(MessageError::Command(_))));
    assert_eq!(Header::decode(&good, 1), Err(MessageError::Length(2)));
    let header = Header::decode(&good, 2).expect("two bytes are allowed");
    assert_eq!(header.check(b"ab"), Ok(()));
    assert!(matches!(header.check(b"ac"), Err(MessageError::Sum { .. })));
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(
        which in 0_usize..7,
        first: u32,
        second: u32,
        payload in prop::collection::vec(any::<u8>(), 0..300),
        sums: bool,
    ) {
        let header = Header::over(Command::ALL[which].0, first, second, &payload, sums);
        prop_assert_eq!(Header::decode(&header.encode(), MAX_PAYLOAD), Ok(header));
        if sums {
            prop_assert_eq!(header.check(&payload), Ok(()));
        }
    }

    #[test]
    fn no_bytes_bring_it_down(bytes: [u8; HEADER_BYTES], most: u32) {
        if let Ok(header) = Header::decode(&bytes, most) {
            prop_assert!(header.length <= most);
            prop_assert_eq!(header.encode(), bytes);
        }
    }
}
