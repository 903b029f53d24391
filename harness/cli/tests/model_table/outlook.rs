//! Where soaks are predicted to come to rest, held against the same devices that went on, and against those in warmer air.

use std::collections::BTreeMap;
use std::fmt;

use edgesoak_record::prediction::Expected;
use edgesoak_record::verdict::SessionVerdict;

use super::fleet::{self, Line, Part};
use super::judged;

/// Long enough for every device to come to rest, minutes.
const REST_MIN: u32 = 90;
/// The other air is warmer by this, K.
const WARMER_C: f64 = 10.0;
/// A device that loses less within its soak does not throttle.
const LOSS: f64 = 0.05;

/// Predictions of one kind.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    /// Soaks of devices that throttle and let their temperature be read.
    pub meant: u32,
    /// Without a floor.
    pub abstained: u32,
    /// Within the error that is allowed.
    pub within: u32,
    /// With the truth between their bounds.
    pub covered: u32,
}

impl Tally {
    fn plus(self, other: Self) -> Self {
        Self {
            meant: self.meant + other.meant,
            abstained: self.abstained + other.abstained,
            within: self.within + other.within,
            covered: self.covered + other.covered,
        }
    }

    fn add(&mut self, expected: Option<&Expected>, truth: f64, allowed: f64) {
        self.meant += 1;
        let Some((floor, expected)) = expected.and_then(|expected| Some((expected.floor_tps?, expected)))
        else {
            self.abstained += 1;
            return;
        };
        self.within += u32::from((floor / truth - 1.0).abs() <= allowed);
        let is_between =
            expected.lo.is_some_and(|lo| lo <= truth) && expected.hi.is_some_and(|hi| truth <= hi);
        self.covered += u32::from(is_between);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { meant, abstained, within, covered } = self;
        let told = meant - abstained;
        write!(f, "{abstained} of {meant} abstain; of {told}, {within} are near enough and {covered} covered")
    }
}

/// Predictions by kind of device: in the air of the soak, and in warmer air.
#[derive(Debug, Default)]
pub struct Outlook {
    /// By profile.
    pub kinds: BTreeMap<String, (Tally, Tally)>,
    /// What is further off than allowed, in words.
    pub wrong: Vec<String>,
}

impl Outlook {
    /// All kinds together.
    pub fn sum(&self) -> (Tally, Tally) {
        self.kinds.values().fold((Tally::default(), Tally::default()), |sum, (here, warmer)| {
            (sum.0.plus(*here), sum.1.plus(*warmer))
        })
    }

    /// Adds another one.
    pub fn add(&mut self, other: Self) {
        for (kind, (here, warmer)) in other.kinds {
            let tally = self.kinds.entry(kind).or_default();
            *tally = (tally.0.plus(here), tally.1.plus(warmer));
        }
        self.wrong.extend(other.wrong);
    }

    fn compare(&mut self, line: &Line, verdict: &SessionVerdict, truth: [Option<f64>; 2]) {
        let tally = self.kinds.entry(line.profile.clone()).or_default();
        let expected = verdict.prediction.as_ref().map(|known| known.expected.as_slice()).unwrap_or_default();
        let there = line.ambient_c + WARMER_C;
        let warmer = expected.iter().skip(1).find(|expected| (expected.ambient_c - there).abs() < 1e-6);
        for (tally, expected, truth, allowed) in
            [(&mut tally.0, expected.first(), truth[0], 0.03), (&mut tally.1, warmer, truth[1], 0.05)]
        {
            let Some(truth) = truth else { continue };
            tally.add(expected, truth, allowed);
            let floor = expected.and_then(|expected| expected.floor_tps);
            if let Some(floor) = floor.filter(|floor| (floor / truth - 1.0).abs() > allowed) {
                let name = format!("{} (seed {})", line.name, line.seed);
                self.wrong.push(format!("{name}: {floor:.2} is predicted, {truth:.2} comes"));
            }
        }
    }
}

impl fmt::Display for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, (here, warmer)) in &self.kinds {
            writeln!(f, "{kind}: {here}; {WARMER_C:.0} K warmer: {warmer}")?;
        }
        let (here, warmer) = self.sum();
        write!(f, "all: {here}; {WARMER_C:.0} K warmer: {warmer}")
    }
}

/// Soaks of so many minutes in these airs, each held against a soak of 90 minutes there and one in warmer air.
pub fn study(seed: u64, minutes: u32, rooms: &[f64]) -> Outlook {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = folder.path().join("soaks");
    let lines = fleet::record(&run_dir, Part::Soaked { seed, minutes, rooms });
    let mut run = judged::stored(&run_dir, &lines);
    let verdicts = judged::verdicts(&mut run, &vec![Vec::new(); lines.len()]);
    let warmer: Vec<f64> = rooms.iter().map(|room| room + WARMER_C).collect();
    let here = floors(seed, rooms);
    let there = floors(seed, &warmer);
    let mut outlook = Outlook::default();
    for ((line, verdict), truth) in lines.iter().zip(&verdicts).zip(here.into_iter().zip(there)) {
        let rates = line.truth.as_ref().and_then(|truth| Some((truth.burst_tps?, truth.sustained_tps?)));
        let throttles = rates.is_some_and(|(burst, sustained)| sustained < (1.0 - LOSS) * burst);
        if throttles && line.tells_heat && !line.is_off {
            outlook.compare(line, verdict, truth.into());
        }
    }
    outlook
}

/// Floors of soaks that went on; nothing where the device switched itself off.
fn floors(seed: u64, rooms: &[f64]) -> Vec<Option<f64>> {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = folder.path().join("long");
    let lines = fleet::record(&run_dir, Part::Soaked { seed, minutes: REST_MIN, rooms });
    let floor = |line: &Line| line.truth.as_ref().filter(|_| !line.is_off)?.floor_tps;
    lines.iter().map(floor).collect()
}
