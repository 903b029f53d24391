//! Sessions that run one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use edgesoak_drivers::Driver;
use edgesoak_record::session::SessionClose;
use tokio::sync::OwnedSemaphorePermit;

use super::Seat;
use crate::agent::Agent;
use crate::context::Context;
use crate::lease::Leases;
use crate::machine::{Input, Phase, completed, not_run};
use crate::quarantine::Ward;
use crate::session::{Session, cancelled};
use crate::sharing::Berth;

/// Seats that are taken in order.
pub(super) type Lane = Vec<(Seat, Arc<dyn Driver>)>;

/// What a lane knows of its devices.
struct Devices {
    context: Context,
    leases: Leases,
    berths: BTreeMap<String, (Arc<Berth>, Arc<dyn Driver>)>,
    /// Left by an earlier session in a state that needs a person.
    unusable: BTreeSet<String>,
    shares_processors: bool,
}

/// Takes each session to its end.
pub(super) async fn run_lane(context: Context, lane: Lane) -> Vec<(String, SessionClose)> {
    let shares_processors = lane.iter().any(|(_, driver)| driver.shares_host_processor());
    let mut devices = Devices {
        context: context.clone(),
        leases: Leases::default(),
        berths: BTreeMap::new(),
        unusable: BTreeSet::new(),
        shares_processors,
    };
    let mut closes = Vec::new();
    for (seat, driver) in lane {
        let (name, device) = (seat.planned.session.clone(), seat.planned.device.id.clone());
        // What runs already is followed whatever else goes on.
        let _turn = if seat.state.phase == Phase::Queued { turn(&context).await } else { None };
        let (close, usable) = Box::pin(devices.take(seat, driver)).await;
        context.sharing.ended(&close);
        if !usable {
            devices.unusable.insert(device);
        }
        closes.push((name, close));
    }
    devices.leave().await;
    closes
}

/// Waits for a turn, unless the run is to end.
async fn turn(context: &Context) -> Option<OwnedSemaphorePermit> {
    let mut cancel = context.cancel.clone();
    tokio::select! {
        biased;
        turn = context.sharing.turn() => turn,
        () = cancelled(&mut cancel) => None,
    }
}

impl Devices {
    async fn take(&mut self, seat: Seat, driver: Arc<dyn Driver>) -> (SessionClose, bool) {
        let (name, device) = (seat.planned.session.clone(), seat.planned.device.id.clone());
        let phase = seat.state.phase;
        let has_traces = phase != Phase::Queued || !seat.state.changes.is_empty();
        let ended = phase.is_end().then(|| seat.state.ending.clone().unwrap_or_else(completed));
        let (berth, _) =
            self.berths.entry(device.clone()).or_insert_with(|| (Arc::default(), driver.clone())).clone();
        let mut session = Session::new(self.context.clone(), seat, driver, berth);
        if let Some(close) = ended {
            // The host died between the last step and the last line.
            return session.close(close).await;
        }
        if has_traces {
            self.leases.wait_for(&self.context, &name, &device).await;
        }
        let first = match phase {
            Phase::Queued if *self.context.cancel.borrow() => Input::StopRequested,
            // What runs on a device already is followed all the same.
            phase if phase < Phase::Warming => match self.admit(&name, &device, phase).await {
                Err(close) => Input::Failed(close),
                Ok(()) if *self.context.cancel.borrow() => Input::StopRequested,
                Ok(()) if phase == Phase::Queued => Input::Begin,
                Ok(()) => session.take_up().await,
            },
            _ => session.take_up().await,
        };
        // All that a session waits for, in one piece: too large to be carried along by whoever waits for it.
        Box::pin(session.run(first)).await
    }

    /// Whether a session may begin, or begin again.
    async fn admit(&mut self, name: &str, device: &str, phase: Phase) -> Result<(), SessionClose> {
        let (context, busy) = (&self.context, |who: String| not_run("busy", "lab", &who));
        if phase == Phase::Queued {
            if let Some(close) = context.sharing.given_up() {
                return Err(close);
            }
            if self.unusable.contains(device) {
                let text = "an earlier session left the device in a state that needs a person";
                return Err(not_run("quarantined", "device", text));
            }
            let ward = Ward::new(context.world.disk.as_ref(), &context.places.state_dir);
            if let Some(close) = ward.bars(device).filter(|_| !context.sharing.quarantined_too) {
                return Err(close);
            }
            self.leases.take(context, name, device).await.map_err(busy)?;
        }
        if self.shares_processors {
            let measured = |who: String| busy(format!("{who}; two at once would measure each other"));
            self.leases.take_processors(context, name).await.map_err(measured)?;
        }
        Ok(())
    }

    /// Tells the devices that this run does not use them any more. One that does not hear it waits until its time
    /// for this run is over.
    async fn leave(self) {
        const QUICK: Duration = Duration::from_secs(10);
        for (_, driver) in self.berths.values().filter(|(berth, _)| berth.is_ours()) {
            let _ = Agent::on(driver.as_ref()).leave(&self.context.sharing.us, QUICK).await;
        }
    }
}
