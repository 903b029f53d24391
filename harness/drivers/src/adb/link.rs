//! The way to one device, and finding it again after it was lost.

use std::net::SocketAddrV4;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::address::is_network;
use super::attached::known_to;
use super::call::{Call, Trouble};
use super::crew::{Crew, WorkerProgram};
use super::frame::FilePart;
use super::script::{Mark, Script};
use super::server::Server;
use crate::error::DriverError;

/// How often a device that is not there is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// How long the server may take for an answer of its own.
const ANSWER: Duration = Duration::from_secs(5);
/// The server tries to reach a device for ten seconds.
const CONNECT: Duration = Duration::from_secs(12);
/// How long an offline device may take to come back before the server is told to connect again.
const CONNECT_EVERY: Duration = Duration::from_secs(2);
/// A device that was just plugged in is unauthorised until it has checked the host's key, without permission until the
/// host has set it, and perhaps listed at its former port, too.
const SETTLE: Duration = Duration::from_secs(3);

/// The way to one device.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) serial: String,
    pub(super) server: Server,
    crew: Arc<Crew>,
    /// The last call found it broken.
    suspect: AtomicBool,
    abi: OnceLock<&'static str>,
    /// Its port in the USB tree of the server's host; another one after it was plugged in elsewhere.
    port: Mutex<Option<String>>,
}

impl Link {
    pub(super) fn new(serial: String, server: Server, worker: WorkerProgram) -> Self {
        Self {
            serial,
            server,
            crew: Arc::new(Crew::of(worker)),
            suspect: AtomicBool::new(true),
            abi: OnceLock::new(),
            port: Mutex::default(),
        }
    }

    pub(super) fn describe(&self) -> String {
        format!("{} at the adb server at {}", self.serial, self.server.as_str())
    }

    /// Which programs run there, once it is known.
    pub(super) fn abi(&self) -> Option<&'static str> {
        self.abi.get().copied()
    }

    /// The first answer stands: a serial does not change its processor.
    pub(super) fn learn_abi(&self, abi: &'static str) {
        let _ = self.abi.set(abi);
    }

    /// The hub that it is plugged into, among all hubs of all servers.
    pub(super) fn hub(&self) -> Option<String> {
        let port = self.port.lock().unwrap_or_else(PoisonError::into_inner);
        port.as_deref().map(|port| format!("{} {}", self.server.as_str(), hub_of(port)))
    }

    /// Starts a command.
    pub(super) async fn call(
        &self,
        mark: &Mark,
        script: Script,
        file: Option<FilePart>,
    ) -> Result<Call, Trouble> {
        let server = self.address().await?;
        Call::start(&self.crew, (server, &self.serial), mark, script, file).await
    }

    async fn address(&self) -> Result<SocketAddrV4, Trouble> {
        self.server.resolve().await.map_err(|error| Trouble::Refused(error.to_string()))
    }

    /// What a trouble means for the caller. The next call looks for the device first.
    pub(super) fn blame(&self, trouble: Trouble) -> DriverError {
        self.suspect.store(true, Ordering::Relaxed);
        match trouble {
            Trouble::Refused(why) | Trouble::Lost(why) => {
                DriverError::LinkLost(format!("{}: {why}", self.serial))
            }
            Trouble::Worker(source) => DriverError::StartingWorker { source },
        }
    }

    /// The deadline of a call passed: the device may have stalled.
    pub(super) fn distrust(&self) {
        self.suspect.store(true, Ordering::Relaxed);
    }

    /// Makes sure that the server has the device, if there is reason to doubt it.
    pub(super) async fn mend(&self, until: Instant) -> Result<(), DriverError> {
        if self.suspect.load(Ordering::Relaxed) {
            self.find(until).await?;
        }
        Ok(())
    }

    /// Looks for the device until it can be used.
    pub(super) async fn find(&self, until: Instant) -> Result<(), DriverError> {
        let mut last = None;
        let found = timeout_at(until, self.search(&mut last)).await;
        found.unwrap_or_else(|_| Err(last.unwrap_or_else(|| self.unanswered())))
    }

    fn unanswered(&self) -> DriverError {
        DriverError::LinkLost(format!(
            "{}: the adb server at {} does not answer",
            self.serial,
            self.server.as_str()
        ))
    }

    /// Looks until the device can be used, or never will be by itself; `last` is what was wrong before.
    async fn search(&self, last: &mut Option<DriverError>) -> Result<(), DriverError> {
        let mut connected = None;
        // In which state it is, and since when without a break.
        let mut last_state = None;
        loop {
            let error = match self.look().await {
                Ok(()) => {
                    self.suspect.store(false, Ordering::Relaxed);
                    return Ok(());
                }
                Err(error) => error,
            };
            let state = std::mem::discriminant(&error);
            let (_, since) = *last_state
                .insert(last_state.filter(|(of, _)| *of == state).unwrap_or((state, Instant::now())));
            match &error {
                DriverError::Unauthorised { .. }
                | DriverError::NoPermission { .. }
                | DriverError::SeveralAttached { .. }
                    if since.elapsed() < SETTLE => {}
                fatal if !fatal.retry() => return Err(error),
                DriverError::NoAdbServer { .. } => {
                    // If it cannot be started, the next look says that there is none.
                    let _ = self.server.start().await;
                }
                DriverError::NotAttached { .. } => self.connect(false).await,
                DriverError::NotReady { state, .. } if state == "offline" => {
                    // Most come back by themselves.
                    let since = connected.get_or_insert_with(Instant::now);
                    if since.elapsed() >= CONNECT_EVERY {
                        *since = Instant::now();
                        self.connect(true).await;
                    }
                }
                _ => {}
            }
            *last = Some(error);
            sleep(LOOK_EVERY).await;
        }
    }

    /// The state of the device as the server tells it.
    async fn look(&self) -> Result<(), DriverError> {
        let (serial, server) = (self.serial.clone(), self.server.as_str().to_owned());
        let listed = known_to(&self.server, ANSWER).await?;
        let mut found = listed.into_iter().filter(|found| found.serial == serial);
        let Some(first) = found.next() else { return Err(DriverError::NotAttached { serial, server }) };
        let count = 1 + found.count();
        if count > 1 {
            return Err(DriverError::SeveralAttached { serial, server, count });
        }
        *self.port.lock().unwrap_or_else(PoisonError::into_inner) = first.usb;
        match first.state.as_str() {
            "device" => Ok(()),
            "unauthorized" => Err(DriverError::Unauthorised { serial }),
            "no permissions" => Err(DriverError::NoPermission { serial }),
            _ => Err(DriverError::NotReady { serial, state: first.state }),
        }
    }

    /// Has the server connect to a device that it reaches by network. It calls an offline one "already connected", so
    /// it has to let go first.
    async fn connect(&self, let_go: bool) {
        if !is_network(&self.serial) {
            return;
        }
        // The next look says what came of it.
        if let_go {
            let _ = self.server.ask(&format!("host:disconnect:{}", self.serial), ANSWER).await;
        }
        let _ = self.server.ask(&format!("host:connect:{}", self.serial), CONNECT).await;
    }
}

/// The hub of a port: `1-4` of `1-4.2`, and the bus `1` of `1-4`.
fn hub_of(port: &str) -> &str {
    port.rfind(['.', '-']).map_or(port, |end| &port[..end])
}

#[cfg(test)]
mod tests {
    use super::hub_of;

    #[test]
    fn ports_of_one_hub_name_it() {
        let hubs: Vec<&str> = ["1-4.2", "1-4.3", "1-4.3.1", "2-1", "x"].into_iter().map(hub_of).collect();
        assert_eq!(hubs, ["1-4", "1-4", "1-4.3", "2", "x"]);
    }
}
