//! The tables of the language, one file per kind of thing.

pub(crate) mod candidate;
pub(crate) mod device;
pub(crate) mod family;
pub(crate) mod file;
pub(crate) mod health_check;
pub(crate) mod lab;
pub(crate) mod policy;
pub(crate) mod profile;
pub(crate) mod route;
pub(crate) mod settings;
pub(crate) mod workload;
