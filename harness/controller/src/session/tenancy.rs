//! Making a device this run's own, across all hosts of a lab.
//!
//! The tenancy is asked for before anything is done to the device, and renewed before whatever takes long, for as long
//! as that may take: a soak goes on without its host. What is simulated lives in a folder of this host, whose own lock is
//! enough.

use std::time::Duration;

use edgesoak_protocol::probe::Tenancy;

use super::Session;
use super::provision::stopped;
use crate::agent::ATTACH;
use crate::host_book;
use crate::lease::LOOK_EVERY;
use crate::machine::Effect;
use crate::setback::Setback;
use crate::tenancy::{Admission, Found, Takeover};

/// How long a device stays this run's own without a word of it.
const STAY: Duration = Duration::from_mins(20);
/// The longest that devices agree to.
const LONGEST: Duration = Duration::from_hours(24);
/// How long a person may take to unplug it, and what a slow device adds.
const PERSON: Duration = Duration::from_mins(20);

impl Session {
    /// Connects, and asks for the device where an agent is there already that can be asked.
    pub(super) async fn reach(&mut self) -> Result<(), Setback> {
        self.driver.attach(ATTACH).await?;
        if self.driver.is_simulated() {
            return Ok(());
        }
        match self.agent().tenancy().await {
            Ok(_) => self.move_in().await.map(drop),
            Err(setback) if setback.out_of_reach => Err(setback),
            // There is no agent yet, or an older one: provisioning asks again.
            Err(_) => Ok(()),
        }
    }

    /// Makes the device this run's own, as soon as it is free or the run's patience is over; whether a session died
    /// there.
    pub(super) async fn move_in(&mut self) -> Result<bool, Setback> {
        loop {
            let busy = match self.try_move_in().await? {
                Ok(died) => return Ok(died),
                Err(busy) => busy,
            };
            let clock = self.context.world.clock.clone();
            let left = self.context.sharing.wait_left(clock.mono());
            if left.is_zero() {
                return Err(Setback::new("lab", busy).because("busy"));
            }
            self.report(&format!("waiting: {busy}"));
            self.unless_stopped(clock.sleep(LOOK_EVERY.min(left))).await.ok_or_else(stopped)?;
        }
    }

    /// Else by whom the device is used.
    async fn try_move_in(&mut self) -> Result<Result<bool, String>, Setback> {
        let simulated = self.driver.is_simulated();
        let nobody = Tenancy { tenant: None, left_ms: 0 };
        let tenancy = if simulated { nobody } else { self.agent().tenancy().await? };
        let (running, died) = self.others().await?;
        let found = Found {
            is_open_here: self.is_open_here(&tenancy),
            now: self.context.world.clock.wall(),
            tenancy,
            running,
        };
        let evicts = match found.admit(&self.context.sharing.us) {
            Admission::Busy(who) => return Ok(Err(who)),
            Admission::Free => None,
            Admission::TakesOver(takeover) => self.clear_away(takeover).await?,
        };
        if simulated {
            return Ok(Ok(died));
        }
        let us = self.context.sharing.us.clone();
        let now = self.agent().occupy(&us, STAY, evicts.as_deref()).await?;
        if now.tenant.as_ref() == Some(&us) {
            self.berth.moved_in();
            return Ok(Ok(died));
        }
        Ok(Err("another run was quicker".to_owned()))
    }

    /// Whether the tenant is a run of this host that may be taken up again.
    fn is_open_here(&self, tenancy: &Tenancy) -> bool {
        let (disk, state_dir) = (self.context.world.disk.as_ref(), &self.context.places.state_dir);
        tenancy.tenant.as_ref().is_some_and(|tenant| {
            tenant.host == self.context.sharing.us.host && host_book::is_open(disk, state_dir, &tenant.run)
        })
    }

    /// Stops what another run left running; the run that is to be evicted.
    async fn clear_away(&mut self, takeover: Takeover) -> Result<Option<String>, Setback> {
        let Takeover { evicts, stops, why } = takeover;
        self.note("device-taken-over", why).await.map_err(|error| Setback::host_disk(&error))?;
        if let Some(name) = stops {
            self.report(&format!("stopping {name}"));
            self.agent().stop(&name).await?;
        }
        Ok(evicts)
    }

    /// Makes sure that the device stays this run's own for as long as a session may run without its host.
    pub(super) async fn stay_through(&mut self) -> Result<(), Setback> {
        if self.driver.is_simulated() {
            return Ok(());
        }
        let left = self.deadline().since(self.context.world.clock.mono()).as_duration();
        match self.renew(left).await?.tenant {
            Some(tenant) if tenant != self.context.sharing.us => {
                let text = format!("run {} of {} took the device over meanwhile", tenant.run, tenant.host);
                Err(Setback::new("lab", text).because("busy"))
            }
            _ => Ok(()),
        }
    }

    /// Keeps the device this run's own for as long as an effect may take. What goes wrong is found out by whoever needs
    /// the device next.
    pub(super) async fn stay_for(&mut self, effect: &Effect) {
        let waits =
            self.planned.start_gate.map_or(Duration::ZERO, |gate| gate.timeout.as_nanos().as_duration());
        let time = match effect {
            Effect::Charge | Effect::Discharge | Effect::Settle if self.berth.is_ours() => waits + PERSON,
            Effect::Restore if self.berth.is_ours() => Duration::ZERO,
            // A host that takes a session up has not asked for the device yet.
            Effect::Follow | Effect::Collect => {
                let _ = self.stay_through().await;
                return;
            }
            _ => return,
        };
        let _ = self.renew(time).await;
    }

    /// Asks for so much time, and for as much as a host may be silent.
    pub(super) async fn renew(&self, time: Duration) -> Result<Tenancy, Setback> {
        let stays = time.saturating_add(STAY).min(LONGEST);
        let us = &self.context.sharing.us;
        let now = self.agent().occupy(us, stays, None).await?;
        if now.tenant.as_ref() == Some(us) {
            self.berth.moved_in();
        }
        Ok(now)
    }
}
