//! The temperature of the room, read while a session lasts.

use std::time::Duration;

use edgesoak_instruments::InstrumentError;
use edgesoak_protocol::Reason;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::lab::Probe;
use tokio::sync::watch;

use crate::context::Context;
use crate::sink_thread::sentence;

/// A room changes within minutes.
const EVERY: Duration = Duration::from_secs(30);

/// What is known of the room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Room {
    /// No probe stands in it.
    Unwatched,
    /// The probe has not answered yet.
    NotYet,
    /// °C, at the last answer.
    Is(f64),
    /// How many times in a row the probe had no answer.
    Silent(u32),
}

/// Reads the probe until it is told to stop.
pub(super) struct RoomWatch {
    pub(super) context: Context,
    pub(super) session: String,
    pub(super) name: String,
    pub(super) probe: Probe,
    pub(super) room: watch::Sender<Room>,
}

impl RoomWatch {
    pub(super) async fn run(self, mut stop: watch::Receiver<bool>) {
        let clock = self.context.world.clock.clone();
        loop {
            let read = tokio::select! {
                biased;
                () = stopped(&mut stop) => return,
                read = self.context.world.instruments.ambient(&self.probe) => read,
            };
            let event = self.event(read).await;
            if self.context.events.host(Some(&self.session), event).await.is_err() {
                // The session cannot write either, and ends for it.
                return;
            }
            tokio::select! {
                biased;
                () = stopped(&mut stop) => return,
                () = clock.sleep(EVERY) => {}
            }
        }
    }

    async fn event(&self, read: Result<edgesoak_protocol::units::Celsius, InstrumentError>) -> HostEvent {
        let host_mono = self.context.world.clock.mono();
        let probe = self.name.clone();
        match read {
            Ok(celsius) => {
                self.room.send_replace(Room::Is(celsius.0));
                HostEvent::AmbientRead {
                    probe,
                    host_mono,
                    millicelsius: Some(thousandths(celsius.0)),
                    reason: None,
                }
            }
            Err(error) => {
                let before = *self.room.borrow();
                if !matches!(before, Room::Silent(_)) {
                    let text = format!("the probe {probe} has no reading: {}", sentence(&error));
                    let note = HostEvent::Noted { code: "ambient-unread".to_owned(), text };
                    // If it cannot be written, neither can the reading that follows.
                    let _ = self.context.events.host(Some(&self.session), note).await;
                }
                let times = if let Room::Silent(times) = before { times } else { 0 };
                self.room.send_replace(Room::Silent(times.saturating_add(1)));
                HostEvent::AmbientRead { probe, host_mono, millicelsius: None, reason: Some(reason(&error)) }
            }
        }
    }
}

/// Waits until the watches are to end; also when nobody is left who could say so.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

fn reason(error: &InstrumentError) -> Reason {
    match error {
        InstrumentError::NoTemperature { .. } => Reason::Parse,
        InstrumentError::Starting { .. } => Reason::CommandMissing,
        _ => Reason::Failed,
    }
}

/// Rooms are within ±1000 °C: their thousandths fit.
#[expect(clippy::cast_possible_truncation, reason = "the instrument bounds it to temperatures of rooms")]
fn thousandths(celsius: f64) -> i64 {
    (celsius * 1000.0).round() as i64
}
