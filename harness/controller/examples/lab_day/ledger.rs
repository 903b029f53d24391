//! Who holds which phone, by what the processes of the hosts were told and did: nothing that a phone itself decides.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use edgesoak_protocol::probe::Tenant;

use crate::process::Process;

/// A run that was told that a phone is its own, and has not left it since.
#[derive(Debug)]
struct Hold {
    tenant: Tenant,
    process: Arc<Process>,
    until: Duration,
}

impl Hold {
    fn lasts(&self, now: Duration) -> bool {
        !self.process.is_dead() && now < self.until
    }
}

/// The holds of all phones.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<BTreeMap<String, Vec<Hold>>>);

impl Ledger {
    fn holds(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Hold>>> {
        self.0.lock().expect("unpoisoned")
    }

    /// A run is told that the phone is its own until then; another run that holds it at the same time.
    pub fn take(
        &self,
        phone: &str,
        tenant: &Tenant,
        process: &Arc<Process>,
        (now, until): (Duration, Duration),
    ) -> Option<String> {
        let mut all = self.holds();
        let holds = all.entry(phone.to_owned()).or_default();
        holds.retain(|hold| hold.lasts(now) && hold.tenant != *tenant);
        let other = holds.first().map(|hold| format!("{} of {}", hold.tenant.run, hold.tenant.host));
        holds.push(Hold { tenant: tenant.clone(), process: process.clone(), until });
        other
    }

    /// A run leaves the phone, or hears that it is another one's.
    pub fn let_go(&self, phone: &str, tenant: &Tenant) {
        if let Some(holds) = self.holds().get_mut(phone) {
            holds.retain(|hold| hold.tenant != *tenant);
        }
    }

    /// Whether the run of this process holds the phone.
    pub fn is_held(&self, phone: &str, process: &Arc<Process>, now: Duration) -> bool {
        let all = self.holds();
        let mut holds = all.get(phone).into_iter().flatten();
        holds.any(|hold| Arc::ptr_eq(&hold.process, process) && hold.lasts(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_that_hold_one_phone_are_found() {
        let (ledger, seconds) = (Ledger::default(), Duration::from_secs);
        let tenant = |run: &str| Tenant { host: "host".to_owned(), run: run.to_owned() };
        let process = || Arc::new(Process::new(u64::MAX));
        let (first, second, third) = (process(), process(), process());
        assert_eq!(ledger.take("p", &tenant("r1"), &first, (seconds(0), seconds(20))), None);
        assert_eq!(ledger.take("p", &tenant("r1"), &first, (seconds(5), seconds(30))), None, "its own");
        assert!(ledger.is_held("p", &first, seconds(29)) && !ledger.is_held("p", &first, seconds(30)));
        assert_eq!(
            ledger.take("q", &tenant("r2"), &second, (seconds(6), seconds(30))),
            None,
            "another phone"
        );
        let other = ledger.take("p", &tenant("r2"), &second, (seconds(7), seconds(40)));
        assert_eq!(other.as_deref(), Some("r1 of host"));
        ledger.let_go("p", &tenant("r2"));
        first.kill();
        assert_eq!(
            ledger.take("p", &tenant("r3"), &third, (seconds(8), seconds(9))),
            None,
            "the dead hold nothing"
        );
        assert_eq!(
            ledger.take("p", &tenant("r4"), &second, (seconds(9), seconds(20))),
            None,
            "its time is over"
        );
    }
}
