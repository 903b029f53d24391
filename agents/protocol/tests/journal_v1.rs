//! Version 1 of the journal, byte for byte: a header and one frame of each kind.
//!
//! NEVER EDIT THE BYTES. Journals like this one lie on devices and in archives. If this test fails, the code
//! has changed the format of a version that is in use; make a new version instead. A new optional field may
//! add its `None` to the expectations, nothing else.

use edgesoak_protocol::journal::{
    Ending, Entry, FinishReason, Frame, Header, Phase, RuntimeEnd, VOLATILE, read_all, read_header,
    write_frame,
};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading, Reason, Unit};

const BYTES: &str = "
45444745534f414b0100de0000005ed36ef3aa0063722d310163732d31026162031a3b9aca07041a3b9aca09051b17979cfe
362a00000665302e312e3007f50882a20000011a05f5e100a20001011b00000002540be4000982a7006b746865726d616c2f
6370750100020003fb3f50624dd2f1a9fc040105000678252f7379732f636c6173732f746865726d616c2f746865726d616c
5f7a6f6e65302f74656d70a8006d626174746572792f6c6576656c0106020803fb3ff0000000000000040205010678282f73
79732f636c6173732f706f7765725f737570706c792f626174746572792f63617061636974790701

0400000037cfef4d000000000000000000f2052a0100000082088100

04000000e01fbdd4ffffffffffffffff00f2052a01000000820e810d

53000000d6c8f7dc010000000000000001f2052a01000000820f836861727469666163747840616261626162616261626162
6162616261626162616261626162616261626162616261626162616261626162616261626162616261626162616261626162
61621a05dce440

2600000028bdf33a020000000000000002f2052a01000000820587191092696c6c616d612e63707062623182646176783263
666d611a0bafba3f01190800

50000000494cc054030000000000000003f2052a0100000082078663677075828363677075141a0009d82983636370750b1a
00056a17656c61796572636c6f67781d6f66666c6f616465642032302f3331206c617965727320746f20475055686f627365
72766564

250000002bc964fc040000000000000004f2052a01000000820082008e19a604203b7fffffffffffffff1b7fffffffffffff
ffe0e1e2e3e4e5e6e7e8e9

5f000000d67cbd9c050000000000000005f2052a01000000820288006770756d702d3031021a0001d4c01984d07840636463
6463646364636463646364636463646364636463646364636463646364636463646364636463646364636463646364636463
64636463646364636463641904071a77359400

16000000137a31b1060000000000000006f2052a0100000082038500001ab2d05e00821a009402a01a0095894001

180000001c405215070000000000000007f2052a0100000082048600666c656e67746818da031a39945f281a01280540

050000009f56608a080000000000000008f2052a010000008209820103

18000000b22e2ca8090000000000000009f2052a01000000820a851a00b71b001a00300000031a0003d0901a003d0900

1c000000b1bf6b9d0a000000000000000af2052a01000000820c826f736574746c652d657874656e64656468627920333030
2073

1a00000007361e290b000000000000000bf2052a01000000820683820181091a0a21fe806d6f7574206f66206d656d6f7279

09000000b144a34f0c000000000000000cf2052a0100000082068382008100f660

17000000a533f8420d000000000000000df2052a01000000820d8204726b696c6c6564206279207369676e616c2039
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
    Header {
        run: "r-1".to_owned(),
        session: "s-1".to_owned(),
        boot_id: "b".to_owned(),
        mono_ns: 1_000_000_007,
        boottime_ns: 1_000_000_009,
        wall_ns: 1_700_000_000_000_000_000,
        agent: "0.1.0".to_owned(),
        is_virtual: true,
        groups: vec![Group { id: 0, period_ns: 100_000_000 }, Group { id: 1, period_ns: 10_000_000_000 }],
        channels: vec![
            ChannelSpec {
                name: "thermal/cpu".to_owned(),
                quantity: Quantity::Temperature,
                unit: Unit::Celsius,
                scale: 0.001,
                rule: 1,
                group: 0,
                source: "/sys/class/thermal/thermal_zone0/temp".to_owned(),
                missing: None,
            },
            ChannelSpec {
                name: "battery/level".to_owned(),
                quantity: Quantity::ChargeLevel,
                unit: Unit::Percent,
                scale: 1.0,
                rule: 2,
                group: 1,
                source: "/sys/class/power_supply/battery/capacity".to_owned(),
                missing: Some(Reason::Absent),
            },
        ],
    }
}

fn frames() -> Vec<(u64, u64, Frame)> {
    let frames = [
        Frame::PhaseBegan { phase: Phase::Loading },
        Frame::Verified { what: "artifact".to_owned(), sha256: "ab".repeat(32), bytes: 98_362_432 },
        Frame::RuntimeStarted {
            pid: 4242,
            runtime: "llama.cpp".to_owned(),
            runtime_version: "b1".to_owned(),
            cpu_features: vec!["avx2".to_owned(), "fma".to_owned()],
            load_ns: 196_065_855,
            threads: 1,
            ctx: 2048,
        },
        Frame::Placement {
            requested: "gpu".to_owned(),
            actual: vec![("gpu".to_owned(), 20, 645_161), ("cpu".to_owned(), 11, 354_839)],
            unit: "layer".to_owned(),
            evidence: "log".to_owned(),
            raw: "offloaded 20/31 layers to GPU".to_owned(),
            confidence: "observed".to_owned(),
        },
        Frame::Tick {
            group: 0,
            values: [Ok(42_500), Ok(-1), Ok(i64::MIN), Ok(i64::MAX)]
                .into_iter()
                .chain(Reason::ALL.map(Err))
                .map(RawReading)
                .collect(),
        },
        Frame::PromptSubmitted {
            prompt: 0,
            item: "pump-01".to_owned(),
            phase: Phase::Soaking,
            retrieve_ns: 120_000,
            render_ns: 34_000,
            prompt_sha256: "cd".repeat(32),
            prompt_bytes: 1031,
            submit_ns: 2_000_000_000,
        },
        Frame::TokenBatch {
            prompt: 0,
            first_index: 0,
            t0_ns: 3_000_000_000,
            delta_ns: vec![9_700_000, 9_800_000],
            tokens_per_stamp: 1,
        },
        Frame::PromptDone {
            prompt: 0,
            finish: "length".to_owned(),
            prompt_tokens: 218,
            decoded_tokens: 3,
            engine_prefill_ns: 966_025_000,
            engine_decode_ns: 19_400_000,
        },
        Frame::Gap { group: 1, missed_ticks: 3 },
        Frame::Overhead {
            cpu_ns: 12_000_000,
            rss_bytes: 3_145_728,
            missed_ticks: 3,
            worst_jitter_ns: 250_000,
            worst_sync_ns: 4_000_000,
        },
        Frame::Note { code: "settle-extended".to_owned(), text: "by 300 s".to_owned() },
        Frame::RuntimeExited {
            end: RuntimeEnd::Signalled(9),
            last_rss_bytes: Some(170_000_000),
            last_words: "out of memory".to_owned(),
        },
        Frame::RuntimeExited { end: RuntimeEnd::Exited(0), last_rss_bytes: None, last_words: String::new() },
        Frame::Finished { reason: FinishReason::RuntimeDied, detail: "killed by signal 9".to_owned() },
    ];
    let mut all: Vec<_> =
        frames.into_iter().zip(0..).map(|(frame, seq)| (seq, 5_000_000_000 + seq, frame)).collect();
    let last_seq = all.len() as u64 - 1;
    all.insert(1, (VOLATILE, 5_000_000_000, Frame::Heartbeat { last_seq }));
    all
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
