//! Bringing a battery into the window in which sessions may start. Cooling down afterwards is part of settling.

use std::time::Duration;

use edgesoak_instruments::Position;
use edgesoak_protocol::supply::Supply;
use edgesoak_protocol::units::{Millis, Nanos};
use edgesoak_record::plan::{ChargeWindow, Charger, StartGate};

use super::Session;
use super::charge::{Charge, Side};
use crate::machine::{Input, not_run};
use crate::setback::Setback;

/// A phone gains a percent in a minute.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// A wait for a charge.
struct Wait {
    is_charging: bool,
    /// When it began, or when the battery last went the right way, where that counts.
    since: Nanos,
    furthest: Option<f64>,
}

impl Wait {
    /// Whether this charge is enough. A battery that is charged gets to the middle, so that it is still within when
    /// the device has cooled down.
    fn is_over(&self, charge: Charge, window: ChargeWindow) -> bool {
        if self.is_charging { charge.lowest >= window.middle() } else { charge.side(window) != Side::Above }
    }

    /// A charger may take hours, and is given up only where it achieves nothing. A device that idles empties in days,
    /// for which nobody waits.
    fn look(&mut self, now: Nanos, charge: Charge) {
        let gained = self.furthest.is_none_or(|furthest| charge.lowest > furthest);
        if self.is_charging && gained {
            self.since = now;
        }
        if gained {
            self.furthest = Some(charge.lowest);
        }
    }
}

impl Session {
    /// What comes after the preflight: the charge decides.
    pub(super) async fn by_charge(&mut self) -> Result<Input, Setback> {
        let Some((window, _)) = self.charge_rule() else { return Ok(Input::PreflightPassed) };
        Ok(match Charge::of(&self.agent().probe().await?) {
            Ok(charge) if charge.lowest < window.least() => Input::ChargeLow,
            Ok(charge) if charge.side(window) == Side::Above => Input::ChargeHigh,
            Ok(_) => Input::PreflightPassed,
            Err(why) => {
                let text = format!("sessions start at {window}, but the charge is not known: {why}");
                self.note("charge-unknown", text).await.map_err(|error| Setback::host_disk(&error))?;
                Input::PreflightPassed
            }
        })
    }

    /// The window and the rule that says how long it is waited for; only together do they hold.
    pub(super) fn charge_rule(&self) -> Option<(ChargeWindow, StartGate)> {
        Some((self.planned.device.beside.charge_window?, self.planned.start_gate?))
    }

    pub(super) async fn charge(&mut self) -> Input {
        if let Some(Charger::Hook(name)) = self.planned.device.beside.charger.clone() {
            self.report("switching the charger on");
            // It stays on, as it is found and left.
            if let Err(setback) = self.switch(&name, Position::On).await {
                return Input::Failed(setback.not_run("charger-failed"));
            }
        }
        self.reach_charge(true).await
    }

    pub(super) async fn discharge(&mut self) -> Input {
        let off = match (self.charger_is_link(), &self.planned.device.beside.charger) {
            (true, Some(Charger::Hook(_))) => self.let_go_of_charger().await.map(drop),
            // Whoever unplugs it is told what for, and when to plug it in again.
            (true, _) => Ok(()),
            (false, _) => self.take_off_charger().await,
        };
        if let Err(setback) = off {
            return Input::Failed(setback.not_run("charger-failed"));
        }
        self.reach_charge(false).await
    }

    async fn reach_charge(&mut self, is_charging: bool) -> Input {
        let Some((window, gate)) = self.charge_rule() else { return Input::ChargeReached };
        match self.wait_for_charge(is_charging, window, gate).await {
            Ok(None) => Input::ChargeReached,
            Ok(Some(text)) => Input::Failed(not_run("start-gate-timeout", "device", &text)),
            Err(setback) => Input::Failed(setback.not_run("charger-failed")),
        }
    }

    /// Why it was given up, if it was.
    async fn wait_for_charge(
        &mut self,
        is_charging: bool,
        window: ChargeWindow,
        gate: StartGate,
    ) -> Result<Option<String>, Setback> {
        let clock = self.context.world.clock.clone();
        let began = clock.mono();
        let mut wait = Wait { is_charging, since: began, furthest: None };
        let (mut asked, mut told) = (false, false);
        loop {
            let why = match self.agent().probe().await {
                Ok(probe) => match Charge::of(&probe) {
                    Ok(charge) if wait.is_over(charge, window) => return Ok(None),
                    Ok(charge) => {
                        wait.look(clock.mono(), charge);
                        let supply = Supply::probed(&probe);
                        self.ask_for_supply(&supply, is_charging, charge, window, &mut asked).await;
                        charge.words()
                    }
                    Err(why) => format!("its charge is not known: {why}"),
                },
                // A plug that is moved may cost the link for a while.
                Err(setback) if setback.out_of_reach => {
                    let _ = self.reconnect().await;
                    if self.charger_is_link() {
                        "its cable is out".to_owned()
                    } else {
                        format!("it does not answer ({})", setback.detail)
                    }
                }
                Err(setback) => return Err(setback),
            };
            let words = format!("{why}, sessions start at {window}");
            let now = clock.mono();
            let left = gate.timeout.as_nanos().since(now.since(wait.since));
            if left.0 == 0 {
                if !is_charging && self.emptied_out_of_reach(window).await? {
                    return Ok(None);
                }
                let after = gate.timeout.as_secs_f64();
                let how = if is_charging { "nothing was gained" } else { "it was not there" };
                return Ok(Some(format!("{words}; {how} within {after} s")));
            }
            self.tell_of_waiting(now.since(began), &words, &mut told).await;
            self.report_left(&words, Some(Millis(left.0 / 1_000_000)));
            let pause = LOOK_EVERY.min(left.as_duration());
            if !self.driver.skip(pause).await? {
                clock.sleep(pause).await;
            }
        }
    }

    /// Whether a device is inside the window at last that could not be looked at while its hook was off.
    async fn emptied_out_of_reach(&mut self, window: ChargeWindow) -> Result<bool, Setback> {
        let Some(Charger::Hook(name)) = self.planned.device.beside.charger.clone() else { return Ok(false) };
        if !self.charger_is_link() {
            return Ok(false);
        }
        self.switch(&name, Position::On).await?;
        self.reconnect().await?;
        let charge = Charge::of(&self.agent().probe().await?);
        Ok(charge.is_ok_and(|charge| charge.side(window) == Side::Within))
    }

    /// Asks a person to move a plug that nothing else moves.
    async fn ask_for_supply(
        &self,
        supply: &Supply,
        is_charging: bool,
        charge: Charge,
        window: ChargeWindow,
        asked: &mut bool,
    ) {
        let hooked = matches!(self.planned.device.beside.charger, Some(Charger::Hook(_)));
        let verb = match supply {
            // Where nobody knows, it is asked for: it costs a look.
            Supply::Unplugged | Supply::Unknown(_) if is_charging => "plug in",
            Supply::Plugged(_) | Supply::Unknown(_) if !is_charging => "unplug",
            _ => return,
        };
        if hooked || std::mem::replace(asked, true) {
            return;
        }
        let device = &self.planned.device.id;
        let until = if self.charger_is_link() && !is_charging {
            " for as long as it takes, and plug it in again"
        } else {
            ""
        };
        let text = format!("please {verb} {device}{until}: {}, sessions start at {window}", charge.words());
        // Who reads the run later learns of it too; if that fails, so does the next state.
        let _ = self.note("please", text.as_str()).await;
        self.tell(&text).await;
    }
}
