//! The journal as the threads of the agent see it: frames go in, a thread of its own brings them to the disk.
//!
//! Frames wait in memory for [`WRITE_EVERY`] at the most and are synced one turn after they were written, whether
//! or not more came, so everything is on the disk well within a second. Nobody but the writing thread ever waits
//! for the disk.

use std::io;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use edgesoak_protocol::journal::{FinishReason, Frame, write_frame};
use edgesoak_sensors::clocks;

use crate::alarm::{Alarm, End, MAX_SENTENCE_BYTES};
use crate::claims::bounded;
use crate::disk::{Appended, Disk, Medium};

const WRITE_EVERY: Duration = Duration::from_millis(250);
/// Turns of the writing thread from a write to its sync, the write's own included: half as many syncs as writes.
const TURNS_PER_SYNC: u32 = 2;
const STACK_BYTES: usize = 128 << 10;
/// How long a caller waits for its frame to be on the disk. A disk that takes longer is broken.
const SYNC_LIMIT: Duration = Duration::from_secs(20);
/// Memory kept between writes; more is given back after a burst.
const BUFFER_BYTES: usize = 16 << 10;

/// A handle that every thread may append through.
#[derive(Clone)]
pub(crate) struct Journal {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    synced: Condvar,
    worst_sync_ns: AtomicU64,
    alarm: Arc<Alarm>,
}

#[derive(Default)]
struct State {
    buffer: Vec<u8>,
    next_seq: u64,
    /// Number of the first frame in `buffer`, if there is one.
    buffer_seq: u64,
    last_t_ns: u64,
    closing: bool,
    /// Somebody waits for the disk.
    hurry: bool,
    /// Frames below this number are on the disk.
    synced_seq: u64,
    /// Frames that could not be written. From the first one on, only closing words are taken.
    lost: u64,
}

/// What is written at once: whole frames, and the number of the first.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    first_seq: u64,
    /// Number of the frame after the last one.
    end_seq: u64,
}

/// The thread that writes; joined by [`Writer::close`].
pub(crate) struct Writer {
    journal: Journal,
    thread: JoinHandle<()>,
}

impl Journal {
    /// Starts the writing thread on a disk that holds a header.
    pub(crate) fn start<M: Medium + 'static>(disk: Disk<M>, alarm: Arc<Alarm>) -> io::Result<(Self, Writer)> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            wake: Condvar::new(),
            synced: Condvar::new(),
            worst_sync_ns: AtomicU64::new(0),
            alarm,
        });
        let theirs = shared.clone();
        let thread = thread::Builder::new()
            .name("journal".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || theirs.write_until_closed(disk))?;
        let journal = Self { shared };
        Ok((journal.clone(), Writer { journal, thread }))
    }

    /// Appends a frame that happens now.
    pub(crate) fn append(&self, frame: &Frame) {
        self.append_at(clocks::mono_ns(), frame);
    }

    /// Appends a frame that happened at `t_ns`. Frame times never run backwards: a reading that began before
    /// another thread's frame bears that frame's time.
    pub(crate) fn append_at(&self, t_ns: u64, frame: &Frame) {
        self.shared.lock().append(t_ns, frame);
    }

    /// Appends frames that belong together, with no other between them.
    pub(crate) fn append_together<'a>(&self, t_ns: u64, frames: impl Iterator<Item = &'a Frame>) {
        let mut state = self.shared.lock();
        frames.for_each(|frame| state.append(t_ns, frame));
    }

    /// Appends a frame that happens now and waits until it is on the disk. `false` if it is not there.
    pub(crate) fn append_synced(&self, frame: &Frame) -> bool {
        let mut state = self.shared.lock();
        if state.closing || self.shared.has_failed(&state) {
            return false;
        }
        state.append(clocks::mono_ns(), frame);
        let seq = state.next_seq - 1;
        state.hurry = true;
        self.shared.wake.notify_all();
        let waits = |state: &mut State| state.synced_seq <= seq && !self.shared.has_failed(state);
        let (state, _) = self
            .shared
            .synced
            .wait_timeout_while(state, SYNC_LIMIT, waits)
            .unwrap_or_else(PoisonError::into_inner);
        state.synced_seq > seq && !self.shared.has_failed(&state)
    }

    /// A sentence for people, under a stable word.
    pub(crate) fn note(&self, code: &str, text: impl AsRef<str>) {
        let text = bounded(text.as_ref(), MAX_SENTENCE_BYTES);
        self.append(&Frame::Note { code: code.to_owned(), text });
    }

    /// The longest sync since this was last asked, nanoseconds.
    pub(crate) fn take_worst_sync_ns(&self) -> u64 {
        self.shared.worst_sync_ns.swap(0, Ordering::Relaxed)
    }
}

impl Writer {
    /// Writes the last frame, brings everything to the disk and ends the thread. What another thread appends from
    /// now on is dropped.
    pub(crate) fn close(self, end: &End) {
        let mut state = self.journal.shared.lock();
        let mut detail = end.detail.clone();
        if state.lost > 0 {
            detail = format!("{detail}; {} frames could not be written", state.lost);
        }
        state.append(clocks::mono_ns(), &Frame::Finished { reason: end.reason, detail });
        state.closing = true;
        drop(state);
        self.journal.shared.wake.notify_all();
        // A panic of the writer was its own end; there is nothing left to write with.
        let _ = self.thread.join();
    }
}

impl State {
    fn append(&mut self, t_ns: u64, frame: &Frame) {
        if self.closing {
            return;
        }
        if self.lost > 0 && !is_closing_word(frame) {
            self.lost += 1;
            return;
        }
        self.last_t_ns = self.last_t_ns.max(t_ns);
        write_frame(&mut self.buffer, self.next_seq, self.last_t_ns, frame);
        self.next_seq += 1;
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves at worst half a frame in the buffer, which readers detect and cut.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_until_closed<M: Medium>(&self, mut disk: Disk<M>) {
        let mut chunk = Chunk::default();
        // Counted in turns, not in writes: when nothing more is written, the last frames must not wait for it.
        let mut turns_unsynced = 0;
        loop {
            let (closing, hurry) = self.take(&mut chunk);
            if turns_unsynced > 0 || !chunk.bytes.is_empty() {
                turns_unsynced += 1;
            }
            if !chunk.bytes.is_empty() {
                self.write(&mut disk, &chunk);
                chunk.bytes.clear();
                chunk.bytes.shrink_to(BUFFER_BYTES);
            }
            if turns_unsynced >= TURNS_PER_SYNC || ((closing || hurry) && turns_unsynced > 0) {
                self.sync(&mut disk, chunk.end_seq);
                turns_unsynced = 0;
            }
            if closing {
                return;
            }
        }
    }

    /// Waits for the next write, then swaps the full buffer for an empty one.
    fn take(&self, chunk: &mut Chunk) -> (bool, bool) {
        let state = self.lock();
        let (mut state, _) = self
            .wake
            .wait_timeout_while(state, WRITE_EVERY, |state| !state.closing && !state.hurry)
            .unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut state.buffer, &mut chunk.bytes);
        chunk.first_seq = state.buffer_seq;
        state.buffer_seq = state.next_seq;
        chunk.end_seq = state.next_seq;
        (state.closing, mem::take(&mut state.hurry))
    }

    fn write<M: Medium>(&self, disk: &mut Disk<M>, chunk: &Chunk) {
        match disk.append(&chunk.bytes) {
            Appended::Whole => {}
            Appended::OnReserve(error) => self.raise(&error),
            Appended::Cut { frames, error } => {
                let mut state = self.lock();
                // What came in meanwhile would follow a hole: it goes too, and the numbers go on from the disk.
                let next = chunk.first_seq + frames;
                state.lost += state.next_seq - next;
                (state.next_seq, state.buffer_seq) = (next, next);
                state.buffer.clear();
                drop(state);
                self.synced.notify_all();
                self.raise(&error);
            }
        }
    }

    fn sync<M: Medium>(&self, disk: &mut Disk<M>, end_seq: u64) {
        let started = Instant::now();
        match disk.sync() {
            Ok(()) => self.lock().synced_seq = end_seq,
            Err(error) => self.raise(&error),
        }
        self.synced.notify_all();
        let took = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.worst_sync_ns.fetch_max(took, Ordering::Relaxed);
    }

    /// Whether the disk no longer takes what is appended.
    fn has_failed(&self, state: &State) -> bool {
        let by_disk = |end: &End| end.reason == FinishReason::DiskFailed;
        state.lost > 0 || self.alarm.raised().is_some_and(by_disk)
    }

    fn raise(&self, error: &io::Error) {
        self.alarm.raise(FinishReason::DiskFailed, format!("writing the journal: {error}"));
    }
}

fn is_closing_word(frame: &Frame) -> bool {
    matches!(frame, Frame::RuntimeExited { .. } | Frame::Overhead { .. } | Frame::Finished { .. })
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
