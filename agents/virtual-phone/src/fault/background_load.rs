//! Other processes take a share of every core, from a moment on: a sync, an update, a colleague's build.

use edgesoak_protocol::units::Ratio;
use edgesoak_protocol::{ChannelSpec, RawReading};

use super::{Amount, Fault, Hands, Kind, Now, Setting, Unit, has_come};

pub(super) const KIND: Kind = Kind {
    name: "background-load",
    title: "Other processes take a share of every core",
    has_moment: true,
    amount: Some(Amount { unit: Unit::Percent, least: 1.0, most: 90.0, usual: 25.0 }),
    gate: "background_cpu",
    cause: "background_cpu",
    plant: |setting| Box::new(BackgroundLoad { setting, cores: 0 }),
};

#[derive(Debug)]
struct BackgroundLoad {
    setting: Setting,
    cores: u32,
}

impl Fault for BackgroundLoad {
    fn act(&mut self, now: Now, hands: &mut Hands<'_, '_>) {
        if has_come(now, self.setting.from) {
            self.cores = hands.engine.body().profile().face.cores;
            hands.engine.body_mut().share_with_others(Ratio(self.setting.amount / 1e2));
        }
    }

    fn shown(&mut self, now: Now, channel: &ChannelSpec, truth: RawReading) -> RawReading {
        let sign = match channel.name.as_str() {
            "cpu/user" => 1.0,
            "cpu/idle" => -1.0,
            _ => return truth,
        };
        let seconds = now.at.since(self.setting.from).as_secs_f64();
        let taken = sign * seconds * self.setting.amount / 1e2 * f64::from(self.cores) / channel.scale;
        #[expect(clippy::cast_possible_truncation, reason = "a cast saturates, and a soak is short")]
        RawReading(truth.0.map(|raw| raw.saturating_add(taken as i64)))
    }
}
