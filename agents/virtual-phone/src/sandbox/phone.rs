//! The phone below the agent: what it is, what its clocks show, and what a start does.

use std::cell::OnceCell;
use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

use edgesoak_agent::{AgentError, AnswerRecords, Device, Fingerprint, Handed, Home, SessionName, System};
use edgesoak_protocol::probe::{Answers, ClockReading, Probe, Started};
use edgesoak_sensors::Root;

use super::bench::Bench;
use super::error::SandboxError;
use super::sheet::Phone;
use super::spoken::{self, Told};
use super::{digests, probe, soak, switches};

/// The folder with the files of its operating system, below the home.
pub(super) const SYSTEM: &str = "system";

/// A simulated phone, whichever the home of a command says it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct SandboxedPhone;

impl Device for SandboxedPhone {
    fn program(&self) -> &'static str {
        "edgesoak-virtual-phone"
    }

    /// Its own few files, whatever the arguments name: nothing of this machine is any of its business.
    fn system(&self, home: Option<&Home>, _asked: Root) -> Result<Root, AgentError> {
        let home = required(home)?;
        let phone = Phone::of(home.path()).map_err(AgentError::Simulating)?;
        Bench::of(home.path(), phone.sheet.seed)
            .and_then(|bench| bench.write_boot_id())
            .map_err(simulating)?;
        Ok(Root::recorded(home.path().join(SYSTEM)))
    }

    fn switches(&self, home: Option<&Home>, _asked: Root) -> Result<Root, AgentError> {
        let home = required(home)?;
        let phone = Phone::of(home.path()).map_err(AgentError::Simulating)?;
        switches::of(home.path(), &phone.profile).map_err(simulating)
    }

    fn probe(&self, home: Option<&Home>, _system: &Root, watch: Duration) -> Result<Probe, AgentError> {
        let home = required(home)?;
        let phone = Phone::of(home.path()).map_err(AgentError::Simulating)?;
        let bench = Bench::of(home.path(), phone.sheet.seed).map_err(simulating)?;
        probe::probe(&phone, &bench, home, watch).map_err(simulating)
    }

    fn clocks(&self, home: Option<&Home>) -> Result<ClockReading, AgentError> {
        let home = required(home)?;
        let phone = Phone::of(home.path()).map_err(AgentError::Simulating)?;
        Ok(Bench::of(home.path(), phone.sheet.seed).map_err(simulating)?.read())
    }

    fn fingerprint(
        &self,
        home: &Home,
        file: &Path,
        go_on: &mut dyn FnMut() -> bool,
    ) -> io::Result<Fingerprint> {
        // A phone that cannot be read hashes as any device does; its other commands say what is wrong with it.
        let phone = Phone::of(home.path()).ok();
        digests::look(phone.as_ref().and_then(|phone| phone.sheet.digests.as_deref()), file, go_on)
    }

    /// Lives through the whole session: it is over when this returns.
    fn start(&self, home: &Home, name: &SessionName, _asked: &System) -> Result<Started, AgentError> {
        let phone = Phone::of(home.path()).map_err(AgentError::Simulating)?;
        let bench = Bench::of(home.path(), phone.sheet.seed).map_err(simulating)?;
        soak::run(&phone, bench, home, name)
    }

    /// Made again from the script, whenever somebody asks.
    fn answers<'a>(&'a self, home: &'a Home, name: &'a SessionName) -> AnswerRecords<'a> {
        let told = OnceCell::new();
        Box::new(move |index| {
            let told = told.get_or_init(|| Told::of(home, name)).as_ref();
            told.and_then(|told| told.record(index)).map_or(Handed::Forgotten, Handed::Record)
        })
    }

    fn take_answers(&self, home: &Home, name: &SessionName, count: u32) -> Option<Answers> {
        spoken::taken(home, name, count)
    }

    fn supervise(&self, _home: &Path, _name: &SessionName, _asked: &System) -> Result<(), AgentError> {
        let problem = "a simulated session is over when it is started; there is nothing to supervise";
        Err(AgentError::ReadingArguments(problem.to_owned()))
    }
}

/// Every command about a simulated device comes with its home.
fn required(home: Option<&Home>) -> Result<&Home, AgentError> {
    home.ok_or_else(|| simulating(SandboxError::FindingHome))
}

/// Made for `map_err`.
pub(super) fn simulating(error: impl Error + Send + Sync + 'static) -> AgentError {
    AgentError::Simulating(Box::new(error))
}
