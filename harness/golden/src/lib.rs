//! Golden sets: load and verify them, seal them, score one answer. Pure but for [`Files::read`]: bytes in, findings
//! and scores out.
//!
//! A set stands in `golden_sets/<name>/<semver>/`: a manifest that seals every file by its digest, and items, each a
//! prompt with what its answer must be. [`GoldenSet::load`] verifies all of it; [`expect`] is the language of what is
//! expected, and [`score`] holds an answer against it.

#![forbid(unsafe_code)]

mod answer_file;
mod contents;
mod counts;
mod difference;
mod document;
mod examiner;
pub mod expect;
mod files;
mod finding;
mod image;
mod item;
mod json;
pub mod leak;
mod limits;
mod lines;
pub mod manifest;
mod problem;
mod promises;
mod quantity;
mod round;
pub mod schema;
pub mod score;
mod seal;
mod sensitive_terms;
mod set;
mod share;
mod signature;
mod text;
mod version;

pub use answer_file::score_file;
pub use counts::{Count, Counts};
pub use difference::Difference;
pub use document::Document;
pub use edgesoak_record::golden::Split;
pub use examiner::Examiner;
pub use files::{Files, MANIFEST};
pub use finding::{Finding, GoldenErrors};
pub use item::{Image, Item, Message, PushedItem, Reference, Role};
pub use limits::MAX_ANSWER_FILE_BYTES;
pub use manifest::Manifest;
pub use problem::Problem;
pub use round::Selected;
pub use seal::{manifest_text, seal, set_digest};
pub use sensitive_terms::SensitiveTerms;
pub use set::GoldenSet;
pub use share::Share;
pub use signature::{Vouched, vouched};
pub use version::{Step, Version};
