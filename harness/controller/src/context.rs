//! What every session of a run shares.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use edgesoak_record::Lab;
use edgesoak_record::plan::{ArtifactSource, SourceFile};
use tokio::sync::watch;

use crate::events::Events;
use crate::request::{ResumeRequest, RunRequest};
use crate::world::World;

/// Where things are.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The run's directory.
    pub(crate) dir: PathBuf,
    base: PathBuf,
    cache: PathBuf,
    agents_dir: PathBuf,
    pub(crate) state_dir: PathBuf,
}

impl Places {
    pub(crate) fn of_run(request: &RunRequest, dir: PathBuf) -> Self {
        Self {
            dir,
            base: request.base.clone(),
            cache: request.cache.clone(),
            agents_dir: request.agents_dir.clone(),
            state_dir: request.state_dir.clone(),
        }
    }

    pub(crate) fn of_resume(request: &ResumeRequest) -> Self {
        Self {
            dir: request.run_dir.clone(),
            base: request.base.clone(),
            cache: request.cache.clone(),
            agents_dir: request.agents_dir.clone(),
            state_dir: request.state_dir.clone(),
        }
    }

    /// A file named in the matrix.
    pub(crate) fn source(&self, file: &SourceFile) -> PathBuf {
        self.base.join(&file.path)
    }

    pub(crate) fn artifact(&self, artifact: &ArtifactSource) -> PathBuf {
        match artifact {
            ArtifactSource::Cache(name) => self.cache.join(name),
            ArtifactSource::Path(path) => self.base.join(path),
        }
    }

    /// A program that goes to devices.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.agents_dir.join(name)
    }

    pub(crate) fn agents_dir(&self) -> &Path {
        &self.agents_dir
    }

    /// The run's own copy of an input.
    pub(crate) fn input(&self, sha256: &str) -> PathBuf {
        self.dir.join("inputs").join(sha256)
    }

    /// What is kept of a session.
    pub(crate) fn session(&self, session: &str) -> PathBuf {
        self.dir.join(session)
    }

    /// The copy of a session's journal.
    pub(crate) fn journal(&self, session: &str) -> PathBuf {
        self.session(session).join("device.journal")
    }
}

/// File name of the program that runs a runtime.
pub(crate) fn runner_program(runtime: &str) -> String {
    format!("edgesoak-{runtime}")
}

/// What every session of a run shares.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) run: Arc<str>,
    pub(crate) places: Arc<Places>,
    pub(crate) world: World,
    /// What the lab's file says.
    pub(crate) lab: Arc<Lab>,
    pub(crate) events: Events,
    /// Turns to `true` when a person or a signal ends the run.
    pub(crate) cancel: watch::Receiver<bool>,
}
