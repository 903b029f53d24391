//! One stream of everything that happens in a run: on disk first, then to the sinks.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use edgesoak_protocol::journal::Entry;
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use tokio::sync::{mpsc, oneshot};

use crate::event::{Progress, RunEvent, Sink};
use crate::sink_thread::SinkThread;
use crate::world::{Clock, Disk, World};

/// Messages that may wait for the dispatcher; a session that is faster waits.
const QUEUE: usize = 256;
/// Held back on the host's disk, so that a run on a full disk can still be closed.
static RESERVE: [u8; 64 << 10] = [0; 64 << 10];

/// File name of the host's journal in a run's directory.
pub(crate) const HOST_JOURNAL: &str = "host.journal";
const RESERVE_FILE: &str = "reserve";

type Kept = oneshot::Sender<io::Result<()>>;

enum Message {
    Host { entry: Box<HostEntry>, kept: Kept },
    Copied { session: String, journal: PathBuf, bytes: Vec<u8>, entries: Vec<Entry>, kept: Kept },
    Collected { session: String, journal: PathBuf, kept: Kept },
    Progress(Progress),
    SinksIdle(oneshot::Sender<()>),
}

/// The way into the stream; cheap to clone. The stream ends when all of them are dropped.
#[derive(Clone)]
pub(crate) struct Events {
    sender: mpsc::Sender<Message>,
    clock: Arc<dyn Clock>,
}

impl Events {
    /// Writes a line of the host's journal; it is on the medium when this returns.
    pub(crate) async fn host(&self, session: Option<&str>, event: HostEvent) -> io::Result<()> {
        let entry = HostEntry { at: self.clock.wall(), session: session.map(str::to_owned), event };
        self.keep(|kept| Message::Host { entry: Box::new(entry), kept }).await
    }

    /// Appends whole records of a device's journal to its copy.
    pub(crate) async fn copied(
        &self,
        session: &str,
        journal: &Path,
        bytes: Vec<u8>,
        entries: Vec<Entry>,
    ) -> io::Result<()> {
        let (session, journal) = (session.to_owned(), journal.to_owned());
        self.keep(|kept| Message::Copied { session, journal, bytes, entries, kept }).await
    }

    /// Brings a device's copied journal to the medium and says that it is all there is.
    pub(crate) async fn collected(&self, session: &str, journal: &Path) -> io::Result<()> {
        let (session, journal) = (session.to_owned(), journal.to_owned());
        self.keep(|kept| Message::Collected { session, journal, kept }).await
    }

    /// Tells how far a session is, unless the dispatcher has more important things to do.
    pub(crate) fn progress(&self, progress: Progress) {
        // Progress is for people: the next one is as good.
        let _ = self.sender.try_send(Message::Progress(progress));
    }

    /// Waits until the sinks have nothing to do, but not for ever.
    pub(crate) async fn sinks_idle(&self) {
        let (done, idle) = oneshot::channel();
        if self.sender.send(Message::SinksIdle(done)).await.is_ok() {
            let _ = idle.await;
        }
    }

    async fn keep(&self, message: impl FnOnce(Kept) -> Message) -> io::Result<()> {
        let (kept, answer) = oneshot::channel();
        let gone = || io::Error::other("the dispatcher is gone");
        self.sender.send(message(kept)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

/// The one reader of the stream.
pub(crate) struct Dispatcher {
    receiver: mpsc::Receiver<Message>,
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    sinks: Vec<SinkThread>,
}

impl Dispatcher {
    /// A stream for the run in `dir`.
    pub(crate) fn open(world: &World, dir: &Path, sinks: Vec<Box<dyn Sink>>) -> io::Result<(Events, Self)> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        world.disk.write_atomically(&dir.join(RESERVE_FILE), &RESERVE)?;
        let dispatcher = Self {
            receiver,
            disk: Arc::clone(&world.disk),
            dir: dir.to_owned(),
            sinks: sinks.into_iter().map(SinkThread::start).collect::<io::Result<_>>()?,
        };
        Ok((Events { sender, clock: Arc::clone(&world.clock) }, dispatcher))
    }

    /// Serves until every [`Events`] is dropped; then the sinks take what they were given and end. Gives one
    /// sentence per sink that failed.
    pub(crate) async fn serve(mut self) -> Vec<String> {
        while let Some(message) = self.receiver.recv().await {
            self.take(message);
        }
        // The run is closed; the room held back for that is not needed any more.
        let _ = self.disk.remove(&self.dir.join(RESERVE_FILE));
        let mut failures = Vec::new();
        for sink in self.sinks {
            failures.extend(sink.finish().await);
        }
        failures
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Host { entry, kept } => {
                let written = self.write(&entry);
                if written.is_ok() {
                    self.tell(RunEvent::Host(*entry));
                }
                // Nobody listens only if the session's task is gone.
                let _ = kept.send(written);
            }
            Message::Copied { session, journal, bytes, entries, kept } => {
                let appended = self.disk.append(&journal, &bytes);
                if appended.is_ok() {
                    for entry in entries {
                        self.tell(RunEvent::Frame { session: session.clone(), entry });
                    }
                }
                let _ = kept.send(appended);
            }
            Message::Collected { session, journal, kept } => {
                let synced = self.disk.sync(&journal);
                self.tell(RunEvent::Collected { session, journal });
                let _ = kept.send(synced);
            }
            Message::Progress(progress) => self.tell(RunEvent::Progress(progress)),
            Message::SinksIdle(done) => {
                let idle: Vec<_> = self.sinks.iter().map(SinkThread::idle).collect();
                // The journals of other devices do not wait for a slow sink.
                tokio::spawn(async move {
                    for sink in idle {
                        sink.await;
                    }
                    let _ = done.send(());
                });
            }
        }
    }

    fn write(&self, entry: &HostEntry) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let path = self.dir.join(HOST_JOURNAL);
        let before = self.disk.length(&path)?.unwrap_or(0);
        self.disk.append(&path, &line).or_else(|error| {
            if !is_full(&error) {
                return Err(error);
            }
            self.disk.remove(&self.dir.join(RESERVE_FILE))?;
            self.disk.append(&path, &line)
        })?;
        self.disk.sync(&path).inspect_err(|_| {
            // Nobody is told of this line: whoever counts lines would be one behind for ever.
            let _ = self.disk.truncate(&path, before);
        })
    }

    fn tell(&self, event: RunEvent) {
        let event = Arc::new(event);
        for sink in &self.sinks {
            sink.tell(&event);
        }
    }
}

/// Whether an error says that a disk is full.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
