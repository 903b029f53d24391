use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use proptest::prelude::*;

use super::{Action, Reader, exit, header};

#[test]
fn packets_have_their_bytes() {
    assert_eq!(header(super::STDOUT, 258), *b"\x01\x02\x01\x00\x00");
    assert_eq!(exit(ExitStatus::from_raw(7 << 8)), *b"\x03\x01\x00\x00\x00\x07");
    assert_eq!(exit(ExitStatus::from_raw(9)), *b"\x03\x01\x00\x00\x00\x89");
}

#[test]
fn input_end_and_size_are_read() {
    let mut input = Vec::new();
    let sent =
        b"\x00\x02\x00\x00\x00hi\x05\x09\x00\x00\x0024x80,0x0\x04\x00\x00\x00\x00\x00\x01\x00\x00\x00!";
    let actions = Reader::default().read(sent, &mut input);
    assert_eq!(actions, [Action::Resize { rows: 24, columns: 80 }, Action::CloseStdin]);
    assert_eq!(input, b"hi!");
}

#[test]
fn what_nobody_knows_is_passed_over() {
    let mut input = Vec::new();
    let mut reader = Reader::default();
    assert_eq!(
        reader.read(b"\x63\x03\x00\x00\x00abc\x05\x01\x00\x00\x00x\x00\x01\x00\x00\x00!", &mut input),
        []
    );
    assert_eq!(input, b"!");
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        packets in prop::collection::vec((0_u8..7, prop::collection::vec(any::<u8>(), 0..80)), 0..12),
        piece in 1_usize..40,
    ) {
        let mut sent = Vec::new();
        for (kind, body) in &packets {
            sent.extend(header(*kind, body.len()));
            sent.extend(body);
        }
        let mut at_once = Vec::new();
        let actions = Reader::default().read(&sent, &mut at_once);
        let mut reader = Reader::default();
        let (mut in_pieces, mut actions_in_pieces) = (Vec::new(), Vec::new());
        for piece in sent.chunks(piece) {
            actions_in_pieces.extend(reader.read(piece, &mut in_pieces));
        }
        let input: Vec<u8> = packets.iter().filter(|(kind, _)| *kind == 0).flat_map(|(_, body)| body.clone()).collect();
        prop_assert_eq!(&at_once, &input);
        prop_assert_eq!(at_once, in_pieces);
        prop_assert_eq!(actions, actions_in_pieces);
    }

    #[test]
    fn no_bytes_bring_it_down(bytes: Vec<u8>) {
        Reader::default().read(&bytes, &mut Vec::new());
    }
}
