//! The cable of a device: who is on it, what befalls it, and whether the host is allowed.

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::{LinkFault, LinkFaultError};
use super::waker::Waker;

/// A handle on the cable of a served device; clones are the same cable.
#[derive(Debug, Clone)]
pub struct Link(Arc<Cable>);

/// Whether the person with the device has allowed this host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The host may do everything.
    Granted,
    /// The device asks for proof, and accepts none.
    Unauthorised,
}

#[derive(Debug)]
struct Cable {
    state: Mutex<State>,
    changed: Condvar,
    listener: Waker,
}

#[derive(Debug)]
struct State {
    access: Access,
    stopped: bool,
    stalled: Option<Until>,
    offline: Option<Until>,
    down: Option<Instant>,
    drop_after: Option<u64>,
    drop_every: Option<(Duration, Instant)>,
    rate: Option<u64>,
    /// Connections that are there, by number.
    connections: HashMap<u64, TcpStream>,
    next: u64,
}

/// How long a state lasts.
#[derive(Debug, Clone, Copy)]
enum Until {
    Healed,
    At(Instant),
}

impl Until {
    fn new(time: Option<Duration>) -> Self {
        time.map_or(Self::Healed, |time| Self::At(Instant::now() + time))
    }

    fn is_over(self) -> bool {
        matches!(self, Self::At(end) if end <= Instant::now())
    }
}

/// What the listener is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Listen on, and look again after the time.
    Listen(Duration),
    /// Nobody may connect until then.
    Down(Instant),
    /// No more.
    Stop,
}

/// How often the listener looks at the least.
const GLANCE: Duration = Duration::from_secs(1);

impl Link {
    /// A cable without faults.
    pub fn new(access: Access) -> io::Result<Self> {
        let state = State {
            access,
            stopped: false,
            stalled: None,
            offline: None,
            down: None,
            drop_after: None,
            drop_every: None,
            rate: None,
            connections: HashMap::new(),
            next: 0,
        };
        Ok(Self(Arc::new(Cable {
            state: Mutex::new(state),
            changed: Condvar::new(),
            listener: Waker::new()?,
        })))
    }

    /// Lets something befall the cable, now.
    pub fn plant(&self, fault: LinkFault) {
        let mut state = self.state();
        match fault {
            LinkFault::Drop => state.cut(),
            LinkFault::DropAfter(bytes) => state.drop_after = Some(bytes),
            LinkFault::DropEvery(time) => state.drop_every = Some((time, Instant::now() + time)),
            LinkFault::Stall(time) => state.stalled = Some(Until::new(time)),
            LinkFault::Restart(time) => {
                state.down = Some(Instant::now() + time);
                state.cut();
            }
            LinkFault::Offline(time) => {
                state.offline = Some(Until::new(time));
                state.cut();
            }
            LinkFault::Slow(rate) => state.rate = Some(rate),
            LinkFault::Forbid => {
                state.access = Access::Unauthorised;
                state.cut();
            }
            LinkFault::Allow => state.access = Access::Granted,
            LinkFault::Heal => state.heal(),
        }
        drop(state);
        self.tell();
    }

    /// Lets something befall the cable, in the words of [`LinkFault`].
    ///
    /// # Errors
    /// The words are none.
    pub fn hear(&self, words: &str) -> Result<(), LinkFaultError> {
        self.plant(words.parse()?);
        Ok(())
    }

    /// Ends the service: connections are cut, and [`serve`](super::serve) returns.
    pub fn stop(&self) {
        let mut state = self.state();
        state.stopped = true;
        state.cut();
        drop(state);
        self.tell();
    }

    /// How many connections there are.
    pub fn connections(&self) -> usize {
        self.state().connections.len()
    }

    pub(super) fn listener(&self) -> &Waker {
        &self.0.listener
    }

    /// Puts a connection on the cable; none where the cable is out of order.
    pub(super) fn attach(&self, stream: &TcpStream) -> io::Result<Option<Attached>> {
        let kept = stream.try_clone()?;
        let mut state = self.state();
        if state.stopped || state.down.is_some() {
            return Ok(None);
        }
        let number = state.next;
        state.next += 1;
        state.connections.insert(number, kept);
        Ok(Some(Attached { link: self.clone(), number }))
    }

    /// What time and faults ask of the listener.
    pub(super) fn order(&self) -> Order {
        let mut state = self.state();
        let now = Instant::now();
        if state.stopped {
            return Order::Stop;
        }
        if let Some(end) = state.down.filter(|end| *end > now) {
            return Order::Down(end);
        }
        state.down = None;
        if let Some(Until::At(end)) = state.offline
            && end <= now
        {
            // Hosts that gave up on a silent connection would wait for it for ever.
            state.offline = None;
            state.cut();
        }
        let mut wait = GLANCE;
        if let Some((time, next)) = state.drop_every {
            if next <= now {
                state.cut();
                state.drop_every = Some((time, now + time));
            }
            wait = wait.min(next.saturating_duration_since(now)).max(Duration::from_millis(1));
        }
        if let Some(Until::At(end)) = state.offline {
            wait = wait.min(end.saturating_duration_since(now)).max(Duration::from_millis(1));
        }
        Order::Listen(wait)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self) {
        self.0.changed.notify_all();
        self.0.listener.wake();
    }
}

impl State {
    fn cut(&mut self) {
        for (_, stream) in self.connections.drain() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn heal(&mut self) {
        // A connection on which nothing was answered is of no use any more.
        if self.offline.take().is_some() {
            self.cut();
        }
        self.stalled = None;
        self.down = None;
        self.drop_after = None;
        self.drop_every = None;
        self.rate = None;
    }
}

/// A connection on the cable, until it is dropped.
#[derive(Debug)]
pub(super) struct Attached {
    link: Link,
    number: u64,
}

/// How much may pass at once, and what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passage {
    /// Bytes, 1 at least.
    pub(super) bytes: usize,
    /// Bytes in a second.
    pub(super) rate: Option<u64>,
}

impl Attached {
    /// Waits until something may pass; an error where the connection was cut.
    pub(super) fn pass(&self, wanted: usize) -> io::Result<Passage> {
        let mut state = self.link.state();
        loop {
            if !state.connections.contains_key(&self.number) {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            let wait = match state.stalled {
                None => break,
                Some(until) if until.is_over() => {
                    state.stalled = None;
                    break;
                }
                Some(Until::Healed) => GLANCE,
                Some(Until::At(end)) => end.saturating_duration_since(Instant::now()).min(GLANCE),
            };
            state = self.link.0.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut bytes = wanted;
        if let Some(left) = state.drop_after {
            bytes = bytes.min(usize::try_from(left).unwrap_or(usize::MAX));
        }
        if let Some(rate) = state.rate {
            // Twenty pieces in a second are smooth enough.
            bytes = bytes.min(usize::try_from(rate / 20).unwrap_or(usize::MAX));
        }
        Ok(Passage { bytes: bytes.max(1), rate: state.rate })
    }

    /// Counts what has passed, and cuts the cable where that was its last byte.
    pub(super) fn passed(&self, bytes: usize) {
        let mut state = self.link.state();
        let Some(left) = state.drop_after else { return };
        let left = left.saturating_sub(bytes as u64);
        state.drop_after = (left > 0).then_some(left);
        if left == 0 {
            state.cut();
            drop(state);
            self.link.tell();
        }
    }

    /// Whether connections are to stay without an answer.
    pub(super) fn is_offline(&self) -> bool {
        self.link.state().offline.is_some_and(|until| !until.is_over())
    }

    pub(super) fn access(&self) -> Access {
        self.link.state().access
    }

    /// Waits until somebody allows this host; `false` where the connection ended before.
    pub(super) fn wait_for_access(&self) -> bool {
        let mut state = self.link.state();
        while state.connections.contains_key(&self.number) {
            if state.access == Access::Granted {
                return true;
            }
            state = self.link.0.changed.wait_timeout(state, GLANCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        false
    }

    /// Takes the connection off the cable; those who wait on it learn it.
    pub(super) fn detach(&self) {
        let stream = self.link.state().connections.remove(&self.number);
        if let Some(stream) = stream {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.link.0.changed.notify_all();
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.detach();
    }
}
