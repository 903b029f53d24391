//! The rest of the journal, and whether the copy is whole.

use edgesoak_drivers::RemotePath;
use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::{FinishReason, Frame};
use edgesoak_protocol::probe::AgentState;
use edgesoak_record::session::SessionClose;

use super::follow::StreamEnd;
use super::provision::JOB;
use super::{Session, ending};
use crate::journal_copy::JournalCopy;
use crate::machine::{Collected, Input, Phase, State};
use crate::setback::Setback;

/// No job is longer.
const MAX_JOB: u64 = 1 << 20;

impl Session {
    pub(super) async fn collect(&mut self) -> Input {
        self.end_watches().await;
        self.forget_salt();
        self.stamp_rest();
        let gathered = self.gather().await;
        if gathered.is_ok()
            && let Err(error) = self.tell_missing().await
        {
            return Input::Failed(Setback::host_disk(&error).interrupted(""));
        }
        // The device gives its journal up only for a copy that is on the medium.
        if let Err(error) = self.bring_to_medium().await {
            return Input::Failed(Setback::host_disk(&error).interrupted(""));
        }
        match gathered {
            Ok(collected) => Input::Collected(collected),
            Err(setback) => Input::Failed(setback.interrupted("link-lost")),
        }
    }

    /// With the salt, digests in the device's journal would tell short answers to whoever reads the run. No answer
    /// comes any more, and if it cannot be removed, the run lies in a private folder.
    fn forget_salt(&self) {
        let path = self.context.places.session(&self.planned.session).join(JOB);
        let disk = &self.context.world.disk;
        let Some(mut job) =
            disk.read(&path, MAX_JOB).ok().and_then(|text| serde_json::from_slice(&text).ok())
        else {
            return;
        };
        let Job { answering: Some(answering), .. } = &mut job else { return };
        answering.salt.clear();
        if let Ok(text) = serde_json::to_vec_pretty(&job) {
            let _ = disk.write_atomically(&path, &text);
        }
    }

    async fn bring_to_medium(&self) -> std::io::Result<()> {
        if self.copy.as_ref().is_none_or(|copy| copy.header().is_none()) {
            return Ok(());
        }
        let journal = self.context.places.journal(&self.planned.session);
        self.context.events.collected(&self.planned.session, &journal).await
    }

    async fn gather(&mut self) -> Result<Collected, Setback> {
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
            return Ok(self.without_device());
        }
        let deadline = self.deadline();
        let end = if self.has_end() { StreamEnd::Finished } else { self.copy_all(deadline).await };
        let collected = match end {
            StreamEnd::Finished if self.same_on_device().await? => Collected::Whole(self.last_word()),
            StreamEnd::Dead => self.of_the_dead().await?,
            StreamEnd::NotKept(error) => return Err(setback(error)),
            StreamEnd::Broken(why) | StreamEnd::Gone(why) => return Err(Setback::new("lab", why)),
            StreamEnd::Finished | StreamEnd::Hopeless(_) | StreamEnd::StopRequested => Collected::Partly,
        };
        let ours = self.copy.as_ref().and_then(JournalCopy::header);
        if ours.is_some_and(|header| header.boot_id == status.boot_id) {
            // The offset at the end is worth much, but not the journal that is already here. After another boot it
            // is the offset of another clock.
            let _ = self.compare_clocks().await;
        }
        Ok(collected)
    }

    /// What the host has of a journal that the device has not.
    fn without_device(&self) -> Collected {
        match &self.copy {
            // An earlier host may have removed it when all of it was here.
            Some(copy) if copy.finished().is_some() => Collected::Whole(self.last_word()),
            Some(copy) if copy.header().is_some() => Collected::Vanished,
            _ => Collected::NeverBegun,
        }
    }

    /// There is no end to compare: every whole frame was copied if the last one is the same.
    async fn of_the_dead(&self) -> Result<Collected, Setback> {
        let now = self.agent().status(&self.name).await?;
        let Some(copy) = self.copy.as_ref().filter(|copy| copy.last_seq() == now.last_seq) else {
            return Ok(Collected::Partly);
        };
        let restarted = copy.header().is_some_and(|header| header.boot_id != now.boot_id);
        Ok(Collected::Whole((!self.state.stopping).then(|| ending::of_death(false, restarted))))
    }

    /// Whether the device will lose a journal that does not say by itself how its session ended.
    pub(super) fn gives_up_evidence(&self, next: &State) -> bool {
        let has_begun = self.copy.as_ref().is_some_and(|copy| copy.header().is_some());
        let is_collected = self.state.phase == Phase::Collecting && next.phase == Phase::Restoring;
        is_collected && !next.keep_journal && has_begun && !self.has_end()
    }

    /// How the session is closed for the last frame; `None` where the agent was told to stop, and only the host knows
    /// why.
    fn last_word(&self) -> Option<SessionClose> {
        let frame = self.copy.as_ref().and_then(JournalCopy::finished)?;
        let was_told = matches!(frame, Frame::Finished { reason: FinishReason::Stopped, .. });
        (!was_told).then(|| ending::of_finish(frame, false))
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
