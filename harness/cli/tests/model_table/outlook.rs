//! Where soaks are predicted to come to rest, held against the same devices that went on, and against those in warmer air.

use std::collections::BTreeMap;
use std::fmt;

use edgesoak_record::prediction::Expected;
use edgesoak_record::verdict::SessionVerdict;

use super::fleet::{self, Line, Part};
use super::judged;

/// The other air is warmer by this, K.
const WARMER_K: f64 = 10.0;
/// Errors that are allowed, in the air of the soak and in warmer air.
const ALLOWED: [f64; 2] = [0.03, 0.05];
/// The cause of a prediction that is none, because a governor will act that was never seen to.
const UNMET: &str = "unmet_governor";

/// Predictions of one kind.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    /// Devices that do not switch themselves off there.
    pub all: u32,
    /// Those whose soak met the governor that holds them, or that none will hold.
    pub meant: u32,
    /// With a floor.
    pub told: u32,
    /// Within the error that is allowed.
    pub near: u32,
    /// With the truth between their bounds.
    pub covered: u32,
    /// With a floor, of a device that switches itself off.
    pub off: u32,
}

impl Tally {
    fn plus(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            meant: self.meant + other.meant,
            told: self.told + other.told,
            near: self.near + other.near,
            covered: self.covered + other.covered,
            off: self.off + other.off,
        }
    }

    fn add(&mut self, expected: Option<&Expected>, truth: Option<f64>, allowed: f64) -> Option<f64> {
        let floor = expected.and_then(|expected| expected.floor_tps);
        let Some(truth) = truth else {
            self.off += u32::from(floor.is_some());
            return None;
        };
        self.all += 1;
        let cause = expected.and_then(|expected| expected.cause.as_deref());
        self.meant += u32::from(cause != Some(UNMET));
        let (expected, floor) = (expected?, floor?);
        let error = floor / truth - 1.0;
        self.told += 1;
        self.near += u32::from(error.abs() <= allowed);
        let is_between =
            expected.lo.is_some_and(|lo| lo <= truth) && expected.hi.is_some_and(|hi| truth <= hi);
        self.covered += u32::from(is_between);
        (error.abs() > allowed).then_some(error)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { all, meant, told, near, covered, off } = self;
        write!(
            f,
            "{all}, meant {meant}, told {told}, near enough {near}, covered {covered}, told of none {off}"
        )
    }
}

/// Predictions by kind of device: in the air of the soak, and in warmer air.
#[derive(Debug, Default)]
pub struct Outlook {
    /// By profile.
    pub kinds: BTreeMap<String, [Tally; 2]>,
    /// What is further off than allowed, in words.
    pub wrong: Vec<String>,
}

impl Outlook {
    /// Kinds that the kernel governs, together, and the phones with caps of their vendors.
    pub fn sums(&self) -> [[Tally; 2]; 2] {
        let mut sums = [[Tally::default(); 2]; 2];
        for (kind, tallies) in &self.kinds {
            let is_phone = ["tensor", "snapdragon", "exynos"].iter().any(|word| kind.starts_with(word));
            let sum = &mut sums[usize::from(is_phone)];
            *sum = [sum[0].plus(tallies[0]), sum[1].plus(tallies[1])];
        }
        sums
    }

    fn compare(&mut self, line: &Line, verdict: &SessionVerdict) {
        let tallies = self.kinds.entry(line.profile.clone()).or_default();
        let expected = verdict.prediction.as_ref().map(|known| known.expected.as_slice()).unwrap_or_default();
        let there = line.ambient_c + WARMER_K;
        let warmer = expected.iter().skip(1).find(|expected| (expected.ambient_c - there).abs() < 1e-6);
        let pairs = [(expected.first(), line.rest_tps), (warmer, line.warmer_rest_tps)];
        for (place, (expected, truth)) in pairs.into_iter().enumerate() {
            if let Some(error) = tallies[place].add(expected, truth, ALLOWED[place]) {
                let kelvin = WARMER_K * place as f64;
                self.wrong.push(format!("{}, {kelvin:.0} K warmer: off by {:.1} %", line.name, 1e2 * error));
            }
        }
    }
}

impl fmt::Display for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, [here, warmer]) in &self.kinds {
            writeln!(f, "{kind}: {here}; {WARMER_K:.0} K warmer: {warmer}")?;
        }
        for (word, [here, warmer]) in ["the kernel's", "phones"].iter().zip(self.sums()) {
            writeln!(f, "{word}: {here}; {WARMER_K:.0} K warmer: {warmer}")?;
        }
        write!(f, "{}", self.wrong.join("\n"))
    }
}

/// Soaks of devices that nobody built, ten minutes each or by a rule, each held against what becomes of it after hours.
pub fn study(first: u32, count: u32, rule: Option<&str>) -> Outlook {
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = folder.path().join("soaks");
    let lines = fleet::record(&run_dir, Part::Drawn { first, count, rule });
    let mut run = judged::stored(&run_dir, &lines);
    let verdicts = judged::verdicts(&mut run, &vec![Vec::new(); lines.len()]);
    let mut outlook = Outlook::default();
    for (line, verdict) in lines.iter().zip(&verdicts) {
        outlook.compare(line, verdict);
    }
    outlook
}
