//! The tenant: the one host, and its run, that prepares this device, measures on it and clears it.
//!
//! A host may be gone without a word, so a tenancy runs out. It is counted on the clock that goes on while the device
//! sleeps; after a restart it is counted anew, because nobody knows how long the device was off.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use edgesoak_protocol::probe::{Tenancy, Tenant};
use edgesoak_sensors::{Root, clocks, identity};
use serde::{Deserialize, Serialize};

use crate::error::AgentError;

const MAX_BYTES: usize = 1024;
const MAX_NAME_BYTES: usize = 100;
/// Nobody plans further ahead, and a mistyped figure must not close a device for ever.
const LONGEST: Duration = Duration::from_hours(24);

/// What a host asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) tenant: Tenant,
    /// How long it stays; it leaves at once where this is nothing.
    pub(crate) stays: Duration,
    /// Run whose tenancy ends for it.
    pub(crate) evicts: Option<String>,
}

impl Wish {
    /// Checks names and time.
    pub(crate) fn new(
        host: String,
        run: String,
        stays: Duration,
        evicts: Option<String>,
    ) -> Result<Self, AgentError> {
        let is_plain = |name: &String| {
            !name.is_empty()
                && name.len() <= MAX_NAME_BYTES
                && name.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if !is_plain(&host) || !is_plain(&run) {
            return Err(AgentError::Naming { what: "the tenant", problem: "it is not one short plain word" });
        }
        if stays > LONGEST {
            return Err(AgentError::ReadingArguments("--for-ms takes 24 hours at most".to_owned()));
        }
        Ok(Self { tenant: Tenant { host, run }, stays, evicts })
    }
}

/// Time since the device was started, and which start that was.
#[derive(Debug, Clone)]
pub(crate) struct Uptime {
    since_boot: Duration,
    boot_id: String,
}

impl Uptime {
    pub(crate) fn now() -> Self {
        let since_boot = Duration::from_nanos(clocks::boottime_ns());
        Self { since_boot, boot_id: identity::boot_id(&Root::live()) }
    }
}

/// What stands in the file.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    tenant: Tenant,
    boot_id: String,
    from_ns: u64,
    for_ns: u64,
}

impl Entry {
    fn left(&self, now: &Uptime) -> Duration {
        let from = if self.boot_id == now.boot_id { self.from_ns } else { 0 };
        let until = Duration::from_nanos(from.saturating_add(self.for_ns));
        until.saturating_sub(now.since_boot).min(LONGEST)
    }
}

/// Whose the device is.
pub(crate) fn look(path: &Path, now: &Uptime) -> Tenancy {
    let entry = File::open(path).ok().and_then(|file| read(&file));
    entry.map_or(Tenancy { tenant: None, left_ms: 0 }, |entry| tenancy(&entry, now))
}

/// Grants a wish where the device is free, already the asker's, or of the run that is to be evicted; whose the device
/// is then.
pub(crate) fn grant(path: &Path, wish: Wish, now: &Uptime) -> Result<Tenancy, AgentError> {
    let io = |doing| AgentError::io(doing, path);
    let file = super::open_shared(path)?;
    // Held for one read and one write by whoever has it.
    file.lock().map_err(io("locking"))?;
    let before = read(&file);
    let is_another = |before: &&Entry| before.tenant != wish.tenant && !before.left(now).is_zero();
    if let Some(before) = before.as_ref().filter(is_another)
        && wish.evicts.as_ref() != Some(&before.tenant.run)
    {
        return Ok(tenancy(before, now));
    }
    if wish.stays.is_zero() {
        file.set_len(0).map_err(io("writing"))?;
        return Ok(Tenancy { tenant: None, left_ms: 0 });
    }
    // Whoever renews what it has does not give up what it was granted for longer.
    let left = before.filter(|before| before.tenant == wish.tenant).map(|before| before.left(now));
    let stays = wish.stays.max(left.unwrap_or_default());
    let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let entry = Entry {
        tenant: wish.tenant,
        boot_id: now.boot_id.clone(),
        from_ns: nanoseconds(now.since_boot),
        for_ns: nanoseconds(stays),
    };
    let mut text = serde_json::to_vec(&entry).map_err(|error| io("encoding")(error.into()))?;
    // One write of fixed length: a reader never sees half of it.
    text.resize(MAX_BYTES, b' ');
    file.write_all_at(&text, 0).and_then(|()| file.sync_all()).map_err(io("writing"))?;
    Ok(tenancy(&entry, now))
}

/// Refuses to begin something for `run` while the device is another one's.
pub(crate) fn check(path: &Path, run: &str, now: &Uptime) -> Result<(), AgentError> {
    match look(path, now) {
        Tenancy { tenant: Some(Tenant { host, run: other }), left_ms: 1.. } if other != run => {
            Err(AgentError::TakingLease { holder: format!("run {other} of {host}") })
        }
        _ => Ok(()),
    }
}

fn tenancy(entry: &Entry, now: &Uptime) -> Tenancy {
    let left_ms = u64::try_from(entry.left(now).as_millis()).unwrap_or(u64::MAX);
    Tenancy { tenant: Some(entry.tenant.clone()), left_ms }
}

fn read(file: &File) -> Option<Entry> {
    let mut text = Vec::with_capacity(MAX_BYTES);
    file.take(MAX_BYTES as u64).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn at(hours: u32, boot: &str) -> Uptime {
        Uptime { since_boot: HOUR * hours, boot_id: boot.to_owned() }
    }

    fn wish(host: &str, run: &str, stays: Duration) -> Wish {
        Wish::new(host.to_owned(), run.to_owned(), stays, None).expect("plain")
    }

    fn named(tenancy: &Tenancy) -> Option<(&str, u64)> {
        tenancy.tenant.as_ref().map(|tenant| (tenant.run.as_str(), tenancy.left_ms))
    }

    #[test]
    fn a_device_has_one_tenant_until_its_time_is_over() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("tenant");
        assert_eq!(named(&look(&path, &at(5, "b"))), None);
        let mine = grant(&path, wish("h1", "r1", HOUR * 2), &at(5, "b")).expect("room");
        assert_eq!(named(&mine), Some(("r1", 7_200_000)));
        let renewed = grant(&path, wish("h1", "r1", HOUR / 2), &at(6, "b")).expect("room");
        assert_eq!(named(&renewed), Some(("r1", 3_600_000)), "nothing is lost by asking");
        let theirs = grant(&path, wish("h2", "r2", HOUR), &at(6, "b")).expect("readable");
        assert_eq!(named(&theirs), Some(("r1", 3_600_000)), "it is not theirs");
        check(&path, "r1", &at(6, "b")).expect("its own sessions may begin");
        assert_eq!(check(&path, "r2", &at(6, "b")).expect_err("not theirs").exit_code(), 75);
        check(&path, "r2", &at(8, "b")).expect("its time is over");
        assert_eq!(named(&look(&path, &at(8, "b"))), Some(("r1", 0)), "it is still told whose it was");
        let theirs = grant(&path, wish("h2", "r2", HOUR), &at(8, "b")).expect("room");
        assert_eq!(named(&theirs), Some(("r2", 3_600_000)));
    }

    #[test]
    fn a_restart_of_the_device_ends_no_tenancy() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("tenant");
        grant(&path, wish("h1", "r1", HOUR * 2), &at(50, "b")).expect("room");
        assert_eq!(named(&look(&path, &at(1, "c"))), Some(("r1", 3_600_000)));
        assert_eq!(named(&look(&path, &at(2, "c"))), Some(("r1", 0)));
    }

    #[test]
    fn a_tenant_leaves_or_is_evicted_by_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("tenant");
        let now = at(1, "b");
        grant(&path, wish("h1", "r1", HOUR), &now).expect("room");
        grant(&path, wish("h1", "r2", Duration::ZERO), &now).expect("readable");
        assert_eq!(named(&look(&path, &now)).map(|(run, _)| run), Some("r1"), "nobody leaves for another");
        let evicting = |evicts: &str| Wish { evicts: Some(evicts.to_owned()), ..wish("h1", "r2", HOUR) };
        let refused = grant(&path, evicting("r0"), &now).expect("readable");
        assert_eq!(named(&refused).map(|(run, _)| run), Some("r1"), "another one has come meanwhile");
        let taken = grant(&path, evicting("r1"), &now).expect("room");
        assert_eq!(named(&taken).map(|(run, _)| run), Some("r2"));
        let left = grant(&path, wish("h1", "r2", Duration::ZERO), &now).expect("room");
        assert_eq!(named(&left), None);
        assert_eq!(named(&look(&path, &now)), None);
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_what_is_damaged_is_nobodys() {
        let word = |text: &str| text.to_owned();
        for (host, run, hours) in [("", "r", 1), ("h", "", 1), ("a b", "r", 1), ("h", "r", 25)] {
            let error = Wish::new(word(host), word(run), HOUR * hours, None).expect_err("nonsense");
            assert_eq!(error.exit_code(), 2, "{error}");
        }
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("tenant");
        std::fs::write(&path, "{\"tenant\"").expect("room");
        assert_eq!(named(&look(&path, &at(1, "b"))), None);
    }
}
