//! A phone: files, an agent, a battery, a cable. What it is told comes through its driver, what happens to it by itself
//! through [`Phone::suffer`].

pub mod agent;
pub mod body;
pub mod driver;
mod follower;
mod journal;
pub mod soak;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use edgesoak_protocol::journal::FinishReason;
use edgesoak_protocol::probe::Tenant;

use crate::clock::{Dawn, nanos};
use crate::dice::Dice;
use crate::fault::{Fault, Mishap, StreamMishap};
use crate::truth::Truth;
use body::Body;
use soak::{Fate, Soak};

/// What stands beside a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: it is always plugged, and has no sensor of heat.
    Plain,
    /// The port of a hub.
    Charged,
    /// The port of a hub, a thermometer and a meter.
    Instrumented,
}

pub struct Phone {
    pub id: String,
    pub kind: Kind,
    pub dawn: Dawn,
    pub truth: Arc<Truth>,
    inner: Mutex<Inner>,
}

pub struct Inner {
    pub body: Body,
    /// Content and rights, by path.
    pub files: BTreeMap<String, (Vec<u8>, u32)>,
    /// Sessions that have a journal here, by `RUN/SESSION`.
    pub soaks: BTreeMap<String, Soak>,
    /// How every session that was ever started here ended.
    pub fates: BTreeMap<String, Fate>,
    /// Kinds of faults that it met.
    pub met: BTreeSet<&'static str>,
    /// Whose it is, and until when.
    pub tenant: Option<(Tenant, Duration)>,
    boots: u32,
    booted: Duration,
    pub plugged: bool,
    /// Settings are not what they were.
    pub is_changed: bool,
    full_until: Duration,
    down_until: Duration,
    /// When a call went wrong last.
    unreachable_at: Duration,
    mishaps: VecDeque<Mishap>,
    stream_mishaps: VecDeque<StreamMishap>,
    pub hub_refuses: u32,
    pub thermometer_until: Duration,
    pub meter_ends: bool,
    /// The battery over the room, and when that was.
    over: (Duration, f64),
    dice: Dice,
}

impl Phone {
    pub fn new(id: &str, kind: Kind, seed: u64, dawn: Dawn, truth: Arc<Truth>) -> Self {
        let mut dice = Dice::of(seed, id);
        let rate = *dice.pick(&[9.0, 12.0, 16.0]);
        let body = Body { rate, throttles: *dice.pick(&[0.0, 0.15, 0.6]) };
        let inner = Inner {
            body,
            files: BTreeMap::new(),
            soaks: BTreeMap::new(),
            fates: BTreeMap::new(),
            met: BTreeSet::new(),
            tenant: None,
            boots: 1,
            booted: Duration::ZERO,
            plugged: true,
            is_changed: false,
            full_until: Duration::ZERO,
            down_until: Duration::ZERO,
            unreachable_at: Duration::ZERO,
            mishaps: VecDeque::new(),
            stream_mishaps: VecDeque::new(),
            hub_refuses: 0,
            thermometer_until: Duration::ZERO,
            meter_ends: false,
            over: (Duration::ZERO, 0.0),
            dice,
        };
        Self { id: id.to_owned(), kind, dawn, truth, inner: Mutex::new(inner) }
    }

    pub fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("unpoisoned")
    }

    /// Something happens to it.
    pub fn suffer(&self, fault: &Fault) {
        let (now, mut inner) = (self.dawn.now(), self.inner());
        inner.met.insert(fault.word());
        match fault {
            Fault::Cable(length) => inner.down_until = inner.down_until.max(now + *length),
            Fault::Calls(mishap, count) => inner.mishaps.extend((0..*count).map(|_| *mishap)),
            Fault::Stream(mishap) => inner.stream_mishaps.push_back(*mishap),
            Fault::AgentKilled => inner.kill(now, Fate::Killed, &self.truth),
            Fault::Restart(length) => {
                inner.kill(now, Fate::Restarted, &self.truth);
                inner.boots += 1;
                inner.booted = now;
                inner.down_until = inner.down_until.max(now + *length);
            }
            Fault::RuntimeDied => inner.finish(now, FinishReason::RuntimeDied, &self.truth),
            Fault::StorageFull(length) => {
                inner.full_until = now + *length;
                inner.finish(now, FinishReason::DiskFailed, &self.truth);
            }
            Fault::HubRefuses(times) => inner.hub_refuses = *times,
            Fault::Thermometer(length) => inner.thermometer_until = now + *length,
            Fault::MeterEnds => inner.meter_ends = true,
        }
    }

    /// Nothing is wrong with it or its link any more.
    pub fn heal(&self) {
        let mut inner = self.inner();
        inner.down_until = Duration::ZERO;
        inner.mishaps.clear();
        inner.stream_mishaps.clear();
        inner.hub_refuses = 0;
        inner.full_until = Duration::ZERO;
    }
}

impl Inner {
    pub fn is_down(&self, now: Duration) -> bool {
        now < self.down_until
    }

    pub fn is_full(&self, now: Duration) -> bool {
        now < self.full_until
    }

    pub fn mishap(&mut self, now: Duration) -> Option<Mishap> {
        let mishap = self.mishaps.pop_front();
        if mishap.is_some() {
            self.unreachable_at = now;
        }
        mishap
    }

    /// Whether a call went wrong within the last minute.
    pub fn was_unreachable(&self, now: Duration) -> bool {
        self.is_down(now)
            || now.saturating_sub(self.unreachable_at.max(self.down_until)) < Duration::from_mins(1)
    }

    pub fn stream_mishap(&mut self) -> Option<StreamMishap> {
        self.stream_mishaps.pop_front()
    }

    pub fn boot_id(&self) -> String {
        format!("boot-{}", self.boots)
    }

    /// The monotonic clock, which begins anew with each boot.
    pub fn mono(&self, now: Duration) -> u64 {
        nanos(now.saturating_sub(self.booted)) + 500_000_000_000
    }

    pub fn running(&self, now: Duration) -> Option<&str> {
        self.soaks.iter().find(|(_, soak)| soak.is_running(now)).map(|(name, _)| name.as_str())
    }

    fn kill(&mut self, now: Duration, fate: Fate, truth: &Truth) {
        self.cool(now);
        let torn = usize::try_from(self.dice.within(0..200)).expect("small");
        for (name, soak) in self.soaks.iter_mut().filter(|(_, soak)| soak.is_running(now)) {
            soak.die(now, torn, fate, truth);
            self.fates.insert(name.clone(), fate);
        }
    }

    /// The agent ends the session that runs, if there is one.
    pub fn finish(&mut self, now: Duration, reason: FinishReason, truth: &Truth) {
        self.cool(now);
        for (name, soak) in self.soaks.iter_mut().filter(|(_, soak)| soak.is_running(now)) {
            soak.finish(now, reason, truth);
            self.fates.insert(name.clone(), soak.fate);
            self.is_changed = false;
        }
    }

    /// Follows the battery's temperature up to now; it cools as soon as nothing runs.
    pub fn cool(&mut self, now: Duration) -> f64 {
        let (since, over) = self.over;
        let worked_until = self.soaks.values().map(Soak::ends).max().unwrap_or(since).clamp(since, now);
        let hot = body::over_after(over, worked_until.saturating_sub(since).as_secs_f64());
        let over = body::over_after_rest(hot, now.saturating_sub(worked_until).as_secs_f64());
        self.over = (now, over);
        over
    }
}
