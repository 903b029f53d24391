//! Those who listen to a run: some attentively, some slowly, some not for long.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use edgesoak_controller::{RunEvent, Sink};
use edgesoak_record::host_entry::{HostEntry, HostEvent};

/// What one listener heard.
#[derive(Debug, Default)]
pub struct Heard {
    /// Lines of the host's journal.
    pub entries: Vec<HostEntry>,
    /// Last frame of each session.
    frames: BTreeMap<String, u64>,
    /// What speaks against the stream.
    pub wrong: Vec<String>,
}

impl Heard {
    fn hear(&mut self, event: &RunEvent) {
        match event {
            RunEvent::Host(entry) => self.entries.push(entry.clone()),
            RunEvent::Frame { session, entry } => {
                let before = self.frames.insert(session.clone(), entry.seq);
                if before.is_some_and(|before| before >= entry.seq) {
                    self.wrong.push(format!("{session}: frame {} was told after {before:?}", entry.seq));
                }
            }
            RunEvent::Collected { .. } | RunEvent::Progress(_) => {}
        }
    }
}

const PATIENCE: Duration = Duration::from_millis(500);

/// Rung when the run is over, or its process is dead.
#[derive(Debug, Default)]
pub struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    pub fn ring(&self) {
        *self.rung.lock().expect("unpoisoned") = true;
        self.changed.notify_all();
    }

    /// A run that cannot be closed has no end that anybody could ring for.
    fn wait(&self) {
        let rung = self.rung.lock().expect("unpoisoned");
        let (mut rung, _) =
            self.changed.wait_timeout_while(rung, PATIENCE, |rung| !*rung).expect("unpoisoned");
        *rung = true;
    }
}

enum Manner {
    /// Rings when the run is over.
    Attentive,
    /// Begins to listen when somebody rings.
    Slow,
}

struct Listener {
    manner: Manner,
    heard: Arc<Mutex<Heard>>,
    bell: Arc<Bell>,
}

impl Sink for Listener {
    fn name(&self) -> &'static str {
        match self.manner {
            Manner::Attentive => "attentive",
            Manner::Slow => "slow",
        }
    }

    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        let is_end = matches!(event, RunEvent::Host(HostEntry { event: HostEvent::RunClosed { .. }, .. }));
        match self.manner {
            Manner::Attentive if is_end => self.bell.ring(),
            Manner::Attentive => {}
            Manner::Slow => self.bell.wait(),
        }
        self.heard.lock().expect("unpoisoned").hear(event);
        Ok(())
    }
}

/// Fails after so many events.
struct Failing(u64);

impl Sink for Failing {
    fn name(&self) -> &'static str {
        "failing"
    }

    fn accept(&mut self, _: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.0 = self.0.checked_sub(1).ok_or("it has had enough")?;
        Ok(())
    }
}

/// The listeners of one process.
#[derive(Default)]
pub struct Audience {
    pub attentive: Arc<Mutex<Heard>>,
    pub slow: Arc<Mutex<Heard>>,
    pub bell: Arc<Bell>,
}

impl Audience {
    pub fn sinks(&self, patience: u64) -> Vec<Box<dyn Sink>> {
        let listener = |manner, heard: &Arc<Mutex<Heard>>| {
            Box::new(Listener { manner, heard: heard.clone(), bell: self.bell.clone() })
        };
        vec![
            Box::new(Failing(patience)),
            listener(Manner::Slow, &self.slow),
            listener(Manner::Attentive, &self.attentive),
        ]
    }
}
