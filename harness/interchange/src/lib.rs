//! Files of other programs: what they measured, read into sessions that are judged as our own are.
//!
//! [`read`] recognises a format by the file's first lines and gives one [`Recording`] per session in it; [`journal`]
//! writes a recording as the journal of a session. Nothing is made up on the way: rates stay rates, a token has a time
//! only where the file gives one, and what a file does not say is missing.
//!
//! Every file is hostile until it is read: sizes, lines, counts and numbers are bounded, see [`limits`].

#![forbid(unsafe_code)]

mod complaint;
mod csv_line;
mod decode_rates;
mod documents;
mod error;
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

pub use error::ImportError;
pub use format::Format;
pub use journal::journal;
pub use planned::{candidate, workload};
pub use read::{Source, read};
pub use recording::{Counted, Moment, Names, Prompt, Rates, Recording, Series, Stamp};
