//! Golden sets: load and verify them, seal them, score one answer. Pure: bytes in, findings and scores out.
//!
//! A set stands in `golden_sets/<name>/<semver>/`: a manifest that seals every file by its digest, and items, each a
//! prompt with what its answer must be. [`expect`] is the language of that; [`score`] holds an answer against it.

#![forbid(unsafe_code)]

pub mod expect;
pub mod leak;
mod quantity;
pub mod schema;
pub mod score;
mod text;
