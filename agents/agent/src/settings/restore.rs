//! `restore`: gives back what a session that died left changed.

use serde::Serialize;

use super::changes::{Change, Changes};
use super::panel::Panel;
use super::table::find;
use super::thermal_override;
use super::turn::turn;
use crate::error::AgentError;
use crate::layout::Home;
use crate::lease::Lease;
use crate::status;

/// What became of the changes, the last one first.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Restored {
    pub(crate) restored: Vec<GivenBack>,
    pub(crate) failed: Vec<Stuck>,
}

/// A setting that has its earlier value again.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct GivenBack {
    pub(crate) setting: String,
    pub(crate) value: String,
}

/// A setting that could not be given back; it stays in the list of changes.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Stuck {
    pub(crate) setting: String,
    /// The value that it should have.
    pub(crate) before: String,
    pub(crate) why: String,
}

/// Undoes everything in the list of changes, unless a session runs.
pub(crate) fn restore(home: &Home, panel: &dyn Panel) -> Result<Restored, AgentError> {
    status::outwait_finished(home);
    let _lease = Lease::hold(&home.lease(), "restore")?;
    let mut changes = Changes::open(home.changes())?;
    undo_all(&mut changes, panel).map_err(AgentError::io("writing", home.changes()))
}

/// Undoes the listed changes, newest first, and strikes out what is undone.
pub(super) fn undo_all(changes: &mut Changes, panel: &dyn Panel) -> std::io::Result<Restored> {
    let mut done = Restored::default();
    if !changes.list().is_empty() {
        panel.pause(changes.unrest());
    }
    let listed: Vec<Change> = changes.list().iter().rev().cloned().collect();
    for change in listed {
        match undo(&change, panel) {
            Ok(value) => {
                changes.strike(&change)?;
                done.restored.push(GivenBack { setting: change.setting, value });
            }
            Err(why) => done.failed.push(Stuck { setting: change.setting, before: change.before, why }),
        }
    }
    Ok(done)
}

/// Gives one setting its earlier value, and returns the value that it has now. Nothing is done where it has it already, or
/// where a restart of the device has undone what must not be done again.
pub(super) fn undo(change: &Change, panel: &dyn Panel) -> Result<String, String> {
    let Some(setting) = find(&change.setting) else {
        return Err("this agent has no such setting".to_owned());
    };
    let found = (setting.read)(panel);
    if let Ok(found) = found
        && (found == change.before || thermal_override::is_gone(change, &found, panel))
    {
        return Ok(found);
    }
    turn(setting, panel, &change.before).map(|_| change.before.clone())
}
