//! What an Android's services tell of what its files show too: `dumpsys thermalservice` and `dumpsys battery`.
//!
//! Names are those of the real agent: the thermal service is believed before the zones and has the plain name, the
//! battery's service comes behind the files. The other of two is `NAME#1`.

use edgesoak_protocol::{ChannelSpec, Quantity, RawReading, rule};

use crate::body::state::State;
use crate::face::is_android;
use crate::profile::{Os, Profile};
use crate::telemetry::{BATTERY, THERMAL, Telemetry};

/// Channels of services.
#[derive(Debug)]
pub(super) struct Services(Vec<Row>);

/// A channel with the file that shows the same.
#[derive(Debug)]
struct Row {
    spec: ChannelSpec,
    /// Position of that file's channel in the telemetry.
    place: usize,
    /// Raw integers of the file that are one of the service.
    step: i64,
}

impl Services {
    /// The services of a device whose telemetry has these channels; those of files that they tell of are renamed.
    pub(super) fn new(profile: &Profile, files: &mut [ChannelSpec]) -> Self {
        let mut rows = Vec::new();
        if is_android(profile) {
            for (place, file) in files.iter_mut().enumerate() {
                rows.extend(row(profile, place, file));
            }
        }
        Self(rows)
    }

    /// Their rows of the channel table.
    pub(super) fn specs(&self) -> impl Iterator<Item = &ChannelSpec> {
        self.0.iter().map(|row| &row.spec)
    }

    /// Adds the readings of a group, in the order of the table.
    pub(super) fn sample(
        &self,
        telemetry: &Telemetry,
        state: State<'_>,
        group: u8,
        values: &mut Vec<RawReading>,
    ) {
        let of_group = self.0.iter().filter(|row| row.spec.group == group);
        values.extend(of_group.map(|row| {
            let RawReading(raw) = telemetry.raw(state, row.place);
            // Java divides as the kernel does: towards zero.
            RawReading(raw.map(|raw| raw / row.step))
        }));
    }
}

/// What a service tells of this file.
fn row(profile: &Profile, place: usize, file: &mut ChannelSpec) -> Option<Row> {
    let told = |file: &ChannelSpec, name: String, group: u8, source: &str, step: i64| {
        #[expect(clippy::cast_precision_loss, reason = "a thousand at most")]
        let scale = file.scale * step as f64;
        let source = source.to_owned();
        Row {
            spec: ChannelSpec { name, group, source, scale, rule: rule::CAPTURED, ..file.clone() },
            place,
            step,
        }
    };
    if file.source.starts_with("/sys/class/thermal/") {
        let row = told(file, file.name.clone(), THERMAL, "dumpsys thermalservice", 1);
        file.name += "#1";
        return Some(row);
    }
    let step = match file.quantity {
        // Millivolts; and milliamperes, where the vendor prints a current at all.
        Quantity::Voltage => 1_000,
        Quantity::Current if profile.face.os == Os::AndroidSamsung => 1_000,
        Quantity::Current => return None,
        _ => 1,
    };
    let name = match file.name.as_str() {
        "supply/usb/online" => "battery/plugged".to_owned(),
        name if name.starts_with("battery/") => [name, "#1"].concat(),
        _ => return None,
    };
    Some(told(file, name, BATTERY, "dumpsys battery", step))
}
