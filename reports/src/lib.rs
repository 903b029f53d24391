//! A run and its verdict, a comparison of candidates, or a release, as one HTML page that needs nothing but a browser, and in the
//! formats of machines that build.
//!
//! All of it is pure: the same run and verdict give the same bytes. The page asks for nothing from anywhere
//! and lacks nothing without its one script, which reads values off the plots. Figures come from the verdict; only the lines of the plots are made here.

#![forbid(unsafe_code)]

mod background;
mod ci;
mod comparison;
mod data;
mod document;
mod error;
mod junit;
mod model;
mod page;
mod palette;
mod plot;
mod redaction;
mod release;
mod said;
mod site;
mod words;

#[cfg(test)]
#[path = "../tests/made_up/mod.rs"]
mod made_up;

pub use background::{Background, Earlier};
pub use ci::{Side, annotations, bencher, benchmark_entries, markdown, openmetrics};
pub use comparison::{Beside, Part, comparison_html, comparison_markdown, comparison_verdict};
pub use document::{comparison_json, json, release_json};
pub use error::ReportError;
pub use junit::{comparison_junit, junit, junit_unfinished, release_junit};
pub use page::{html, html_in_parts};
pub use redaction::Redaction;
pub use release::{release_html, release_markdown, release_verdict};
pub use said::{Said, said};
pub use site::Site;
pub use words::text::without_tricks;
