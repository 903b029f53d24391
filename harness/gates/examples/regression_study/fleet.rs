//! A fleet on its way through the looks: runs are topped up as the comparison asks, until it decides or asks no more.

use edgesoak_gates::regression::{
    Arm, Request, Rules, Setup, Shown, Subject, Trial, between_run_sigma, compare,
};
use edgesoak_record::comparison::{Comparison, MoreRuns, Reference};
use edgesoak_record::trial::Burst;
use edgesoak_record::verdict::Verdict;

use super::dice::Dice;
use super::lab::Device;

/// Seconds from the begin of a run to that of the next: ten minutes of soak, twenty of rest.
const PITCH_S: f64 = 1_800.0;
/// Canaries of a candidate against itself: days, and runs on each.
const CANARY_DAYS: u64 = 4;
const CANARY_RUNS: usize = 4;

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Spread between runs.
    pub sigma: f64,
    /// True change of each device, a part of one.
    pub effects: Vec<f64>,
    /// Whether canaries told the spread before.
    pub history: bool,
}

/// What a fleet came to.
pub struct Outcome {
    /// The last comparison.
    pub comparison: Comparison,
    /// Runs of both sides, all devices.
    pub runs: usize,
    /// It was suspect on its way.
    pub was_suspect: bool,
}

struct Bench {
    device: Device,
    effect: f64,
    subject: Subject,
    made: u32,
}

fn setup() -> Setup {
    let text = |text: &str| text.to_owned();
    Setup {
        unit: text("u"),
        os_build: Some(text("b")),
        route: text("r"),
        workload: text("w"),
        power: None,
        template: text("t"),
    }
}

impl Bench {
    fn new(cell: &Cell, index: usize, seed: u64) -> Self {
        let dice = |part: u64| Dice::new(seed ^ ((index as u64 + 1) << 48) ^ (part << 40));
        let day = |day: u64| {
            let mut device = Device::new(dice(day + 1), cell.sigma, index);
            (0..CANARY_RUNS).map(|_| device.run(0.0).0).collect::<Vec<f64>>()
        };
        let name = format!("p{index}");
        let groups: Vec<Vec<f64>> = (0..CANARY_DAYS).map(day).collect();
        let history = if cell.history { between_run_sigma(&name, "canary", &groups) } else { None };
        let subject = Subject {
            device: name,
            family: "phones".to_owned(),
            route: "r".to_owned(),
            is_virtual: false,
            candidate: Arm::default(),
            references: vec![(Reference::Previous, Arm::default())],
            history,
        };
        Self {
            device: Device::new(dice(0), cell.sigma, index),
            effect: cell.effects[index].ln_1p(),
            subject,
            made: 0,
        }
    }

    /// Runs what is owed: A B B A, over and over.
    fn top_up(&mut self, owed: MoreRuns) -> usize {
        let mut owed = [owed.candidate, owed.reference];
        let before = self.made;
        while owed != [0, 0] {
            let turn = usize::from(matches!(self.made % 4, 1 | 2));
            let side = if owed[turn] > 0 { turn } else { 1 - turn };
            owed[side] -= 1;
            self.one(side == 0);
        }
        (self.made - before) as usize
    }

    fn one(&mut self, candidate: bool) {
        let (rate, ambient) = self.device.run(if candidate { self.effect } else { 0.0 });
        let trial = Trial {
            began_s: f64::from(self.made) * PITCH_S,
            setup: setup(),
            ambient: Some(ambient),
            grade: None,
            is_imported: false,
            shown: Shown::Rate { rate, settled: true },
            burst: Burst::default(),
            slowed: None,
            answers: None,
        };
        self.made += 1;
        let arm = if candidate { &mut self.subject.candidate } else { &mut self.subject.references[0].1 };
        arm.scheduled += 1;
        arm.trials.push(trial);
    }
}

fn rules() -> Rules {
    Rules {
        margin: 0.05,
        pinned_margin: 0.08,
        looks: vec![3, 5, 8],
        units_per_family: 1,
        required_families: Vec::new(),
        references: vec![Reference::Previous],
        tier: String::new(),
        policy: None,
        accepts_not_proven: false,
        evidence: Vec::new(),
        waivers: Vec::new(),
        opened: None,
    }
}

/// Takes a fleet to its end.
pub fn run(cell: &Cell, seed: u64) -> Outcome {
    let mut benches: Vec<Bench> =
        (0..cell.effects.len()).map(|index| Bench::new(cell, index, seed)).collect();
    let first = MoreRuns { candidate: 3, reference: 3 };
    let mut runs: usize = benches.iter_mut().map(|bench| bench.top_up(first)).sum();
    let mut was_suspect = false;
    loop {
        let subjects = benches.iter().map(|bench| bench.subject.clone()).collect();
        let comparison =
            compare(&Request { rules: rules(), required: Vec::new(), subjects, sides: Vec::new() });
        was_suspect |= comparison.devices.iter().any(|device| device.changes[0].suspect);
        let mut made = 0;
        if comparison.verdict == Verdict::NotProven {
            for (bench, device) in benches.iter_mut().zip(&comparison.devices) {
                made += bench.top_up(device.changes[0].more_runs);
            }
        }
        runs += made;
        if made == 0 {
            return Outcome { comparison, runs, was_suspect };
        }
    }
}
