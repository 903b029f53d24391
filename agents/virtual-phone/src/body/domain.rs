//! A clock domain at work: its operating points and the highest one that it may use.

use edgesoak_protocol::units::{Ratio, Watts};

use crate::profile::{Cluster, Kind};

/// One operating point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Clock, kHz.
    pub khz: u64,
    /// Dynamic power of one core at inference, W.
    pub core_w: f64,
}

/// A cluster of a body.
#[derive(Debug, Clone)]
pub struct Domain {
    /// What it is.
    pub kind: Kind,
    /// Cores that share the clock.
    pub cores: u32,
    /// Index of the thermal node that it heats.
    pub node: usize,
    /// Operating points, rising.
    pub points: Vec<Point>,
    /// Index of the highest point that governors and caps allow.
    pub allowed: usize,
    /// The same without what a person or a policy forbids.
    pub governed: usize,
    work_per_cycle: f64,
    prefill_work_per_cycle: f64,
}

impl Domain {
    /// From a profile's cluster; `dynamic` is this unit's dynamic power by the nominal unit's.
    #[must_use]
    pub fn new(cluster: &Cluster, node: usize, dynamic: Ratio) -> Self {
        let points: Vec<Point> = cluster
            .points
            .iter()
            .map(|&(khz, mw)| Point { khz, core_w: mw / 1e3 * cluster.intensity * dynamic.0 })
            .collect();
        Self {
            kind: cluster.kind,
            cores: cluster.cores,
            node,
            allowed: points.len().saturating_sub(1),
            governed: points.len().saturating_sub(1),
            points,
            work_per_cycle: cluster.work_per_cycle,
            prefill_work_per_cycle: cluster.prefill_work_per_cycle.unwrap_or(cluster.work_per_cycle),
        }
    }

    /// Index of the highest operating point.
    #[must_use]
    pub fn top(&self) -> usize {
        self.points.len().saturating_sub(1)
    }

    /// The operating point that governors and caps allow.
    #[must_use]
    pub fn point(&self) -> Point {
        self.points[self.allowed]
    }

    /// Index of the highest point at or below a clock; the lowest where there is none.
    #[must_use]
    pub fn at_most(&self, khz: u64) -> usize {
        self.points.partition_point(|point| point.khz <= khz).saturating_sub(1)
    }

    /// Index of the highest point at or below this share of the highest clock; the lowest where there is none.
    #[must_use]
    pub fn at_most_share(&self, share: f64) -> usize {
        let most = self.points.last().map_or(0.0, |point| point.khz as f64) * share;
        self.points.partition_point(|point| point.khz as f64 <= most).saturating_sub(1)
    }

    /// Index of the highest point at which all cores together draw no more than this; the lowest where there is none.
    #[must_use]
    pub fn within(&self, budget: Watts) -> usize {
        let cores = f64::from(self.cores);
        self.points.iter().rposition(|point| point.core_w * cores <= budget.0).unwrap_or(0)
    }

    /// Work per second of one core, token by token: FLOP/s, or bytes/s of memory.
    #[must_use]
    pub fn decode_rate(&self) -> f64 {
        self.point().khz as f64 * 1e3 * self.work_per_cycle
    }

    /// Work per second of one core, many tokens at a time.
    #[must_use]
    pub fn prefill_rate(&self) -> f64 {
        self.point().khz as f64 * 1e3 * self.prefill_work_per_cycle
    }
}
