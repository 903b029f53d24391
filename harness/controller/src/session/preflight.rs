//! A look at the device before anything is measured.

use std::time::Duration;

use edgesoak_drivers::RemotePath;
use edgesoak_protocol::probe::{AgentState, Probe};
use edgesoak_protocol::units::Nanos;
use edgesoak_record::ChannelClass;
use edgesoak_record::host_entry::HostEvent;

use super::Session;
use crate::clock_offset;
use crate::machine::Input;
use crate::setback::Setback;

/// Time between two comparisons of the clocks while a session runs.
const COMPARE_EVERY: Nanos = Nanos::from_secs(60);
const QUICK: Duration = Duration::from_secs(30);
/// Leftover sessions that are asked about; more than these are a sign of their own.
const MAX_ASKED: usize = 16;

impl Session {
    pub(super) async fn preflight(&mut self) -> Result<Input, Setback> {
        self.look().await?;
        self.by_charge().await
    }

    async fn look(&mut self) -> Result<(), Setback> {
        if let Some(probe) = &self.probe {
            for class in &self.planned.device.expect {
                if let Some(text) = unreadable(probe, class) {
                    // Judged later: a missing channel makes some gate NotProven, it does not stop the run.
                    let event = HostEvent::Noted { code: "expected-missing".to_owned(), text };
                    self.written(event).await?;
                }
            }
        }
        self.compare_clocks().await
    }

    /// Measures the offset of the device's clock and writes it down.
    pub(super) async fn compare_clocks(&mut self) -> Result<(), Setback> {
        self.clocks_at = self.context.world.clock.mono();
        let offset = clock_offset::measure(self.agent(), self.context.world.clock.as_ref()).await?;
        self.written(HostEvent::ClockMeasured { offset }).await
    }

    /// Clocks drift: what stands beside the device is aligned through more than two measurements.
    pub(super) async fn compare_clocks_now_and_then(&mut self) {
        if self.context.world.clock.mono().since(self.clocks_at) >= COMPARE_EVERY {
            // One measurement less; the stream tells whether the device is still there.
            let _ = self.compare_clocks().await;
        }
    }

    /// Gives back what a session changed that died here.
    pub(super) async fn give_back_for_the_dead(&self) -> Result<(), Setback> {
        if let Err(setback) = self.agent().restore().await {
            // Its settings are read again before this session changes any.
            let text = format!("what a dead session changed is not given back: {}", setback.detail);
            self.note("not-restored", text).await.map_err(|error| Setback::host_disk(&error))?;
        }
        Ok(())
    }

    /// Another session that runs on this device, and whether one of them died there.
    pub(super) async fn others(&self) -> Result<(Option<String>, bool), Setback> {
        let (mut asked, mut died) = (0, false);
        for run in self.driver.list(&RemotePath::new("sessions")?, QUICK).await? {
            let Ok(dir) = RemotePath::new(format!("sessions/{}", run.name)) else { continue };
            for session in self.driver.list(&dir, QUICK).await? {
                let name = format!("{}/{}", run.name, session.name);
                if asked == MAX_ASKED || name == self.name {
                    continue;
                }
                asked += 1;
                let state = match self.agent().status(&name).await {
                    Ok(status) => Some(status.state),
                    // It may run: whoever goes on would measure both.
                    Err(setback) if setback.out_of_reach => return Err(setback),
                    // A journal that another session left damaged is no reason not to measure.
                    Err(_) => None,
                };
                died |= state == Some(AgentState::Dead);
                if state == Some(AgentState::Running) {
                    return Ok((Some(name), died));
                }
            }
        }
        Ok((None, died))
    }
}

/// Why a class of channels cannot be read; `None` if one of them can.
fn unreadable(probe: &Probe, class: &str) -> Option<String> {
    let Some(known) = ChannelClass::from_word(class) else {
        return Some(format!("{class}: no channel of this kind is known"));
    };
    let of_class = || probe.channels.iter().filter(|channel| known.includes(&channel.name, channel.quantity));
    if of_class().any(|channel| channel.value.is_some()) {
        return None;
    }
    let tried: Vec<String> = of_class()
        .take(3)
        .map(|channel| {
            let why = channel.missing.map_or("no value", edgesoak_protocol::Reason::word);
            format!("{} ({why})", channel.source)
        })
        .collect();
    if tried.is_empty() {
        return Some(format!("{class}: the device has no such channel"));
    }
    Some(format!("{class}: not readable at {}", tried.join(", ")))
}
