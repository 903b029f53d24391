//! The first look at a session that another host process left.

use edgesoak_protocol::probe::AgentState;

use super::Session;
use crate::machine::{AgentView, Input};
use crate::setback::Setback;

impl Session {
    /// What a resumed session starts with.
    pub(crate) async fn take_up(&mut self) -> Input {
        if !self.state.asks_agent() {
            return Input::Resumed(None);
        }
        match self.view().await {
            Ok(view) => Input::Resumed(Some(view)),
            // Its cable is out, as it should be.
            Err(setback) if setback.out_of_reach && self.is_borne() => Input::Resumed(None),
            Err(setback) => Input::Failed(setback.interrupted("link-lost")),
        }
    }

    async fn view(&mut self) -> Result<AgentView, Setback> {
        let copy = self.copy().map_err(|error| Setback::host_disk(&error))?;
        let (copied, finished) = (copy.header().is_some(), copy.finished().is_some());
        self.reconnect().await?;
        let state = match self.agent().status(&self.name).await {
            Ok(status) => status.state,
            Err(setback) if setback.out_of_reach => return Err(setback),
            // Its journal is there but damaged: following it gives what can be had.
            Err(_) => AgentState::Dead,
        };
        Ok(match (state, copied) {
            (AgentState::Absent, false) => AgentView::Absent,
            // A host without room for its own journal may have restored the device: nothing of it is lost.
            (AgentState::Absent, true) if !finished => AgentView::Vanished,
            _ => AgentView::Present,
        })
    }
}
