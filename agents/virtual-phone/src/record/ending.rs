//! How a session ends.

use edgesoak_agent::End;
use edgesoak_protocol::journal::{FinishReason, Frame, RuntimeEnd};
use edgesoak_protocol::units::Nanos;

use super::Recorded;
use super::session::{Ended, Session};
use crate::error::PhoneError;

/// Signal with which the kernel kills for memory.
const SIGKILL: i32 = 9;

impl Session<'_, '_> {
    /// The last frames; none of them where the device is off.
    pub(super) fn finish(mut self, ended: Option<Ended>) -> Result<Recorded, PhoneError> {
        let at = self.engine.body().now();
        let reason = match ended {
            None => Some((FinishReason::Completed, String::new(), RuntimeEnd::Exited(0))),
            Some(Ended::Limit(reason, detail)) => {
                self.listener.cut_answer(at);
                Some((reason, detail, RuntimeEnd::Exited(0)))
            }
            Some(Ended::Failed(detail)) => {
                self.listener.flush(at);
                let detail = format!("the runner: {detail}");
                Some((FinishReason::RuntimeFailed, detail, RuntimeEnd::Exited(0)))
            }
            Some(Ended::Killed) => {
                self.listener.flush(at);
                let doing = if self.engine.is_waiting() { "resting" } else { "decoding" };
                let detail = format!("the runner was ended by signal {SIGKILL} while {doing}");
                Some((FinishReason::RuntimeDied, detail, RuntimeEnd::Signalled(SIGKILL)))
            }
            // Tokens that the agent had not journaled yet are lost with the device.
            Some(Ended::Off) => None,
        };
        let mut told = None;
        if let Some((reason, detail, end)) = reason {
            let last_rss_bytes = self.kernel.resident().map(|bytes| bytes.0);
            self.append(Frame::RuntimeExited { end, last_rss_bytes, last_words: String::new() });
            self.kernel.end_runtime();
            let (reason, detail) = match self.give_settings_back() {
                Some(moved) if reason == FinishReason::Completed => (moved.reason, moved.detail),
                _ => (reason, detail),
            };
            told = Some(reason);
            self.say_overhead();
            self.append(Frame::Finished { reason, detail });
        }
        self.listener.frames.close()?;
        let mono = self.listener.mono(at);
        let slept_before = self.listener.boot.boottime.0.saturating_sub(self.listener.boot.mono.0);
        let asleep = slept_before.saturating_add(self.listener.clocks.slept.0);
        Ok(Recorded {
            truth: self.truth,
            memory_slope: self.memory.slope(),
            reason: told,
            down: self.engine.body().state().down(),
            took: at,
            mono,
            boottime: Nanos(mono.0.saturating_add(asleep)),
            frames: self.listener.frames.next,
        })
    }

    /// What was measured on a device that somebody turned meanwhile was not measured as planned.
    fn give_settings_back(&mut self) -> Option<End> {
        let (frames, moved) = self.work.settings.give_back?();
        for frame in frames {
            self.append(frame);
        }
        moved
    }
}
