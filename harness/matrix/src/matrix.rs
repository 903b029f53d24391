//! A matrix whose language is right.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use edgesoak_record::Plan;
use edgesoak_record::plan::{AddressPart, StopAt};

use crate::check::Names;
use crate::effective::{fill, lay, nowhere};
use crate::gather::Gathered;
use crate::language;
use crate::node::Table;
use crate::plan;
use crate::problem::Problem;
use crate::references;
use crate::report::{MatrixErrors, Report};
use crate::rules;
use crate::source::Sources;
use crate::support;

/// A device matrix, read with everything it includes; its language is right, its files are not looked at yet.
#[derive(Debug)]
pub struct Matrix {
    pub(crate) path: PathBuf,
    pub(crate) sources: Sources,
    pub(crate) names: Names,
    pub(crate) root: Table,
    devices: Vec<DeviceEntry>,
    profiles: Vec<ProfileEntry>,
    families: Vec<FamilyEntry>,
}

/// A device of the matrix, for lists.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceEntry {
    /// Id in the matrix.
    pub id: String,
    /// Family id.
    pub family: String,
    /// `local`, `adb`, `virtual` or `ssh`.
    pub driver: String,
    /// Where the driver finds it.
    pub address: Vec<AddressPart>,
    /// Simulated.
    pub is_virtual: bool,
    /// Where it stands, for people.
    pub slot: Option<String>,
    /// Limits at which its agent ends a session.
    pub stop_at: StopAt,
    /// Why this version cannot use it; `None` when it can.
    pub unusable: Option<String>,
}

/// A family of the matrix, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyEntry {
    /// Id in the matrix.
    pub id: String,
    /// Title for people.
    pub title: String,
}

/// A profile of the matrix, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileEntry {
    /// Id in the matrix.
    pub id: String,
    /// Policy tier, its own or inherited.
    pub tier: String,
}

/// How the health of devices is looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCheckEntry {
    /// Profile that is run.
    pub profile: String,
    /// How long after its last check a device in quarantine is due.
    pub every: Duration,
    /// Runs in a row without a complete session after which any other device is due.
    pub after: usize,
}

/// What a plan is wanted for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'a> {
    /// Profile; `None` takes `quick`, or the only one.
    pub profile: Option<&'a str>,
    /// Patterns of device ids with `*` and `?`; empty takes the profile's own.
    pub devices: &'a [String],
    /// The lab's file, if there is one.
    pub lab: Option<&'a Path>,
    /// How many units there are of every simulated device; one where nothing is said.
    pub replicas: Option<NonZeroU32>,
    /// How often each session is repeated, instead of as often as the profile says.
    pub runs: Option<NonZeroU32>,
    /// Two candidates that are held against each other: only they run, where both fit, and at least as often as the
    /// policy's first look needs.
    pub pair: Option<Pair<'a>>,
    /// Most time that it may take, instead of what its tier says; what does not fit is left out and named.
    pub budget: Option<Duration>,
    /// Where cached artifacts lie, to predict what each session takes of its device's memory; without it nothing is.
    pub cache: Option<&'a Path>,
}

/// A candidate and the one that it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The candidate's id.
    pub candidate: &'a str,
    /// Id of the candidate that it must not fall behind.
    pub baseline: &'a str,
}

/// Reads a matrix and everything it includes.
///
/// # Errors
/// Every problem of every file: unreadable or hostile files, TOML that does not parse, and everything that the
/// language forbids.
pub fn load(path: &Path) -> Result<Matrix, MatrixErrors> {
    let Gathered { sources, names, mut reports, root } = Gathered::matrix(path);
    // A file of a newer language would be full of unknown keys: only its age is told.
    let newer =
        |report: &Report| matches!(&report.problem, Problem::OutOfRange { key, .. } if key == "schema");
    if let Some(schema) = reports.iter().position(newer) {
        let report =
            reports.swap_remove(schema).help("this version reads schema 1 only; nothing else was checked");
        return Err(MatrixErrors::new(path.to_string_lossy().into_owned(), vec![report], &sources));
    }
    // A file that could not be read at all would make every name it defines look missing.
    if !root.entries.is_empty() {
        rules::check(&root, &mut reports);
        rules::profiles(&root, &mut reports);
        references::check(&names, &root, &mut reports);
    }
    if !reports.is_empty() {
        return Err(MatrixErrors::new(path.to_string_lossy().into_owned(), reports, &sources));
    }
    let mut matrix = Matrix {
        path: path.to_owned(),
        sources,
        names,
        root,
        devices: Vec::new(),
        profiles: Vec::new(),
        families: Vec::new(),
    };
    matrix.families = matrix.family_entries();
    matrix.devices = matrix.effective_devices().iter().map(entry_of).collect();
    matrix.profiles = matrix.profile_entries();
    Ok(matrix)
}

impl Matrix {
    /// Resolves a profile into sessions, each with every setting.
    ///
    /// # Errors
    /// Everything that stands in the way: features that are not built in, on any device of the matrix; an unknown
    /// profile or device; input files that cannot be read; a plan without sessions or beyond its budget.
    pub fn plan(&self, request: &Request<'_>) -> Result<Plan, MatrixErrors> {
        let mut sources = self.sources.clone();
        plan::build(self, request, &mut sources)
            .map_err(|reports| MatrixErrors::new(self.path.to_string_lossy().into_owned(), reports, &sources))
    }

    /// The policy of a tier, apart from any session. `None` where the matrix does not have it: a tier that nobody wrote
    /// demands nothing.
    #[must_use]
    pub fn policy(&self, tier: &str) -> Option<edgesoak_record::Policy> {
        plan::policy::of_tier(self, tier)
    }

    /// Every device, in the order of the files.
    #[must_use]
    pub fn devices(&self) -> &[DeviceEntry] {
        &self.devices
    }

    /// Every profile, in the order of the files.
    #[must_use]
    pub fn profiles(&self) -> &[ProfileEntry] {
        &self.profiles
    }

    /// Every family, in the order of the files.
    #[must_use]
    pub fn families(&self) -> &[FamilyEntry] {
        &self.families
    }

    /// How the health of devices is looked after, if the matrix says so.
    #[must_use]
    pub fn health_check(&self) -> Option<HealthCheckEntry> {
        let table = fill(&language::health_check::section(), self.root.table("health_check")?);
        Some(HealthCheckEntry {
            profile: table.text("profile")?.to_owned(),
            every: Duration::try_from_secs_f64(table.amount("every")? / 1e3).ok()?,
            after: usize::try_from(table.integer("after")?).ok()?,
        })
    }

    /// The folder that paths of the matrix are relative to; empty for the working directory.
    #[must_use]
    pub fn base(&self) -> &Path {
        self.path.parent().unwrap_or_else(|| Path::new(""))
    }

    /// Devices with the matrix' and the language's defaults below them.
    pub(crate) fn effective_devices(&self) -> Vec<Table> {
        let nowhere = nowhere();
        let base =
            self.root.table("defaults").and_then(|defaults| defaults.table("device")).unwrap_or(&nowhere);
        let section = language::device::section();
        let devices = self.root.elements("device").map(|device| fill(&section, &lay(base, device)));
        devices.map(plan::device::without_idle_limit).collect()
    }

    /// A profile laid over everything that it extends, without the language's defaults.
    pub(crate) fn extended_profile(&self, id: &str) -> Option<Table> {
        let profiles = self.root.table("profile")?;
        let profile = profiles.table(id)?;
        match profile.text("extends") {
            // Circles were refused when the matrix was loaded.
            Some(parent) => Some(lay(&self.extended_profile(parent)?, profile)),
            None => Some(profile.clone()),
        }
    }

    fn family_entries(&self) -> Vec<FamilyEntry> {
        let entries = self.root.children("family").filter_map(|(id, family)| {
            Some(FamilyEntry { id: id.to_owned(), title: family.text("title")?.to_owned() })
        });
        entries.collect()
    }

    fn profile_entries(&self) -> Vec<ProfileEntry> {
        let entries = self.root.children("profile").filter_map(|(id, _)| {
            let tier = self.extended_profile(id)?.text("tier")?.to_owned();
            Some(ProfileEntry { id: id.to_owned(), tier })
        });
        entries.collect()
    }
}

fn entry_of(device: &Table) -> DeviceEntry {
    let text = |key| device.text(key).unwrap_or_default().to_owned();
    let reasons: Vec<_> = support::device(device).iter().map(|report| report.problem.to_string()).collect();
    DeviceEntry {
        id: text("id"),
        family: text("family"),
        driver: text("driver"),
        address: plan::device::address(device),
        is_virtual: plan::device::is_virtual(device),
        slot: device.text("slot").map(str::to_owned),
        stop_at: plan::device::stop_at(device),
        unusable: (!reasons.is_empty()).then(|| reasons.join("; ")),
    }
}
