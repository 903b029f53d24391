//! Changes are announced before they are made, so that a host that dies in between undoes them all the same.

use edgesoak_record::host_entry::HostEvent;

use super::Session;
use crate::machine::{Change, Input, Undo};
use crate::setback::Setback;

impl Session {
    /// Writes down that a change is about to be made, unless an earlier attempt made it already.
    pub(super) async fn announce(&mut self, what: &str, undo: Undo) -> Result<(), Setback> {
        if self.state.changes.iter().any(|known| known.what == what) {
            return Ok(());
        }
        let event = HostEvent::DeviceChanged { what: what.to_owned(), undo: undo.sentence() };
        self.written(event).await?;
        let change = Input::Changing(Change { what: what.to_owned(), undo });
        self.apply(change).await.map(drop).map_err(|error| Setback::host_disk(&error))
    }
}
