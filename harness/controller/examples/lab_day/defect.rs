//! Defects that are planted, to see that they are found.

use std::time::Duration;

use edgesoak_controller::Position;
use edgesoak_drivers::{Argv, DeviceAddress, RemotePath};

use crate::host::Host;

/// A defect of a host, a phone, what stands beside it, or somebody who does not care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// The locks of hosts keep nobody out.
    OpenLocks,
    /// Phones say to whoever asks that they are nobody's, and then that they are his.
    TwoTenants,
    /// Hubs say that they switched a charger on, and do not.
    ChargersForgotten,
    /// Agents say that they gave settings back, and do not.
    SettingsKept,
    /// Hosts lose a byte of each piece of a journal.
    BytesLost,
    /// A program of the guest's host uses phones without asking whose they are.
    Stranger,
}

impl Defect {
    /// All of them, with the words that the command line knows.
    pub const ALL: [(&str, Self); 6] = [
        ("open-locks", Self::OpenLocks),
        ("two-tenants", Self::TwoTenants),
        ("chargers-forgotten", Self::ChargersForgotten),
        ("settings-kept", Self::SettingsKept),
        ("bytes-lost", Self::BytesLost),
        ("stranger", Self::Stranger),
    ];

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == word).map(|(_, defect)| *defect)
    }
}

/// What the stranger does to every phone, once while those without a charger soak, and once while the others do.
pub async fn trespass(host: &Host) {
    for at in [100, 200] {
        host.dawn.until(Duration::from_secs(at)).await;
        // No run has this number.
        let (_, world) = host.start(usize::MAX, u64::MAX);
        for id in host.phones.keys() {
            if let Some(hook) = host.lab.hooks.get(&format!("port-{id}")) {
                let _ = world.instruments.switch(hook, Position::Off).await;
            }
            let state_dir = "state".into();
            let address = DeviceAddress { device: id.clone(), state_dir, parts: Vec::new() };
            let driver = world.reach.open("made-up", &address).expect("every phone has a driver");
            let path = |path: &str| RemotePath::new(path).expect("a path");
            let (soon, agent) = (Duration::from_secs(5), Argv::of(&path("bin/edgesoak-agent")));
            let job = path("sessions/stranger/s01/job.json");
            // Whether it succeeds is all the same: it is the attempt that counts.
            let _ = driver.push("base/model.gguf".as_ref(), &job, 0o600, soon).await;
            let _ = driver.exec(&agent.arg("start").arg("--session").arg("stranger/s01"), soon).await;
            let _ = driver.remove(&path("sessions"), soon).await;
        }
    }
}
