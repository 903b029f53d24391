//! Many threads, and disks that fill up under them.

use std::sync::atomic::AtomicBool;

use edgesoak_protocol::journal::{Ending, Entry, read_all};

use super::*;
use crate::disk::tests::{Small, header};

fn run(room: usize, reserve: Option<usize>) -> (Vec<Entry>, Ending, Arc<Alarm>) {
    let header = header();
    let small = Small::new(&header, room, reserve);
    let content = small.content.clone();
    let alarm = Arc::new(Alarm::default());
    let (journal, writer) =
        Journal::start(Disk::new(small, header.len() as u64), alarm.clone()).expect("a thread starts");
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..50 {
                    journal.append(&Frame::Gap { group: 0, missed_ticks: 1 });
                }
            });
        }
    });
    // The writer sees the first chunk before the last words come.
    thread::sleep(WRITE_EVERY * 2);
    let end = alarm.raised().cloned().unwrap_or(End::new(FinishReason::Completed, ""));
    writer.close(&end);
    let content = content.lock().expect("no panic");
    let (_, entries, ending) = read_all(&content).expect("readable");
    (entries, ending, alarm)
}

#[test]
fn frames_of_many_threads_have_rising_times_and_no_gaps() {
    let (entries, ending, alarm) = run(1 << 20, None);
    assert_eq!(ending, Ending::Finished);
    assert_eq!(entries.len(), 151);
    assert!(entries.windows(2).all(|pair| pair[0].t_mono_ns <= pair[1].t_mono_ns));
    assert_eq!(alarm.raised(), None);
}

#[test]
fn a_full_disk_with_a_reserve_loses_nothing_and_says_so() {
    let (entries, ending, alarm) = run(500, Some(1 << 20));
    assert_eq!(ending, Ending::Finished);
    assert_eq!(entries.len(), 151);
    assert_eq!(alarm.raised().map(|end| end.reason), Some(FinishReason::DiskFailed));
    assert!(matches!(entries[150].frame, Frame::Finished { reason: FinishReason::DiskFailed, .. }));
}

#[test]
fn a_full_disk_without_room_for_the_end_stays_readable() {
    let (entries, ending, alarm) = run(500, None);
    assert_eq!(ending, Ending::Open);
    assert!(!entries.is_empty() && entries.len() < 150);
    assert_eq!(alarm.raised().map(|end| end.reason), Some(FinishReason::DiskFailed));
}

#[test]
fn frames_are_counted_when_they_are_lost() {
    let header = header();
    let small = Small::new(&header, 120, None);
    let content = small.content.clone();
    let alarm = Arc::new(Alarm::default());
    let (journal, writer) =
        Journal::start(Disk::new(small, header.len() as u64), alarm.clone()).expect("a thread starts");
    for _ in 0..10 {
        journal.append(&Frame::Note { code: "long".into(), text: "x".repeat(100) });
    }
    thread::sleep(WRITE_EVERY * 2);
    writer.close(&End::new(FinishReason::DiskFailed, "full"));
    let content = content.lock().expect("no panic");
    let (_, entries, ending) = read_all(&content).expect("readable");
    assert_eq!(ending, Ending::Finished);
    let Frame::Finished { reason, detail } = &entries[0].frame else { panic!("{entries:?}") };
    assert_eq!(*reason, FinishReason::DiskFailed);
    assert_eq!(detail, "full; 10 frames could not be written");
}

#[test]
fn a_lone_frame_reaches_the_disk_although_nothing_follows_it() {
    let header = header();
    let small = Small::new(&header, 1 << 20, None);
    let synced = small.synced.clone();
    let (journal, writer) =
        Journal::start(Disk::new(small, header.len() as u64), Arc::default()).expect("a thread starts");
    journal.note("alone", "");
    // A bound that only a journal reaches that waits for a second frame.
    let reached = (0..600).any(|_| {
        thread::sleep(WRITE_EVERY / 5);
        *synced.lock().expect("no panic") > header.len()
    });
    assert!(reached, "the frame was never synced");
    writer.close(&End::new(FinishReason::Completed, ""));
}

#[test]
fn words_without_end_are_cut_and_not_a_panic() {
    let header = header();
    let small = Small::new(&header, 1 << 23, None);
    let content = small.content.clone();
    let (journal, writer) =
        Journal::start(Disk::new(small, header.len() as u64), Arc::default()).expect("a thread starts");
    journal.note("long", "é".repeat(1 << 20));
    writer.close(&End::new(FinishReason::BadInput, "é".repeat(1 << 20)));
    let content = content.lock().expect("no panic");
    let (_, entries, ending) = read_all(&content).expect("readable");
    assert_eq!(ending, Ending::Finished);
    let Frame::Finished { detail, .. } = &entries[1].frame else { panic!("{entries:?}") };
    assert!(detail.len() <= 4096 && detail.starts_with("éé"), "{} bytes", detail.len());
}

#[test]
fn nothing_follows_the_last_frame() {
    let header = header();
    let small = Small::new(&header, 1 << 20, None);
    let content = small.content.clone();
    let (journal, writer) =
        Journal::start(Disk::new(small, header.len() as u64), Arc::default()).expect("a thread starts");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        // A thread that hangs in a driver comes back when it likes.
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                journal.append(&Frame::Gap { group: 0, missed_ticks: 1 });
            }
        });
        writer.close(&End::new(FinishReason::Completed, ""));
        done.store(true, Ordering::Relaxed);
    });
    let content = content.lock().expect("no panic");
    let (_, _, ending) = read_all(&content).expect("readable");
    assert_eq!(ending, Ending::Finished);
}

fn changing() -> Frame {
    Frame::Changing { setting: "wifi".into(), before: "on".into(), after: "off".into() }
}

#[test]
fn a_frame_that_is_waited_for_is_on_the_disk() {
    let header = header();
    let small = Small::new(&header, 1 << 20, None);
    let (content, synced) = (small.content.clone(), small.synced.clone());
    let (journal, writer) =
        Journal::start(Disk::new(small, header.len() as u64), Arc::default()).expect("a thread starts");
    for count in 1..=3 {
        assert!(journal.append_synced(&changing()));
        let reached = *synced.lock().expect("no panic");
        let (_, entries, _) = read_all(&content.lock().expect("no panic")[..reached]).expect("readable");
        assert_eq!(entries.len(), count, "what was synced holds the frame");
    }
    writer.close(&End::new(FinishReason::Completed, ""));
    assert!(!journal.append_synced(&changing()), "nothing is written any more");
}

#[test]
fn a_frame_that_a_full_disk_refuses_is_not_waited_for_in_vain() {
    let header = header();
    let small = Small::new(&header, 20, None);
    let (journal, writer) =
        Journal::start(Disk::new(small, header.len() as u64), Arc::default()).expect("a thread starts");
    assert!(!journal.append_synced(&changing()));
    assert!(!journal.append_synced(&changing()));
    writer.close(&End::new(FinishReason::DiskFailed, "full"));
}
