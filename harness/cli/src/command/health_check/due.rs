//! Which devices are due for a check of their health.

use std::time::Duration;

use edgesoak_controller::Quarantined;
use edgesoak_matrix::HealthCheckEntry;
use edgesoak_record::units::Nanos;
use edgesoak_store::DeviceEnd;

/// Ends that are looked at: of more sessions than a device has in a few runs.
pub const ENDS: u32 = 200;

/// Why a device is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A person asks.
    Asked,
    /// It is in quarantine.
    Quarantined,
    /// So many runs in a row came to nothing on it.
    Failing(usize),
}

/// Whether a device is due, by what this host keeps of it.
pub fn why(
    rule: &HealthCheckEntry,
    quarantined: Option<&Quarantined>,
    ends: &[DeviceEnd],
    now: Nanos,
) -> Option<Why> {
    let is_past = |at: Nanos| is_past(at, rule.every, now);
    let Some(found) = quarantined else {
        let mut checks = ends.iter().filter(|end| end.profile == rule.profile && !is_past(end.opened));
        let was_checked = checks.any(|end| !says_nothing(&end.cause, &end.whose));
        let failed = failed_runs(ends);
        return (failed >= rule.after && !was_checked).then_some(Why::Failing(failed));
    };
    found.check.as_ref().is_none_or(|check| is_past(check.at)).then_some(Why::Quarantined)
}

/// Whether that is long ago; what lies ahead was written before the clock was set back.
fn is_past(at: Nanos, every: Duration, now: Nanos) -> bool {
    at > now || now.since(at).as_duration() >= every
}

/// The last runs in a row in which the device or its lab let no session complete.
fn failed_runs(ends: &[DeviceEnd]) -> usize {
    let mut runs: Vec<(&str, bool)> = Vec::new();
    for end in ends.iter().filter(|end| end.completed || is_telling(&end.cause, &end.whose)) {
        match runs.last_mut() {
            Some((run, completed)) if *run == end.run => *completed |= end.completed,
            _ => runs.push((&end.run, end.completed)),
        }
    }
    runs.iter().take_while(|(_, completed)| !completed).count()
}

/// Whether the end of a check says nothing of the device: another run had it, or it ended for what lies outside the lab.
pub fn says_nothing(cause: &str, whose: &str) -> bool {
    cause == "busy" || ["user", "config", "harness"].contains(&whose)
}

/// Whether an end without completion tells anything about the device: not where it was another run's, or kept out.
fn is_telling(cause: &str, whose: &str) -> bool {
    ["device", "lab"].contains(&whose) && !["busy", "quarantined"].contains(&cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgesoak_controller::HealthCheck;

    const NOW: Nanos = Nanos::from_secs(100_000);

    fn rule() -> HealthCheckEntry {
        HealthCheckEntry { profile: "check".to_owned(), every: Duration::from_hours(1), after: 2 }
    }

    fn end(run: &str, profile: &str, cause: &str, whose: &str, ago_s: u64) -> DeviceEnd {
        DeviceEnd {
            run: run.to_owned(),
            profile: profile.to_owned(),
            opened: Nanos::from_secs(100_000 - ago_s),
            completed: cause.is_empty(),
            cause: cause.to_owned(),
            whose: whose.to_owned(),
        }
    }

    fn failing(ends: &[DeviceEnd]) -> Option<Why> {
        why(&rule(), None, ends, NOW)
    }

    #[test]
    fn a_device_in_quarantine_is_due_when_its_last_check_is_long_ago() {
        let due = |check: Option<u64>| {
            let check = check.map(|at| HealthCheck {
                run: "r2".to_owned(),
                verdict: "pass".to_owned(),
                at: Nanos::from_secs(at),
            });
            let found = Quarantined {
                device: "d1".to_owned(),
                whose: "device".to_owned(),
                why: "its agent cannot be stopped".to_owned(),
                since: Nanos(5),
                run: "r1".to_owned(),
                check,
            };
            why(&rule(), Some(&found), &[], NOW)
        };
        assert_eq!(due(None), Some(Why::Quarantined));
        assert_eq!(due(Some(100_000 - 3600)), Some(Why::Quarantined));
        assert_eq!(due(Some(100_000 - 3599)), None);
        assert_eq!(due(Some(100_001)), Some(Why::Quarantined), "the clock was set back");
    }

    #[test]
    fn another_device_is_due_after_runs_in_a_row_that_came_to_nothing() {
        let lost = |run| end(run, "soak", "link-lost", "device", 9);
        assert_eq!(failing(&[]), None);
        assert_eq!(failing(&[lost("r3"), lost("r3"), lost("r3")]), None, "one run is not two");
        assert_eq!(failing(&[lost("r3"), lost("r2"), end("r1", "soak", "", "", 9)]), Some(Why::Failing(2)));
        assert_eq!(failing(&[lost("r3"), end("r3", "soak", "", "", 9), lost("r2"), lost("r1")]), None);
        assert_eq!(failing(&[end("r3", "soak", "", "", 9), lost("r2"), lost("r1")]), None);
    }

    #[test]
    fn what_tells_nothing_about_the_device_neither_counts_nor_excuses() {
        let lost = |run| end(run, "soak", "device-absent", "lab", 9);
        let busy = end("r2", "soak", "busy", "lab", 9);
        let stopped = end("r4", "soak", "stopped-by-user", "user", 9);
        assert_eq!(failing(&[stopped.clone(), lost("r3"), busy.clone()]), None);
        assert_eq!(failing(&[stopped, lost("r3"), busy, lost("r1")]), Some(Why::Failing(2)));
    }

    #[test]
    fn a_device_that_was_just_checked_waits() {
        let check = |ago_s| end("r3", "check", "device-absent", "lab", ago_s);
        let lost = end("r2", "soak", "device-absent", "lab", 90_000);
        assert_eq!(failing(&[check(3599), lost.clone()]), None);
        assert_eq!(failing(&[check(3600), lost]), Some(Why::Failing(2)));
    }

    #[test]
    fn a_check_that_was_kept_from_its_device_is_none() {
        let lost = |run| end(run, "soak", "device-absent", "lab", 90_000);
        for (cause, whose) in
            [("busy", "lab"), ("stopped-by-user", "user"), ("provisioning-failed", "config")]
        {
            let ends = [end("r3", "check", cause, whose, 9), lost("r2"), lost("r1")];
            assert_eq!(failing(&ends), Some(Why::Failing(2)), "{cause}");
        }
        let ends = [end("r3", "check", "runtime-died", "", 9), lost("r2"), lost("r1")];
        assert_eq!(failing(&ends), None, "what is known to be good has died on it");
    }
}
