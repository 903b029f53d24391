//! What is asked of the controller, and what it answers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use edgesoak_record::host_entry::History;
use edgesoak_record::plan::AddressPart;
use edgesoak_record::session::SessionClose;
use edgesoak_record::{Lab, Plan};

use crate::terms::Terms;

/// A new run.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// What runs.
    pub plan: Plan,
    /// What stands beside the devices; never stored with the run.
    pub lab: Lab,
    /// History to be stored with the run.
    pub history: History,
    /// Output directory: the run goes to `<out>/runs/<run>`.
    pub out: PathBuf,
    /// Directory of the matrix: paths of inputs and artifacts are relative to it.
    pub base: PathBuf,
    /// EdgeSoak's cache of artifacts.
    pub cache: PathBuf,
    /// Where the programs for devices are: `edgesoak-agent` and `edgesoak-<runtime>`.
    pub agents_dir: PathBuf,
    /// EdgeSoak's state directory, outside of any checkout.
    pub state_dir: PathBuf,
    /// How it shares the lab, and what it keeps.
    pub terms: Terms,
    /// Version of EdgeSoak.
    pub version: String,
}

/// A run that is taken up again after the host died, or after a link or a disk came back. Its plan and its inputs
/// lie in its directory.
#[derive(Debug, Clone)]
pub struct ResumeRequest {
    /// The run's directory.
    pub run_dir: PathBuf,
    /// As in [`RunRequest::lab`].
    pub lab: Lab,
    /// As in [`RunRequest::base`].
    pub base: PathBuf,
    /// As in [`RunRequest::cache`].
    pub cache: PathBuf,
    /// As in [`RunRequest::agents_dir`].
    pub agents_dir: PathBuf,
    /// As in [`RunRequest::state_dir`].
    pub state_dir: PathBuf,
    /// As in [`RunRequest::terms`].
    pub terms: Terms,
    /// Where devices are found by now, by their ids; those that are not named here, where the plan has them.
    pub addresses: BTreeMap<String, Vec<AddressPart>>,
}

/// A device to be asked about itself.
#[derive(Debug, Clone)]
pub struct ProbeRequest {
    /// Device id of the matrix.
    pub device: String,
    /// Its driver.
    pub driver: String,
    /// The matrix' address of it, key by key.
    pub address: Vec<(String, String)>,
    /// As in [`RunRequest::agents_dir`].
    pub agents_dir: PathBuf,
    /// As in [`RunRequest::state_dir`].
    pub state_dir: PathBuf,
    /// How long the agent watches the channels to learn their quality, seconds.
    pub watch_s: u64,
}

/// A run that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// Run id.
    pub run: String,
    /// Its directory.
    pub dir: PathBuf,
    /// Every session in plan order, and how it was closed.
    pub closes: Vec<(String, SessionClose)>,
    /// Why it was ended early, if it was.
    pub interrupted: Option<String>,
    /// One sentence per sink that failed.
    pub sink_failures: Vec<String>,
}
