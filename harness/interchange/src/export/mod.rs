//! A stored run as files of other programs: tables, traces, and our own neutral format.
//!
//! One session is in memory at a time, whatever a run's length. No text of a prompt or an answer is exported, sensitive or not.

mod cell;
mod csv;
mod files;
mod parquet;
mod perfetto;
mod sheets;
mod tables;
mod target;
mod zero;

pub(crate) use zero::of as zero;

pub use files::ExportedFile;
pub use target::{Export, Target};
