//! Names and addresses taken out of what is reported, before anything is written: no format can be missed, as each of them
//! is made of the same redacted data.
//!
//! What stands in a field that names a device, an address, a person, a file or the like gets a pseudonym that is the same
//! throughout one report. The same names are then looked for in every other text, and so is whatever has the form of a
//! path, a host or a mail address.

mod field;
mod names;
mod record;
mod scan;

use edgesoak_record::comparison::Comparison;
use edgesoak_record::{Release, Run, RunVerdict, SessionRecord};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use field::{Field, walk};
use names::{Collected, Names};

use crate::error::ReportError;

/// What a redacted report says of itself.
const REMARK: &str =
    "Redacted for forwarding: devices, addresses, files, people, tickets and instruments have pseudonyms.";

/// Pseudonyms of one report.
#[derive(Debug)]
pub struct Redaction {
    names: Names,
}

/// Data without names.
type Redacted<T> = Result<T, ReportError>;

impl Redaction {
    /// The pseudonyms of a run. Its records need no samples, tokens and meters.
    ///
    /// # Errors
    /// [`ReportError::Redact`] where the run cannot be walked through.
    pub fn of_run(run: &Run, verdict: &RunVerdict) -> Redacted<Self> {
        let mut collected = Collected::default();
        let mut run = run.clone();
        record::of_run(&mut run, &mut |field, text| collected.see(field, text))?;
        see(verdict, &mut collected)?;
        Ok(Self { names: collected.names() })
    }

    /// The pseudonyms of a release.
    ///
    /// # Errors
    /// [`ReportError::Redact`] where the release cannot be walked through.
    pub fn of_release(release: &Release) -> Redacted<Self> {
        let mut collected = Collected::default();
        see(release, &mut collected)?;
        Ok(Self { names: collected.names() })
    }

    /// The pseudonyms of a comparison.
    ///
    /// # Errors
    /// [`ReportError::Redact`] where the comparison cannot be walked through.
    pub fn of_comparison(comparison: &Comparison) -> Redacted<Self> {
        let mut collected = Collected::default();
        see(comparison, &mut collected)?;
        Ok(Self { names: collected.names() })
    }

    /// The run without names.
    ///
    /// # Errors
    /// [`ReportError::Redact`] where a name is also a word that the data need.
    pub fn run(&self, run: &Run) -> Redacted<Run> {
        let mut run = run.clone();
        record::of_run(&mut run, &mut |field, text| self.names.replace(field, text))?;
        Ok(run)
    }

    /// A session of it without names, however much it holds.
    ///
    /// # Errors
    /// As [`Redaction::run`].
    pub fn session(&self, mut session: SessionRecord) -> Redacted<SessionRecord> {
        record::of_session(&mut session, &mut |field, text| self.names.replace(field, text))?;
        Ok(session)
    }

    /// The verdict without names; it says so.
    ///
    /// # Errors
    /// As [`Redaction::run`].
    pub fn verdict(&self, verdict: &RunVerdict) -> Redacted<RunVerdict> {
        Ok(RunVerdict { redacted: Some(REMARK.to_owned()), ..self.without(verdict)? })
    }

    /// The release without names; it says so.
    ///
    /// # Errors
    /// As [`Redaction::run`].
    pub fn release(&self, release: &Release) -> Redacted<Release> {
        let mut release = Release { redacted: Some(REMARK.to_owned()), ..self.without(release)? };
        if let Some(comparison) = &mut release.comparison {
            comparison.redacted = Some(REMARK.to_owned());
        }
        Ok(release)
    }

    /// The comparison without names; it says so.
    ///
    /// # Errors
    /// As [`Redaction::run`].
    pub fn comparison(&self, comparison: &Comparison) -> Redacted<Comparison> {
        Ok(Comparison { redacted: Some(REMARK.to_owned()), ..self.without(comparison)? })
    }

    fn without<T: Serialize + DeserializeOwned>(&self, data: &T) -> Redacted<T> {
        let mut value = value_of(data)?;
        walk(&mut value, &mut |field, text| self.names.replace(field, text));
        serde_json::from_value(value).map_err(|source| ReportError::Redact { source })
    }
}

fn value_of(data: &impl Serialize) -> Redacted<Value> {
    serde_json::to_value(data).map_err(|source| ReportError::Redact { source })
}

fn see(data: &impl Serialize, collected: &mut Collected) -> Redacted<()> {
    walk(&mut value_of(data)?, &mut |field, text: &mut String| collected.see(field, text));
    Ok(())
}

/// Looks at, or changes, a text in a field.
type Look<'a> = dyn FnMut(Field, &mut String) + 'a;
