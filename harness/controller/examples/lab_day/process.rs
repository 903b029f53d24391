//! A process of a host: it acts on the world until it is killed, at whatever it was doing.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;

/// Counts what it does to the world, and dies at a number.
#[derive(Debug)]
pub struct Process {
    acts: AtomicU64,
    dies_at: u64,
    dead: AtomicBool,
    died: Notify,
}

impl Process {
    /// It dies at this act, counted from 0; `u64::MAX` for none.
    pub fn new(dies_at: u64) -> Self {
        Self { acts: AtomicU64::new(0), dies_at, dead: AtomicBool::new(false), died: Notify::new() }
    }

    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    pub fn kill(&self) {
        self.dead.store(true, Ordering::Relaxed);
        self.died.notify_one();
    }

    /// Counts an act; whether the process dies in it.
    pub fn dies_here(&self) -> bool {
        let dies = self.acts.fetch_add(1, Ordering::Relaxed) == self.dies_at;
        if dies {
            self.kill();
        }
        dies
    }

    pub async fn death(&self) {
        self.died.notified().await;
    }

    /// Comes back only to a process that lives: a dead one sends nothing and hears nothing.
    pub async fn lives(&self) {
        if self.is_dead() || self.dies_here() {
            std::future::pending::<()>().await;
        }
    }
}
