//! What the channels of a served phone read: the truth, through the hands of its faults.

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, Unit, rule};

use crate::body::state::State;
use crate::face::Readings;
use crate::fault::{Faults, Now};
use crate::profile::Profile;
use crate::telemetry::{FAST, SLOW, Telemetry};

/// The channels of a phone.
#[derive(Debug)]
pub(super) struct Seen {
    telemetry: Telemetry,
    pub(super) specs: Vec<ChannelSpec>,
    told: Vec<ChannelSpec>,
    memory: ChannelSpec,
    values: Vec<RawReading>,
}

impl Seen {
    pub(super) fn new(profile: &Profile) -> Self {
        let telemetry = Telemetry::new(profile);
        let specs = telemetry.specs().cloned().collect();
        let told = ["battery/override", "thermal/override"];
        Self {
            telemetry,
            specs,
            told: told.map(|name| spec(name, Quantity::Override, Unit::One, 1.0)).into(),
            memory: spec("runtime/rss_anon", Quantity::RuntimeMemory, Unit::Byte, 1024.0),
            values: Vec::new(),
        }
    }

    /// Reads every channel.
    pub(super) fn look(&mut self, state: State<'_>, faults: &mut Faults, now: Option<Now>) -> Readings {
        let mut readings = Readings::default();
        let mut show = |spec: &ChannelSpec, raw: RawReading| {
            let shown = now.map_or(raw, |now| faults.shown(now, spec, raw));
            readings.push(spec.clone(), shown);
        };
        for group in [FAST, SLOW] {
            self.telemetry.sample(state, group, &mut self.values);
            let of_group = self.specs.iter().filter(|spec| spec.group == group);
            for (spec, raw) in of_group.zip(&self.values) {
                show(spec, *raw);
            }
        }
        for spec in &self.told {
            show(spec, RawReading(Ok(0)));
        }
        readings
    }

    /// What the runtime's own memory reads, KiB.
    pub(super) fn memory_kib(&self, kib: u64, faults: &mut Faults, now: Option<Now>) -> u64 {
        let raw = RawReading(Ok(i64::try_from(kib).unwrap_or(i64::MAX)));
        let shown = now.map_or(raw, |now| faults.shown(now, &self.memory, raw));
        shown.0.ok().and_then(|raw| u64::try_from(raw).ok()).unwrap_or(kib)
    }
}

fn spec(name: &str, quantity: Quantity, unit: Unit, scale: f64) -> ChannelSpec {
    let (name, source) = (name.to_owned(), String::new());
    ChannelSpec { name, quantity, unit, scale, rule: rule::PLAIN, group: SLOW, source, missing: None }
}
