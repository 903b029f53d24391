//! A sink on a thread of its own: it may be slow, fail or panic, and nobody else notices.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::event::{RunEvent, Sink};

/// Frames and progress that may wait for a sink. Host entries and collected journals always may: a run has few.
const MAX_DROPPABLE: usize = 4096;
/// A sink that is busy for longer is not waited for between sessions.
const IDLE_LIMIT: Duration = Duration::from_mins(1);
/// A sink that is busy for longer at the end of a run is given up.
const FINISH_LIMIT: Duration = Duration::from_mins(10);

#[derive(Default)]
struct Inbox {
    events: VecDeque<Arc<RunEvent>>,
    droppable: usize,
    busy: bool,
    closed: bool,
    failure: Option<String>,
}

#[derive(Default)]
struct Shared {
    inbox: Mutex<Inbox>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct SinkThread {
    name: String,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

fn droppable(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Frame { .. } | RunEvent::Progress(_))
}

impl SinkThread {
    pub(crate) fn start(sink: Box<dyn Sink>) -> io::Result<Self> {
        let name = sink.name().to_owned();
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread =
            thread::Builder::new().name(format!("sink {name}")).spawn(move || work(sink, &theirs))?;
        Ok(Self { name, shared, thread })
    }

    pub(crate) fn tell(&self, event: &Arc<RunEvent>) {
        let mut inbox = self.shared.lock();
        if inbox.failure.is_some() {
            return;
        }
        if droppable(event) {
            if inbox.droppable >= MAX_DROPPABLE {
                return;
            }
            inbox.droppable += 1;
        }
        inbox.events.push_back(Arc::clone(event));
        self.shared.changed.notify_all();
    }

    /// Waits until the sink has taken everything.
    pub(crate) async fn idle(&self) {
        let shared = Arc::clone(&self.shared);
        let waiting = tokio::task::spawn_blocking(move || {
            let inbox = shared.lock();
            let busy = |inbox: &mut Inbox| inbox.busy || !inbox.events.is_empty();
            drop(shared.changed.wait_timeout_while(inbox, IDLE_LIMIT, busy));
        });
        // The thread cannot panic; if the runtime ends, nobody waits any more.
        let _ = waiting.await;
    }

    /// Lets the sink take what is left and ends it; gives a sentence if it failed at any time.
    pub(crate) async fn finish(self) -> Option<String> {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
        let joining = tokio::task::spawn_blocking(move || self.thread.join());
        if tokio::time::timeout(FINISH_LIMIT, joining).await.is_err() {
            return Some(format!("{}: given up after {} s", self.name, FINISH_LIMIT.as_secs()));
        }
        let failure = self.shared.lock().failure.take();
        failure.map(|failure| format!("{}: {failure}", self.name))
    }
}

fn work(mut sink: Box<dyn Sink>, shared: &Shared) {
    while let Some(event) = next(shared) {
        // Whatever a panicking sink leaves half done is its own; it is never called again.
        let taken = catch_unwind(AssertUnwindSafe(|| sink.accept(&event)));
        let failure = match taken {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => sentence(error.as_ref()),
            Err(_) => "it panicked".to_owned(),
        };
        let mut inbox = shared.lock();
        inbox.failure = Some(failure);
        inbox.events.clear();
        break;
    }
    shared.lock().busy = false;
    shared.changed.notify_all();
}

fn next(shared: &Shared) -> Option<Arc<RunEvent>> {
    let mut inbox = shared.lock();
    inbox.busy = false;
    shared.changed.notify_all();
    loop {
        if let Some(event) = inbox.events.pop_front() {
            inbox.busy = true;
            if droppable(&event) {
                inbox.droppable -= 1;
            }
            return Some(event);
        }
        if inbox.closed {
            return None;
        }
        inbox = shared.changed.wait(inbox).unwrap_or_else(PoisonError::into_inner);
    }
}

/// An error and its causes in one line.
pub(crate) fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
