//! Our own format for what others measured: a table, as CSV or as one JSON object per row, with the unit of each column
//! in its name. `docs/import.md` describes it.

mod column;
pub(crate) mod csv;
pub(crate) mod ndjson;
mod run_facts;
mod table;
mod write;

pub(crate) use write::write;
