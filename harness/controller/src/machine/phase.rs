//! Phases of a session, in order.

use serde::{Deserialize, Serialize};

/// Where a session is. The order of the variants is the order in which they are passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Waits for its turn.
    Queued,
    /// The device is looked for.
    Connecting,
    /// Programs, model and inputs are put on the device.
    Provisioning,
    /// The device is looked at.
    Preflight,
    /// Its battery is filled up to where sessions may start.
    Charging,
    /// Its battery empties down to where sessions may start.
    Discharging,
    /// The device comes to its start conditions; after a charge it cools down here.
    Settling,
    /// The agent was told to start; the runtime loads and warms.
    Warming,
    /// Scored decode.
    Soaking,
    /// Items are answered right behind the soak, while the device is hot.
    AnsweringHot,
    /// Rest and burst after the soak.
    Recovering,
    /// Items are answered behind everything else.
    Answering,
    /// The rest of the journal is copied and the copy is checked.
    Collecting,
    /// Changes made to the device are undone.
    Restoring,
    /// What is left behind?
    Sweeping,
    /// The end, with the device as it was found.
    Done,
    /// The end, with a device that nobody should use before a person has looked at it.
    Quarantined,
}

impl Phase {
    /// The word used in the host's journal and on the terminal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Phase::Queued => "queued",
            Phase::Connecting => "connecting",
            Phase::Provisioning => "provisioning",
            Phase::Preflight => "preflight",
            Phase::Charging => "charging",
            Phase::Discharging => "discharging",
            Phase::Settling => "settling",
            Phase::Warming => "warming",
            Phase::Soaking => "soaking",
            Phase::Recovering => "recovering",
            Phase::AnsweringHot | Phase::Answering => "answering",
            Phase::Collecting => "collecting",
            Phase::Restoring => "restoring",
            Phase::Sweeping => "sweeping",
            Phase::Done => "done",
            Phase::Quarantined => "quarantined",
        }
    }

    /// Nothing comes after it.
    #[must_use]
    pub fn is_end(self) -> bool {
        matches!(self, Phase::Done | Phase::Quarantined)
    }

    /// The agent was told to start, and its journal is not yet collected.
    #[must_use]
    pub fn agent_may_run(self) -> bool {
        (Phase::Warming..=Phase::Answering).contains(&self)
    }
}
