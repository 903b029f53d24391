//! From an item of the prompt cycle to final text: retrieval over a small corpus, then the production chat
//! template of the model artifact.
//!
//! Everything is read once, by [`Prompter::open`]; [`Prompter::render`] touches no file. The same files and
//! the same index give the same bytes on every device, so the work of a soak is the same everywhere.
//!
//! No error names a word of a prompt, a document or an answer: they say which file, which line and what kind
//! of fault.

#![forbid(unsafe_code)]

mod bm25;
mod context;
mod corpus;
mod error;
mod item;
mod json_lines;
mod lookup;
mod prompter;
mod template;
mod words;

pub use context::{DOCUMENTS_HEADING, QUESTION_HEADING};
pub use error::PromptError;
pub use lookup::{Found, Lookup};
pub use prompter::{Prompter, PrompterConfig, Rendered, Template};
