//! `background_cpu`: processor time of everything but runtime and agent, median over the soak.
//!
//! Time stolen by a hypervisor is nobody's process and counts only to the whole.

use edgesoak_record::gate::Gate;

use crate::case::{Case, doubt};
use crate::defaults::MOST_BACKGROUND;
use crate::explain::{Explained, Setting};
use crate::measure::curve::Curve;
use crate::outcome::{Estimate, Finding, against, tokens};
use crate::statistics::median;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Processor time of everything but runtime and agent, by all processor time, in pieces of 5 s; their median.",
    decides: "Over the limit the session is no evidence: not proven.",
    settings: &[Setting::new("most_background", MOST_BACKGROUND, "ratio")],
    source: "The kernel's counters of processor time.",
};

/// Length of the pieces whose median counts: long against the kernel's tick. Seconds.
const PIECE_S: f64 = 5.0;

/// Most pieces: bounds the work on hostile records.
const MOST_PIECES: u32 = 100_000;

/// Fewest pieces.
const FEWEST: usize = 3;

/// Kinds of processor time; the first two are work.
const KINDS: [&str; 5] = ["cpu/user", "cpu/system", "cpu/idle", "cpu/iowait", "cpu/steal"];

/// Kinds whose counter the kernel may take back a little, as proc(5) warns: no reason to know nothing.
const MAY_FALL: [&str; 2] = ["cpu/idle", "cpu/iowait"];

/// Share of others in a piece of the soak, behind the piece's middle, seconds.
pub type Share = (f64, f64);

/// Median share of others and the number of pieces; `None` where it cannot be told.
pub fn share(case: &Case) -> Option<(f64, u64)> {
    let mut shares: Vec<f64> = shares(case)?.iter().map(|(_, share)| *share).collect();
    let n = shares.len();
    if n < FEWEST {
        return None;
    }
    Some((median(&mut shares)?, n as u64))
}

/// Share of others in each piece of the soak; `None` where no counter tells.
pub fn shares<'a>(case: &'a Case) -> Option<&'a [Share]> {
    case.once.background.get_or_init(|| in_pieces(case)).as_deref()
}

fn in_pieces(case: &Case) -> Option<Vec<Share>> {
    let (from, to) = case.telemetry.soak()?;
    let kinds: Vec<Curve> = KINDS.iter().map(|name| counter(case, name)).collect::<Option<_>>()?;
    let runtime = counter(case, "runtime/cpu_time")?;
    let agent = agent(case);
    let pieces = (0..MOST_PIECES)
        .map(|piece| from + f64::from(piece) * PIECE_S)
        .take_while(|begin| begin + PIECE_S <= to)
        .filter_map(|begin| {
            let delta = |curve: &Curve| curve.at(begin + PIECE_S) - curve.at(begin);
            let whole: f64 = kinds.iter().map(delta).sum();
            let work: f64 = kinds[..2].iter().map(delta).sum();
            let others = (work - delta(&runtime) - agent.as_ref().map_or(0.0, delta)).max(0.0);
            // A stopped counter or a whole that is less than its time is a piece without reading.
            let share = (whole >= PIECE_S * 0.5).then(|| others / whole);
            Some((begin + PIECE_S / 2.0, share.filter(|share| (0.0..=1.0).contains(share))?))
        });
    Some(pieces.collect())
}

/// A cumulative counter over the whole soak; `None` when it is missing, falls or does not reach over the soak.
fn counter(case: &Case, name: &str) -> Option<Curve> {
    let channel = case.telemetry.named(name)?;
    let (from, to) = case.telemetry.soak()?;
    let mut curve = Curve::default();
    let (mut first, mut last) = (None, f64::NEG_INFINITY);
    let mut before = f64::NEG_INFINITY;
    for (t, value) in case.telemetry.values(channel, from - PIECE_S, to + PIECE_S) {
        let value = if MAY_FALL.contains(&name) { value.max(before) } else { value };
        if value < before || t < last {
            return None;
        }
        before = value;
        last = t;
        first.get_or_insert(t);
        curve.push(t, value);
    }
    (first? <= from + PIECE_S && last >= to - PIECE_S).then_some(curve)
}

/// Processor time of the agent.
fn agent(case: &Case) -> Option<Curve> {
    let mut curve = Curve::default();
    let mut overheads = case.record.overheads.clone();
    overheads.sort_by_key(|overhead| (overhead.t, overhead.cpu));
    for overhead in &overheads {
        curve.push(case.telemetry.seconds(overhead.t.0), overhead.cpu.as_secs_f64());
    }
    (overheads.len() >= 2 && overheads.is_sorted_by_key(|overhead| overhead.cpu)).then_some(curve)
}

/// Judges it.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate).unwrap_or(MOST_BACKGROUND);
    let Some((part, n)) = share(case) else {
        let words = "The load of other processes is not known: the processor counters could not be read over the soak";
        return Finding::not_proven("no_sensor", words).limit(Some(limit));
    };
    let (from, to) = case.telemetry.soak().unwrap_or_default();
    let estimate = Estimate::exact("Median share of other processes:", part, n).evidence(tokens(from, to));
    doubt::unless_promised(case, gate, against(gate, Some(limit), estimate))
}
