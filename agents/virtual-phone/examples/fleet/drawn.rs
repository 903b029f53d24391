//! Devices that nobody built: kinds of the table, each with another thermal network, other clocks, other trip
//! points, in another room and another boot. What becomes of them after hours is known beside their soaks.

use edgesoak_protocol::units::{Celsius, Nanos, Ratio};
use edgesoak_virtual_phone::engine::{Event, Observer, Segment};
use edgesoak_virtual_phone::fleet::{Fleet, Row};
use edgesoak_virtual_phone::{Body, Candidate, Case, Engine, PhoneError, Profile, Surroundings, Truth};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg32;

/// Rows of the table in turns: devices whose clocks nothing but the kernel takes away, and phones with caps of their vendors.
const KINDS: [&str; 10] = [
    "sm6115-scanner/350m-cpu",
    "tensor-phone/350m-cpu",
    "sdm660-scanner/350m-cpu",
    "snapdragon8-phone/350m-cpu",
    "jetson-handheld/350m-cpu",
    "exynos-mid/350m-cpu",
    "jetson-handheld/1b-gpu",
    "tensor-phone/1b-gpu",
    "pi-board/350m-cpu",
    "snapdragon8-phone/1b-gpu",
];
/// Rooms in which they lie, °C: what is predicted of warmer ones is told of 25, 35 and 40.
const ROOMS_C: [f64; 3] = [15.0, 25.0, 30.0];
/// Time after which every device swings as it always will, and for which it is watched then.
const RESTS: Nanos = Nanos::from_secs(7_200);
const WATCHED: Nanos = Nanos::from_secs(2_400);
/// The other air is warmer by this, K.
const WARMER_K: f64 = 10.0;

/// A device with its work.
pub struct Drawn {
    pub row: Row,
    pub profile: Profile,
    pub surroundings: Surroundings,
}

impl Drawn {
    /// The device of this seed.
    pub fn of(fleet: &Fleet, seed: u64) -> Result<Self, PhoneError> {
        let mut dice = Dice(Pcg32::seed_from_u64(seed));
        let name = KINDS[usize::try_from(seed).unwrap_or(0) % KINDS.len()];
        let row = fleet.rows.iter().find(|row| row.name == name).expect("a row of the table").clone();
        let mut profile = Profile::built_in(&row.profile)?;
        dice.heat(&mut profile);
        dice.clocks(&mut profile);
        dice.governors(&mut profile);
        let ambient = Celsius(ROOMS_C[dice.below(ROOMS_C.len())]);
        let cases = [Case::BARE, Case::BARE, Case::SLEEVE, Case::BOOT];
        let case = cases[dice.below(if profile.battery.is_some() { 4 } else { 1 })];
        let surroundings = Surroundings { ambient, start: ambient, case, ..Surroundings::ROOM };
        let name = format!("{} of seed {seed} at {:.0} C", row.name, ambient.0);
        Ok(Self { row: Row { twin: name.clone(), name, room_c: ambient.0, ..row }, profile, surroundings })
    }

    /// The floor once it is at rest, here and in warmer air; nothing where it switches itself off.
    pub fn rests(&self, seed: u64) -> Result<[Option<f64>; 2], PhoneError> {
        let candidate = self.row.candidate()?;
        let here = self.surroundings.ambient.0;
        let [cool, warm] =
            [here, here + WARMER_K].map(|ambient| self.rest(&candidate, seed, Celsius(ambient)));
        Ok([cool?, warm?])
    }

    fn rest(&self, candidate: &Candidate, seed: u64, ambient: Celsius) -> Result<Option<f64>, PhoneError> {
        let surroundings = Surroundings { ambient, start: ambient, charge: Ratio(1.0), ..self.surroundings };
        let mut profile = self.profile.clone();
        // What an empty battery ends is no matter of heat.
        if let Some(battery) = &mut profile.battery {
            battery.capacity_mah *= 4.0;
        }
        let mut engine = Engine::new(Body::new(&profile, seed, surroundings)?, candidate)?;
        engine.run_until(RESTS, &mut Nobody);
        let truth = Truth::of_body(engine.body().clone(), candidate, WATCHED)?;
        Ok(truth.floor.filter(|_| truth.down.is_none()).map(|rate| rate.0))
    }
}

/// Nobody listens until the device is at rest.
struct Nobody;

impl Observer for Nobody {
    fn event(&mut self, _: Nanos, _: Event) {}
    fn segment(&mut self, _: Segment) {}
}

struct Dice(Pcg32);

impl Dice {
    fn part(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.part()
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.0.next_u32()).unwrap_or(0) % end
    }

    /// A factor that is as often below one as above it.
    fn factor(&mut self, most: f64) -> f64 {
        self.between(-most.ln(), most.ln()).exp()
    }

    fn heat(&mut self, profile: &mut Profile) {
        for node in &mut profile.heat.nodes {
            node.capacity_j_per_k *= self.factor(1.35);
            node.to_ambient_w_per_k *= self.factor(1.3);
        }
        for link in &mut profile.heat.links {
            link.w_per_k *= self.factor(1.35);
        }
        for sensor in &mut profile.sensors {
            // Where two nodes share a thermometer, it hangs nearer to one of them.
            let shift = self.between(-0.15, 0.15);
            if let [first, second] = sensor.mix.values_mut().collect::<Vec<_>>().as_mut_slice() {
                let moved = shift.clamp(-**first, **second);
                **first += moved;
                **second -= moved;
            }
        }
        profile.power.idle_mw *= self.factor(1.25);
        profile.power.leakage_mw_at_25c *= self.factor(1.6);
    }

    /// Some clocks are missing, and all draw more or less than they did, the lower ones by another part.
    fn clocks(&mut self, profile: &mut Profile) {
        for cluster in &mut profile.clusters {
            let (scale, tilt) = (self.factor(1.2), self.between(-0.3, 0.3));
            let (lowest, top) = (cluster.points[0].0, cluster.points[cluster.points.len() - 1].0);
            cluster.points.retain(|(khz, _)| *khz == lowest || *khz == top || self.part() > 0.2);
            for (khz, mw) in &mut cluster.points {
                *mw *= scale * (*khz as f64 / top as f64).powf(tilt);
            }
        }
    }

    fn governors(&mut self, profile: &mut Profile) {
        let shift = self.between(-4.0, 4.0);
        for cap in &mut profile.caps {
            (cap.on_c, cap.off_c) = (cap.on_c + shift, cap.off_c + shift);
        }
        for governor in &mut profile.step_wise {
            let follows_chip = profile.sensors.iter().any(|sensor| {
                sensor.name == governor.sensor && sensor.mix.get("soc").is_some_and(|part| *part > 0.5)
            });
            let shift = if follows_chip { self.between(-12.0, 4.0) } else { self.between(-4.0, 4.0) };
            governor.poll_ms = hundreds(governor.poll_ms as f64 * self.factor(2.0) / 100.0);
            for trip in &mut governor.trips {
                trip.at_c = ((trip.at_c + shift) * 10.0).round() / 10.0;
                trip.hysteresis_k *= self.factor(2.0);
            }
        }
    }
}

/// So many tenths of a second, in whole ones, as milliseconds.
fn hundreds(tenths: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "polls take a minute at most"
    )]
    let whole = tenths.round() as u64;
    whole * 100
}
