//! How each gate of the page is made, as whoever judged it says.

use std::collections::BTreeSet;

use edgesoak_record::explanation::Explain;
use edgesoak_record::{Gate, RunVerdict};

use super::basis::{rules, settings};
use crate::words::gate::name as gate_name;

/// One gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MethodRow {
    pub name: &'static str,
    pub word: &'static str,
    pub meaning: &'static str,
    pub rules: Vec<(&'static str, &'static str)>,
    pub settings: String,
}

impl MethodRow {
    /// One for each gate that the verdict holds and that is explained.
    pub fn all(verdict: &RunVerdict, explain: Option<Explain>) -> Vec<Self> {
        let Some(explain) = explain else { return Vec::new() };
        let used: BTreeSet<Gate> =
            verdict.sessions.iter().flat_map(|session| &session.gates).map(|result| result.gate).collect();
        let row = |gate: &Gate| {
            let explained = explain(*gate)?;
            Some(Self {
                name: gate_name(*gate),
                word: gate.word(),
                meaning: explained.meaning,
                rules: rules(&explained),
                settings: settings(explained.settings),
            })
        };
        used.iter().filter_map(row).collect()
    }
}
