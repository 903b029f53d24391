//! Runs in SQLite. The host's journal and the device journals are the truth; the database is made from them
//! by one code path, during a run and in a rebuild alike, and every way of reading a run goes through it.

#![forbid(unsafe_code)]

mod answer_rows;
mod baselines;
mod beside_rows;
mod charge_taken;
mod check;
mod device_ends;
mod error;
mod event_rows;
mod fingerprint;
mod fleet;
mod frames;
mod header_rows;
mod history;
mod host_file;
mod host_rows;
mod import_rows;
mod ingest;
mod journal_file;
mod kept_file;
mod leak_rows;
mod limits;
mod load;
mod load_device;
mod load_series;
mod migrate;
mod newest;
mod numbers;
mod open;
mod plan_rows;
mod progress;
mod prompt_rows;
mod purge;
mod rebuild;
mod run_folder;
mod runs;
#[cfg(test)]
mod sick_disk_tests;
mod verdicts;
mod waiver_uses;

pub use baselines::{Baselines, Promoted};
pub use charge_taken::ChargeTaken;
pub use check::Problem;
pub use device_ends::DeviceEnd;
pub use error::StoreError;
pub use ingest::Ingested;
pub use load::os_build_of;
pub use newest::SessionPlace;
pub use open::Store;
pub use purge::{Purged, Scope};
pub use rebuild::{Rebuilt, rebuild};
pub use run_folder::IngestedRun;
pub use runs::RunSummary;
