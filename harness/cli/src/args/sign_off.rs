//! Arguments of `edgesoak report sign` and `verify`.

use std::path::PathBuf;

use clap::{ArgAction, Subcommand, ValueEnum};
use edgesoak_signing::{Meaning, Moment, SigningError};

use super::Format;

/// What is done with a report that is written.
#[derive(Debug, Subcommand)]
pub enum ReportAction {
    /// Sign a report: who, as what, when, and what the signature means, beside the digests of page, data and policy
    #[command(after_help = "Examples:\n  \
        edgesoak report sign report.html --key release-manager.key --name \"Ada Example\" --role release-manager \
        --meaning approved\n  \
        edgesoak report sign report.html --key qa.key --name \"Bo Example\" --role qa --meaning reviewed\n\n\
        The signatures stand in REPORT.sig.json beside the report, one entry for each signer. The time is what the\n\
        signer says: nobody else vouches for it. `edgesoak key new FILE` makes a key.")]
    Sign(Sign),
    /// Verify the signatures on a report, offline
    #[command(after_help = "Examples:\n  edgesoak report verify report.html --trust keys\n  \
        edgesoak report verify report.html --trust signers.txt --require-roles release-manager,qa\n\n\
        Exit codes: 0 signed by a key that counts, and nothing is wrong; 1 something is wrong, or a signer rejects the\n\
        report; 3 nothing is proven: no signature, only unknown keys, or a role is missing; 2 usage.")]
    Verify(Verify),
}

/// What is signed, and how.
#[derive(Debug, clap::Args)]
pub struct Sign {
    /// The page that `edgesoak report` wrote
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// The secret key
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Who signs
    #[arg(long, value_name = "TEXT")]
    pub name: String,
    /// As what: a word such as `release-manager`
    #[arg(long, value_name = "WORD")]
    pub role: String,
    /// What the signature means
    #[arg(long, value_name = "MEANING", value_enum)]
    pub meaning: MeaningName,
    /// When, such as `2026-04-01T09:30:00Z` [default: now, by this host's clock]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub at: Option<Moment>,
    /// Why a report that does not say SHIP is approved all the same; recorded with the signature
    #[arg(long, value_name = "REASON")]
    pub despite_fail: Option<String>,
    /// The signatures [default: REPORT.sig.json]
    #[arg(long, value_name = "FILE")]
    pub sig: Option<PathBuf>,
    #[command(flatten)]
    printed: Printed,
}

/// What is verified, and against what.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The page
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    /// The signatures [default: REPORT.sig.json]
    #[arg(long, value_name = "FILE")]
    pub sig: Option<PathBuf>,
    /// Keys that count: a `.pub` file, a list of such lines, or a folder of `.pub` files; can be given several times
    #[arg(long, value_name = "KEYS", action = ArgAction::Append)]
    pub trust: Vec<PathBuf>,
    /// Roles in which somebody must have signed, and not rejected it
    #[arg(long, value_name = "ROLE,...", value_delimiter = ',')]
    pub require_roles: Vec<String>,
    #[command(flatten)]
    printed: Printed,
}

/// The global `--format`, which ends at `report`: that command takes other words in its place.
#[derive(Debug, clap::Args)]
struct Printed {
    /// How the result is printed on stdout
    #[arg(id = "format", long = "format", value_name = "FORMAT", value_parser = Format::words(),
        default_value = "human")]
    format: String,
}

impl Printed {
    fn format(&self) -> Format {
        Format::from_str(&self.format, false).unwrap_or(Format::Human)
    }
}

impl Sign {
    /// How the result is printed.
    pub fn format(&self) -> Format {
        self.printed.format()
    }
}

impl Verify {
    /// How the result is printed.
    pub fn format(&self) -> Format {
        self.printed.format()
    }
}

/// A meaning by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MeaningName {
    /// The signer lets it ship
    Approved,
    /// The signer read it
    Reviewed,
    /// The signer does not let it ship
    Rejected,
}

impl From<MeaningName> for Meaning {
    fn from(name: MeaningName) -> Self {
        match name {
            MeaningName::Approved => Meaning::Approved,
            MeaningName::Reviewed => Meaning::Reviewed,
            MeaningName::Rejected => Meaning::Rejected,
        }
    }
}

fn moment(text: &str) -> Result<Moment, SigningError> {
    Moment::read(text)
}
