//! A sink on a thread of its own: it may be slow, fail or panic, and nobody else notices.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
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
    ended: bool,
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
}

fn droppable(event: &RunEvent) -> bool {
    matches!(event, RunEvent::Frame { .. } | RunEvent::Progress(_))
}

impl SinkThread {
    pub(crate) fn start(sink: Box<dyn Sink>) -> io::Result<Self> {
        let name = sink.name().to_owned();
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        // The thread is never joined: a sink that hangs must not keep the process from ending.
        thread::Builder::new().name(format!("sink {name}")).spawn(move || work(sink, &theirs))?;
        Ok(Self { name, shared })
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

    /// Waits until the sink has taken everything, but not for ever; borrows nothing, so that others need not wait.
    pub(crate) fn idle(&self) -> impl Future<Output = ()> + Send + use<> {
        let shared = Arc::clone(&self.shared);
        async move {
            let waiting = tokio::task::spawn_blocking(move || {
                let busy = |inbox: &mut Inbox| inbox.busy || !inbox.events.is_empty();
                drop(shared.changed.wait_timeout_while(shared.lock(), IDLE_LIMIT, busy));
            });
            // The thread cannot panic; if the runtime ends, nobody waits any more.
            let _ = waiting.await;
        }
    }

    /// Lets the sink take what is left and ends it; gives a sentence if it failed at any time.
    pub(crate) async fn finish(self) -> Option<String> {
        self.finish_within(FINISH_LIMIT).await
    }

    async fn finish_within(self, limit: Duration) -> Option<String> {
        let shared = self.shared;
        shared.lock().closed = true;
        shared.changed.notify_all();
        let waiting = tokio::task::spawn_blocking(move || {
            let ends = shared.changed.wait_timeout_while(shared.lock(), limit, |inbox| !inbox.ended);
            let (mut inbox, waited) = ends.unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return Some(format!("given up after {} s", limit.as_secs()));
            }
            inbox.failure.take()
        });
        let failure = waiting.await.unwrap_or_else(|error| Some(error.to_string()));
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
    // Whoever waits for the end may open what the sink had open.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(sink)));
    let mut inbox = shared.lock();
    inbox.busy = false;
    inbox.ended = true;
    drop(inbox);
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use edgesoak_protocol::units::Nanos;
    use edgesoak_record::host_entry::{HostEntry, HostEvent};

    use super::*;

    /// Hangs at its first event until it is let go.
    struct Hanging(mpsc::Receiver<()>);

    impl Sink for Hanging {
        fn name(&self) -> &'static str {
            "hanging"
        }

        fn accept(&mut self, _: &RunEvent) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
            // An error says that it was let go.
            let _ = self.0.recv();
            Ok(())
        }
    }

    #[test]
    fn a_sink_that_hangs_is_given_up_and_does_not_keep_the_process() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (let_go, waits) = mpsc::channel();
        let failure = runtime.block_on(async {
            let sink = SinkThread::start(Box::new(Hanging(waits))).expect("a thread");
            let entry = HostEntry { at: Nanos(1), session: None, event: HostEvent::Resumed {} };
            sink.tell(&Arc::new(RunEvent::Host(entry)));
            sink.finish_within(Duration::from_millis(20)).await
        });
        assert_eq!(failure.as_deref(), Some("hanging: given up after 0 s"));
        // Ends only if nothing of the runtime still waits for the sink, which hangs until the next line.
        drop(runtime);
        drop(let_go);
    }
}
