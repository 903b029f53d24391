//! What stands beside the device is read from settling to collecting, each by a task of its own.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Session;
use super::meter_watch::MeterWatch;
use super::room::{Room, RoomWatch};

/// How long a watch may take to write its last readings.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// The watches of a session; they end when this is dropped.
pub(super) struct Watches {
    stop: watch::Sender<bool>,
    room: watch::Receiver<Room>,
    tasks: JoinSet<()>,
}

impl Session {
    /// Starts the watches, unless they run.
    pub(super) fn watch_beside(&mut self) {
        if self.watches.is_some() {
            return;
        }
        let beside = &self.planned.device.beside;
        let (lab, context, session) = (&self.context.lab, &self.context, &self.planned.session);
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let probe = beside.ambient.as_ref().and_then(|name| Some((name, lab.probes.get(name)?)));
        let (room, known) = watch::channel(if probe.is_some() { Room::NotYet } else { Room::Unwatched });
        if let Some((name, probe)) = probe {
            let (name, probe) = (name.clone(), probe.clone());
            let watch = RoomWatch { context: context.clone(), session: session.clone(), name, probe, room };
            tasks.spawn(watch.run(stopped.clone()));
        }
        if let Some((name, meter)) =
            beside.meter.as_ref().and_then(|name| Some((name, lab.meters.get(name)?)))
        {
            let watch = MeterWatch::new(context.clone(), session.clone(), name.clone(), meter.clone());
            tasks.spawn(watch.run(stopped));
        }
        self.watches = Some(Watches { stop, room: known, tasks });
    }

    /// What is known of the room.
    pub(super) fn room(&self) -> Room {
        self.watches.as_ref().map_or(Room::Unwatched, |watches| *watches.room.borrow())
    }

    /// Ends the watches; their last readings are on disk when this returns.
    pub(super) async fn end_watches(&mut self) {
        let Some(mut watches) = self.watches.take() else { return };
        watches.stop.send_replace(true);
        let ended = async { while watches.tasks.join_next().await.is_some() {} };
        // A watch that cannot end is cut when it is dropped.
        let _ = tokio::time::timeout(LAST_WORDS, ended).await;
    }
}
