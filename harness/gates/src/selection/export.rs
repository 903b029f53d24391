//! Whether a quantised export may stand in for its baseline.

/// What was measured of an export or of its baseline: a summary, without intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Export {
    /// Share of golden items answered right.
    pub quality: f64,
    /// 95th percentile of the latency, ms.
    pub p95_ms: f64,
}

/// What an export may lose, and how fast it must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExportRule {
    /// Largest accepted drop of quality against the baseline.
    pub largest_drop: f64,
    /// Largest accepted 95th percentile of the latency, ms.
    pub latency_ms: f64,
}

/// Why an export is not approved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ExportFault {
    /// It lost more than the rule accepts: this much.
    Quality(f64),
    /// It is slower than the rule accepts: this slow, ms.
    Latency(f64),
    /// A figure is missing: nothing was shown.
    NotMeasured,
}

/// What differences of decimal fractions lose.
const ROUNDING: f64 = 1e-9;

impl ExportRule {
    /// Every reason not to approve an export; none approves it. An export that is better than its baseline lost
    /// nothing.
    #[must_use]
    pub fn faults(&self, baseline: Export, export: Export) -> Vec<ExportFault> {
        let numbers = [baseline.quality, export.quality, export.p95_ms, self.largest_drop, self.latency_ms];
        if !numbers.iter().all(|number| number.is_finite()) {
            return vec![ExportFault::NotMeasured];
        }
        let drop = baseline.quality - export.quality;
        let mut faults = Vec::new();
        if drop > self.largest_drop + ROUNDING {
            faults.push(ExportFault::Quality(drop));
        }
        if export.p95_ms > self.latency_ms {
            faults.push(ExportFault::Latency(export.p95_ms));
        }
        faults
    }
}
