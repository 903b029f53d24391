//! The settings of a session: made before it loads anything, looked at when it ends, given back whatever happened.

use std::fmt;

use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::{FinishReason, Frame};

use super::background_apps::{self, Ended};
use super::changes::{Change, Changes};
use super::notes::Notes;
use super::panel::Panel;
use super::restore::{undo, undo_all};
use super::table::{Setting, Wanted, wanted};
use super::turn::{Turned, is_blind, turn};
use crate::alarm::End;

/// The settings that a session holds.
pub struct Held<'a> {
    panel: &'a dyn Panel,
    journal: &'a dyn Notes,
    changes: Changes,
    session: String,
    /// Every setting of the job that has its value.
    kept: Vec<(&'static Setting, String)>,
}

impl fmt::Debug for Held<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held")
            .field("session", &self.session)
            .field("kept", &self.kept)
            .finish_non_exhaustive()
    }
}

impl<'a> Held<'a> {
    /// Holds nothing yet. `changes` is what an earlier session left.
    pub(crate) fn new(panel: &'a dyn Panel, journal: &'a dyn Notes, changes: Changes, job: &Job) -> Self {
        let session = [&job.run, "/", &job.session].concat();
        Self { panel, journal, changes, session, kept: Vec::new() }
    }

    /// Gives back what an earlier session left, then makes every setting of the job, asking `go_on` before each.
    ///
    /// # Errors
    /// If one cannot be made, or if `go_on` says so. What was made until then is held, and [`Held::give_back`] still has
    /// to be called.
    pub fn make(&mut self, job: &Job, go_on: &dyn Fn() -> Result<(), End>) -> Result<(), End> {
        self.give_back_leftovers()?;
        for asked in &job.settings {
            go_on()?;
            match wanted(asked).map_err(failed)? {
                Wanted::Value(setting, after) => self.change(setting, after)?,
                Wanted::NoBackgroundApps => self.end_background_apps()?,
                // Its process does not run yet.
                Wanted::OomScore => {}
            }
        }
        Ok(())
    }

    /// A device that an earlier session left changed is not what the plan takes it for.
    fn give_back_leftovers(&mut self) -> Result<(), End> {
        if self.changes.list().is_empty() {
            return Ok(());
        }
        let session = self.changes.session().to_owned();
        let done = undo_all(&mut self.changes, self.panel).map_err(|error| unlisted(&error))?;
        for given in done.restored {
            let text =
                [&given.setting, " has the value ", &given.value, " again, which ", &session, " had changed"];
            self.journal.note("setting-leftover", &text.concat());
            self.journal.keep(Frame::Restored { setting: given.setting, value: given.value });
        }
        match done.failed.first() {
            None => Ok(()),
            Some(stuck) => {
                let text = ["giving back what ", &session, " left changed: ", &stuck.why].concat();
                Err(failed(text))
            }
        }
    }

    fn end_background_apps(&self) -> Result<(), End> {
        match background_apps::end(self.panel).map_err(failed)? {
            Ended::Seen(text) => self.journal.note("background-apps-ended", &text),
            Ended::Unseen(text) => self.journal.note("setting-unverified", &text),
        }
        Ok(())
    }

    fn change(&mut self, setting: &'static Setting, after: String) -> Result<(), End> {
        let found = (setting.read)(self.panel);
        let before = match &found {
            Ok(before) if *before == after => {
                self.journal.note("setting-kept", &[setting.name, " is ", &after, " already"].concat());
                self.kept.push((setting, after));
                return Ok(());
            }
            Ok(before) => before.clone(),
            Err(_) if is_blind(setting, &found) => setting.assumed.unwrap_or_default().to_owned(),
            Err(reason) => return Err(failed(["reading ", setting.name, ": ", reason.word()].concat())),
        };
        let boot = self.panel.boot();
        let change = Change { setting: setting.name.to_owned(), before, after: after.clone(), boot };
        self.changes.add(&self.session, change.clone()).map_err(|error| unlisted(&error))?;
        let Change { setting: name, before, .. } = change.clone();
        if !self.journal.keep_synced(Frame::Changing { setting: name, before, after: after.clone() }) {
            let text = "a change of a setting could not be brought to the disk".to_owned();
            return Err(End::new(FinishReason::DiskFailed, text));
        }
        match turn(setting, self.panel, &after) {
            Ok(Turned::Seen) => {}
            Ok(Turned::Unseen) => {
                let text = [setting.name, " was taken as ", &after, "; this system does not tell its state"];
                self.journal.note("setting-unverified", &text.concat());
            }
            Err(why) => {
                // Refused by a system that could not be asked afterwards either. One that was only slow to answer may
                // have taken it all the same, so it is taken back once; listed any longer, it could never be struck.
                if is_blind(setting, &found) {
                    let _ = (setting.write)(self.panel, &change.before);
                    let _ = self.changes.strike(&change);
                }
                return Err(failed(why));
            }
        }
        self.kept.push((setting, after));
        Ok(())
    }

    /// Undoes every change, the last one first. Says what did not stay as it was made, and with it why a session that
    /// ran to its end was not measured as planned.
    pub fn give_back(mut self) -> Option<End> {
        let mut moved = None;
        for (setting, wanted) in &self.kept {
            let found = (setting.read)(self.panel);
            if found.as_deref() == Ok(wanted.as_str()) || is_blind(setting, &found) {
                continue;
            }
            let differs = found.is_ok();
            let found = found.unwrap_or_else(|reason| ["unreadable (", reason.word(), ")"].concat());
            let text = [setting.name, " was ", wanted, " and is ", &found, " at the end"].concat();
            // One that cannot be read for once may well have stayed.
            moved = moved.or_else(|| differs.then(|| failed(&text)));
            self.journal.note("setting-moved", &text);
        }
        let listed: Vec<Change> = self.changes.list().iter().rev().cloned().collect();
        for change in listed {
            match undo(&change, self.panel) {
                Ok(value) => {
                    // Listed for longer than needed, it would only be undone twice.
                    let _ = self.changes.strike(&change);
                    self.journal.keep(Frame::Restored { setting: change.setting, value });
                }
                Err(why) => self.journal.note("setting-not-restored", &why),
            }
        }
        moved
    }
}

fn failed(detail: impl AsRef<str>) -> End {
    End::new(FinishReason::SettingFailed, detail)
}

fn unlisted(error: &std::io::Error) -> End {
    End::new(FinishReason::DiskFailed, ["writing the list of changes: ", &error.to_string()].concat())
}
