//! Waiting for the start conditions.

use std::time::Duration;

use edgesoak_protocol::probe::Probe;
use edgesoak_protocol::units::{Millis, Nanos};
use edgesoak_record::plan::StartGate;

use super::Session;
use super::charge::{Charge, Side};
use super::start_conditions::{Readiness, StartConditions};
use crate::machine::{Input, not_run};
use crate::setback::Setback;

const LOOK_EVERY: Duration = Duration::from_secs(10);
/// Longest text of a rest stamp.
const MAX_STAMP: u64 = 64;

impl Session {
    pub(super) async fn settle(&mut self) -> Input {
        if let Err(setback) = self.take_off_charger().await {
            return Input::Failed(setback.not_run("charger-failed"));
        }
        self.watch_beside();
        let Some(gate) = self.planned.start_gate else { return Input::Settled };
        let settled = if self.planned.device.hardware_heat {
            self.wait_for(gate).await
        } else {
            self.noted("start-gate-unchecked", "no thermal sensor is expected on this device").await
        };
        match settled {
            Ok(true) => Input::Settled,
            Ok(false) => {
                let text = format!("the device was not ready within {} s", gate.timeout.as_secs_f64());
                Input::Failed(not_run("start-gate-timeout", "device", &text))
            }
            Err(setback) => Input::Failed(setback.not_run("preflight-failed")),
        }
    }

    /// Whether the conditions came to hold in time.
    async fn wait_for(&mut self, gate: StartGate) -> Result<bool, Setback> {
        let clock = self.context.world.clock.clone();
        let began = clock.mono();
        let (mut conditions, mut told) = (StartConditions::new(gate.max_over_ambient), false);
        loop {
            let probe = self.agent().probe().await?;
            let (rest, charge) = (self.rest_left(gate), self.charge_now(&probe));
            let why = match (conditions.take(clock.mono(), &probe, self.room()), rest, charge) {
                (Readiness::Wait(why), ..) => why,
                (_, Some(rest), _) => {
                    format!("resting after another session for {:.0} s more", rest.as_secs_f64())
                }
                // It left the window while it cooled down.
                (_, _, Err(why)) => why,
                (Readiness::NoSensor, None, Ok(_)) => {
                    let text = "a temperature is expected on this device, but none can be read";
                    return self.noted("start-gate-unreadable", text).await;
                }
                (Readiness::Ready(ambient), None, Ok(charge)) => {
                    let text =
                        format!("temperature is steady and no cooling device is active; {charge}{ambient}");
                    return self.noted("start-gate-held", &text).await;
                }
            };
            let waited = clock.mono().since(began);
            let left = gate.timeout.as_nanos().since(waited);
            if left.0 == 0 {
                return Ok(false);
            }
            self.tell_of_waiting(waited, &why, &mut told).await;
            self.report_left(&why, Some(Millis(left.0 / 1_000_000)));
            let pause = LOOK_EVERY.min(left.as_duration());
            if !self.driver.skip(pause).await? {
                clock.sleep(pause).await;
            }
        }
    }

    /// What is known of the charge, in words to be followed by others; why it has to wait where it is outside of its
    /// window.
    fn charge_now(&self, probe: &Probe) -> Result<String, String> {
        let Some((window, _)) = self.charge_rule() else { return Ok(String::new()) };
        match Charge::of(probe) {
            Ok(charge) if charge.side(window) == Side::Within => Ok(format!("{}; ", charge.words())),
            Ok(charge) => Err(format!("{}, sessions start at {window}", charge.words())),
            Err(_) => Ok("its charge is not known; ".to_owned()),
        }
    }

    async fn noted(&self, code: &str, text: &str) -> Result<bool, Setback> {
        self.note(code, text).await.map_err(|error| Setback::host_disk(&error))?;
        Ok(true)
    }

    /// How long the device still has to rest after the last session of any run of this host.
    fn rest_left(&self, gate: StartGate) -> Option<Nanos> {
        let stamp = self.context.world.disk.read(&self.rest_stamp(), MAX_STAMP).ok()?;
        let ended: u64 = std::str::from_utf8(&stamp).ok()?.trim().parse().ok()?;
        let now = self.context.world.clock.wall();
        // A stamp of the future was made before the wall clock was set back; it says nothing.
        let rested = now.since(Nanos(ended.min(now.0)));
        Some(gate.rest.as_nanos().since(rested)).filter(|left| left.0 > 0 && ended <= now.0)
    }

    fn rest_stamp(&self) -> std::path::PathBuf {
        self.context.places.state_dir.join("rest").join(&self.planned.device.id)
    }

    /// Notes for later runs that the device has just worked.
    pub(super) fn stamp_rest(&self) {
        if !self.planned.device.hardware_heat {
            return;
        }
        let (disk, stamp) = (&self.context.world.disk, self.rest_stamp());
        let text = self.context.world.clock.wall().0.to_string();
        // Without the stamp a later run may start too warm, which its own temperatures show.
        let _ = disk
            .create_dirs(&self.context.places.state_dir.join("rest"))
            .and_then(|()| disk.write_atomically(&stamp, text.as_bytes()));
    }
}
