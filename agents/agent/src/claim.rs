//! A session that may begin: its job is checked, the device is held for it, and it never ran before.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use edgesoak_prompts::{Prompter, Template};
use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::Frame;
use edgesoak_sensors::Root;

use crate::alarm::End;
use crate::digest::Fingerprint;
use crate::error::AgentError;
use crate::inputs::Inputs;
use crate::job_file;
use crate::layout::{Home, SessionDir, SessionName};
use crate::lease::{Lease, tenant};
use crate::settings::{Changes, Held, Kept};
use crate::status;

/// What a session is to do, and with which files; it may have run before.
#[derive(Debug)]
pub struct Plan {
    pub(crate) job: Job,
    pub(crate) inputs: Inputs,
    pub(crate) dir: SessionDir,
}

impl Plan {
    /// Reads and checks the job.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(home: &Home, name: &SessionName) -> Result<Self, AgentError> {
        let dir = home.session(name);
        let (job, inputs) = job_file::read(home, &dir, name)?;
        Ok(Self { job, inputs, dir })
    }

    /// What is to be done.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// Where the artifact lies.
    #[must_use]
    pub fn artifact(&self) -> &Path {
        &self.inputs.artifact
    }

    /// Where the journal belongs.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.dir.journal()
    }

    /// Compares every file of the job with its planned digest; one [`Frame::Verified`] each, handed over as it comes.
    ///
    /// # Errors
    /// The end of the session, if a file cannot be read or is another one.
    pub fn verify(
        &self,
        look: &mut dyn FnMut(&Path) -> io::Result<Fingerprint>,
        keep: &mut dyn FnMut(Frame),
    ) -> Result<(), End> {
        self.inputs.verify(&self.job, look, keep)
    }

    /// Opens the prompt cycle; `of_artifact` is the template of the artifact, for a job that names no file.
    ///
    /// # Errors
    /// The end of the session, if prompts, corpus or template cannot be used.
    pub fn prompter(&self, of_artifact: Template<'_>) -> Result<Prompter, End> {
        self.inputs.prompter(&self.job, of_artifact)
    }

    /// Opens the items that are asked, with template and corpus of the prompt cycle; none where the job asks nothing.
    ///
    /// # Errors
    /// The end of the session, if the items cannot be used, or fewer are there than are to be asked hot.
    pub fn items(&self, cycle: &Prompter) -> Result<Option<Prompter>, End> {
        self.inputs.items(&self.job, cycle)
    }
}

/// The device is held until this is dropped.
#[derive(Debug)]
pub struct Claim {
    pub(crate) plan: Plan,
    pub(crate) changes: Changes,
    pub(crate) lease: Lease,
}

impl Claim {
    /// Checks the job, takes the lease and makes sure that there is no journal.
    ///
    /// # Errors
    /// What is wrong with the job; [`AgentError::TakingLease`] while another session runs, or the device is another run's;
    /// [`AgentError::SessionUsed`] for a session that ran before.
    pub fn take(home: &Home, name: &SessionName) -> Result<Self, AgentError> {
        let plan = Plan::read(home, name)?;
        tenant::check(&home.tenant(), &name.run, &tenant::Uptime::now())?;
        status::outwait_finished(home);
        let lease = Lease::take(&home.lease(), name)?;
        let changes = Changes::open(home.changes())?;
        if status::last_frame(home, name)?.is_some() {
            return Err(AgentError::SessionUsed);
        }
        clear_stillborn(&plan.dir)?;
        Ok(Self { plan, changes, lease })
    }

    /// What is to be done.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The settings of the job, held on this system as on any device; `kept` gets the frames that tell of them.
    #[must_use]
    pub fn hold<'a>(&self, system: &'a Root, kept: &'a Kept) -> Held<'a> {
        Held::new(system, kept, self.changes.clone(), &self.plan.job)
    }
}

/// A journal that was cut short inside its header belongs to a start that never came about: nobody was told of it.
fn clear_stillborn(dir: &SessionDir) -> Result<(), AgentError> {
    match fs::remove_file(dir.journal()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(AgentError::io("removing", dir.journal())(error))
        }
        _ => Ok(()),
    }
}
