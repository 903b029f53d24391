//! Trying again what an unsteady lab prevented, as long as nothing was measured.

use std::time::Duration;

use super::Session;
use crate::machine::{Effect, Input};
use crate::setback::Setback;

/// Pauses before each further try. Each device has that many in a run.
const PAUSES: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(30)];

impl Session {
    /// Carries out an effect from before the soak, which can be done twice.
    pub(super) async fn attempt(&mut self, effect: &Effect) -> Input {
        loop {
            let (setback, cause) = match self.tried(effect).await {
                Ok(input) => return input,
                Err(failed) => failed,
            };
            let given_up = setback.clone().not_run(cause);
            if !setback.out_of_reach {
                return Input::Failed(given_up);
            }
            let before = self.berth.retry();
            let Some(pause) = usize::try_from(before).ok().and_then(|before| PAUSES.get(before)) else {
                return Input::Failed(given_up);
            };
            let text = format!(
                "{}; trying again in {} s ({} of {} times)",
                setback.detail,
                pause.as_secs(),
                before + 1,
                PAUSES.len()
            );
            self.report(&text);
            if let Err(error) = self.note("retried", text).await {
                return Input::Failed(Setback::host_disk(&error).not_run(cause));
            }
            let clock = self.context.world.clock.clone();
            if self.unless_stopped(clock.sleep(*pause)).await.is_none() {
                return Input::StopRequested;
            }
            if *effect != Effect::Connect {
                // The next try says what is still wrong.
                let _ = self.reconnect().await;
            }
        }
    }

    /// The input that follows, or why there is none and how the session is closed for it.
    async fn tried(&mut self, effect: &Effect) -> Result<Input, (Setback, &'static str)> {
        match effect {
            Effect::Connect => {
                let reached = self.reach().await.map(|()| Input::Connected);
                reached.map_err(|setback| (setback, "device-absent"))
            }
            Effect::Provision => {
                let put = self.put_everything().await.map(|()| Input::Provisioned);
                put.map_err(|setback| (setback, "provisioning-failed"))
            }
            _ => self.preflight().await.map_err(|setback| (setback, "preflight-failed")),
        }
    }
}
