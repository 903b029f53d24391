//! All sessions of a run: side by side, unless they share a device or a processor.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use edgesoak_drivers::{DeviceAddress, Driver};
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::plan::PlannedSession;
use edgesoak_record::session::SessionClose;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::lease::Leases;
use crate::machine::{Input, Phase, State, completed, interrupted, not_run};
use crate::session::Session;
use crate::setback::Setback;
use crate::world::Lock;

/// A session that is to be taken to its end, and how far it is.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) planned: PlannedSession,
    pub(crate) state: State,
}

/// Sessions that run one after the other.
type Lane = Vec<(Seat, Arc<dyn Driver>)>;

/// Takes every session to its end; how each was closed.
pub(crate) async fn run(context: &Context, seats: Vec<Seat>) -> BTreeMap<String, SessionClose> {
    let mut closes = BTreeMap::new();
    let mut lanes: BTreeMap<String, Lane> = BTreeMap::new();
    let mut seated = Vec::new();
    for seat in seats {
        let name = seat.planned.session.clone();
        match open(context, &seat) {
            Ok(driver) => {
                // Devices that share this machine's processors share one lane; the blank keeps it off device ids.
                let lane =
                    if driver.shares_host_processor() { " host" } else { &seat.planned.device.id }.to_owned();
                lanes.entry(lane).or_default().push((seat, driver));
                seated.push(name);
            }
            Err(close) => {
                let event = HostEvent::SessionClosed { close: close.clone() };
                // If it cannot be written down, neither can the end of the run, which reports it.
                let _ = context.events.host(Some(&name), event).await;
                closes.insert(name, close);
            }
        }
    }
    closes.extend(run_lanes(context, lanes.into_values()).await);
    for name in seated {
        // Only a lane that panicked leaves a session without a close; the run is told, and can be resumed.
        closes.entry(name).or_insert_with(|| interrupted("crashed", "harness", "the session's task crashed"));
    }
    closes
}

/// Runs lanes side by side. What is simulated takes processor time and no other, so that few go at once, and what is
/// measured on this machine begins when the last of them is done.
async fn run_lanes(context: &Context, lanes: impl Iterator<Item = Lane>) -> Vec<(String, SessionClose)> {
    let few = Arc::new(Semaphore::new(simulated_at_once()));
    let (mut simulated, mut hardware, mut here) = (JoinSet::new(), JoinSet::new(), Vec::new());
    for lane in lanes {
        if lane.iter().any(|(_, driver)| driver.is_simulated()) {
            let (few, context) = (few.clone(), context.clone());
            simulated.spawn(async move {
                // Nobody closes the semaphore; without it the lane would only be one too many.
                let _turn = few.acquire().await;
                Box::pin(run_lane(context, lane)).await
            });
        } else if lane.iter().any(|(_, driver)| driver.shares_host_processor()) {
            here.push(lane);
        } else {
            hardware.spawn(run_lane(context.clone(), lane));
        }
    }
    let mut closes = Vec::new();
    while let Some(done) = simulated.join_next().await {
        closes.extend(done.unwrap_or_default());
    }
    for lane in here {
        hardware.spawn(run_lane(context.clone(), lane));
    }
    while let Some(done) = hardware.join_next().await {
        closes.extend(done.unwrap_or_default());
    }
    closes
}

/// Sessions of simulated devices that go at once: while one waits for the disk, another computes.
fn simulated_at_once() -> usize {
    2 * std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

fn open(context: &Context, seat: &Seat) -> Result<Arc<dyn Driver>, SessionClose> {
    let device = &seat.planned.device;
    let parts = device.address.iter().map(|part| (part.key.clone(), part.value.clone())).collect();
    let state_dir = context.places.state_dir.clone();
    let address = DeviceAddress { device: device.id.clone(), state_dir, parts };
    let opened = context.world.reach.open(&device.driver, &address);
    opened.map(Arc::from).map_err(|error| Setback::from(error).not_run("driver-missing"))
}

/// Holds this machine's processors for a lane that shares them; `false` while another run does. Whatever else goes
/// wrong with the lock is no reason not to measure: a busy processor shows in the telemetry too.
fn hold_processors(context: &Context) -> (bool, Option<Lock>) {
    let (disk, dir) = (&context.world.disk, &context.places.state_dir);
    match disk.create_dirs(dir).and_then(|()| disk.lock(&dir.join("processors"))) {
        Ok(lock) => (lock.is_some(), lock),
        Err(_) => (true, None),
    }
}

async fn run_lane(context: Context, lane: Lane) -> Vec<(String, SessionClose)> {
    let mut closes = Vec::new();
    let mut unusable = BTreeSet::new();
    let shares = lane.iter().any(|(_, driver)| driver.shares_host_processor());
    let (free, _processors) = if shares { hold_processors(&context) } else { (true, None) };
    let mut leases = Leases::default();
    for (seat, driver) in lane {
        let (name, device) = (seat.planned.session.clone(), seat.planned.device.id.clone());
        let stop = *context.cancel.borrow();
        let phase = seat.state.phase;
        let has_traces = phase != Phase::Queued || !seat.state.changes.is_empty();
        let ended = phase.is_end().then(|| seat.state.ending.clone().unwrap_or_else(completed));
        let mut session = Session::new(context.clone(), seat.planned, driver, seat.state);
        if let Some(close) = ended {
            // The host died between the last step and the last line.
            closes.push((name, session.close(close).await.0));
            continue;
        }
        if has_traces {
            leases.wait_for(&context, &name, &device).await;
        }
        let first = match phase {
            Phase::Queued if stop => Input::StopRequested,
            Phase::Queued if !leases.take(&context, &device) => {
                Input::Failed(not_run("busy", "lab", "another run of this host works with the device"))
            }
            // What runs on a device already is followed all the same.
            phase if !free && phase < Phase::Warming => {
                let text = "another run measures on this machine; two at once would measure each other";
                Input::Failed(not_run("busy", "lab", text))
            }
            Phase::Queued if unusable.contains(&device) => {
                let text = "an earlier session left the device in a state that needs a person";
                Input::Failed(not_run("quarantined", "device", text))
            }
            Phase::Queued => Input::Begin,
            _ => session.take_up().await,
        };
        let (close, usable) = session.run(first).await;
        if !usable {
            unusable.insert(device);
        }
        closes.push((name, close));
    }
    closes
}
