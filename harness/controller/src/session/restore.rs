//! Leaving the device as it was found.

use std::time::Duration;

use edgesoak_drivers::RemotePath;
use edgesoak_instruments::Position;
use edgesoak_protocol::supply::Supply;
use edgesoak_record::host_entry::HostEvent;

use super::Session;
use crate::machine::{Change, Input, Undo};
use crate::setback::Setback;

const QUICK: Duration = Duration::from_mins(1);

impl Session {
    /// Undoes the changes, the last one first; a charger comes back even if its device does not.
    pub(super) async fn restore(&mut self) -> Input {
        self.end_watches().await;
        let changes = self.state.changes.iter().rev().cloned();
        let (beside, on_device): (Vec<Change>, Vec<Change>) =
            changes.partition(|change| change.undo.is_beside());
        self.undo_all(beside).await;
        if let Err(setback) = self.reconnect().await {
            return Input::Failed(setback.interrupted("link-lost"));
        }
        self.undo_all(on_device).await;
        Input::RestoreEnded
    }

    async fn undo_all(&mut self, changes: Vec<Change>) {
        for change in changes {
            // It was made first and goes last: everything else is as it was before.
            if matches!(change.undo, Undo::RemoveSession(_)) {
                self.search_device().await;
            }
            match self.undo(&change.undo).await {
                Ok(true) => {
                    // The device is restored whether or not the host can still write it down.
                    let _ = self.host(HostEvent::DeviceRestored { what: change.what.clone() }).await;
                    let _ = self.apply(Input::Restored(change.what)).await;
                }
                Ok(false) => {}
                // The state still lists it, which puts the device into quarantine.
                Err(setback) => {
                    let _ = self.note("not-restored", format!("{}: {}", change.what, setback.detail)).await;
                }
            }
        }
    }

    /// Whether it was undone, or has to stay for the journal's sake.
    async fn undo(&self, undo: &Undo) -> Result<bool, Setback> {
        match undo {
            Undo::Remove(path) => self.driver.remove(&RemotePath::new(path.as_str())?, QUICK).await?,
            Undo::RemoveSession(_) if self.state.keep_journal => return Ok(false),
            Undo::RemoveSession(path) => {
                self.driver.remove(&RemotePath::new(path.as_str())?, QUICK).await?;
                let run = RemotePath::new(format!("sessions/{}", self.context.run))?;
                if self.driver.list(&run, QUICK).await?.is_empty() {
                    self.driver.remove(&run, QUICK).await?;
                }
            }
            Undo::Settings => self.agent().restore().await?,
            Undo::SwitchOn(hook) => {
                // A run that was killed may find its device with another one. A device that cannot be asked gets its
                // charger back in any case: nobody else may ever come to do it.
                if let Ok((Some(name), _)) = self.others().await {
                    let text =
                        format!("session {name} lives from the battery; resuming later switches it on");
                    return Err(Setback::new("lab", text));
                }
                self.switch(hook, Position::On).await?;
            }
            // Whoever has done it already need not be asked.
            Undo::AskPerson(_) if matches!(self.supply().await, Ok(Supply::Plugged(_))) => {}
            Undo::AskPerson(what) => {
                let text = format!("please {what}");
                self.report(&text);
                // Nobody waits for it; the note says it to whoever reads the run.
                let _ = self.note("please", text.as_str()).await;
                self.tell(&text).await;
            }
        }
        Ok(true)
    }
}
