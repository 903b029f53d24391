//! Planted slowdowns: the cause that the analysis names, held against the one that was planted.

use std::collections::BTreeMap;
use std::fmt;

use edgesoak_record::session::SessionRecord;
use edgesoak_record::slowdown::{Cause, Slowdown, Slowed};
use edgesoak_record::verdict::SessionVerdict;
use edgesoak_record::{Quantity, Run};

use super::fleet::{self, Line, Part};
use super::judged;

/// Faults with the cause that each plants. `TIME` becomes a moment that the seed chooses.
const FAULTS: [(&str, Cause); 17] = [
    ("background-load@TIME:25%", Cause::BackgroundCpu),
    ("background-load@TIME:40%", Cause::BackgroundCpu),
    ("big-to-little@TIME", Cause::SlowerCores),
    ("charger@TIME:15W", Cause::Charger),
    ("charger@TIME:30W", Cause::Charger),
    ("context-creep@TIME:8tok", Cause::Context),
    ("context-creep@TIME:24tok", Cause::Context),
    ("cpu-fallback", Cause::Fallback),
    ("hot-start:8K", Cause::Thermal),
    ("hot-start:15K", Cause::Thermal),
    ("memory-pressure@TIME:20%", Cause::Memory),
    ("memory-pressure@TIME:40%", Cause::Memory),
    ("policy-cap@TIME:40%", Cause::PolicyCap),
    ("policy-cap@TIME:65%", Cause::PolicyCap),
    ("prompt-mix@TIME:2.5x", Cause::PromptMix),
    ("prompt-mix@TIME:6x", Cause::PromptMix),
    ("stalls@TIME:20s", Cause::Unexplained),
];

/// One fault of each cause.
pub const OF_EACH: [&str; 9] = [
    "background-load@TIME:25%",
    "big-to-little@TIME",
    "charger@TIME:30W",
    "context-creep@TIME:24tok",
    "cpu-fallback",
    "hot-start:15K",
    "memory-pressure@TIME:40%",
    "policy-cap@TIME:40%",
    "prompt-mix@TIME:6x",
];

/// Every fault.
pub const ALL: &[&str] = &[];

/// A loss under this is none that anybody has to name, and one over the other is, as parts of the rate.
const NO_LOSS: f64 = 0.06;
const LOSS: f64 = 0.10;
/// A fault that makes this part of a loss is its cause.
const MOST_OF_IT: f64 = 0.6;

/// How often a planted cause was named as what.
#[derive(Debug, Default)]
pub struct Confusion {
    cells: BTreeMap<(String, String), u32>,
    /// Sessions whose loss has two causes, or lies between none and one.
    pub left_out: u32,
    /// What was named wrongly, in words.
    pub wrong: Vec<String>,
}

/// Named where nothing was lost.
const NOTHING: &str = "nothing";

impl Confusion {
    fn count(&mut self, line: &Line, planted: &str, found: &str, sentence: &str) {
        *self.cells.entry((planted.to_owned(), found.to_owned())).or_default() += 1;
        if planted != found {
            self.wrong
                .push(format!("{} (seed {}): {planted} is named {found}: {sentence}", line.name, line.seed));
        }
    }

    /// Sessions with a planted cause, and those of them that were named right.
    pub fn accuracy(&self, planted: &str) -> (u32, u32) {
        let of_cause = self.cells.iter().filter(|((cause, _), _)| cause == planted);
        of_cause.fold((0, 0), |(all, right), ((cause, found), count)| {
            (all + count, right + if cause == found { *count } else { 0 })
        })
    }

    /// Every planted cause.
    pub fn planted(&self) -> Vec<String> {
        let mut causes: Vec<String> = self.cells.keys().map(|(planted, _)| planted.clone()).collect();
        causes.dedup();
        causes
    }

    /// Adds another one.
    pub fn add(&mut self, other: Self) {
        for (key, count) in other.cells {
            *self.cells.entry(key).or_default() += count;
        }
        self.left_out += other.left_out;
        self.wrong.extend(other.wrong);
    }
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for planted in self.planted() {
            let (all, right) = self.accuracy(&planted);
            let of_cause =
                self.cells.iter().filter(|((cause, found), _)| *cause == planted && found != cause);
            let others: Vec<String> =
                of_cause.map(|((_, found), count)| format!("{count} {found}")).collect();
            let percent = 100.0 * f64::from(right) / f64::from(all);
            writeln!(f, "{planted}: {right} of {all} ({percent:.1} %) {}", others.join(", "))?;
        }
        write!(f, "left out: {}", self.left_out)
    }
}

/// Judges every kind of device with each of these faults, or with [`ALL`], as this seed's units.
pub fn study(seed: u64, faults: &[&str]) -> Confusion {
    let moment = 60 + 37 * (seed % 7);
    let meant =
        FAULTS.iter().map(|(fault, _)| *fault).filter(|fault| faults.is_empty() || faults.contains(fault));
    let words: Vec<String> = meant.map(|fault| fault.replace("TIME", &format!("{moment}s"))).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let run_dir = folder.path().join("planted");
    let lines = fleet::record(&run_dir, Part::Planted { seed, faults: &words });
    let mut run = judged::stored(&run_dir, &lines);
    let bars = vec![Vec::new(); lines.len()];
    let verdicts = judged::verdicts(&mut run, &bars);
    let delays: Vec<Option<Delay>> = run.sessions.iter().map(Delay::of).collect();
    let mut confusion = compared(&lines, &delays, &verdicts);
    confusion.add(hidden(&lines, &verdicts, &mut run));
    confusion
}

fn planted_cause(line: &Line) -> Cause {
    let Some(words) = &line.fault else { return Cause::Thermal };
    let name = words.split(['@', ':']).next().expect("a name");
    FAULTS.iter().find(|(fault, _)| fault.starts_with(name)).expect("a known fault").1
}

/// The natural logarithm of burst by sustained.
fn lost(line: &Line) -> Option<f64> {
    let truth = line.truth.as_ref()?;
    Some((truth.burst_tps? / truth.sustained_tps?).ln())
}

fn part(loss: f64) -> f64 {
    1.0 - (-loss).exp()
}

/// Mean logarithms of the time to the first token.
#[derive(Debug, Clone, Copy)]
struct Delay {
    early: f64,
    late: f64,
}

impl Delay {
    /// Of the first 30 s of a soak, and of its last 180 s.
    fn of(record: &SessionRecord) -> Option<Self> {
        let soaking = || record.prompts.iter().filter(|prompt| prompt.phase == "soaking");
        let (begin, end) = (soaking().next()?.submit, soaking().next_back()?.submit);
        let mean = |is_meant: &dyn Fn(f64, f64) -> bool| {
            let meant = soaking().filter(|prompt| {
                is_meant(prompt.submit.since(begin).as_secs_f64(), end.since(prompt.submit).as_secs_f64())
            });
            let times: Vec<f64> = meant
                .filter_map(|prompt| {
                    Some(prompt.token_times.first()?.since(prompt.submit).as_secs_f64().ln())
                })
                .collect();
            (!times.is_empty()).then(|| times.iter().sum::<f64>() / times.len() as f64)
        };
        Some(Self { early: mean(&|since, _| since < 30.0)?, late: mean(&|_, left| left < 180.0)? })
    }
}

/// What was planted: a cause, nothing, or two things at once.
fn truth(line: &Line, delay: Option<Delay>, (twin, of_twin): (&Line, Option<Delay>)) -> Option<&'static str> {
    let cause = planted_cause(line);
    // No clock of such a device, no temperature, and no other process can be seen.
    let is_blind = !line.tells_heat;
    let mostly = |loss: f64, without: f64| loss - without.max(0.0) >= MOST_OF_IT * loss;
    match cause {
        Cause::Fallback => return Some(cause.word()),
        Cause::PromptMix | Cause::Context => {
            let (delay, of_twin) = (delay?, of_twin?);
            let (loss, without) = (delay.late - delay.early, of_twin.late - of_twin.early);
            return (part(loss) >= LOSS && mostly(loss, without)).then_some(cause.word());
        }
        _ => {}
    }
    let (loss, without) = (lost(line)?, lost(twin)?);
    match (part(loss), cause) {
        (small, _) if small < NO_LOSS => Some(NOTHING),
        (between, _) if between < LOSS => None,
        (_, Cause::Thermal) => (!is_blind).then_some(cause.word()),
        _ if !mostly(loss, without) => None,
        (_, Cause::PolicyCap | Cause::SlowerCores | Cause::BackgroundCpu) if is_blind => {
            Some(Cause::Unexplained.word())
        }
        _ => Some(cause.word()),
    }
}

fn compared(lines: &[Line], delays: &[Option<Delay>], verdicts: &[SessionVerdict]) -> Confusion {
    let mut confusion = Confusion::default();
    let rows = || lines.iter().zip(delays);
    let twins: BTreeMap<&String, (&Line, Option<Delay>)> = rows()
        .filter(|(line, _)| line.fault.is_none())
        .map(|(line, delay)| (&line.name, (line, *delay)))
        .collect();
    for ((line, delay), verdict) in rows().zip(verdicts).filter(|((line, _), _)| !line.is_off) {
        let Some(planted) = truth(line, *delay, twins[&line.twin]) else {
            confusion.left_out += 1;
            continue;
        };
        let found = named(verdict, planted);
        let sentence = found.map_or("", |slowdown| &slowdown.sentence);
        confusion.count(line, planted, found.map_or(NOTHING, |slowdown| slowdown.cause.word()), sentence);
    }
    confusion
}

/// The slowdown that the planted cause must be found in: longer prompts delay first tokens above all.
fn named<'a>(verdict: &'a SessionVerdict, planted: &str) -> Option<&'a Slowdown> {
    let of = |slowed: Slowed| verdict.slowdowns.iter().find(move |slowdown| slowdown.slowed == slowed);
    let is_of_lengths = [Cause::PromptMix, Cause::Context].iter().any(|cause| cause.word() == planted);
    if is_of_lengths {
        // One that both have is said once.
        let decode = of(Slowed::Decode).filter(|slowdown| slowdown.cause.word() == planted);
        return of(Slowed::FirstToken).or(decode);
    }
    of(Slowed::Decode)
}

/// The same slowdowns on devices that do not let their cause be seen: none may be named.
fn hidden(lines: &[Line], before: &[SessionVerdict], run: &mut Run) -> Confusion {
    let seen = |(line, before): (&Line, &SessionVerdict)| {
        let cause = planted_cause(line);
        let named = before.slowdowns.iter().find(|slowdown| slowdown.slowed == Slowed::Decode);
        CAN_BE_HIDDEN.contains(&cause) && named.is_some_and(|slowdown| slowdown.cause == cause)
    };
    let hidden: Vec<&Line> =
        lines.iter().zip(before).filter(|pair| seen(*pair)).map(|(line, _)| line).collect();
    let of = |session: &str| hidden.iter().find(|line| line.session == session);
    run.sessions.retain(|record| of(&record.planned.session).is_some());
    run.plan.sessions.retain(|planned| of(&planned.session).is_some());
    for record in &mut run.sessions {
        let cause = of(&record.planned.session).map(|line| planted_cause(line));
        hide(cause.expect("a line"), record);
    }
    let bars = vec![Vec::new(); hidden.len()];
    let verdicts = judged::verdicts(run, &bars);
    let mut confusion = Confusion::default();
    for (line, verdict) in hidden.iter().zip(&verdicts) {
        let found = verdict.slowdowns.iter().find(|slowdown| slowdown.slowed == Slowed::Decode);
        let (word, sentence) =
            found.map_or((NOTHING, ""), |found| (found.cause.word(), found.sentence.as_str()));
        confusion.count(line, Cause::Unexplained.word(), word, sentence);
    }
    confusion
}

/// Causes that can be hidden from the analysis without hiding the slowdown.
const CAN_BE_HIDDEN: [Cause; 5] =
    [Cause::BackgroundCpu, Cause::Memory, Cause::PolicyCap, Cause::SlowerCores, Cause::Thermal];

/// Takes away what shows a cause.
fn hide(cause: Cause, record: &mut SessionRecord) {
    let hides = |quantity: Quantity, name: &str| match cause {
        Cause::BackgroundCpu => quantity == Quantity::CpuTime,
        Cause::Memory => name == "runtime/major_faults",
        Cause::PolicyCap | Cause::SlowerCores | Cause::Thermal => matches!(
            quantity,
            Quantity::ClockCurrent
                | Quantity::ClockCap
                | Quantity::CoolingState
                | Quantity::ThermalStatus
                | Quantity::Headroom
                | Quantity::Temperature
        ),
        _ => false,
    };
    record.channels.retain(|channel| !hides(channel.quantity, &channel.name));
}
