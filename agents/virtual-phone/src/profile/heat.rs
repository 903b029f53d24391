//! Heat: nodes, links and the sensors that look at them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ZoneKind;

/// The thermal network: at least three nodes, joined to each other and to the air.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heat {
    /// The node whose surface a case or a boot covers.
    pub outside: String,
    /// The nodes.
    #[serde(rename = "node")]
    pub nodes: Vec<Node>,
    /// What joins them.
    #[serde(rename = "link")]
    pub links: Vec<Link>,
}

/// A part of the device with one temperature.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Such as `soc`, `board`, `battery`, `case`.
    pub name: String,
    /// Heat capacity, J/K.
    pub capacity_j_per_k: f64,
    /// Thermal conductance to the air, W/K; the inner nodes have none.
    #[serde(default)]
    pub to_ambient_w_per_k: f64,
}

/// A path for heat between two nodes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The two nodes.
    pub between: [String; 2],
    /// Thermal conductance, W/K.
    pub w_per_k: f64,
}

/// A thermal zone: a weighted mean of nodes, as vendors make their virtual skin sensors.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sensor {
    /// The vendor's own name of the zone.
    pub name: String,
    /// What it stands for.
    pub kind: ZoneKind,
    /// Weight of each node; together 1.
    pub mix: BTreeMap<String, f64>,
}
