//! Whatever a stream does, the copy is a prefix of the device's journal.

use edgesoak_protocol::journal::{FinishReason, read_all, write_frame, write_header};
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading, Unit};
use proptest::prelude::*;

use super::*;
use crate::world::SystemDisk;

fn header(session: &str) -> Header {
    let channel = ChannelSpec {
        name: "load/1min".to_owned(),
        quantity: Quantity::Load,
        unit: Unit::One,
        scale: 0.01,
        rule: 1,
        group: 0,
        source: "/proc/loadavg".to_owned(),
        missing: None,
    };
    Header {
        run: "run".to_owned(),
        session: session.to_owned(),
        boot_id: "boot".to_owned(),
        mono_ns: 1,
        boottime_ns: 2,
        wall_ns: 3,
        agent: "0".to_owned(),
        is_virtual: false,
        groups: vec![Group { id: 0, period_ns: 100_000_000 }],
        channels: vec![channel],
    }
}

fn tick(value: i64) -> Frame {
    Frame::Tick { group: 0, values: vec![RawReading(Ok(value))] }
}

/// What `follow` streams from a frame on.
fn stream(from: u64, frames: u64) -> Vec<u8> {
    let mut bytes = write_header(&header("s01"));
    for seq in from..frames {
        write_frame(&mut bytes, seq, seq * 10, &tick(i64::try_from(seq).expect("few")));
        if seq % 3 == 0 {
            write_frame(&mut bytes, VOLATILE, seq * 10, &Frame::Heartbeat { last_seq: seq });
        }
    }
    let detail = String::new();
    let finished = Frame::Finished { reason: FinishReason::Completed, detail };
    write_frame(&mut bytes, frames, frames * 10, &finished);
    bytes
}

/// The device's journal: the stream without heartbeats.
fn journal(frames: u64) -> Vec<u8> {
    let (header, entries, _) = read_all(&stream(0, frames)).expect("a journal");
    let mut bytes = write_header(&header);
    for entry in entries.iter().filter(|entry| entry.seq != VOLATILE) {
        write_frame(&mut bytes, entry.seq, entry.t_mono_ns, &entry.frame);
    }
    bytes
}

struct Copied {
    disk: SystemDisk,
    path: PathBuf,
    copy: JournalCopy,
    _dir: tempfile::TempDir,
}

impl Copied {
    fn new() -> Self {
        let (disk, dir) = (SystemDisk::default(), tempfile::tempdir().expect("a directory"));
        let path = dir.path().join("device.journal");
        let copy = JournalCopy::open(&disk, &path, "run", "s01").expect("nothing there");
        Self { disk, path, copy, _dir: dir }
    }

    /// One stream, in chunks; the fault that ended it.
    fn attach(&mut self, bytes: &[u8], chunk: usize) -> Option<StreamFault> {
        let mut intake = self.copy.intake();
        for piece in bytes.chunks(chunk.max(1)) {
            let accepted = intake.feed(piece);
            self.disk.append(&self.path, &accepted.bytes).expect("room");
            self.copy.kept(&intake, &accepted);
            if accepted.fault.is_some() {
                return accepted.fault;
            }
        }
        None
    }

    fn bytes(&self) -> Vec<u8> {
        self.disk.read(&self.path, 1 << 30).unwrap_or_default()
    }
}

#[test]
fn a_link_that_drops_at_every_byte_costs_nothing() {
    let (whole, first) = (journal(7), stream(0, 7));
    for cut in 0..first.len() {
        let mut copied = Copied::new();
        assert_eq!(copied.attach(&first[..cut], 17), None);
        assert!(whole.starts_with(&copied.bytes()), "cut at {cut}");
        let rest = stream(copied.copy.next_seq(), 7);
        assert_eq!(copied.attach(&rest, 23), None);
        assert_eq!(copied.bytes(), whole, "cut at {cut}");
        assert!(copied.copy.finished().is_some());
    }
}

#[test]
fn a_torn_copy_is_cut_and_goes_on() {
    let whole = journal(5);
    for cut in 0..=whole.len() {
        let mut copied = Copied::new();
        copied.disk.append(&copied.path, &whole[..cut]).expect("room");
        copied.copy = JournalCopy::open(&copied.disk, &copied.path, "run", "s01").expect("readable");
        assert!(whole.starts_with(&copied.bytes()) && copied.bytes().len() <= cut);
        if copied.copy.finished().is_none() {
            let rest = stream(copied.copy.next_seq(), 5);
            assert_eq!(copied.attach(&rest, 64), None);
        }
        assert_eq!(copied.bytes(), whole, "cut at {cut}");
    }
}

#[test]
fn another_journal_is_refused() {
    let mut copied = Copied::new();
    assert_eq!(copied.attach(&write_header(&header("s02")), 64), Some(StreamFault::Foreign));
    assert_eq!(copied.bytes(), b"");
    copied.attach(&stream(0, 2)[..200], 64);
    let mut restarted = header("s01");
    restarted.boot_id = "another boot".to_owned();
    assert_eq!(copied.attach(&write_header(&restarted), 64), Some(StreamFault::Foreign));
}

proptest! {
    #[test]
    fn damage_never_gets_into_the_copy(at in 0usize..2000, bit in 0u8..8, chunk in 1usize..300) {
        let (whole, mut bytes) = (journal(20), stream(0, 20));
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let mut copied = Copied::new();
        let _ = copied.attach(&bytes, chunk);
        prop_assert!(whole.starts_with(&copied.bytes()));
        if copied.copy.finished().is_none() {
            prop_assert_eq!(copied.attach(&stream(copied.copy.next_seq(), 20), chunk), None);
        }
        prop_assert_eq!(copied.bytes(), whole);
    }

    #[test]
    fn repeated_frames_and_garbage_never_get_into_the_copy(
        seen in 0u64..10, back in 0u64..10, garbage in prop::collection::vec(any::<u8>(), 1..100),
    ) {
        let whole = journal(10);
        let mut copied = Copied::new();
        let head = write_header(&header("s01")).len();
        let kept = stream(0, seen);
        let (_, entries, _) = read_all(&kept).expect("a journal");
        let mut bytes = kept[..head].to_vec();
        for entry in entries.iter().filter(|entry| entry.seq < seen) {
            write_frame(&mut bytes, entry.seq, entry.t_mono_ns, &entry.frame);
        }
        prop_assert_eq!(copied.attach(&bytes, 50), None);
        // A device that begins too early repeats what is there already.
        let _ = copied.attach(&stream(back.min(seen), 10), 50);
        prop_assert!(whole.starts_with(&copied.bytes()));
        let _ = copied.attach(&garbage, 50);
        if copied.copy.finished().is_none() {
            prop_assert_eq!(copied.attach(&stream(copied.copy.next_seq(), 10), 50), None);
        }
        prop_assert_eq!(copied.bytes(), whole);
    }
}
