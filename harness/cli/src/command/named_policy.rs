//! A policy that is named: a tier of the matrix, or the matrix of a protected branch, as a change must not loosen the gate
//! that it has to pass.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use edgesoak_matrix::Matrix;
use edgesoak_record::Policy;
use edgesoak_record::policy::PolicySource;

use crate::args::{JudgedBy, Shared};
use crate::command::plan;
use crate::command::run::base_of;
use crate::failure::Failure;
use crate::terminal::{printable, tell};

/// Most files that a matrix is looked for in, and the largest of them, bytes.
const MAX_FILES: usize = 2000;
const MAX_BYTES: usize = 4 << 20;

/// A policy that stands in for the one that a run was planned with.
pub struct NamedPolicy {
    /// The policy.
    pub policy: Policy,
    /// The matrix that it is from.
    pub matrix: Matrix,
    /// Where that was read.
    pub source: PolicySource,
}

impl NamedPolicy {
    /// The tier's policy from the matrix of a commit, through `git`, or from the matrix as it lies here where only a tier is
    /// named; nothing where neither is. Where no tier is named it is `planned`. stderr names where it was read.
    pub fn read(shared: &Shared, by: &JudgedBy, planned: &str) -> Result<Option<Self>, Failure> {
        let tier = by.tier.as_deref().unwrap_or(planned);
        let (matrix, commit) = match &by.policy {
            Some(reference) => {
                let (matrix, commit) = committed(&shared.matrix, reference)?;
                (matrix, Some(commit))
            }
            None if by.tier.is_some() => (plan::matrix(shared)?, None),
            None => return Ok(None),
        };
        let policy = matrix.policy(tier).ok_or_else(|| no_tier(tier, by.policy.as_deref()))?;
        let source = PolicySource { tier: tier.to_owned(), reference: by.policy.clone(), commit };
        tell(&printable(&format!("policy of {}", source.title())));
        Ok(Some(Self { policy, matrix, source }))
    }
}

fn no_tier(tier: &str, reference: Option<&str>) -> Failure {
    let hint = "the candidate's profile names the tier; run it by one that the protected branch has, or name one with --tier";
    let of = reference.map_or_else(String::new, |reference| format!(" as of {reference}"));
    Failure::config(format!("the matrix has no tier `{tier}`{of}")).hint(hint).reason("no_tier")
}

/// The matrix of a commit, and which commit that is.
fn committed(matrix: &Path, reference: &str) -> Result<(Matrix, String), Failure> {
    let folder = &base_of(matrix);
    let name = matrix.file_name().ok_or_else(|| Failure::config("the matrix has no file name"))?;
    if reference.starts_with('-') {
        return Err(unknown(reference));
    }
    let commit = git(folder, &["rev-parse", "--verify", "--quiet", &format!("{reference}^{{commit}}")])
        .ok()
        .and_then(|found| String::from_utf8(found).ok())
        .ok_or_else(|| unknown(reference))?;
    let commit = commit.trim();
    let copy = tempfile::tempdir()
        .map_err(|error| Failure::infrastructure("cannot make a folder for the policy").because(&error))?;
    let listed = git(folder, &["ls-tree", "-r", "-z", "--name-only", commit, "--", "."])?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let is_toml = |path: &&str| Path::new(path).extension().is_some_and(|end| end == "toml");
    let files: Vec<&str> =
        listed.split('\0').filter(is_toml).filter(|path| !path.starts_with("..")).collect();
    if files.len() > MAX_FILES {
        return Err(too_large(reference));
    }
    for path in files {
        let bytes = git(folder, &["show", &format!("{commit}:./{path}")])?;
        // A part of a matrix may lack what it demands.
        if bytes.len() > MAX_BYTES {
            return Err(too_large(reference));
        }
        let place = copy.path().join(path);
        let written = place.parent().map_or(Ok(()), fs::create_dir_all);
        let written = written.and_then(|()| fs::write(&place, &bytes));
        written.map_err(|error| Failure::infrastructure("cannot copy the policy").because(&error))?;
    }
    let matrix = edgesoak_matrix::load(&copy.path().join(name))
        .map_err(|errors| Failure::diagnosed(&miette::Report::new(errors)))?;
    Ok((matrix, commit.to_owned()))
}

fn too_large(reference: &str) -> Failure {
    Failure::config(format!("what lies beside the matrix as of {reference} is too much to be read"))
        .hint(format!("{MAX_FILES} TOML files of {} MiB are the most", MAX_BYTES >> 20))
        .reason("no_policy")
}

fn unknown(reference: &str) -> Failure {
    Failure::config(format!("git knows no commit `{reference}` where the matrix lies"))
        .hint("name a branch, a tag or a commit that this checkout has, such as `origin/main`")
        .reason("no_policy")
}

fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let ran = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    match ran {
        Ok(Output { status, stdout, .. }) if status.success() => Ok(stdout),
        Ok(Output { stderr, .. }) => {
            Err(Failure::infrastructure(format!("git failed: {}", String::from_utf8_lossy(&stderr).trim())))
        }
        Err(error) => Err(Failure::infrastructure("git cannot be run").because(&error).hint("install git")),
    }
}
