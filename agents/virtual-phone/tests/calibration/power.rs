//! The power of single cores against measured operating points of the same chips.

use edgesoak_virtual_phone::profile::Cluster;

use crate::traces;

/// Which profile was measured where.
pub struct Measured {
    pub profile: &'static str,
    pub table: &'static str,
    /// The measured cores and their clusters.
    pub clusters: &'static [(u32, &'static str)],
}

/// All measured profiles.
pub const MEASURED: &[Measured] = &[
    Measured {
        profile: "tensor-phone",
        table: "gs201/main",
        clusters: &[(1, "little"), (4, "mid"), (6, "big")],
    },
    Measured {
        profile: "snapdragon8-phone",
        table: "sm8250/main",
        clusters: &[(1, "silver"), (4, "gold"), (7, "prime")],
    },
    Measured { profile: "exynos-mid", table: "exynos9611/main", clusters: &[(1, "little"), (4, "big")] },
    Measured { profile: "sm6115-scanner", table: "sm6115/main", clusters: &[(1, "silver"), (4, "gold")] },
    Measured { profile: "sdm660-scanner", table: "sm6125/main", clusters: &[(1, "silver"), (4, "gold")] },
];

/// Measured power of one core.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub core: u32,
    pub khz: f64,
    pub mw: f64,
}

/// The measured points of a table, if the folder is there: `core,kHz,work,work per MHz,mW,...`.
pub fn measured(table: &str) -> Option<Vec<Point>> {
    let path = traces::path(&format!("freqbench/results/{table}/results.csv"))?;
    let text = std::fs::read_to_string(path).expect("a readable table");
    let number = |field: Option<&str>| field.and_then(|field| field.parse::<f64>().ok());
    let points = text.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        let core = fields.next()?.parse().ok()?;
        let khz = number(fields.next())?;
        Some(Point { core, khz, mw: number(fields.nth(2))? })
    });
    Some(points.collect())
}

/// Error of a cluster's power at a measured point, as a part of it; none outside of the cluster's clocks.
pub fn error(cluster: &Cluster, point: Point) -> Option<f64> {
    let known = &cluster.points;
    // Clocks of profiles are rounded to whole MHz.
    let above = known.iter().position(|(khz, _)| *khz as f64 + 1_000.0 >= point.khz)?;
    let (high, high_mw) = known[above];
    let model = match above.checked_sub(1).map(|below| known[below]) {
        Some((low, low_mw)) => {
            low_mw + (high_mw - low_mw) * (point.khz - low as f64) / (high as f64 - low as f64)
        }
        None if (high as f64 - point.khz).abs() <= 1_000.0 => high_mw,
        None => return None,
    };
    Some((model / point.mw - 1.0).abs())
}
