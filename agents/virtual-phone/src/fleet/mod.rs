//! The model table: which device runs what, what goes wrong with it, and which gates must turn red for it.
//!
//! The table is `fleet.toml`. Everything that judges journals is held against it: the truth of each row comes from the
//! model itself, the expected gates stand in the table.

mod job;
mod table;

use std::io::Write;

use edgesoak_protocol::job::Job;
use edgesoak_protocol::units::{Celsius, Millis, Nanos};

pub use table::{Fleet, Red, Row};

use crate::body::surroundings::Surroundings;
use crate::error::PhoneError;
use crate::load::Candidate;
use crate::model::DescribedModel;
use crate::profile::{Os, Profile};
use crate::record::{Boot, Item, Phone, Recorded, Settings, Verified, Work, record};

/// Length of every soak of the table.
pub const SOAK: Millis = Millis(600_000);
/// Tokens of a prompt.
const PROMPT_TOKENS: u32 = 160;
/// Tokens of an answer.
pub const OUTPUT_TOKENS: u32 = 96;
/// When every device of the table opens its journal, on its monotonic clock.
const OPENED: Nanos = Nanos::from_secs(90_000);
/// How long it had slept before.
const SLEPT: Nanos = Nanos::from_secs(1_234);

impl Row {
    /// The job of this row, for a run and under a session's name.
    #[must_use]
    pub fn job(&self, run: &str, session: &str) -> Job {
        job::job(self, run, session)
    }

    /// What runs on the device.
    pub fn candidate(&self) -> Result<Candidate, PhoneError> {
        let model = DescribedModel::parse(self.candidate.model.file(), self.candidate.model.text())?;
        let job = self.job("", "");
        Ok(Candidate { prompt_tokens: PROMPT_TOKENS, ..model.candidate(&job)? })
    }

    /// Whether the device has no battery.
    #[must_use]
    pub fn is_mains(&self) -> bool {
        Profile::built_in(&self.profile).is_ok_and(|profile| profile.battery.is_none())
    }

    /// Whether the device shows any temperature.
    #[must_use]
    pub fn tells_heat(&self) -> bool {
        Profile::built_in(&self.profile).is_ok_and(|profile| profile.face.os != Os::IosLike)
    }

    /// Clocks of the device when its journal is opened.
    #[must_use]
    pub fn boot(&self) -> Boot {
        Boot {
            id: "3f2a9c0e".to_owned(),
            mono: OPENED,
            boottime: Nanos(OPENED.0 + SLEPT.0),
            wall: Nanos::from_secs(1_800_000_000),
        }
    }

    /// Records it into `out`, as this unit of its kind.
    pub fn record(&self, job: &Job, seed: u64, out: &mut dyn Write) -> Result<Recorded, PhoneError> {
        let (ambient, start) = (Celsius(self.room_c), Celsius(self.room_c));
        let surroundings = Surroundings { ambient, start, ..Surroundings::ROOM };
        self.record_on((&Profile::built_in(&self.profile)?, surroundings), job, seed, out)
    }

    /// The same on a device of another make, as it lies somewhere.
    pub fn record_on(
        &self,
        (profile, surroundings): (&Profile, Surroundings),
        job: &Job,
        seed: u64,
        out: &mut dyn Write,
    ) -> Result<Recorded, PhoneError> {
        let faults: Vec<String> = self.fault.iter().cloned().collect();
        let phone = Phone { profile, seed, surroundings, faults: &faults, boot: self.boot() };
        let cycle: Vec<Item> = ["q1", "q2", "q3", "q4"]
            .map(|id| Item { id: id.to_owned(), sha256: job::digest('c'), bytes: PROMPT_TOKENS * 4 })
            .to_vec();
        let verified =
            [("artifact", &job.artifact), ("prompts", &job.workload.prompts)].map(|(what, file)| Verified {
                what: what.to_owned(),
                sha256: file.sha256.clone(),
                bytes: 1 << 20,
            });
        let work = Work {
            job,
            candidate: self.candidate()?,
            cycle: &cycle,
            questions: &[],
            verified: &verified,
            settings: Settings::default(),
        };
        record(&phone, &work, out)
    }
}
