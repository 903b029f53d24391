//! One run of this host per device: a lock that is held while sessions of a run work on it, and that the end of the
//! process frees. Runs of other hosts meet the [tenancy](crate::tenancy) that the device itself knows of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use edgesoak_record::host_entry::HostEvent;

use crate::context::Context;
use crate::world::Lock;

/// How often a device that is busy is looked at.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Longest name of a run in a lease, bytes.
pub(crate) const MAX_RUN: u64 = 100;

/// Something that one run of this host has at a time. A lock that cannot be made is no reason not to measure.
enum Held {
    Ours(Option<Lock>),
    Others,
}

/// What a lane holds; freed when this is dropped.
#[derive(Default)]
pub(crate) struct Leases(BTreeMap<PathBuf, Option<Lock>>);

impl Leases {
    /// Takes a device, as soon as it is free or the run's patience is over; else who has it.
    pub(crate) async fn take(
        &mut self,
        context: &Context,
        session: &str,
        device: &str,
    ) -> Result<(), String> {
        self.take_file(context, session, &file_of(context, device), device).await
    }

    /// Takes this machine's processors, for devices that share them.
    pub(crate) async fn take_processors(&mut self, context: &Context, session: &str) -> Result<(), String> {
        let file = context.places.state_dir.join("processors");
        self.take_file(context, session, &file, "this machine").await
    }

    async fn take_file(
        &mut self,
        context: &Context,
        session: &str,
        file: &Path,
        what: &str,
    ) -> Result<(), String> {
        let (clock, mut is_told) = (&context.world.clock, false);
        while !self.try_take(context, file) {
            let who = held_by(context, file);
            let left = context.sharing.wait_left(clock.mono());
            if left.is_zero() || *context.cancel.borrow() {
                return Err(format!("{who} works with {what}"));
            }
            if !is_told {
                is_told = true;
                let text = format!("{who} works with {what}; waiting for {} s at most", left.as_secs());
                note(context, session, text).await;
            }
            clock.sleep(LOOK_EVERY.min(left)).await;
        }
        Ok(())
    }

    /// Takes a device that a session has left its traces on, as soon as it is free: they cannot be cleared away under
    /// another session. Whoever ends the run does not want to wait.
    pub(crate) async fn wait_for(&mut self, context: &Context, session: &str, device: &str) {
        let file = file_of(context, device);
        if self.try_take(context, &file) {
            return;
        }
        let who = held_by(context, &file);
        note(context, session, format!("{who} works with {device}; this session goes on when it is done"))
            .await;
        while !*context.cancel.borrow() && !self.try_take(context, &file) {
            context.world.clock.sleep(LOOK_EVERY).await;
        }
    }

    fn try_take(&mut self, context: &Context, file: &Path) -> bool {
        if self.0.contains_key(file) {
            return true;
        }
        match hold(context, file) {
            Held::Ours(lock) => self.0.insert(file.to_owned(), lock).is_none(),
            Held::Others => false,
        }
    }
}

fn file_of(context: &Context, device: &str) -> PathBuf {
    context.places.state_dir.join("leases").join(device)
}

/// The file beside a lock that says which run holds it.
pub(crate) fn holder_file(file: &Path) -> PathBuf {
    file.with_added_extension("run")
}

fn hold(context: &Context, file: &Path) -> Held {
    let disk = &context.world.disk;
    let dir = file.parent().unwrap_or(file);
    match disk.create_dirs(dir).and_then(|()| disk.lock(file)) {
        Ok(None) => Held::Others,
        Ok(lock) => {
            // It is for people only: whoever is refused is told by whom.
            let _ = disk.write_atomically(&holder_file(file), context.run.as_bytes());
            Held::Ours(lock)
        }
        Err(_) => Held::Ours(None),
    }
}

fn held_by(context: &Context, file: &Path) -> String {
    in_words(context.world.disk.read(&holder_file(file), MAX_RUN).ok())
}

/// Who holds a lock, from what stands beside it.
pub(crate) fn in_words(run: Option<Vec<u8>>) -> String {
    let run = run.and_then(|bytes| String::from_utf8(bytes).ok());
    match run.filter(|run| run.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !run.is_empty()) {
        Some(run) => format!("run {run} of this host"),
        None => "another run of this host".to_owned(),
    }
}

async fn note(context: &Context, session: &str, text: String) {
    let event = HostEvent::Noted { code: "device-leased".to_owned(), text };
    // If it cannot be written, neither can what the session does next.
    let _ = context.events.host(Some(session), event).await;
}
