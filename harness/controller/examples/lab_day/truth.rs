//! What really happened on the devices, and whatever speaks against the controller.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use crate::defect::Defect;
use crate::ledger::Ledger;

pub fn sha256(bytes: &[u8]) -> String {
    edgesoak_record::hex(&Sha256::digest(bytes))
}

/// The device journals of a day, who holds which phone, and the broken promises.
#[derive(Debug, Default)]
pub struct Truth {
    /// What lies on a device, or lay there, by `RUN/SESSION`.
    journals: Mutex<BTreeMap<String, Vec<u8>>>,
    pub ledger: Ledger,
    planted: Option<Defect>,
    broken: Mutex<BTreeSet<String>>,
}

impl Truth {
    pub fn with(planted: Option<Defect>) -> Arc<Self> {
        Arc::new(Self { planted, ..Self::default() })
    }

    pub fn has(&self, defect: Defect) -> bool {
        self.planted == Some(defect)
    }

    /// The agent of `name` writes this from now on.
    pub fn write(&self, name: &str, journal: Vec<u8>) {
        if self.journals.lock().expect("unpoisoned").insert(name.to_owned(), journal).is_some() {
            self.broken(format!("{name} was started twice"));
        }
    }

    /// What `name` wrote behind this length never came to be; it wrote `instead`.
    pub fn rewrite(&self, name: &str, length: usize, instead: &[u8]) {
        if let Some(journal) = self.journals.lock().expect("unpoisoned").get_mut(name) {
            journal.truncate(length);
            journal.extend_from_slice(instead);
        }
    }

    pub fn journal(&self, name: &str) -> Option<Vec<u8>> {
        self.journals.lock().expect("unpoisoned").get(name).cloned()
    }

    /// A promise was broken.
    pub fn broken(&self, how: String) {
        self.broken.lock().expect("unpoisoned").insert(how);
    }

    pub fn all_broken(&self) -> Vec<String> {
        self.broken.lock().expect("unpoisoned").iter().cloned().collect()
    }

    /// At every moment the copy of a journal is a beginning of the journal.
    pub fn check_append(&self, path: &Path, at: usize, bytes: &[u8]) {
        let Some(name) = session_of(path) else { return };
        let journals = self.journals.lock().expect("unpoisoned");
        let same = journals.get(&name).and_then(|journal| journal.get(at..at + bytes.len())) == Some(bytes);
        drop(journals);
        if !same {
            self.broken(format!("{name}: {} bytes at {at} are not what the device wrote", bytes.len()));
        }
    }
}

/// `RUN/SESSION` of the copy of a journal.
pub fn session_of(path: &Path) -> Option<String> {
    let mut parts = path.iter().rev().map(|part| part.to_string_lossy());
    let is_copy = parts.next()? == "device.journal";
    let (session, run) = (parts.next()?, parts.next()?);
    is_copy.then(|| format!("{run}/{session}"))
}
