//! Files of other programs: what they measured, read into sessions that are judged as our own are; and what we measured,
//! written for them.
//!
//! [`read`] recognises a format by the file's first lines and gives one [`Recording`] per session in it; [`journal`]
//! writes a recording as the journal of a session. Nothing is made up on the way: rates stay rates, a token has a time
//! only where the file gives one, and what a file does not say is missing.
//!
//! [`Export`] writes a stored run as tables, as traces, or in the neutral format that [`read`] takes back.
//!
//! Every file is hostile until it is read: sizes, lines, counts and numbers are bounded, see [`limits`].

#![forbid(unsafe_code)]

mod callbacks;
mod complaint;
mod csv_line;
mod decode_rates;
mod documents;
mod error;
mod export;
mod format;
mod journal;
pub mod limits;
mod lines;
mod llama_bench;
mod minutes;
mod neutral;
mod number;
mod planned;
mod read;
mod recording;
mod said;
mod states;

pub use error::InterchangeError;
pub use export::{Export, ExportedFile, Target};
pub use format::Format;
pub use journal::journal;
pub use planned::{candidate, workload};
pub use read::{Source, read};
pub use recording::{Counted, Moment, Names, Prompt, Rates, Recording, Series, Stamp};
