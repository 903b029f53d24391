//! Whether the runtime talks to anybody beyond the device.
//!
//! Where nothing may leave, it is cut off from every network and whatever it tries is told. Where the system does not
//! allow that, or where it may talk, its sockets are looked at; and of a phone, whether its radios are off and silent.

mod cut_off;
mod looks;
mod radios;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use edgesoak_protocol::journal::{Attempt, Frame};
use edgesoak_runtimes::{RunnerProcess, RuntimeError, Spawn, Tell, Watch};
use edgesoak_sensors::{Root, clocks};

use crate::journal::Journal;
use cut_off::{MOST_NAMED, Said};
use looks::Looks;
use radios::Radios;

/// What watches one runtime.
pub(crate) struct Egress<'a> {
    system: &'a Root,
    journal: &'a Journal,
    local_only: bool,
    watch: Option<Watch>,
    looks: Option<Looks>,
    /// How its radios were at the begin, where nothing else keeps it from leaving.
    radios: Option<Radios>,
    /// The first attempts, for the sentence at the end.
    first: Arc<Mutex<Vec<Attempt>>>,
    began_ns: u64,
}

impl<'a> Egress<'a> {
    /// Nothing is watched yet.
    pub(crate) fn new(system: &'a Root, journal: &'a Journal, local_only: bool) -> Self {
        let (watch, looks, first) = (None, None, Arc::default());
        // Before there is anybody who could send; whether it is needed is known only afterwards.
        let radios = if local_only { Radios::look(system) } else { None };
        let began_ns = clocks::mono_ns();
        Self { system, journal, local_only, watch, looks, radios, first, began_ns }
    }

    /// Starts the runtime and watches it from before its first instruction.
    pub(crate) fn start(&mut self, spawn: &Spawn<'_>) -> Result<RunnerProcess, RuntimeError> {
        // What stands in for a device is no system that could cut anything off.
        let process = if self.local_only && self.system.path() == Path::new("/") {
            let (process, watch) = RunnerProcess::spawn_cut_off(spawn, &self.teller())?;
            self.watch = Some(watch);
            process
        } else {
            RunnerProcess::spawn(spawn)?
        };
        if !self.watch.as_ref().is_some_and(Watch::cuts_off) {
            self.looks = Some(Looks::begin(self.system, process.pid()));
        }
        Ok(process)
    }

    fn teller(&self) -> Tell {
        let (journal, first) = (self.journal.clone(), self.first.clone());
        Arc::new(move |attempt: Attempt| {
            let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
            if first.len() < MOST_NAMED {
                first.push(attempt.clone());
            }
            journal.append(&Frame::Egress { attempt });
        })
    }

    /// Looks for the last time. Call it before the runtime is closed.
    pub(crate) fn look(&mut self) {
        if let Some(looks) = self.looks.take() {
            looks.tell(self.journal);
        }
    }

    /// Notes what came of it. Call it when the runtime is closed: what it left running is ended.
    pub(crate) fn tell(self) {
        let cuts_off = self.watch.as_ref().is_some_and(Watch::cuts_off);
        if let Some((before, now)) = self.radios.filter(|_| !cuts_off).zip(Radios::look(self.system)) {
            let Said { code, text } = now.said(&before);
            self.journal.note(code, text);
        }
        let Some(watch) = self.watch else { return };
        let account = watch.end();
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        let watched_ns = clocks::mono_ns().saturating_sub(self.began_ns);
        let Said { code, text } = cut_off::said(&account, &first, watched_ns);
        self.journal.note(code, text);
    }
}
