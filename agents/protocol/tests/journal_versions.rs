//! What a reader makes of journals that are newer than itself.

use edgesoak_protocol::journal::{
    CURRENT, Ending, FRAME_PREFIX, Frame, HEADER_PREFIX, Header, JournalError, MAGIC, MIN, Phase, read_all,
    write_header,
};
use minicbor::Encoder;

fn header() -> Header {
    Header {
        run: "r".to_owned(),
        session: "s".to_owned(),
        boot_id: "b".to_owned(),
        mono_ns: 1,
        boottime_ns: 2,
        wall_ns: 3,
        agent: "9.9.9".to_owned(),
        is_virtual: false,
        groups: Vec::new(),
        channels: Vec::new(),
    }
}

fn crc(parts: &[&[u8]]) -> [u8; 4] {
    let mut crc = crc32fast::Hasher::new();
    for part in parts {
        crc.update(part);
    }
    crc.finalize().to_le_bytes()
}

fn sealed_header(version: u16, payload: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend(u32::try_from(payload.len()).expect("short").to_le_bytes());
    let crc = crc(&[&bytes, payload]);
    bytes.extend(crc);
    bytes.extend(payload);
    bytes
}

fn sealed_frame(payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("short").to_le_bytes();
    let rest = [&[0; 16], payload].concat();
    [&length[..], &crc(&[&length, &rest]), &rest].concat()
}

/// The CBOR of frame `variant` with the given fields.
fn fields(variant: u64, count: u64, encode: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes);
    encoder.array(2).and_then(|e| e.u64(variant)).and_then(|e| e.array(count)).expect("memory cannot fail");
    encode(&mut encoder);
    bytes
}

#[test]
fn another_version_is_named_and_not_called_damage() {
    let whole = write_header(&header());
    for found in [0, CURRENT + 1, u16::MAX] {
        let other = sealed_header(found, &whole[HEADER_PREFIX..]);
        let mismatch = JournalError::VersionMismatch { found, min: MIN, current: CURRENT };
        assert_eq!(read_all(&other).expect_err("another version"), mismatch);
    }
    assert_eq!(sealed_header(CURRENT, &whole[HEADER_PREFIX..]), whole);
}

#[test]
fn fields_that_a_newer_writer_added_are_skipped() {
    // A map of ten known keys, grown by one that nobody knows: {.., 99: [1, "x"]}.
    let known = write_header(&header());
    let known = &known[HEADER_PREFIX..];
    assert_eq!(known[0], 0xaa, "a map of ten");
    let newer = [&[0xab], &known[1..], &[0x18, 99, 0x82, 0x01, 0x61, b'x']].concat();

    let mut bytes = sealed_header(CURRENT, &newer);
    bytes.extend(sealed_frame(&fields(8, 3, |e| {
        e.u8(2).and_then(|e| e.str("new")).and_then(|e| e.f64(0.5)).expect("memory cannot fail");
    })));
    let (read, entries, ending) = read_all(&bytes).expect("a journal");
    assert_eq!(read, header());
    assert_eq!(entries[0].frame, Frame::PhaseBegan { phase: Phase::Soaking });
    assert_eq!(ending, Ending::Open);
}

#[test]
fn what_is_unknown_at_a_known_version_is_corrupt() {
    let unknown_kind = fields(999, 0, |_| {});
    let unknown_phase = fields(8, 1, |e| {
        e.u8(200).expect("memory cannot fail");
    });
    let unknown_reason = fields(0, 2, |e| {
        e.u8(0).and_then(|e| e.array(1)).and_then(|e| e.simple(19)).expect("memory cannot fail");
    });
    for payload in [unknown_kind, unknown_phase, unknown_reason] {
        let header = write_header(&header());
        let offset = header.len() as u64;
        let (_, entries, ending) = read_all(&[header, sealed_frame(&payload)].concat()).expect("a journal");
        assert!(entries.is_empty());
        let Ending::Corrupt(JournalError::CorruptFrame { offset: at, .. }) = ending else {
            panic!("{ending:?}")
        };
        assert_eq!(at, offset);
    }
}

#[test]
fn lengths_beyond_any_record_are_refused_without_waiting_for_their_bytes() {
    let mut bytes = sealed_header(CURRENT, &[]);
    bytes[10..14].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(read_all(&bytes), Err(JournalError::CorruptHeader(_))));
    let mut frame = vec![0; FRAME_PREFIX];
    frame[..4].copy_from_slice(&u32::MAX.to_le_bytes());
    let (_, _, ending) = read_all(&[write_header(&header()), frame].concat()).expect("a journal");
    assert!(matches!(ending, Ending::Corrupt(_)), "{ending:?}");
}
