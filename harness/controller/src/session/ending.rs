//! How a session is closed when its agent has nothing more to say.

use edgesoak_protocol::journal::{FinishReason, Frame};
use edgesoak_record::session::SessionClose;

use crate::machine::{completed, interrupted, not_run};

/// The agent finished: its own reason, and whether the host had told it to stop.
pub(super) fn of_finish(frame: &Frame, stopping: bool) -> SessionClose {
    let Frame::Finished { reason, detail } = frame else {
        return interrupted("agent-died", "device", "the journal has no end");
    };
    let (cause, whose) = match reason {
        FinishReason::Completed => return completed(),
        FinishReason::Stopped if stopping => {
            return interrupted("stopped-by-user", "user", "the run was stopped by a person or a signal");
        }
        FinishReason::DiskFailed => ("disk-full", "device"),
        FinishReason::DigestMismatch | FinishReason::BadInput => (reason.word(), "config"),
        // What became of the product itself is nobody's fault in the lab.
        FinishReason::RuntimeDied
        | FinishReason::RuntimeSilent
        | FinishReason::RuntimeFailed
        | FinishReason::TemperatureLimit => (reason.word(), ""),
        FinishReason::StartGateTimeout => return not_run(reason.word(), "lab", detail),
        FinishReason::BatteryLimit | FinishReason::Stopped | FinishReason::SettingFailed => {
            (reason.word(), "device")
        }
    };
    interrupted(cause, whose, detail)
}

/// The agent is gone without a word.
pub(super) fn of_death(stopping: bool, boot_changed: bool) -> SessionClose {
    if stopping {
        let text = "the run was stopped; the agent had to be killed";
        return interrupted("stopped-by-user", "user", text);
    }
    if boot_changed {
        return interrupted("device-restarted", "device", "the device restarted during the session");
    }
    interrupted("agent-died", "device", "the agent was killed or died during the session")
}
