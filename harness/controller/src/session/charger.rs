//! Taking a device off its charger before it is measured.

use std::time::Duration;

use edgesoak_instruments::Position;
use edgesoak_protocol::units::Millis;
use edgesoak_record::plan::Charger;

use super::Session;
use super::supply::Supply;
use crate::machine::Undo;
use crate::setback::Setback;
use crate::sink_thread::sentence;

/// Name of the change.
const WHAT: &str = "charger";
/// How long a device may take to notice that its charger is off.
const SWITCHED: Duration = Duration::from_mins(1);
/// How long a person may take.
const ASKED: Duration = Duration::from_mins(15);
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Session {
    /// Has the charger taken off, and waits until the device says so itself. A node of the device is a setting of its
    /// agent, and not dealt with here.
    pub(super) async fn take_off_charger(&mut self) -> Result<(), Setback> {
        match self.planned.device.beside.charger.clone() {
            None | Some(Charger::Node) => Ok(()),
            Some(Charger::Hook(name)) => {
                self.announce(WHAT, Undo::SwitchOn(name.clone())).await?;
                self.report("switching the charger off");
                self.switch(&name, Position::Off).await?;
                self.wait_unplugged("the charger is off", SWITCHED).await
            }
            Some(Charger::Ask) => {
                if self.supply().await? == Supply::Unplugged {
                    return Ok(());
                }
                let device = &self.planned.device.id;
                let (back, please) = (format!("plug {device} in again"), format!("please unplug {device}"));
                self.announce(WHAT, Undo::AskPerson(back)).await?;
                self.tell(&please).await;
                self.wait_unplugged(&please, ASKED).await
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

    async fn supply(&self) -> Result<Supply, Setback> {
        Ok(Supply::of(&self.agent().probe().await?))
    }

    /// Waits for the device's own word. A device that has none is noted, and nothing is claimed for it.
    async fn wait_unplugged(&self, asked: &str, deadline: Duration) -> Result<(), Setback> {
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
            let Some(left) = deadline.checked_sub(waited).filter(|left| !left.is_zero()) else {
                let text = format!("{asked}, but after {} s {why}", deadline.as_secs());
                return Err(Setback::new("lab", text).because("still-plugged"));
            };
            let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            self.report_left(&format!("{asked}: {why}"), Some(Millis(left_ms)));
            clock.sleep(LOOK_EVERY.min(left)).await;
        }
    }
}
