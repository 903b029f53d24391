//! Ranges and names: a profile that passes makes a body that cannot fail.

use std::ops::RangeInclusive;

use super::{Cluster, Kind, Profile, check_supply};
use crate::error::{PhoneError, nearest};

/// Most nodes, clusters, sensors and the like: bounds the work on profiles from elsewhere.
const MOST_PARTS: usize = 64;
/// Most thermal nodes.
const MOST_NODES: usize = 8;
/// Plausible temperatures of anything in a profile, °C.
const CELSIUS: RangeInclusive<f64> = -30.0..=150.0;
/// Times between polls and refreshes, ms.
const PERIODS_MS: RangeInclusive<u64> = 10..=3_600_000;

pub(super) fn check(file: &str, profile: &Profile) -> Result<(), PhoneError> {
    let checker = Checker { file, profile };
    checker.heat()?;
    checker.sensors()?;
    checker.clusters()?;
    checker.power()?;
    checker.governors()?;
    checker.allocator()?;
    checker.caps()?;
    checker.status()?;
    check_supply::check(&checker)
}

/// The profile under test, and how to complain about it.
pub(super) struct Checker<'a> {
    file: &'a str,
    pub(super) profile: &'a Profile,
}

impl Checker<'_> {
    pub(super) fn wrong(&self, key: &str, problem: impl Into<String>) -> PhoneError {
        PhoneError::CheckingProfile {
            file: self.file.to_owned(),
            key: key.to_owned(),
            problem: problem.into(),
            hint: None,
        }
    }

    pub(super) fn ensure(&self, holds: bool, key: &str, problem: &str) -> Result<(), PhoneError> {
        if holds { Ok(()) } else { Err(self.wrong(key, problem)) }
    }

    pub(super) fn number(&self, key: &str, value: f64, range: RangeInclusive<f64>) -> Result<(), PhoneError> {
        if range.contains(&value) {
            return Ok(());
        }
        Err(self.wrong(key, format!("is {value}, not between {} and {}", range.start(), range.end())))
    }

    pub(super) fn count(
        &self,
        key: &str,
        count: usize,
        range: RangeInclusive<usize>,
    ) -> Result<(), PhoneError> {
        if range.contains(&count) {
            return Ok(());
        }
        Err(self.wrong(key, format!("has {count} entries, not {} to {}", range.start(), range.end())))
    }

    pub(super) fn period(&self, key: &str, value: u64) -> Result<(), PhoneError> {
        if PERIODS_MS.contains(&value) {
            return Ok(());
        }
        Err(self.wrong(key, format!("is {value} ms, not {} to {}", PERIODS_MS.start(), PERIODS_MS.end())))
    }

    fn known<'n>(
        &self,
        key: &str,
        name: &str,
        mut known: impl Iterator<Item = &'n str> + Clone,
    ) -> Result<(), PhoneError> {
        if known.clone().any(|candidate| candidate == name) {
            return Ok(());
        }
        Err(PhoneError::CheckingProfile {
            file: self.file.to_owned(),
            key: key.to_owned(),
            problem: format!("names {name}, which the profile does not have"),
            hint: nearest(name, known.by_ref()),
        })
    }

    pub(super) fn node(&self, key: &str, name: &str) -> Result<(), PhoneError> {
        self.known(key, name, self.profile.heat.nodes.iter().map(|node| node.name.as_str()))
    }

    fn sensor(&self, key: &str, name: &str) -> Result<(), PhoneError> {
        self.known(key, name, self.profile.sensors.iter().map(|sensor| sensor.name.as_str()))
    }

    fn cluster(&self, key: &str, name: &str) -> Result<(), PhoneError> {
        self.known(key, name, self.profile.clusters.iter().map(|cluster| cluster.name.as_str()))
    }

    fn unique<'n>(&self, key: &str, names: impl Iterator<Item = &'n str>) -> Result<(), PhoneError> {
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            self.ensure(!name.is_empty() && name.len() <= 64, key, "needs names of 1 to 64 bytes")?;
            self.ensure(seen.insert(name), key, &format!("has {name} twice"))?;
        }
        Ok(())
    }

    fn heat(&self) -> Result<(), PhoneError> {
        let heat = &self.profile.heat;
        self.count("heat.node", heat.nodes.len(), 3..=MOST_NODES)?;
        self.unique("heat.node", heat.nodes.iter().map(|node| node.name.as_str()))?;
        self.count("heat.link", heat.links.len(), 2..=MOST_PARTS)?;
        for node in &heat.nodes {
            let key = format!("heat.node.{}", node.name);
            self.number(&format!("{key}.capacity_j_per_k"), node.capacity_j_per_k, 0.1..=5_000.0)?;
            self.number(&format!("{key}.to_ambient_w_per_k"), node.to_ambient_w_per_k, 0.0..=10.0)?;
        }
        for link in &heat.links {
            let [one, other] = &link.between;
            self.node("heat.link.between", one)?;
            self.node("heat.link.between", other)?;
            self.ensure(one != other, "heat.link.between", "joins a node to itself")?;
            self.number("heat.link.w_per_k", link.w_per_k, 0.001..=100.0)?;
        }
        self.node("heat.outside", &heat.outside)?;
        self.ensure(self.all_nodes_cool(), "heat.link", "leaves a node without a way for its heat to the air")
    }

    /// Whether every node reaches ambient: else its temperature would rise for ever.
    fn all_nodes_cool(&self) -> bool {
        let heat = &self.profile.heat;
        let mut cool: Vec<bool> = heat.nodes.iter().map(|node| node.to_ambient_w_per_k > 0.0).collect();
        for _ in 0..heat.nodes.len() {
            for link in &heat.links {
                let [one, other] = link.between.each_ref().map(|name| self.profile.node(name));
                if let (Some(one), Some(other)) = (one, other)
                    && (cool[one] || cool[other])
                {
                    (cool[one], cool[other]) = (true, true);
                }
            }
        }
        cool.into_iter().all(|cools| cools)
    }

    fn sensors(&self) -> Result<(), PhoneError> {
        let sensors = &self.profile.sensors;
        self.count("sensor", sensors.len(), 1..=MOST_PARTS)?;
        self.unique("sensor", sensors.iter().map(|sensor| sensor.name.as_str()))?;
        for sensor in sensors {
            let key = format!("sensor.{}.mix", sensor.name);
            for (node, weight) in &sensor.mix {
                self.node(&key, node)?;
                self.number(&key, *weight, -1.0..=1.5)?;
            }
            let sum: f64 = sensor.mix.values().sum();
            self.ensure((sum - 1.0).abs() < 1e-6, &key, "has weights that do not make 1 together")?;
        }
        Ok(())
    }

    fn clusters(&self) -> Result<(), PhoneError> {
        let clusters = &self.profile.clusters;
        self.count("cluster", clusters.len(), 2..=MOST_PARTS)?;
        self.unique("cluster", clusters.iter().map(|cluster| cluster.name.as_str()))?;
        for cluster in clusters {
            self.one_cluster(cluster)?;
        }
        let memories = clusters.iter().filter(|cluster| cluster.kind == Kind::Memory).count();
        self.ensure(memories == 1, "cluster", "needs exactly one of kind memory")?;
        let lanes =
            clusters.iter().filter(|cluster| cluster.kind == Kind::Memory).all(|memory| memory.cores == 1);
        self.ensure(lanes, "cluster.memory.cores", "is not 1")?;
        let cpu = clusters.iter().any(|cluster| cluster.kind == Kind::Cpu);
        self.ensure(cpu, "cluster", "needs one of kind cpu")
    }

    fn one_cluster(&self, cluster: &Cluster) -> Result<(), PhoneError> {
        let key = |part: &str| format!("cluster.{}.{part}", cluster.name);
        self.node(&key("node"), &cluster.node)?;
        self.number(&key("cores"), f64::from(cluster.cores), 1.0..=64.0)?;
        self.number(&key("work_per_cycle"), cluster.work_per_cycle, 1e-3..=1e5)?;
        if let Some(work) = cluster.prefill_work_per_cycle {
            self.number(&key("prefill_work_per_cycle"), work, 1e-3..=1e6)?;
        }
        self.number(&key("intensity"), cluster.intensity, 0.1..=10.0)?;
        self.count(&key("points"), cluster.points.len(), 1..=MOST_PARTS)?;
        for (khz, mw) in &cluster.points {
            self.ensure(
                (1_000..=20_000_000).contains(khz),
                &key("points"),
                "has clocks outside 1 MHz to 20 GHz",
            )?;
            self.number(&key("points"), *mw, 0.1..=50_000.0)?;
        }
        let rising = cluster.points.windows(2).all(|pair| pair[0].0 < pair[1].0);
        self.ensure(rising, &key("points"), "has clocks that do not rise")
    }

    fn power(&self) -> Result<(), PhoneError> {
        let power = &self.profile.power;
        self.node("power.idle_node", &power.idle_node)?;
        self.node("power.leakage_node", &power.leakage_node)?;
        self.number("power.idle_mw", power.idle_mw, 1.0..=20_000.0)?;
        self.number("power.leakage_mw_at_25c", power.leakage_mw_at_25c, 0.0..=5_000.0)?;
        self.number("power.leakage_doubles_every_k", power.leakage_doubles_every_k, 10.0..=100.0)?;
        self.number("power.stalled_share", power.stalled_share, 0.0..=1.0)?;
        self.number("power.regulator_efficiency", power.regulator_efficiency, 0.5..=1.0)
    }

    fn governors(&self) -> Result<(), PhoneError> {
        self.count("step_wise", self.profile.step_wise.len(), 0..=MOST_PARTS)?;
        for governor in &self.profile.step_wise {
            self.sensor("step_wise.sensor", &governor.sensor)?;
            self.period("step_wise.poll_ms", governor.poll_ms)?;
            self.count("step_wise.trip", governor.trips.len(), 1..=MOST_PARTS)?;
            for trip in &governor.trips {
                self.number("step_wise.trip.at_c", trip.at_c, CELSIUS)?;
                self.number("step_wise.trip.hysteresis_k", trip.hysteresis_k, 0.0..=50.0)?;
                self.count("step_wise.trip.cools", trip.cools.len(), 1..=MOST_PARTS)?;
                for cluster in &trip.cools {
                    self.cluster("step_wise.trip.cools", cluster)?;
                }
            }
        }
        Ok(())
    }

    fn allocator(&self) -> Result<(), PhoneError> {
        let Some(allocator) = &self.profile.power_allocator else {
            return Ok(());
        };
        self.sensor("power_allocator.sensor", &allocator.sensor)?;
        self.period("power_allocator.poll_ms", allocator.poll_ms)?;
        self.number("power_allocator.control_c", allocator.control_c, CELSIUS)?;
        self.number("power_allocator.switch_on_c", allocator.switch_on_c, -30.0..=allocator.control_c)?;
        self.number("power_allocator.sustainable_mw", allocator.sustainable_mw, 10.0..=100_000.0)?;
        for (key, value) in [
            ("power_allocator.overshoot_mw_per_k", allocator.overshoot_mw_per_k),
            ("power_allocator.undershoot_mw_per_k", allocator.undershoot_mw_per_k),
            ("power_allocator.integral_mw_per_k", allocator.integral_mw_per_k),
        ] {
            self.number(key, value, 0.0..=100_000.0)?;
        }
        self.number("power_allocator.integral_cutoff_k", allocator.integral_cutoff_k, 0.0..=100.0)?;
        self.count("power_allocator.actor", allocator.actors.len(), 1..=MOST_PARTS)?;
        for actor in &allocator.actors {
            self.cluster("power_allocator.actor.cluster", &actor.cluster)?;
            self.number("power_allocator.actor.weight", actor.weight, 0.01..=100.0)?;
        }
        Ok(())
    }

    fn caps(&self) -> Result<(), PhoneError> {
        self.count("cap", self.profile.caps.len(), 0..=MOST_PARTS)?;
        for cap in &self.profile.caps {
            self.sensor("cap.sensor", &cap.sensor)?;
            self.period("cap.poll_ms", cap.poll_ms)?;
            self.number("cap.on_c", cap.on_c, CELSIUS)?;
            self.number("cap.off_c", cap.off_c, -30.0..=cap.on_c)?;
            self.count("cap.limits_khz", cap.limits_khz.len(), 1..=MOST_PARTS)?;
            for cluster in cap.limits_khz.keys() {
                self.cluster("cap.limits_khz", cluster)?;
            }
        }
        Ok(())
    }

    fn status(&self) -> Result<(), PhoneError> {
        for down in &self.profile.downs {
            self.sensor("down.sensor", &down.sensor)?;
            self.number("down.at_c", down.at_c, CELSIUS)?;
        }
        let Some(status) = &self.profile.status else {
            return Ok(());
        };
        self.sensor("status.sensor", &status.sensor)?;
        self.period("status.poll_ms", status.poll_ms)?;
        self.number("status.hysteresis_k", status.hysteresis_k, 0.0..=20.0)?;
        let levels: Vec<f64> = status.levels().into_iter().flatten().collect();
        for level in &levels {
            self.number("status", *level, CELSIUS)?;
        }
        self.ensure(levels.windows(2).all(|pair| pair[0] < pair[1]), "status", "has levels that do not rise")
    }
}
