//! How a run shares the lab: how long it waits for devices, how many it takes at once, and when it gives up. And what it
//! keeps of answers.

use std::num::NonZeroUsize;
use std::time::Duration;

/// Large files that go through one USB hub at once, unless the run says otherwise.
pub const PUSHES_PER_HUB: NonZeroUsize = NonZeroUsize::new(2).unwrap();

/// How a run shares the lab, and what it keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// How long, from the beginning of the run, it waits for devices that another run uses.
    pub wait: Duration,
    /// Sessions that go at once; `None` for as many as there are devices.
    pub max_parallel: Option<NonZeroUsize>,
    /// No further session begins once one did not complete.
    pub fail_fast: bool,
    /// Large files that go through one USB hub at once.
    pub pushes_per_hub: NonZeroUsize,
    /// Devices in quarantine are used: for a check of their health.
    pub quarantined_too: bool,
    /// Texts of answers are kept, but never those of sensitive items.
    pub stores_texts: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            wait: Duration::ZERO,
            max_parallel: None,
            fail_fast: false,
            pushes_per_hub: PUSHES_PER_HUB,
            quarantined_too: false,
            stores_texts: false,
        }
    }
}
