//! What goes wrong with a served phone.

use edgesoak_protocol::units::Bytes;

use super::error::ServeError;
use super::leaks::Leaks;
use crate::body::surroundings::Surroundings;
use crate::fault::{Faults, Start};
use crate::load::{Accelerator, Candidate};
use crate::profile::Profile;
use crate::spill::Spills;

/// Faults that no file and no program can show: they need clocks, journals or permissions that are this machine's.
const RECORDED_ONLY: [&str; 5] =
    ["clock-jump", "dropped-telemetry", "lying-runtime", "permission-lost", "suspend"];

/// The faults of a phone, from the first prompt of each runtime on.
#[derive(Debug)]
pub(super) struct Plan {
    words: Vec<String>,
    as_read: Leaks,
    pub(super) faults: Faults,
    pub(super) leaks: Leaks,
    pub(super) spills: Spills,
}

impl Plan {
    pub(super) fn read(words: &[String]) -> Result<Self, ServeError> {
        let (leaks, words) = Leaks::read(words)?;
        let (spills, words) = Spills::read(&words)?;
        if let Some(place) = spills.unserved() {
            let problem = format!("the fault prompt-in-{place} can be simulated, and cannot be served");
            return Err(ServeError::ReadingArguments(problem));
        }
        let faults = Faults::read(&words)?;
        if let Some(kind) = faults.kinds().find(|kind| RECORDED_ONLY.contains(&kind.name)) {
            let problem = format!("the fault {} can be recorded, and cannot be served", kind.name);
            return Err(ServeError::ReadingArguments(problem));
        }
        Ok(Self { words, as_read: leaks, faults, leaks, spills })
    }

    /// Lets them change what the device starts from.
    pub(super) fn surround(
        &self,
        profile: &Profile,
        mut surroundings: Surroundings,
    ) -> Result<Surroundings, ServeError> {
        let mut nobody = nobody();
        let start = &mut Start { profile, surroundings: &mut surroundings, candidate: &mut nobody };
        self.faults.prepare(start)?;
        Ok(surroundings)
    }

    /// Begins anew with a runtime, and lets them change what it runs.
    pub(super) fn begin(&mut self, profile: &Profile, candidate: &mut Candidate) -> Result<(), ServeError> {
        self.faults = Faults::read(&self.words)?;
        self.leaks = self.as_read;
        let mut room = Surroundings::ROOM;
        self.faults.prepare(&mut Start { profile, surroundings: &mut room, candidate })?;
        Ok(())
    }
}

/// A candidate for faults that change only what lies around: it runs where every fault finds something to do.
fn nobody() -> Candidate {
    Candidate {
        name: "nobody".to_owned(),
        accelerator: Accelerator::Gpu,
        weights: Bytes(0),
        kv_per_token: Bytes(0),
        resident: Bytes(0),
        flop_per_token: 1e3,
        prompt_tokens: 1,
        output_tokens: 1,
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::units::Celsius;

    use super::*;

    fn plan(words: &[&str]) -> Result<Plan, ServeError> {
        Plan::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn faults_change_what_a_phone_starts_from() {
        let profile = Profile::built_in("tensor-phone").expect("built in");
        let plan = plan(&["hot-start:12K", "prompt-in-log", "cpu-fallback"]).expect("words of faults");
        let around = plan.surround(&profile, Surroundings::ROOM).expect("right");
        assert_eq!(around.start, Celsius(Surroundings::ROOM.start.0 + 12.0));
    }

    #[test]
    fn what_cannot_be_shown_is_refused() {
        for word in RECORDED_ONLY {
            let error = plan(&[word]).expect_err(word).to_string();
            assert!(error.contains("cannot be served"), "{error}");
        }
        assert!(plan(&["thermal-runawy"]).is_err());
    }
}
