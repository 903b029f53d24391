//! How a boot ends: the words between a shell, process 1 and the hardware.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGUSR1, SIGUSR2};

use super::error::InsideError;

/// Exit codes of process 1 that no shell gives of itself: 128 and a signal number would be smaller.
const REBOOT: u8 = 201;
const OFF: u8 = 202;

/// What a phone does when its system ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Power {
    /// It boots again.
    Reboot,
    /// It stays off.
    Off,
    /// What was run instead of a system has ended with this code.
    Ended(u8),
}

impl Power {
    pub(super) const fn exit_code(self) -> u8 {
        match self {
            Self::Reboot => REBOOT,
            Self::Off => OFF,
            Self::Ended(code) => code,
        }
    }

    pub(super) const fn of(code: u8) -> Self {
        match code {
            REBOOT => Self::Reboot,
            OFF => Self::Off,
            code => Self::Ended(code),
        }
    }
}

/// What process 1 was asked for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    reboot: Arc<AtomicBool>,
    off: Arc<AtomicBool>,
}

impl Asked {
    /// Listens for the signals that the phone's programs send.
    pub(super) fn listen() -> Result<Self, InsideError> {
        let asked = Self::default();
        for (signal, flag) in [(SIGUSR1, &asked.reboot), (SIGUSR2, &asked.off)] {
            signal_hook::flag::register(signal, Arc::clone(flag))
                .map_err(|source| InsideError::Waiting { what: "signals", source })?;
        }
        Ok(asked)
    }

    pub(super) fn now(&self) -> Option<Power> {
        if self.off.load(Ordering::Relaxed) {
            Some(Power::Off)
        } else {
            self.reboot.load(Ordering::Relaxed).then_some(Power::Reboot)
        }
    }
}

/// Has the system boot anew.
pub(super) fn reboot() {
    // Process 1 is there as long as anybody is.
    let _ = kill_process(Pid::INIT, Signal::USR1);
}

/// Stands in for `reboot`.
pub(super) const PROGRAM: &str = r#"#!/bin/sh
# Stands in for the program of a simulated device that ends its system.
case "$1" in
-p) kill -USR2 1 ;;
*) kill -USR1 1 ;;
esac
"#;
