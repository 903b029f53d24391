//! No damage to a journal goes unnoticed, none costs what came before it, and none is a panic.

use edgesoak_protocol::journal::{
    Ending, Entry, FRAME_PREFIX, FinishReason, Frame, Header, JournalError, Phase, Reader, RuntimeEnd,
    VOLATILE, read_all, write_frame, write_header,
};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading, Reason, Unit};
use proptest::prelude::*;

fn header(channels: usize) -> Header {
    let channel = |index: usize| ChannelSpec {
        name: format!("channel/{index}"),
        quantity: Quantity::ALL[index % Quantity::ALL.len()],
        unit: Unit::ALL[index % Unit::ALL.len()],
        scale: 0.001,
        rule: 1,
        group: 0,
        source: "/made/up".to_owned(),
        missing: Reason::from_code(u8::try_from(index % 20).expect("below 20")),
    };
    Header {
        run: "run".to_owned(),
        session: "session".to_owned(),
        boot_id: "boot".to_owned(),
        mono_ns: 1,
        boottime_ns: 2,
        wall_ns: 3,
        agent: "0".to_owned(),
        is_virtual: true,
        groups: vec![Group { id: 0, period_ns: 100_000_000 }],
        channels: (0..channels).map(channel).collect(),
    }
}

fn raw_reading() -> impl Strategy<Value = RawReading> {
    prop_oneof![
        any::<i64>().prop_map(|value| RawReading(Ok(value))),
        prop::sample::select(Reason::ALL.to_vec()).prop_map(|reason| RawReading(Err(reason))),
    ]
}

fn phase() -> impl Strategy<Value = Phase> {
    prop::sample::select(vec![
        Phase::Loading,
        Phase::Warming,
        Phase::Soaking,
        Phase::Resting,
        Phase::Recovering,
    ])
}

fn end() -> impl Strategy<Value = RuntimeEnd> {
    prop_oneof![any::<i32>().prop_map(RuntimeEnd::Exited), any::<i32>().prop_map(RuntimeEnd::Signalled)]
}

/// Any frame but `Finished` and `Heartbeat`, which have their own places.
fn frame() -> impl Strategy<Value = Frame> {
    prop_oneof![
        (any::<u8>(), prop::collection::vec(raw_reading(), 0..12))
            .prop_map(|(group, values)| Frame::Tick { group, values }),
        (any::<u32>(), any::<u32>(), any::<u64>(), prop::collection::vec(any::<u64>(), 0..12)).prop_map(
            |(prompt, first_index, t0_ns, delta_ns)| Frame::TokenBatch {
                prompt,
                first_index,
                t0_ns,
                delta_ns,
                tokens_per_stamp: 1
            }
        ),
        (any::<u32>(), ".{0,8}", any::<u32>(), any::<u64>()).prop_map(|(prompt, finish, tokens, ns)| {
            Frame::PromptDone {
                prompt,
                finish,
                prompt_tokens: tokens,
                decoded_tokens: !tokens,
                engine_prefill_ns: ns,
                engine_decode_ns: !ns,
            }
        }),
        phase().prop_map(|phase| Frame::PhaseBegan { phase }),
        (end(), any::<Option<u64>>(), ".{0,20}").prop_map(|(end, last_rss_bytes, last_words)| {
            Frame::RuntimeExited { end, last_rss_bytes, last_words }
        }),
        (".{0,9}", prop::collection::vec((".{0,4}", any::<u32>(), any::<u32>()), 0..3)).prop_map(
            |(text, actual)| Frame::Placement {
                requested: text.clone(),
                actual,
                unit: text.clone(),
                evidence: text.clone(),
                raw: text.clone(),
                confidence: text,
            }
        ),
        (".{0,9}", ".{0,30}").prop_map(|(code, text)| Frame::Note { code, text }),
    ]
}

/// A finished journal: its bytes, its entries, and where each of its records ends.
#[derive(Debug, Clone)]
struct Journal {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    ends: Vec<usize>,
}

fn journal() -> impl Strategy<Value = Journal> {
    let finished = prop::sample::select(FinishReason::ALL.to_vec())
        .prop_map(|reason| Frame::Finished { reason, detail: String::new() });
    (0usize..30, prop::collection::vec(frame(), 0..8), finished).prop_map(|(channels, mut frames, last)| {
        frames.push(last);
        let mut bytes = write_header(&header(channels));
        let mut ends = vec![bytes.len()];
        let mut entries = Vec::new();
        for (frame, seq) in frames.into_iter().zip(0..) {
            write_frame(&mut bytes, seq, seq * 7, &frame);
            ends.push(bytes.len());
            entries.push(Entry { seq, t_mono_ns: seq * 7, frame });
        }
        Journal { bytes, entries, ends }
    })
}

proptest! {
    #[test]
    fn whole_journals_are_read_as_written(journal in journal()) {
        let (_, entries, ending) = read_all(&journal.bytes).expect("a whole journal");
        prop_assert_eq!(entries, journal.entries);
        prop_assert_eq!(ending, Ending::Finished);
    }

    #[test]
    fn a_truncation_is_seen_and_costs_only_what_it_cut(journal in journal(), at in any::<prop::sample::Index>()) {
        let cut = at.index(journal.bytes.len());
        let whole = journal.ends.iter().filter(|end| **end <= cut).count();
        match read_all(&journal.bytes[..cut]) {
            Err(_) => prop_assert_eq!(whole, 0, "only a header can be cut away completely"),
            Ok((_, entries, ending)) => {
                prop_assert_eq!(&entries[..], &journal.entries[..whole - 1]);
                let boundary = journal.ends[whole - 1];
                let expected = if cut == boundary { Ending::Open } else { Ending::Torn(boundary as u64) };
                prop_assert_eq!(ending, expected);
            }
        }
    }

    #[test]
    fn a_flipped_bit_is_seen_and_costs_only_what_follows(journal in journal(), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = journal.bytes.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let before = journal.ends.iter().filter(|end| **end <= at).count();
        match read_all(&bytes) {
            Err(_) => prop_assert_eq!(before, 0, "only a damaged header hides everything"),
            Ok((_, entries, ending)) => {
                prop_assert_eq!(&entries[..], &journal.entries[..before - 1]);
                prop_assert!(matches!(ending, Ending::Corrupt(_) | Ending::Torn(_)), "{:?}", ending);
            }
        }
    }

    #[test]
    fn bytes_may_come_in_any_pieces(journal in journal(), pieces in prop::collection::vec(1usize..40, 1..20), flip in any::<Option<prop::sample::Index>>()) {
        let mut bytes = journal.bytes;
        if let Some(flip) = flip {
            let at = flip.index(bytes.len());
            bytes[at] ^= 0x10;
        }
        let mut reader = Reader::new();
        let mut entries = Vec::new();
        let mut damage = None;
        let mut rest = &bytes[..];
        for piece in pieces.iter().cycle() {
            let (now, later) = rest.split_at((*piece).min(rest.len()));
            rest = later;
            reader.feed(now);
            while damage.is_none() {
                match reader.next_entry() {
                    Ok(Some((entry, _))) => entries.push(entry),
                    Ok(None) => break,
                    Err(error) => damage = Some(error),
                }
            }
            if rest.is_empty() {
                break;
            }
        }
        match read_all(&bytes) {
            Ok((header, expected, ending)) => {
                prop_assert_eq!(reader.header(), Some(&header));
                prop_assert_eq!(entries, expected);
                prop_assert_eq!(damage.map(Ending::Corrupt).unwrap_or(ending.clone()), ending.clone());
                prop_assert_eq!(reader.finished(), ending == Ending::Finished);
            }
            Err(error) => prop_assert_eq!(damage.unwrap_or(JournalError::CorruptHeader("it is cut short")), error),
        }
    }

    #[test]
    fn the_bytes_handed_out_are_the_bytes_fed(journal in journal()) {
        let mut reader = Reader::new();
        reader.feed(&journal.bytes);
        let mut copied = journal.bytes[..journal.ends[0]].to_vec();
        while let Some((_, bytes)) = reader.next_entry().expect("whole") {
            copied.extend_from_slice(bytes);
        }
        prop_assert_eq!(reader.consumed(), journal.bytes.len() as u64);
        prop_assert_eq!(copied, journal.bytes);
    }

    #[test]
    fn arbitrary_bytes_are_no_panic(head in 0u8..3, garbage in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = match head {
            0 => Vec::new(),
            1 => b"EDGESOAK\x01\x00".to_vec(),
            _ => write_header(&header(2)),
        };
        bytes.extend_from_slice(&garbage);
        if let Ok((_, entries, ending)) = read_all(&bytes) {
            prop_assert!(entries.is_empty());
            prop_assert_ne!(ending, Ending::Finished);
        }
    }

    #[test]
    fn arbitrary_fields_behind_a_right_checksum_are_no_panic(fields in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut bytes = write_header(&header(0));
        bytes.extend_from_slice(&sealed(0, &fields));
        let (_, entries, ending) = read_all(&bytes).expect("the header is whole");
        prop_assert_eq!(entries.is_empty(), matches!(ending, Ending::Corrupt(_)));
    }

    #[test]
    fn a_frame_out_of_its_turn_is_seen(seq in any::<u64>()) {
        let mut bytes = write_header(&header(0));
        write_frame(&mut bytes, seq, 0, &Frame::Gap { group: 0, missed_ticks: 1 });
        let (_, entries, ending) = read_all(&bytes).expect("the header is whole");
        let in_turn = seq == 0 || seq == VOLATILE;
        prop_assert_eq!(entries.len(), usize::from(in_turn));
        prop_assert_eq!(matches!(ending, Ending::Corrupt(_)), !in_turn);
    }

    #[test]
    fn raw_readings_come_back_as_they_were(raw in raw_reading()) {
        let bytes = minicbor::to_vec(raw).expect("memory cannot fail");
        prop_assert_eq!(minicbor::decode::<RawReading>(&bytes).expect("it was just encoded"), raw);
        prop_assert!(raw.0.is_ok() || bytes.len() == 1);
    }
}

#[test]
fn a_frame_after_the_last_one_reopens_the_journal() {
    let mut bytes = write_header(&header(1));
    write_frame(
        &mut bytes,
        0,
        0,
        &Frame::Finished { reason: FinishReason::Completed, detail: String::new() },
    );
    write_frame(&mut bytes, 1, 0, &Frame::Gap { group: 0, missed_ticks: 1 });
    assert_eq!(read_all(&bytes).expect("whole").2, Ending::Open);
}

#[test]
#[should_panic(expected = "a bounded frame")]
fn a_frame_that_no_reader_takes_is_never_written() {
    let text = "x".repeat(2 << 20);
    write_frame(&mut Vec::new(), 0, 0, &Frame::Note { code: String::new(), text });
}

/// A frame with these CBOR bytes and a right checksum.
fn sealed(seq: u64, fields: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; FRAME_PREFIX];
    bytes[..4].copy_from_slice(&u32::try_from(fields.len()).expect("short").to_le_bytes());
    bytes[8..16].copy_from_slice(&seq.to_le_bytes());
    bytes.extend_from_slice(fields);
    let mut crc = crc32fast::Hasher::new();
    crc.update(&bytes[..4]);
    crc.update(&bytes[8..]);
    bytes[4..8].copy_from_slice(&crc.finalize().to_le_bytes());
    bytes
}
