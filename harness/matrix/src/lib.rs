//! `device_matrix.toml` and `lab.toml` become a checked plan.
//!
//! A file is read in two steps. [`load`] checks the language: keys, types, units, bounds, references, includes.
//! [`Matrix::plan`] refuses what this version cannot do, resolves a profile and its devices, layers defaults and
//! overrides, hashes every input file and gives an [`edgesoak_record::Plan`] in which each setting names the line
//! that set it. Both report every problem at once, each with file, line, column and the nearest valid name.
//!
//! One description of the language (`language`) drives the checker, the defaults and [`schema`].

#![forbid(unsafe_code)]

mod check;
mod dimension;
mod doubled;
mod effective;
mod gather;
mod lab;
mod language;
mod matrix;
mod memory;
mod merge;
mod node;
mod plan;
mod problem;
mod quantity;
mod references;
mod report;
mod rules;
mod schema;
mod shape;
mod source;
mod support;

pub use lab::load_lab;
pub use matrix::{DeviceEntry, FamilyEntry, HealthCheckEntry, Matrix, Pair, ProfileEntry, Request, load};
pub use plan::import::{ImportRequest, ImportTarget};
pub use problem::Problem;
pub use report::{Finding, MatrixErrors};
pub use schema::{lab_schema, schema};
