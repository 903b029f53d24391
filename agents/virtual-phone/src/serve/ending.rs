//! When to stop: a signal, or a caller that is gone.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::fs::{FileType, fstat};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::error::ServeError;

/// Whether somebody wants an end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Listens for signals, and for the end of stdin where that is a pipe: then somebody started us who is gone when it
    /// closes. A terminal or `/dev/null` says nothing.
    pub(crate) fn listen() -> Result<Self, ServeError> {
        let ending = Self::default();
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&ending.0))
                .map_err(|source| ServeError::Listening { what: "signals", source })?;
        }
        let stdin = std::io::stdin();
        let kind = fstat(&stdin).map(|stat| FileType::from_raw_mode(stat.st_mode));
        if matches!(kind, Ok(FileType::Fifo | FileType::Socket)) {
            let ending = ending.clone();
            let watch = move || {
                let mut bytes = [0; 256];
                while stdin.lock().read(&mut bytes).is_ok_and(|length| length > 0) {}
                ending.0.store(true, Ordering::Relaxed);
            };
            thread::Builder::new()
                .name("stdin".to_owned())
                .spawn(watch)
                .map_err(|source| ServeError::Listening { what: "the end of stdin", source })?;
        }
        Ok(ending)
    }

    /// Somebody here wants one.
    pub(crate) fn want(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
