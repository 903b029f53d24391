//! Disks that fill up at any byte.

use std::sync::{Arc, Mutex};

use edgesoak_protocol::journal::{Ending, Frame, Header, read_all, write_frame, write_header};
use proptest::prelude::*;

use super::*;

/// A disk with room for so many bytes; releasing the reserve makes more room.
#[derive(Clone)]
pub(crate) struct Small {
    pub(crate) content: Arc<Mutex<Vec<u8>>>,
    pub(crate) room: usize,
    pub(crate) reserve: Option<usize>,
    /// Bytes that were there at the last sync.
    pub(crate) synced: Arc<Mutex<usize>>,
}

impl Small {
    pub(crate) fn new(header: &[u8], room: usize, reserve: Option<usize>) -> Self {
        let content = Arc::new(Mutex::new(header.to_vec()));
        Self { content, room: header.len() + room, reserve, synced: Arc::default() }
    }
}

impl Medium for Small {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let mut content = self.content.lock().expect("no test panics while it writes");
        let offset = usize::try_from(offset).expect("small");
        assert!(offset <= content.len(), "a journal never has holes");
        let fits = bytes.len().min(self.room.saturating_sub(offset));
        if fits == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        content.truncate(offset);
        content.extend_from_slice(&bytes[..fits]);
        Ok(fits)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).expect("small");
        self.content.lock().expect("no test panics while it writes").truncate(length);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let length = self.content.lock().expect("no test panics while it writes").len();
        *self.synced.lock().expect("no test panics while it syncs") = length;
        Ok(())
    }

    fn release_reserve(&mut self) -> bool {
        self.reserve.take().is_some_and(|bytes| {
            self.room += bytes;
            true
        })
    }
}

pub(crate) fn header() -> Vec<u8> {
    write_header(&Header {
        run: "run".into(),
        session: "session".into(),
        boot_id: "boot".into(),
        mono_ns: 1,
        boottime_ns: 2,
        wall_ns: 3,
        agent: "test".into(),
        is_virtual: false,
        groups: Vec::new(),
        channels: Vec::new(),
    })
}

fn note(text: &str) -> Frame {
    Frame::Note { code: "test".into(), text: text.into() }
}

proptest! {
    #[test]
    fn whatever_the_room_only_whole_frames_are_kept(
        room in 0_usize..600,
        reserve in prop::option::of(0_usize..200),
        chunks in prop::collection::vec(prop::collection::vec("[a-z]{0,60}", 1..4), 1..6),
    ) {
        let header = header();
        let small = Small::new(&header, room, reserve);
        let content = small.content.clone();
        let mut disk = Disk::new(small, header.len() as u64);
        let mut seq = 0;
        let mut failed = false;
        for texts in chunks {
            let mut bytes = Vec::new();
            for (ahead, text) in texts.iter().enumerate() {
                write_frame(&mut bytes, seq + ahead as u64, 9, &note(text));
            }
            match disk.append(&bytes) {
                Appended::Whole | Appended::OnReserve(_) => seq += texts.len() as u64,
                Appended::Cut { frames, .. } => {
                    prop_assert!(frames < texts.len() as u64);
                    seq += frames;
                    failed = true;
                }
            }
            let content = content.lock().expect("no panic");
            let (_, entries, ending) = read_all(&content).expect("readable at all times");
            prop_assert_eq!(ending, Ending::Open);
            prop_assert_eq!(entries.len() as u64, seq);
        }
        prop_assert!(failed || content.lock().expect("no panic").len() <= header.len() + room + reserve.unwrap_or(0));
    }
}

#[test]
fn the_reserve_saves_the_frames_in_flight() {
    let header = header();
    let mut bytes = Vec::new();
    write_frame(&mut bytes, 0, 9, &note("the disk is full in the middle of this"));
    let small = Small::new(&header, bytes.len() / 2, Some(100));
    let content = small.content.clone();
    let mut disk = Disk::new(small, header.len() as u64);
    assert!(matches!(disk.append(&bytes), Appended::OnReserve(_)));
    let (_, entries, _) = read_all(&content.lock().expect("no panic")).expect("readable");
    assert_eq!(entries.len(), 1);
}

#[test]
fn a_second_journal_is_refused_and_the_first_untouched() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (journal, reserve) = (dir.path().join("journal"), dir.path().join("reserve"));
    let disk = JournalFile::create(&journal, &reserve, &header()).expect("created");
    assert!(reserve.exists());
    let refused = JournalFile::create(&journal, &reserve, b"other").expect_err("there is one");
    assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&journal).expect("there"), header());
    drop(disk);
    assert!(!reserve.exists(), "the reserve goes with the session");
}
