//! All sessions of a run: side by side, unless they share a device or a processor.

mod lane;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

use edgesoak_drivers::{DeviceAddress, Driver};
use edgesoak_record::MemoryPrediction;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::plan::PlannedSession;
use edgesoak_record::session::SessionClose;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::context::Context;
use crate::machine::{Phase, State, interrupted};
use crate::memory;
use crate::setback::Setback;
use lane::{Lane, run_lane};

/// A session that is to be taken to its end, and how far it is.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) planned: PlannedSession,
    pub(crate) state: State,
    /// Places of its answers that are scored already.
    pub(crate) answered: BTreeSet<u32>,
    /// What it is expected to take of its device's memory.
    pub(crate) memory: Option<MemoryPrediction>,
}

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
    if seat.state.phase == Phase::Queued
        && let Some(prediction) = &seat.memory
    {
        let within = memory::within_budget(prediction, &seat.planned);
        within.map_err(|setback| setback.not_run("memory-over-budget"))?;
    }
    let device = &seat.planned.device;
    let parts = device.address.iter().map(|part| (part.key.clone(), part.value.clone())).collect();
    let state_dir = context.places.state_dir.clone();
    let address = DeviceAddress { device: device.id.clone(), state_dir, parts };
    let opened = context.world.reach.open(&device.driver, &address);
    opened.map(Arc::from).map_err(|error| Setback::from(error).not_run("driver-missing"))
}
