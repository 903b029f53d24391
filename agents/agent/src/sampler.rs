//! The thread that reads the sensors on time, enforces the limits, and says what measuring costs.

use std::io;
use std::mem;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use edgesoak_protocol::job::StopAt;
use edgesoak_protocol::journal::Frame;
use edgesoak_protocol::{ChannelSpec, Group, Quantity, RawReading};
use edgesoak_sensors::{Bank, clocks, own};

use crate::alarm::Alarm;
use crate::journal::Journal;
use crate::limits;
use crate::schedule::Schedule;
use crate::temperatures::Temperatures;

const STACK_BYTES: usize = 128 << 10;
/// How often an ending sampler is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(2);
const OVERHEAD_EVERY_NS: u64 = 10_000_000_000;
/// The two channels that add up to the runtime's resident set.
const RESIDENT: [&str; 2] = ["runtime/rss_anon", "runtime/rss_file"];

/// What the sampler shares with the main thread.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    /// Process id of the runtime; 0 while there is none.
    pid: AtomicU32,
    /// Its last resident set, bytes; 0 while unread.
    rss_bytes: AtomicU64,
}

impl Watched {
    /// The runtime channels follow this process from the next tick on.
    pub(crate) fn follow(&self, pid: Option<u32>) {
        self.pid.store(pid.unwrap_or(0), Ordering::Relaxed);
    }

    /// The runtime's last resident set, bytes.
    pub(crate) fn last_rss_bytes(&self) -> Option<u64> {
        Some(self.rss_bytes.load(Ordering::Relaxed)).filter(|bytes| *bytes > 0)
    }
}

/// Everything that one group's ticks need.
struct GroupState {
    id: u8,
    channels: Vec<ChannelSpec>,
    schedule: Schedule,
}

/// What the sampler works with.
pub(crate) struct Sampling {
    pub(crate) bank: Bank,
    pub(crate) groups: Vec<Group>,
    pub(crate) limits: StopAt,
    pub(crate) journal: Journal,
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) watched: Arc<Watched>,
    pub(crate) temperatures: Arc<Temperatures>,
}

/// The running thread; [`Sampler::finish`] ends it.
pub(crate) struct Sampler {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: JoinHandle<()>,
}

impl Sampler {
    /// Starts sampling at once.
    pub(crate) fn start(sampling: Sampling) -> io::Result<Self> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let theirs = stop.clone();
        let thread = thread::Builder::new()
            .name("sampler".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || Work::new(sampling).run(&theirs))?;
        Ok(Self { stop, thread })
    }

    /// Ends the thread; its last frame is an `Overhead`. `false` if it hangs in a driver: it is left behind then,
    /// so that the session still has its end.
    pub(crate) fn finish(self, limit: Duration) -> bool {
        *self.stop.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.stop.1.notify_all();
        let asked = Instant::now();
        while !self.thread.is_finished() {
            if asked.elapsed() >= limit {
                return false;
            }
            thread::sleep(LOOK_EVERY);
        }
        // A sampler that panicked has nothing more to say; the journal shows where its ticks end.
        let _ = self.thread.join();
        true
    }
}

struct Work {
    sampling: Sampling,
    groups: Vec<GroupState>,
    values: Vec<RawReading>,
    following: Option<u32>,
    missed_ticks: u32,
    worst_jitter_ns: u64,
    overhead: Schedule,
}

impl Work {
    fn new(sampling: Sampling) -> Self {
        let now = clocks::mono_ns();
        let group = |group: &Group| GroupState {
            id: group.id,
            channels: present(sampling.bank.specs(), group.id),
            schedule: Schedule::new(now, group.period_ns),
        };
        Self {
            groups: sampling.groups.iter().map(group).filter(|group| !group.channels.is_empty()).collect(),
            values: Vec::new(),
            following: None,
            missed_ticks: 0,
            worst_jitter_ns: 0,
            overhead: Schedule::new(now + OVERHEAD_EVERY_NS, OVERHEAD_EVERY_NS),
            sampling,
        }
    }

    fn run(mut self, stop: &(Mutex<bool>, Condvar)) {
        loop {
            self.follow_runtime();
            for index in 0..self.groups.len() {
                self.tick(index);
            }
            if self.overhead.take(clocks::mono_ns()).is_some() {
                self.say_overhead();
            }
            let deadlines = self.groups.iter().map(|group| &group.schedule).chain([&self.overhead]);
            let next_ns = deadlines.map(Schedule::next_ns).min().unwrap_or(0);
            let stopped = stop.0.lock().unwrap_or_else(PoisonError::into_inner);
            // The deadline is absolute: only the remaining wait is computed from it, so nothing drifts.
            let wait = Duration::from_nanos(next_ns.saturating_sub(clocks::mono_ns()));
            let (stopped, _) = stop
                .1
                .wait_timeout_while(stopped, wait, |stopped| !*stopped)
                .unwrap_or_else(PoisonError::into_inner);
            if *stopped {
                break;
            }
        }
        self.say_overhead();
    }

    fn follow_runtime(&mut self) {
        let pid = Some(self.sampling.watched.pid.load(Ordering::Relaxed)).filter(|pid| *pid > 0);
        if pid != self.following {
            self.sampling.bank.watch_runtime(pid);
            self.following = pid;
        }
    }

    /// Takes the group's tick if it is due.
    fn tick(&mut self, index: usize) {
        let now = clocks::mono_ns();
        let group = &mut self.groups[index];
        let Some(due) = group.schedule.take(now) else { return };
        self.worst_jitter_ns = self.worst_jitter_ns.max(due.late_ns);
        let journal = &self.sampling.journal;
        if due.missed > 0 {
            self.missed_ticks = self.missed_ticks.saturating_add(due.missed);
            journal.append_at(now, &Frame::Gap { group: group.id, missed_ticks: due.missed });
        }
        self.sampling.bank.read(group.id, &mut self.values);
        // Taken into the frame and back, so that ticks allocate nothing.
        let frame = Frame::Tick { group: group.id, values: mem::take(&mut self.values) };
        journal.append_at(now, &frame);
        if let Frame::Tick { values, .. } = frame {
            self.values = values;
        }
        self.sampling.temperatures.add(now, &group.channels, &self.values);
        if let Some(end) = limits::broken(&self.sampling.limits, &group.channels, &self.values) {
            self.sampling.alarm.raise(end.reason, end.detail);
        }
        if let Some(rss) = resident(&group.channels, &self.values) {
            self.sampling.watched.rss_bytes.store(rss, Ordering::Relaxed);
        }
    }

    fn say_overhead(&mut self) {
        // Without its numbers there is nothing to say.
        if let Some(usage) = own::usage() {
            self.sampling.journal.append(&Frame::Overhead {
                cpu_ns: usage.cpu_ns,
                rss_bytes: usage.rss_bytes,
                missed_ticks: self.missed_ticks,
                worst_jitter_ns: mem::take(&mut self.worst_jitter_ns),
                worst_sync_ns: self.sampling.journal.take_worst_sync_ns(),
            });
        }
    }
}

fn present(specs: &[ChannelSpec], group: u8) -> Vec<ChannelSpec> {
    specs.iter().filter(|spec| spec.missing.is_none() && spec.group == group).cloned().collect()
}

/// The runtime's resident set, if both of its parts were read.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bytes of memory, checked to be in range"
)]
fn resident(channels: &[ChannelSpec], values: &[RawReading]) -> Option<u64> {
    let mut sum = 0.0;
    for name in RESIDENT {
        let of_runtime = |spec: &ChannelSpec| spec.quantity == Quantity::RuntimeMemory && spec.name == name;
        let index = channels.iter().position(of_runtime)?;
        sum += channels[index].value(values.get(index)?.0).ok()?;
    }
    (0.0..1e15).contains(&sum).then_some(sum as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sampler_that_hangs_is_left_behind() {
        let thread = thread::spawn(|| {
            loop {
                thread::park();
            }
        });
        let hanging = Sampler { stop: Arc::default(), thread };
        assert!(!hanging.finish(Duration::from_millis(20)));
        let ended = Sampler { stop: Arc::default(), thread: thread::spawn(|| {}) };
        assert!(ended.finish(Duration::from_mins(1)));
    }
}
