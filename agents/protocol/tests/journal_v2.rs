//! Version 2 of the journal, byte for byte: what it can say beyond version 1. Everything else is as in `journal_v1.rs`.
//!
//! NEVER EDIT THE BYTES. Journals like this one lie on devices and in archives. If this test fails, the code
//! has changed the format of a version that is in use; make a new version instead. A new optional field may
//! add its `None` to the expectations, nothing else.

use edgesoak_protocol::journal::{
    Ending, Entry, FinishReason, Frame, Header, read_all, read_header, write_frame, write_header,
};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading, Reason, Unit};

const BYTES: &str = "
45444745534f414b0200340100000448eba9aa0063722d320163732d32026162031a77359407041a77359409051b18fae276
93b400000665302e322e3007f40883a20000011a05f5e100a20001011a3b9aca00a20002011b00000002540be4000989a700
61610112020903fb3ff000000000000004040502066163a70061620113020a03fb3eb0c6f7a0b5ed8d04040502066163a700
61630114020803fb3f50624dd2f1a9fc04040502066163a70061640115020903fb3f50624dd2f1a9fc04040502066163a700
61650116020903fb3f50624dd2f1a9fc04040502066163a70061660117020903fb3f50624dd2f1a9fc04040502066163a700
6167011818020903fb3ff000000000000004040502066163a7006168011819020803fb3f50624dd2f1a9fc04040502066163
a700616901181a020903fb3ff000000000000004040502066163

13000000cd692eba000000000000000000bca0650100000082108368616972706c616e65636f6666626f6e

380000007582ed92010000000000000001bca065010000008201856f64756d70737973206261747465727967626174746572
79746c6576656c3a2038330a7374617475733a20330a1905c21a0243d580

1f0000009e8a4d96020000000000000002bca065010000008200820289190bb81a002bced8e5001903e8e11a000500051a00
017ae818d4

10000000b12490e0030000000000000003bca0650100000082118268616972706c616e65636f6666

17000000752aabcb040000000000000004bca06501000000820d820a72616972706c616e65207374617973206f6666
";

fn bytes() -> Vec<u8> {
    let digits: Vec<u8> = BYTES.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).expect("hex digits are text");
        u8::from_str_radix(pair, 16).expect("hex digits are a number")
    };
    digits.chunks(2).map(byte).collect()
}

fn header() -> Header {
    let channel = |name: &str, quantity, unit, scale| ChannelSpec {
        name: name.to_owned(),
        quantity,
        unit,
        scale,
        rule: 4,
        group: 2,
        source: "c".to_owned(),
        missing: None,
    };
    Header {
        run: "r-2".to_owned(),
        session: "s-2".to_owned(),
        boot_id: "b".to_owned(),
        mono_ns: 2_000_000_007,
        boottime_ns: 2_000_000_009,
        wall_ns: 1_800_000_000_000_000_000,
        agent: "0.2.0".to_owned(),
        is_virtual: false,
        groups: vec![
            Group { id: 0, period_ns: 100_000_000 },
            Group { id: 1, period_ns: 1_000_000_000 },
            Group { id: 2, period_ns: 10_000_000_000 },
        ],
        channels: vec![
            channel("a", Quantity::ChargeStatus, Unit::One, 1.0),
            channel("b", Quantity::ChargeCounter, Unit::AmpereHour, 1e-6),
            channel("c", Quantity::Utilisation, Unit::Percent, 1e-3),
            channel("d", Quantity::ThermalStatus, Unit::One, 1e-3),
            channel("e", Quantity::Override, Unit::One, 1e-3),
            channel("f", Quantity::Headroom, Unit::One, 1e-3),
            channel("g", Quantity::ThrottleFlags, Unit::One, 1.0),
            channel("h", Quantity::BatteryHealth, Unit::Percent, 1e-3),
            channel("i", Quantity::ChargeCycles, Unit::One, 1.0),
        ],
    }
}

fn frames() -> Vec<(u64, u64, Frame)> {
    let frames = [
        Frame::Changing { setting: "airplane".to_owned(), before: "off".to_owned(), after: "on".to_owned() },
        Frame::Raw {
            source: "dumpsys battery".to_owned(),
            kind: "battery".to_owned(),
            text: "level: 83\nstatus: 3\n".to_owned(),
            bytes: 1_474,
            took_ns: 38_000_000,
        },
        Frame::Tick {
            group: 2,
            values: [Ok(3_000), Ok(2_871_000), Err(Reason::CommandMissing), Ok(0), Ok(1_000)]
                .into_iter()
                .chain([Err(Reason::Absent), Ok(0x5_0005), Ok(97_000), Ok(212)])
                .map(RawReading)
                .collect(),
        },
        Frame::Restored { setting: "airplane".to_owned(), value: "off".to_owned() },
        Frame::Finished { reason: FinishReason::SettingFailed, detail: "airplane stays off".to_owned() },
    ];
    frames.into_iter().zip(0..).map(|(frame, seq)| (seq, 6_000_000_000 + seq, frame)).collect()
}

#[test]
fn the_bytes_are_read_as_what_was_written() {
    let (read, entries, ending) = read_all(&bytes()).expect("a journal");
    assert_eq!(read, header());
    let expected: Vec<_> =
        frames().into_iter().map(|(seq, t_mono_ns, frame)| Entry { seq, t_mono_ns, frame }).collect();
    assert_eq!(entries, expected);
    assert_eq!(ending, Ending::Finished);
}

#[test]
fn the_frames_of_this_version_are_still_written_as_the_same_bytes() {
    let bytes = bytes();
    let (_, end) = read_header(&bytes).expect("a header").expect("a whole header");
    let mut written = Vec::new();
    for (seq, t_mono_ns, frame) in frames() {
        write_frame(&mut written, seq, t_mono_ns, &frame);
    }
    assert_eq!(written, bytes[end..]);
}

#[test]
fn codes_of_this_version_keep_their_meaning() {
    // The version stands behind the magic: these bytes are of 2, whatever is written today.
    assert_eq!(bytes()[8..10], [2, 0]);
    let written = write_header(&header());
    let (read, _) = read_header(&written).expect("a header").expect("a whole header");
    assert_eq!(read, header());
}
