//! What is left behind on the device: the secrets that the session was given, and its own files.

use std::time::Duration;

use edgesoak_drivers::{Chunk, RemotePath};
use edgesoak_protocol::probe::{AgentState, Probe};
use edgesoak_protocol::sweep::{Piece, SweepReader, owed};
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::leaks::{Searched, Side};

use super::Session;
use crate::canaries::Canaries;
use crate::machine::{Input, Quarantine};
use crate::searching::Seeker;
use crate::setback::{Setback, last_words};

const QUICK: Duration = Duration::from_mins(1);
/// Longest search of a device: one that never ends its stream must not hold the lab up.
const LONGEST: Duration = Duration::from_mins(20);

impl Session {
    /// Searches the device for the session's secrets, when its inputs are deleted and before its own folder is: what its
    /// runtime wrote there would be left behind by a product.
    pub(super) async fn search_device(&mut self) {
        let Some(canaries) = self.exam.as_ref().and_then(|exam| exam.canaries()) else { return };
        self.report("searching for planted secrets");
        let clock = self.context.world.clock.clone();
        let searched = tokio::select! {
            biased;
            searched = self.searched(canaries) => searched,
            () = clock.sleep(LONGEST) => Err(Setback::new("device", "the search of the device took too long")),
        };
        // Without the line nothing is proven; the device is restored all the same.
        let _ = match searched {
            Ok(searched) => self.host(HostEvent::Searched { searched: Box::new(searched) }).await,
            Err(setback) => self.note("sweep-failed", setback.detail).await,
        };
    }

    async fn searched(&self, canaries: &Canaries) -> Result<Searched, Setback> {
        let is_android = match &self.probe {
            Some(probe) => is_android(probe),
            None => is_android(&self.agent().probe().await?),
        };
        let mut stream = self.agent().sweep(&self.name).await?;
        let (mut reader, mut places) = (SweepReader::default(), Seeker::of(canaries.search()));
        let mut is_whole = false;
        loop {
            match stream.next().await? {
                Chunk::Bytes(bytes) => reader.feed(&bytes),
                Chunk::End(ended) if is_whole && ended.code == Some(0) => break,
                Chunk::End(ended) => {
                    let words = last_words(&ended.stderr);
                    return Err(Setback::new("device", format!("the sweep broke off: {words}")));
                }
            }
            let damaged =
                |error: edgesoak_protocol::sweep::SweepError| Setback::new("device", error.to_string());
            while let Some(piece) = reader.next_piece().map_err(damaged)? {
                match piece {
                    Piece::Place { name } => places.begin(&name),
                    Piece::File { name } => places.file(&name),
                    Piece::Bytes { bytes } => places.bytes(&bytes),
                    Piece::Unread { why } => places.unread(&why),
                    Piece::End {} => is_whole = true,
                }
            }
        }
        places.expect(owed(is_android));
        let places = places.end(|secret| canaries.place(secret));
        Ok(Searched { side: Side::Device, key: canaries.key().to_owned(), places })
    }

    /// Looks for what is left behind.
    pub(super) async fn sweep(&mut self) -> Input {
        match self.left_behind().await {
            Ok(None) => Input::Swept(None),
            Ok(Some(why)) => Input::Swept(Some(Quarantine { whose: "device".to_owned(), why })),
            Err(setback) => Input::Failed(setback.interrupted("link-lost")),
        }
    }

    async fn left_behind(&mut self) -> Result<Option<String>, Setback> {
        let dir = RemotePath::new(format!("sessions/{}", self.name))?;
        let left = self.driver.list(&dir, QUICK).await?;
        if left.is_empty() {
            return Ok(None);
        }
        let names: Vec<&str> = left.iter().take(8).map(|entry| entry.name.as_str()).collect();
        let kept = if self.state.keep_journal { "kept for its journal" } else { "left behind" };
        let text = format!("sessions/{} is {kept}: {}", self.name, names.join(", "));
        // Nothing more can be done if the host's disk is full.
        let _ = self.note("sweep-left", text).await;
        if self.agent().status(&self.name).await?.state == AgentState::Running {
            return Ok(Some("the agent still runs and cannot be stopped".to_owned()));
        }
        Ok(None)
    }
}

/// Which places a device owes: its system is asked in another way than by the sweep itself.
fn is_android(probe: &Probe) -> bool {
    probe.os.starts_with("Android")
}
