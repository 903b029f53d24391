//! Version 3 of the journal, byte for byte: what it can say beyond version 2, and the answers that are streamed beside it.
//!
//! NEVER EDIT THE BYTES. Journals like this one lie on devices and in archives. If this test fails, the code
//! has changed the format of a version that is in use; make a new version instead. A new optional field may
//! add its `None` to the expectations, nothing else.

use edgesoak_protocol::journal::{
    Answer, AnswerText, Ending, Entry, FinishReason, Frame, Header, JournalError, Phase, Reader, Record,
    VOLATILE, read_all, read_header, write_answer, write_frame,
};

const JOURNAL: &str = "
45444745534f414b030031000000bf93944faa0063722d330163732d33026162031ab2d05e07041ab2d05e09051b1a5e27ee
f13e00000665302e332e3007f40880098004000000d03644e1000000000000000000863ba101000000820881055b000000a2
65e912010000000000000001863ba1010000008212861901a100784065666566656665666566656665666566656665666566
6566656665666566656665666566656665666566656665666566656665666566656665666566656665661819f48266706d2d
30313766706d2d3030335c0000003ee44dfc020000000000000002863ba1010000008212871901a201784030313031303130
3130313031303130313031303130313031303130313031303130313031303130313031303130313031303130313031303130
3130313031303100f4806f70726f6d70742d746f6f2d6c6f6e67050000003adc3232030000000000000003863ba101000000
820d820060
";

const ANSWER: &str = "
43000000b57b2baaffffffffffffffff01863ba101000000821387001901a16c7365616c2d737761702d656e63656f738266
706d2d30313766706d2d303033f4781945766572792034303020682e205b706d2d3031375d20e29c93
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
        run: "r-3".to_owned(),
        session: "s-3".to_owned(),
        boot_id: "b".to_owned(),
        mono_ns: 3_000_000_007,
        boottime_ns: 3_000_000_009,
        wall_ns: 1_900_000_000_000_000_000,
        agent: "0.3.0".to_owned(),
        is_virtual: false,
        groups: Vec::new(),
        channels: Vec::new(),
    }
}

fn frames() -> Vec<(u64, u64, Frame)> {
    let frames = [
        Frame::PhaseBegan { phase: Phase::Answering },
        Frame::Answered {
            prompt: 417,
            index: 0,
            sha256: "ef".repeat(32),
            bytes: 25,
            is_cut: false,
            documents: vec!["pm-017".to_owned(), "pm-003".to_owned()],
            refused: None,
            confidence_millionths: None,
        },
        Frame::Answered {
            prompt: 418,
            index: 1,
            sha256: "01".repeat(32),
            bytes: 0,
            is_cut: false,
            documents: Vec::new(),
            refused: Some("prompt-too-long".to_owned()),
            confidence_millionths: None,
        },
        Frame::Finished { reason: FinishReason::Completed, detail: String::new() },
    ];
    frames.into_iter().zip(0..).map(|(frame, seq)| (seq, 7_000_000_000 + seq, frame)).collect()
}

fn answer() -> Answer {
    Answer {
        index: 0,
        prompt: 417,
        item: "seal-swap-en".to_owned(),
        finish: "eos".to_owned(),
        documents: vec!["pm-017".to_owned(), "pm-003".to_owned()],
        is_cut: false,
        text: AnswerText::new("Every 400 h. [pm-017] ✓".to_owned()),
    }
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
    assert_eq!(bytes[8..10], [3, 0]);
    let (_, end) = read_header(&bytes).expect("a header").expect("a whole header");
    let mut written = Vec::new();
    for (seq, t_mono_ns, frame) in frames() {
        write_frame(&mut written, seq, t_mono_ns, &frame);
    }
    assert_eq!(written, bytes[end..]);
    let mut written = Vec::new();
    write_answer(&mut written, 7_000_000_001, &answer());
    assert_eq!(written, self::bytes(ANSWER));
}

/// The stream of this session: the answer stands behind the frame that tells of it.
fn stream() -> Vec<u8> {
    let journal = bytes(JOURNAL);
    let (_, mut end) = read_header(&journal).expect("a header").expect("a whole header");
    for (seq, t_mono_ns, frame) in frames().into_iter().take(2) {
        let mut written = Vec::new();
        write_frame(&mut written, seq, t_mono_ns, &frame);
        end += written.len();
    }
    [&journal[..end], &bytes(ANSWER), &journal[end..]].concat()
}

#[test]
fn a_stream_holds_answers_between_its_frames() {
    let mut reader = Reader::new();
    let (mut entries, mut answers) = (0, Vec::new());
    for piece in stream().chunks(7) {
        reader.feed(piece);
        while let Some((record, _)) = reader.next_record().expect("a whole stream") {
            match record {
                Record::Entry(_) => entries += 1,
                Record::Answer(answer) => answers.push((entries, answer)),
            }
        }
    }
    assert!(reader.finished());
    assert_eq!(answers, [(2, answer())]);
    assert_eq!(entries, frames().len());
}

#[test]
fn a_journal_that_holds_an_answer_is_damaged() {
    let (_, entries, ending) = read_all(&stream()).expect("a journal up to there");
    assert_eq!(entries.len(), 2);
    let Ending::Corrupt(JournalError::CorruptFrame { what, .. }) = ending else { panic!("{ending:?}") };
    assert!(what.contains("never written"), "{what}");
}

#[test]
fn an_answer_that_is_numbered_as_a_frame_is_damaged() {
    let journal = bytes(JOURNAL);
    let (_, end) = read_header(&journal).expect("a header").expect("a whole header");
    // The payload of an answer in the record of a frame.
    let answer = bytes(ANSWER);
    let mut record = answer[..4].to_vec();
    record.extend([0; 4]);
    record.extend(0_u64.to_le_bytes());
    record.extend(&answer[16..]);
    let mut crc = crc32fast::Hasher::new();
    crc.update(&record[..4]);
    crc.update(&record[8..]);
    record[4..8].copy_from_slice(&crc.finalize().to_le_bytes());
    let mut reader = Reader::new();
    reader.feed(&[&journal[..end], &record].concat());
    let refused = reader.next_record().expect_err("no frame has this number");
    assert!(refused.to_string().contains("number of a frame"), "{refused}");
}

#[test]
fn the_text_of_an_answer_is_shown_to_nobody() {
    let answer = answer();
    let shown = format!("{answer:?} {answer:#?}");
    assert!(!shown.contains("400") && shown.contains("AnswerText(25 bytes)"), "{shown}");
    let mut written = Vec::new();
    write_answer(&mut written, 0, &answer);
    assert_eq!(written[8..16], VOLATILE.to_le_bytes());
}
