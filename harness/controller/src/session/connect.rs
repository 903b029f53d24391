//! Connecting again, and telling the agent to start and to stop.

use edgesoak_protocol::probe::AgentState;
use edgesoak_record::plan::Charger;

use super::Session;
use crate::agent::ATTACH;
use crate::journal_copy::JournalCopy;
use crate::machine::{Input, Undo};
use crate::setback::Setback;

impl Session {
    /// Connects again in a phase that takes the device for granted.
    pub(super) async fn reconnect(&mut self) -> Result<(), Setback> {
        Ok(self.driver.attach(ATTACH).await?)
    }

    pub(super) async fn start(&mut self) -> Input {
        if self.driver.shares_host_processor() {
            // What the sinks still do would cost the soak processor time.
            self.context.events.sinks_idle().await;
        }
        if !self.planned.device.beside.settings.is_empty()
            || self.planned.device.beside.charger == Some(Charger::Node)
        {
            // The agent makes them first of all.
            if let Err(setback) = self.announce("settings", Undo::Settings).await {
                return Input::Failed(setback.not_run("start-failed"));
            }
        }
        if let Err(setback) = self.stay_through().await {
            return Input::Failed(setback.not_run("link-lost"));
        }
        let Err(setback) = self.agent().start(&self.name).await else { return Input::Started };
        // A lost link, or a late answer, does not mean that nothing was started.
        match self.agent().status(&self.name).await {
            Ok(status) if status.state != AgentState::Absent => Input::Started,
            Err(unknown) if unknown.out_of_reach => Input::Failed(setback.interrupted("link-lost")),
            Ok(_) | Err(_) => Input::Failed(setback.not_run("start-failed")),
        }
    }

    pub(super) async fn stop(&mut self) -> Input {
        self.report("stopping the agent");
        let unheard = self.agent().stop(&self.name).await.is_err();
        if unheard && self.charger_is_link() && self.call_back("its session is to end").await.is_some() {
            let _ = self.reconnect().await;
            let _ = self.agent().stop(&self.name).await;
        }
        // If the agent is out of reach, following it will say so.
        Input::Stopped
    }

    /// The copy of the journal, opened once.
    pub(super) fn copy(&mut self) -> std::io::Result<&mut JournalCopy> {
        if self.copy.is_none() {
            let places = &self.context.places;
            let disk = self.context.world.disk.as_ref();
            disk.create_dirs(&places.session(&self.planned.session))?;
            let path = places.journal(&self.planned.session);
            self.copy = Some(JournalCopy::open(disk, &path, &self.context.run, &self.planned.session)?);
        }
        self.copy.as_mut().ok_or_else(|| std::io::Error::other("the copy is not open"))
    }
}
