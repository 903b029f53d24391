//! The rest of the journal, and whether the copy is whole.

use edgesoak_drivers::RemotePath;
use edgesoak_protocol::journal::{FinishReason, Frame};
use edgesoak_protocol::probe::AgentState;

use super::Session;
use super::follow::StreamEnd;
use crate::journal_copy::JournalCopy;
use crate::machine::Input;
use crate::setback::Setback;

impl Session {
    pub(super) async fn collect(&mut self) -> Input {
        self.end_watches().await;
        self.stamp_rest();
        let gathered = self.gather().await;
        // The device gives its journal up only for a copy that is on the medium.
        if let Err(error) = self.bring_to_medium().await {
            return Input::Failed(Setback::host_disk(&error).interrupted(""));
        }
        match gathered {
            Ok(whole) => Input::Collected { whole, completed: self.copied_completed() },
            Err(setback) => Input::Failed(setback.interrupted("link-lost")),
        }
    }

    async fn bring_to_medium(&self) -> std::io::Result<()> {
        if self.copy.as_ref().is_none_or(|copy| copy.header().is_none()) {
            return Ok(());
        }
        let journal = self.context.places.journal(&self.planned.session);
        self.context.events.collected(&self.planned.session, &journal).await
    }

    async fn gather(&mut self) -> Result<bool, Setback> {
        let setback = |error| Setback::host_disk(&error);
        self.copy().map_err(setback)?;
        self.reconnect().await?;
        let mut status = self.agent().status(&self.name).await?;
        if status.state == AgentState::Running {
            // Nothing of ours may go on on a device that is about to be restored.
            self.agent().stop(&self.name).await?;
            status = self.agent().status(&self.name).await?;
        }
        if status.state == AgentState::Absent {
            // Whole if there never was anything, or if all of it is here: an earlier host may have removed it.
            let copy = self.copy().map_err(setback)?;
            return Ok(copy.header().is_none() || copy.finished().is_some());
        }
        let deadline = self.deadline();
        let end = if self.copied_finish() { StreamEnd::Finished } else { self.copy_all(deadline).await };
        let whole = match end {
            StreamEnd::Finished => self.same_on_device().await?,
            // There is no end to compare: every whole frame was copied if the last one is the same.
            StreamEnd::Dead => {
                self.copy().map_err(setback)?.last_seq() == self.agent().status(&self.name).await?.last_seq
            }
            StreamEnd::NotKept(error) => return Err(setback(error)),
            StreamEnd::Broken(why) | StreamEnd::Gone(why) => return Err(Setback::new("lab", why)),
            StreamEnd::Hopeless(_) | StreamEnd::StopRequested => false,
        };
        // The offset at the end is worth much, but not the journal that is already here.
        let _ = self.compare_clocks().await;
        Ok(whole)
    }

    fn copied_finish(&self) -> bool {
        self.copy.as_ref().is_some_and(|copy| copy.finished().is_some())
    }

    fn copied_completed(&self) -> bool {
        let finished = self.copy.as_ref().and_then(JournalCopy::finished);
        matches!(finished, Some(Frame::Finished { reason: FinishReason::Completed, .. }))
    }

    /// Whether the device's journal has the digest of our copy.
    async fn same_on_device(&mut self) -> Result<bool, Setback> {
        let path = RemotePath::new(format!("sessions/{}/journal", self.name))?;
        let found = self.agent().verify(&[path]).await?.pop().and_then(|file| file.found);
        let journal = self.context.places.journal(&self.planned.session);
        let ours = self.context.world.disk.digest(&journal);
        let ours = ours.map_err(|error| Setback::new("lab", format!("{}: {error}", journal.display())))?;
        Ok(found.is_some_and(|found| found.sha256 == ours.sha256 && found.bytes == ours.bytes))
    }
}
