//! One device in a lab: what its sustained rate is made of, run after run.

use std::f64::consts::TAU;

use super::dice::Dice;

/// How far the room wanders, kelvin, standard deviation; a lab that is looked after.
const ROOM_K: f64 = 0.3;
/// Likeness of the room in one run and the next.
const ROOM_STAYS: f64 = 0.7;
/// Change of the logarithm of the rate per kelvin of the room, and of a warm start within the start gate: the largest
/// of the virtual phones', as the example `rooms` of their crate prints them; others have none.
const PER_KELVIN: f64 = -0.0149;
const PER_KELVIN_WARM: f64 = -0.0069;
/// Warmest start, kelvin over the room.
const WARM_K: f64 = 2.0;
/// Context: where the last whole prompts are cut, standard deviation.
const CONTEXT: f64 = 0.002;
/// Steady drift over sixteen runs, standard deviation between devices: batteries empty, days warm up.
const DRIFT: f64 = 0.01;
/// Error of the probe, kelvin.
const PROBE_K: f64 = 0.05;

/// What governors leave in the sustained rates of two virtual phones, room and start accounted for, by their standard
/// deviations (0.5 % and 0.2 %), from the same example: the one steps its clocks, the other has rare slow runs.
const STEPPING: [f64; 48] = [
    -1.29, -1.25, -1.15, -1.13, -1.08, -1.03, -0.99, -0.99, -0.96, -0.95, -0.92, -0.89, -0.87, -0.86, -0.56,
    -0.56, -0.52, -0.44, -0.40, -0.40, -0.40, -0.39, -0.34, -0.17, -0.10, -0.05, -0.05, -0.01, 0.02, 0.02,
    0.03, 0.11, 0.42, 0.42, 0.43, 0.54, 0.54, 0.54, 0.55, 0.75, 1.13, 1.27, 1.40, 1.46, 1.75, 1.79, 2.62,
    2.95,
];
const RARELY_SLOW: [f64; 48] = [
    -3.56, -2.97, -1.73, -1.04, -1.01, -0.98, -0.81, -0.78, -0.74, -0.60, -0.54, -0.52, -0.48, -0.37, -0.31,
    -0.28, -0.27, -0.22, -0.19, -0.13, -0.09, -0.03, -0.02, 0.02, 0.07, 0.10, 0.17, 0.26, 0.36, 0.36, 0.37,
    0.43, 0.55, 0.56, 0.61, 0.71, 0.80, 0.82, 0.84, 0.88, 1.03, 1.07, 1.15, 1.21, 1.27, 1.29, 1.32, 1.43,
];

/// What a governor does to a window of three minutes.
#[derive(Debug, Clone, Copy)]
enum Governor {
    /// As in these runs.
    Seen(&'static [f64; 48]),
    /// A limit cycle of which the window sees a random phase: the mean of a wave over a fixed length is a wave of its
    /// phase, whatever its period.
    Wave,
}

impl Governor {
    /// Mean 0, standard deviation 1.
    fn draw(self, dice: &mut Dice) -> f64 {
        match self {
            Self::Seen(runs) => runs[dice.below(runs.len())],
            Self::Wave => 2.0_f64.sqrt() * (TAU * dice.uniform()).sin(),
        }
    }
}

/// A device with its room.
pub struct Device {
    dice: Dice,
    governor: Governor,
    /// Spread that is the governor's, and as much that is anything else.
    half: f64,
    drift: f64,
    room: f64,
    runs: u32,
}

impl Device {
    /// A device whose runs spread by `sigma` in all, drift aside; which governor it has goes by `kind`.
    ///
    /// Room, start and context take their share; of the rest, one half is the governor's and one half is normal.
    pub fn new(mut dice: Dice, sigma: f64, kind: usize) -> Self {
        let room = ROOM_K * PER_KELVIN;
        let warm = WARM_K / 12.0_f64.sqrt() * PER_KELVIN_WARM;
        let rest = sigma * sigma - room * room - warm * warm - CONTEXT * CONTEXT;
        let half = (rest.max(0.0) / 2.0).sqrt();
        let drift = DRIFT * dice.normal() / 16.0;
        let room = dice.normal();
        let governor = [Governor::Seen(&STEPPING), Governor::Seen(&RARELY_SLOW), Governor::Wave][kind % 3];
        Self { dice, governor, half, drift, room, runs: 0 }
    }

    /// The next run of something that is changed by `effect` (a logarithm): its rate, and the probe's reading.
    pub fn run(&mut self, effect: f64) -> (f64, f64) {
        let dice = &mut self.dice;
        self.room = ROOM_STAYS * self.room + (1.0 - ROOM_STAYS * ROOM_STAYS).sqrt() * dice.normal();
        let kelvin = ROOM_K * self.room;
        let warm = PER_KELVIN_WARM * WARM_K * dice.uniform();
        let noise = self.half * (self.governor.draw(dice) + dice.normal()) + CONTEXT * dice.normal();
        let drift = self.drift * f64::from(self.runs);
        self.runs += 1;
        let rate = 20.0 * (effect + noise + warm + PER_KELVIN * kelvin + drift).exp();
        (rate, 22.0 + kelvin + PROBE_K * dice.normal())
    }
}
