//! How the device is set while it is measured: each setting is read, changed, read back and given back.
//!
//! One file per setting and one line in [`table::ALL`]; what a job names beside them is done once and leaves nothing to
//! give back ([`table::Wanted`]). Whatever is changed stands in `changes.json` in the agent's
//! home before it is changed, so that the changes of an agent that was killed can be undone by anybody.

mod airplane;
mod background_apps;
mod brightness;
mod changes;
mod charging;
mod doze;
mod fixed_performance;
mod held;
mod notes;
mod oom_score;
mod panel;
mod restore;
mod screen;
mod screen_off_timeout;
mod states;
mod stay_awake;
mod stored;
mod table;
mod thermal_override;
mod turn;
mod wifi;
mod zen;

pub(crate) use changes::Changes;
pub use held::Held;
pub use notes::Kept;
pub(crate) use notes::Notes;
pub(crate) use oom_score::{own as own_oom_score, settle as settle_oom_score};
pub(crate) use panel::Panel;
pub(crate) use restore::restore;
pub(crate) use states::{facts, states, value};
pub(crate) use table::wanted;

#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod tests;
