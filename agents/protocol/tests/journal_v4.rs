//! Version 4 of the journal, byte for byte: what it can say beyond version 3.
//!
//! NEVER EDIT THE BYTES. Journals like this one lie on devices and in archives. If this test fails, the code
//! has changed the format of a version that is in use; make a new version instead. A new optional field may
//! add its `None` to the expectations, nothing else.

use edgesoak_protocol::journal::{
    Attempt, Ending, Entry, FinishReason, Frame, Header, read_all, read_header, write_frame,
};

const JOURNAL: &str = "
45444745534f414b040031000000cb2f4495aa0063722d340163732d34026162031aee6b2807041aee6b2809051b1bc16d67
4ec800000665302e342e3007f40880098039000000fc2e2a0a00000000000000000050d6dc01000000820b81891910e18219
10e01910cc62736867636f6e6e65637465696e65743663746370667075626c69636b323030313a6462383a3a311901bb2400
0000bbde627c01000000000000000150d6dc01000000820b81891910e180606673656e64746f64696e657463756470677072
6976617465f618351700000015f4625b02000000000000000250d6dc01000000820b81851910e1806066736f636b65746670
61636b657405000000beaca56e03000000000000000350d6dc01000000820d820060
";

fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).expect("hex digits are text");
        u8::from_str_radix(pair, 16).expect("hex digits are a number")
    };
    digits.chunks(2).map(byte).collect()
}

fn header() -> Header {
    Header {
        run: "r-4".to_owned(),
        session: "s-4".to_owned(),
        boot_id: "b".to_owned(),
        mono_ns: 4_000_000_007,
        boottime_ns: 4_000_000_009,
        wall_ns: 2_000_000_000_000_000_000,
        agent: "0.4.0".to_owned(),
        is_virtual: false,
        groups: Vec::new(),
        channels: Vec::new(),
    }
}

/// Calls to a public address, to one of a site, and without any.
fn attempts() -> [Attempt; 3] {
    let public = Attempt {
        pid: 4321,
        parents: vec![4320, 4300],
        program: "sh".to_owned(),
        call: "connect".to_owned(),
        family: "inet6".to_owned(),
        protocol: Some("tcp".to_owned()),
        reach: Some("public".to_owned()),
        address: Some("2001:db8::1".to_owned()),
        port: Some(443),
    };
    let private = Attempt {
        parents: Vec::new(),
        program: String::new(),
        call: "sendto".to_owned(),
        family: "inet".to_owned(),
        protocol: Some("udp".to_owned()),
        reach: Some("private".to_owned()),
        address: None,
        port: Some(53),
        ..public.clone()
    };
    let packets = Attempt {
        call: "socket".to_owned(),
        family: "packet".to_owned(),
        protocol: None,
        reach: None,
        port: None,
        ..private.clone()
    };
    [public, private, packets]
}

fn frames() -> Vec<(u64, u64, Frame)> {
    let attempts = attempts().map(|attempt| Frame::Egress { attempt });
    let end = Frame::Finished { reason: FinishReason::Completed, detail: String::new() };
    attempts.into_iter().chain([end]).zip(0..).map(|(frame, seq)| (seq, 8_000_000_000 + seq, frame)).collect()
}

#[test]
fn the_bytes_are_read_as_what_was_written() {
    let (read, entries, ending) = read_all(&bytes(JOURNAL)).expect("a journal");
    assert_eq!(read, header());
    let expected: Vec<_> =
        frames().into_iter().map(|(seq, t_mono_ns, frame)| Entry { seq, t_mono_ns, frame }).collect();
    assert_eq!(entries, expected);
    assert_eq!(ending, Ending::Finished);
}

#[test]
fn the_frames_of_this_version_are_still_written_as_the_same_bytes() {
    let bytes = bytes(JOURNAL);
    assert_eq!(bytes[8..10], [4, 0]);
    let (_, end) = read_header(&bytes).expect("a header").expect("a whole header");
    let mut written = Vec::new();
    for (seq, t_mono_ns, frame) in frames() {
        write_frame(&mut written, seq, t_mono_ns, &frame);
    }
    assert_eq!(written, bytes[end..]);
}

#[test]
fn an_attempt_is_a_sentence() {
    let said = attempts().map(|attempt| attempt.to_string());
    assert_eq!(
        said,
        [
            "connect (inet6, tcp) to 2001:db8::1 port 443 by sh 4321 < 4320 < 4300",
            "sendto (inet, udp) to a private address port 53 by process 4321",
            "socket (packet) by process 4321",
        ]
    );
}
