//! One device in a lab: what its sustained rate is made of, run after run.

use std::f64::consts::TAU;

use super::dice::Dice;

/// How far the room wanders, kelvin; a lab that is looked after.
const ROOM_K: f64 = 0.3;
/// Likeness of the room in one run and the next.
const ROOM_STAYS: f64 = 0.7;
/// Change of the logarithm of the rate per kelvin; bodies that throttle lie between -0.7 % and -2.9 % at ten minutes.
const PER_KELVIN: f64 = -0.02;
/// Context: where the last whole prompts are cut, standard deviation.
const CONTEXT: f64 = 0.002;
/// Steady drift over sixteen runs, standard deviation between devices: batteries empty, days warm up.
const DRIFT: f64 = 0.01;
/// Error of the probe, kelvin.
const PROBE_K: f64 = 0.05;

/// A device with its room.
pub struct Device {
    dice: Dice,
    /// Part of the spread that is the governor's, and that is anything else.
    governor: f64,
    other: f64,
    drift: f64,
    room: f64,
    runs: u32,
}

impl Device {
    /// A device whose runs spread by `sigma` in all, drift aside.
    ///
    /// Room and context take their share; of the rest, one half is a governor in a limit cycle, of which a window
    /// of three minutes sees a random phase, and one half is normal.
    pub fn new(mut dice: Dice, sigma: f64) -> Self {
        let rest = sigma * sigma - (ROOM_K * PER_KELVIN).powi(2) - CONTEXT * CONTEXT;
        let half = (rest.max(0.0) / 2.0).sqrt();
        let drift = DRIFT * dice.normal() / 16.0;
        let room = dice.normal();
        Self { dice, governor: half, other: half, drift, room, runs: 0 }
    }

    /// The next run of something that is changed by `effect` (a logarithm): its rate, and the probe's reading.
    pub fn run(&mut self, effect: f64) -> (f64, f64) {
        let dice = &mut self.dice;
        self.room = ROOM_STAYS * self.room + (1.0 - ROOM_STAYS * ROOM_STAYS).sqrt() * dice.normal();
        let kelvin = ROOM_K * self.room;
        // The mean of a wave over a window of fixed length is a wave of its phase, whatever its period.
        let governor = self.governor * 2.0_f64.sqrt() * (TAU * dice.uniform()).sin();
        let noise = governor + self.other * dice.normal() + CONTEXT * dice.normal();
        let drift = self.drift * f64::from(self.runs);
        self.runs += 1;
        let rate = 20.0 * (effect + noise + PER_KELVIN * kelvin + drift).exp();
        (rate, 22.0 + kelvin + PROBE_K * dice.normal())
    }
}
