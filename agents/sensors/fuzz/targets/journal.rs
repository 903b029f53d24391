//! The reader of journals. An input is the size of the pieces in which the journal arrives, whether its checksums
//! are made to match, and its bytes.
#![no_main]

use edgesoak_protocol::journal::{
    Entry, MAX_PAYLOAD, Reader, VOLATILE, read_all, whole_frames, write_frame, write_header,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [step, mended, bytes @ ..] = data else { return };
    let mut bytes = bytes.to_vec();
    if *mended != 0 {
        edgesoak_sensors_fuzz::mend(&mut bytes);
    }
    let mut reader = Reader::new();
    let mut entries = Vec::new();
    for piece in bytes.chunks(usize::from(*step) + 1) {
        reader.feed(piece);
        if !drain(&mut reader, &mut entries) {
            break;
        }
    }
    assert!(reader.consumed() <= bytes.len() as u64);
    let journaled: Vec<u64> = entries.iter().map(|entry| entry.seq).filter(|seq| *seq != VOLATILE).collect();
    assert!(journaled.iter().enumerate().all(|(place, seq)| *seq == place as u64));
    let (end, count) = whole_frames(&bytes);
    assert!(end <= bytes.len() && count <= bytes.len() as u64);
    match read_all(&bytes) {
        // The same journal however it arrives, as far as the damage.
        Ok((header, whole, _)) => {
            assert_eq!(whole, entries);
            let mut again = write_header(&header);
            for entry in &entries {
                write_frame(&mut again, entry.seq, entry.t_mono_ns, &entry.frame);
            }
            let (same_header, same, _) = read_all(&again).expect("what was written can be read");
            assert_eq!(header_text(&same_header), header_text(&header));
            assert_eq!(frames_text(&same), frames_text(&entries));
        }
        Err(_) => assert!(entries.is_empty()),
    }
});

/// Takes every whole frame out; `false` at damage.
fn drain(reader: &mut Reader, entries: &mut Vec<Entry>) -> bool {
    loop {
        match reader.next_entry() {
            Ok(Some((entry, frame))) => {
                assert!(frame.len() <= MAX_PAYLOAD as usize + 64);
                entries.push(entry);
            }
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

/// A scale that is no number is not equal to itself, but prints the same.
fn header_text(header: &impl std::fmt::Debug) -> String {
    format!("{header:?}")
}

fn frames_text(entries: &[Entry]) -> String {
    format!("{entries:?}")
}
