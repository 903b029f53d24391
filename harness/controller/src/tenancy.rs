//! Whether this run may use a device that another run has used, or still does.

use std::path::Path;

use chrono::{DateTime, Utc};
use edgesoak_protocol::probe::{Tenancy, Tenant};
use edgesoak_protocol::units::Nanos;

use crate::glance::Glance;
use crate::host_book;
use crate::world::{Clock, SystemClock, SystemDisk};

/// What is known of a device before this run uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) tenancy: Tenancy,
    /// Session that runs on it.
    pub(crate) running: Option<String>,
    /// The tenant is a run of this host that was not closed.
    pub(crate) is_open_here: bool,
    /// The host's wall clock.
    pub(crate) now: Nanos,
}

/// Whether this run may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is free.
    Free,
    /// It is, once somebody else's traces are dealt with.
    TakesOver(Takeover),
    /// It is not: by whom it is used, and until when.
    Busy(String),
}

/// Another run's device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Takeover {
    /// The run that is its tenant still.
    pub(crate) evicts: Option<String>,
    /// Session that nobody waits for any more.
    pub(crate) stops: Option<String>,
    /// What a person should know of it.
    pub(crate) why: String,
}

impl Found {
    /// Decides. A tenant of this same host is gone: whoever asks holds the host's own lock of the device.
    pub(crate) fn admit(&self, us: &Tenant) -> Admission {
        let Some(tenant) = self.tenancy.tenant.as_ref().filter(|tenant| *tenant != us) else {
            return match &self.running {
                Some(name) => Admission::Busy(resumable(name)),
                None => Admission::Free,
            };
        };
        let is_over = self.tenancy.left_ms == 0;
        let is_ours = tenant.host == us.host;
        if !is_over && !is_ours {
            return Admission::Busy(self.used_by(tenant));
        }
        let stops = match &self.running {
            Some(name) if run_of(name) != tenant.run || (!is_over && self.is_open_here) => {
                return Admission::Busy(resumable(name));
            }
            running => running.clone(),
        };
        let Tenant { host, run } = tenant;
        let was = match (is_over, self.is_open_here && is_ours) {
            (true, _) => format!("its time was over for run {run} of {host}, which did not come back for it"),
            (false, true) => format!("run {run} of this host used it, and its process is gone"),
            (false, false) => format!("run {run} of this host used it, and is closed"),
        };
        let why = match &stops {
            Some(name) => format!("{was}; session {name}, which nobody waits for, is stopped"),
            None => was,
        };
        Admission::TakesOver(Takeover { evicts: (!is_over).then(|| run.clone()), stops, why })
    }

    fn used_by(&self, tenant: &Tenant) -> String {
        let Tenant { host, run } = tenant;
        let until = until(self.now, self.tenancy.left_ms);
        let doing = match &self.running {
            Some(name) if run_of(name) == run => format!("measures session {name} on it"),
            _ => "uses it".to_owned(),
        };
        format!("run {run} of {host} {doing}, until {until} at the latest unless it asks for more time")
    }
}

/// Which other host has a device and until when, in a few words; `None` where it is nobody's or this host's own, whose
/// state lies in `state_dir`.
#[must_use]
pub fn held_elsewhere(glance: &Glance, state_dir: &Path) -> Option<String> {
    let here = host_book::known_name(&SystemDisk::default(), state_dir);
    elsewhere(glance.tenancy.as_ref()?, glance.session.as_deref(), here.as_deref(), SystemClock.wall())
}

fn elsewhere(tenancy: &Tenancy, running: Option<&str>, here: Option<&str>, now: Nanos) -> Option<String> {
    let Tenant { host, run } = tenancy.tenant.as_ref()?;
    if tenancy.left_ms == 0 || Some(host.as_str()) == here {
        return None;
    }
    let what = match running {
        Some(name) if run_of(name) == run => format!("session {name}"),
        _ => format!("run {run}"),
    };
    let until = until(now, tenancy.left_ms);
    Some(format!("{what} of {host} (until {until} at the latest, unless it asks for more time)"))
}

fn run_of(session: &str) -> &str {
    session.split('/').next().unwrap_or(session)
}

fn resumable(name: &str) -> String {
    format!("session {name} runs on this device; edgesoak resume {} takes it up", run_of(name))
}

/// A time of the wall clock, to the minute that follows it.
fn until(now: Nanos, left_ms: u64) -> String {
    let seconds = now.0 / 1_000_000_000 + left_ms / 1000 + 60;
    let at: DateTime<Utc> =
        DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(0), 0).unwrap_or_default();
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Nanos = Nanos::from_secs(1_767_323_045);

    fn tenant(host: &str, run: &str) -> Tenant {
        Tenant { host: host.to_owned(), run: run.to_owned() }
    }

    fn found(whose: Option<Tenant>, left_ms: u64, running: Option<&str>, is_open_here: bool) -> Admission {
        let tenancy = Tenancy { tenant: whose, left_ms };
        let running = running.map(str::to_owned);
        Found { tenancy, running, is_open_here, now: NOW }.admit(&tenant("here", "r2"))
    }

    #[test]
    fn only_another_host_has_a_device_elsewhere() {
        let tenancy = |left_ms| Tenancy { tenant: Some(tenant("there", "r1")), left_ms };
        let told = |left_ms, running, here| elsewhere(&tenancy(left_ms), running, here, NOW);
        let until = "of there (until 2026-01-02 03:15 UTC at the latest, unless it asks for more time)";
        assert_eq!(told(600_000, None, Some("here")), Some(format!("run r1 {until}")));
        assert_eq!(told(600_000, Some("r1/s01"), None), Some(format!("session r1/s01 {until}")));
        assert_eq!(told(600_000, Some("r0/s01"), None), Some(format!("run r1 {until}")));
        assert_eq!(told(600_000, None, Some("there")), None, "a run of this host has a lease here");
        assert_eq!(told(0, None, Some("here")), None, "its time is over");
        assert_eq!(elsewhere(&Tenancy { tenant: None, left_ms: 0 }, None, None, NOW), None);
    }

    fn busy(admission: Admission) -> String {
        match admission {
            Admission::Busy(why) => why,
            other => panic!("{other:?}"),
        }
    }

    fn taken(admission: Admission) -> (Option<String>, Option<String>, String) {
        match admission {
            Admission::TakesOver(Takeover { evicts, stops, why }) => (evicts, stops, why),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_device_of_nobody_or_of_this_run_is_free() {
        assert_eq!(found(None, 0, None, false), Admission::Free);
        assert_eq!(found(Some(tenant("here", "r2")), 5, None, true), Admission::Free);
        let why = busy(found(None, 0, Some("r1/s01"), false));
        assert_eq!(why, "session r1/s01 runs on this device; edgesoak resume r1 takes it up");
    }

    #[test]
    fn another_host_keeps_its_device_until_its_time_is_over() {
        let there = || Some(tenant("there", "r1"));
        let why = busy(found(there(), 600_000, Some("r1/s01"), false));
        assert_eq!(
            why,
            "run r1 of there measures session r1/s01 on it, until 2026-01-02 03:15 UTC at the latest unless it asks for \
             more time"
        );
        assert!(busy(found(there(), 1, None, false)).starts_with("run r1 of there uses it, until"));
        let (evicts, stops, why) = taken(found(there(), 0, Some("r1/s01"), false));
        assert_eq!((evicts, stops.as_deref()), (None, Some("r1/s01")));
        assert!(why.contains("r1 of there") && why.ends_with("is stopped"), "{why}");
        assert_eq!(taken(found(there(), 0, None, false)).1, None);
        busy(found(there(), 0, Some("r0/s01"), false));
    }

    #[test]
    fn what_a_run_of_this_host_left_is_stopped_only_when_that_run_is_closed_or_its_time_is_over() {
        let here = || Some(tenant("here", "r1"));
        assert!(busy(found(here(), 9, Some("r1/s01"), true)).contains("edgesoak resume r1"));
        let (evicts, stops, why) = taken(found(here(), 9, Some("r1/s01"), false));
        assert_eq!((evicts.as_deref(), stops.as_deref()), (Some("r1"), Some("r1/s01")));
        assert!(why.contains("is closed"), "{why}");
        let (evicts, stops, why) = taken(found(here(), 9, None, true));
        assert_eq!((evicts.as_deref(), stops), (Some("r1"), None));
        assert!(why.contains("its process is gone"), "{why}");
        assert_eq!(taken(found(here(), 0, Some("r1/s01"), true)).1.as_deref(), Some("r1/s01"));
    }
}
