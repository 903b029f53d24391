//! What every session of a run shares.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use edgesoak_golden::leak::CanaryKey;
use edgesoak_record::Lab;
use edgesoak_record::plan::{ArtifactSource, PlannedSession, SourceFile};
use tokio::sync::watch;

use crate::canaries::Canaries;
use crate::events::Events;
use crate::exam::Exam;
use crate::golden_sets::GoldenSets;
use crate::notices::Notices;
use crate::request::{ResumeRequest, RunRequest};
use crate::sensitive_terms::TermsByDigest;
use crate::sharing::Sharing;
use crate::world::{Disk, World};

/// Name of a device journal in its session's folder.
pub(crate) const DEVICE_JOURNAL: &str = "device.journal";

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

    /// Where the programs for devices lie.
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
        self.session(session).join(DEVICE_JOURNAL)
    }
}

/// File name of the program that runs a runtime.
pub(crate) fn runner_program(runtime: &str) -> String {
    format!("edgesoak-{runtime}")
}

/// Where a program for devices of an ABI lies: in the folder of that name, or beside the host's own where those run
/// there too.
pub(crate) fn program_for(disk: &dyn Disk, dir: &Path, name: &str, abi: Option<&str>) -> PathBuf {
    let own = dir.join(name);
    let Some(abi) = abi else { return own };
    let built = dir.join(abi).join(name);
    let is_there = disk.length(&built).is_ok_and(|length| length.is_some());
    if abi == HOST_ABI && !is_there { own } else { built }
}

/// What a person can do where such a program is missing.
pub(crate) fn how_to_build(abi: Option<&str>) -> String {
    match abi {
        Some(abi) if abi != HOST_ABI => format!("scripts/build_agents --abi {abi} builds it"),
        _ => "scripts/quickstart builds it".to_owned(),
    }
}

/// The host's own ABI, as Android would name it.
const HOST_ABI: &str = if cfg!(target_arch = "x86_64") {
    "x86_64"
} else if cfg!(target_arch = "aarch64") {
    "arm64-v8a"
} else {
    ""
};

/// What every session of a run shares.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) run: Arc<str>,
    pub(crate) places: Arc<Places>,
    pub(crate) world: World,
    /// What the lab's file says.
    pub(crate) lab: Arc<Lab>,
    /// Golden sets that its sessions answer.
    pub(crate) sets: Arc<GoldenSets>,
    /// What makes queries of its routes sensitive.
    pub(crate) terms: Arc<TermsByDigest>,
    /// How answers are kept.
    pub(crate) answers: Answers,
    /// What people were told.
    pub(crate) notices: Arc<Notices>,
    /// How the run shares the lab.
    pub(crate) sharing: Arc<Sharing>,
    pub(crate) events: Events,
    /// Turns to `true` when a person or a signal ends the run.
    pub(crate) cancel: watch::Receiver<bool>,
}

/// How answers are kept.
#[derive(Clone)]
pub(crate) struct Answers {
    /// What their digests are made with.
    pub(crate) salt: String,
    /// Texts are kept, but those of sensitive items.
    pub(crate) stores_texts: bool,
    /// What secrets are made with, where a session is given any.
    pub(crate) canary_key: Option<Arc<CanaryKey>>,
}

impl Context {
    /// What a session asks, of which the answers at the places `answered` are known already.
    pub(crate) fn exam(&self, planned: &PlannedSession, answered: BTreeSet<u32>) -> Option<Exam> {
        let set = planned.golden.as_ref().and_then(|golden| self.sets.get(&golden.set)).cloned();
        let Answers { salt, stores_texts, canary_key } = &self.answers;
        let key = canary_key.as_deref().filter(|_| planned.canaries);
        // Every canary is fit to be searched for.
        let template = &planned.workload.template;
        let canaries = key.and_then(|key| Canaries::of(key, &self.run, &planned.session, template).ok());
        let routing = planned.route.routing.as_ref();
        let terms = routing.and_then(|routing| self.terms.get(&routing.sensitive_terms.sha256)).cloned();
        let exam = Exam::of(set, canaries, planned, &self.run, (salt, *stores_texts, answered))?;
        Some(exam.classifying(terms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::SystemDisk;

    #[test]
    fn each_device_gets_the_program_that_runs_on_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let (dir, disk) = (dir.path(), SystemDisk::default());
        let found = |abi| program_for(&disk, dir, "agent", abi);
        assert_eq!(found(None), dir.join("agent"));
        assert_eq!(found(Some(HOST_ABI)), dir.join("agent"), "the host's own runs there too");
        assert_eq!(found(Some("armeabi-v7a")), dir.join("armeabi-v7a/agent"), "and nowhere else");
        std::fs::create_dir(dir.join(HOST_ABI)).expect("room");
        std::fs::write(dir.join(HOST_ABI).join("agent"), "").expect("room");
        assert_eq!(found(Some(HOST_ABI)), dir.join(HOST_ABI).join("agent"));
        assert!(how_to_build(Some("armeabi-v7a")).contains("--abi armeabi-v7a"));
        assert!(how_to_build(Some(HOST_ABI)).contains("quickstart"));
    }
}
