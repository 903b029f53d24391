//! Telling a person that somebody is needed.

use edgesoak_protocol::units::Nanos;

use super::Session;
use crate::notices::Answer;
use crate::sink_thread::sentence;

/// Longest text, characters: it may quote what a device said.
const MAX_TEXT: usize = 300;

impl Session {
    /// Has the lab's own command tell a person. Whatever comes of it, the session goes on.
    pub(super) async fn tell(&self, text: &str) {
        let Some(notify) = self.context.lab.notify.as_ref().filter(|_| !self.driver.is_simulated()) else {
            return;
        };
        let text: String =
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_TEXT).collect();
        let (code, noted) = match self.context.notices.ask(self.context.world.clock.mono(), &text) {
            Answer::Repeated => return,
            Answer::TooMany => ("not-told", format!("too many messages in an hour; not sent: {text}")),
            Answer::Go => {
                match self.context.world.instruments.tell(notify, &format!("EdgeSoak: {text}")).await {
                    Ok(()) => ("told", text),
                    Err(error) => ("not-told", format!("{text}: {}", sentence(&error))),
                }
            }
        };
        // A lost line is no reason to stop either.
        let _ = self.note(code, noted).await;
    }

    /// Tells once, when a start has been waited for as long as the lab says.
    pub(super) async fn tell_of_waiting(&self, waited: Nanos, why: &str, told: &mut bool) {
        let Some(notify) = &self.context.lab.notify else { return };
        if waited < notify.wait.as_nanos() || std::mem::replace(told, true) {
            return;
        }
        let (device, minutes) = (&self.planned.device.id, waited.as_secs_f64() / 60.0);
        self.tell(&format!("{device} has waited {minutes:.0} min for its start: {why}")).await;
    }
}
