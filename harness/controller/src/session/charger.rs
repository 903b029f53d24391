//! Taking a device off its charger before it is measured.

use std::time::Duration;

use edgesoak_instruments::Position;
use edgesoak_protocol::job::UnplugRule;
use edgesoak_protocol::supply::Supply;
use edgesoak_protocol::units::Millis;
use edgesoak_record::plan::Charger;

use super::Session;
use crate::machine::Undo;
use crate::setback::Setback;
use crate::sink_thread::sentence;

/// Name of the change.
const WHAT: &str = "charger";
/// How long a device may take to notice that its charger is off.
const SWITCHED: Duration = Duration::from_mins(1);
/// How long a person may take where no start gate says so.
const ASKED: Duration = Duration::from_mins(15);
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Judged are the 30 s before the soak, too; a loose plug has settled by then.
const HOLD: Duration = Duration::from_secs(40);

/// What was done about a charger, and what is waited for now.
pub(super) struct LetGo {
    /// In words.
    pub(super) what: String,
    patience: Duration,
    /// Cause of a session that is not run because it was in vain.
    in_vain: &'static str,
}

impl Session {
    /// Whether the device is out of reach while its charger is off: the cable that charges it is its link, too.
    pub(super) fn charger_is_link(&self) -> bool {
        let charger = self.planned.device.beside.charger.as_ref();
        matches!(charger, Some(Charger::Ask | Charger::Hook(_))) && self.driver.link_is_charger()
    }

    /// What the agent waits for by itself, where the host could not hear of it.
    pub(super) fn unplug_rule(&self) -> Option<UnplugRule> {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let within = match self.planned.device.beside.charger {
            // The host switches once the agent runs.
            Some(Charger::Hook(_)) => SWITCHED * 2,
            _ => self.patience(),
        };
        self.charger_is_link().then(|| UnplugRule { hold_ms: ms(HOLD), within_ms: ms(within) })
    }

    /// How long a person may take.
    fn patience(&self) -> Duration {
        self.planned.start_gate.map_or(ASKED, |gate| gate.timeout.as_nanos().as_duration())
    }

    /// Has the charger taken off, and waits until the device says so itself. A node of the device is a setting of its
    /// agent, and not dealt with here; neither is a charger that takes the link with it, which goes last of all.
    pub(super) async fn take_off_charger(&mut self) -> Result<(), Setback> {
        if self.charger_is_link() {
            return Ok(());
        }
        match self.let_go_of_charger().await? {
            Some(let_go) => self.wait_unplugged(&let_go).await,
            None => Ok(()),
        }
    }

    /// Switches the charger off, or asks a person; none where nothing has to be done.
    pub(super) async fn let_go_of_charger(&mut self) -> Result<Option<LetGo>, Setback> {
        match self.planned.device.beside.charger.clone() {
            None | Some(Charger::Node) => Ok(None),
            Some(Charger::Hook(name)) => {
                self.announce(WHAT, Undo::SwitchOn(name.clone())).await?;
                self.report("switching the charger off");
                self.switch(&name, Position::Off).await?;
                let what = "the charger is off".to_owned();
                Ok(Some(LetGo { what, patience: SWITCHED, in_vain: "still-plugged" }))
            }
            Some(Charger::Ask) => {
                if self.supply().await? == Supply::Unplugged {
                    return Ok(None);
                }
                let device = &self.planned.device.id;
                let (back, please) = (format!("plug {device} in again"), format!("please unplug {device}"));
                self.announce(WHAT, Undo::AskPerson(back)).await?;
                self.report(&please);
                // Who looks at the run sees it, and who reads it later; if that fails, so does the next state.
                let _ = self.note("please", please.as_str()).await;
                self.tell(&please).await;
                let patience = self.patience();
                Ok(Some(LetGo { what: please, patience, in_vain: "start-gate-timeout" }))
            }
        }
    }

    /// Brings a hook of the lab into a position.
    pub(super) async fn switch(&self, name: &str, position: Position) -> Result<(), Setback> {
        let Some(hook) = self.context.lab.hooks.get(name) else {
            return Err(Setback::new("config", format!("the hook {name} is not in the lab's file")));
        };
        self.context.world.instruments.switch(hook, position).await.map_err(|error| {
            let text = format!("switching {name} {}: {}", position.word(), sentence(&error));
            Setback::new(error.whose(), text).because("charger-failed")
        })
    }

    pub(super) async fn supply(&self) -> Result<Supply, Setback> {
        Ok(Supply::probed(&self.agent().probe().await?))
    }

    /// Waits for the device's own word. A device that has none is noted, and nothing is claimed for it.
    async fn wait_unplugged(&self, LetGo { what, patience, in_vain }: &LetGo) -> Result<(), Setback> {
        let clock = self.context.world.clock.clone();
        let began = clock.mono();
        loop {
            let why = match self.supply().await? {
                Supply::Unplugged => return Ok(()),
                Supply::Unknown(why) => {
                    let text = format!("whether the device is unplugged cannot be told: {why}");
                    let noted = self.note("charger-unchecked", text).await;
                    return noted.map_err(|error| Setback::host_disk(&error));
                }
                Supply::Plugged(why) => why,
            };
            let waited = clock.mono().since(began).as_duration();
            let Some(left) = patience.checked_sub(waited).filter(|left| !left.is_zero()) else {
                let text = format!("{what}, but after {} s {why}", patience.as_secs());
                return Err(Setback::new("lab", text).because(in_vain));
            };
            let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            self.report_left(&format!("{what}: {why}"), Some(Millis(left_ms)));
            clock.sleep(LOOK_EVERY.min(left)).await;
        }
    }
}
