//! The clocks that a device allows to what decodes, as one: the mean of its domains by their highest clocks.

use edgesoak_record::Quantity;
use edgesoak_record::is_clock_of;
use edgesoak_record::session::Channel;
use edgesoak_record::thermal_limits::ThermalLimits;

use super::observed::steps;
use crate::case::Case;

/// A cap that stays within this part of its highest value has not moved.
const STILL: f64 = 1e-3;
/// A domain works whose clock is at least this part of what it may be.
const WORKS: f64 = 0.8;
/// Rates are taken over so long to either side, seconds.
const HALF_MINUTE_S: f64 = 30.0;
/// Caps of buses follow other rules than those of processors.
const BUSES: &str = "devfreq/";

/// What is allowed over time, by the highest.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// Mean of each step.
    pub means: Vec<f64>,
    /// When it changed, seconds, and to what; one that is not the highest at the begin has changed then.
    pub changes: Vec<(f64, f64)>,
    /// What the governor's states allow, the highest first; empty where the device does not tell its clocks.
    pub ladder: Vec<f64>,
    /// Whether the device told it, rather than its rates.
    pub is_told: bool,
}

impl Clock {
    /// Where no clock can be read, what was decoded says how fast the device ran: rates over a minute, by the highest.
    #[must_use]
    pub fn of_rates(tokens: &[f64], active: &[f64], step: f64) -> Self {
        let half = steps(HALF_MINUTE_S, step);
        let rate = |place: usize| {
            let range = place.saturating_sub(half)..(place + half + 1).min(tokens.len());
            tokens[range.clone()].iter().sum::<f64>() / active[range].iter().sum::<f64>()
        };
        let rates: Vec<f64> = (0..tokens.len()).map(rate).collect();
        let highest = rates.iter().copied().fold(0.0, f64::max);
        let means = rates.iter().map(|rate| rate / highest).collect();
        Self { means, changes: Vec::new(), ladder: Vec::new(), is_told: false }
    }
}

/// A domain with what may be used of it over time.
struct Domain<'a> {
    channel: &'a Channel,
    highest: f64,
    /// Clocks that there are, rising, hertz; empty where they are not told.
    ladder: Vec<f64>,
    samples: Vec<(f64, f64)>,
    works: bool,
}

/// The clocks of a session; nothing where none can be read.
pub fn of(case: &Case, times: &[f64], step: f64) -> Option<Clock> {
    let placement = &case.record.planned.candidate.placement;
    let of_work = |channel: &&Channel| is_clock_of(placement, &channel.name, channel.quantity);
    let caps = case.telemetry.of(Quantity::ClockCap).filter(of_work);
    let limits = case.thermal_limits();
    let domains: Vec<Domain> = caps.filter_map(|cap| domain(case, cap, limits.as_ref())).collect();
    let moved = |domain: &&Domain| {
        domain.works && domain.samples.iter().any(|(_, value)| *value < domain.highest * (1.0 - STILL))
    };
    let mut chosen: Vec<&Domain> = domains.iter().filter(moved).collect();
    if chosen.is_empty() {
        let works = |domain: &&Domain| domain.works && !domain.channel.name.starts_with(BUSES);
        chosen = domains.iter().filter(works).collect();
    }
    joined(&chosen, times, step)
}

fn domain<'a>(case: &'a Case, channel: &'a Channel, limits: Option<&ThermalLimits>) -> Option<Domain<'a>> {
    let samples: Vec<(f64, f64)> = case.telemetry.during_soak(channel).collect();
    let ladder =
        limits.and_then(|limits| limits.ladders.iter().find(|ladder| ladder.source == channel.source));
    let ladder = ladder.map(|ladder| ladder.hertz.clone()).unwrap_or_default();
    let highest = samples.iter().map(|sample| sample.1).chain(ladder.last().copied()).fold(0.0, f64::max);
    let stem = channel.name.rsplit_once(['/', '_'])?.0;
    let now = [format!("{stem}/cur"), stem.to_owned()].iter().find_map(|name| case.telemetry.named(name));
    let mean = |samples: &mut dyn Iterator<Item = f64>| {
        let (sum, count) = samples.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        sum / count
    };
    let allowed = mean(&mut samples.iter().map(|sample| sample.1));
    let works = now.is_none_or(|now| {
        mean(&mut case.telemetry.during_soak(now).map(|(_, value)| value)) >= WORKS * allowed
    });
    (highest > 0.0).then_some(Domain { channel, highest, ladder, samples, works })
}

fn joined(domains: &[&Domain], times: &[f64], step: f64) -> Option<Clock> {
    let count = domains.len() as f64;
    let moments = &domains.first()?.samples;
    let at = |place: usize| {
        let part = |domain: &&Domain| Some(domain.samples.get(place)?.1 / domain.highest);
        Some((moments[place].0, domains.iter().map(part).sum::<Option<f64>>()? / count))
    };
    let samples: Vec<(f64, f64)> = (0..moments.len()).map_while(at).collect();
    let highest = std::iter::once((0.0, 1.0));
    let all: Vec<(f64, f64)> = highest.chain(samples.iter().copied()).collect();
    let changes = all.windows(2).filter(|pair| (pair[1].1 - pair[0].1).abs() > STILL).map(|pair| pair[1]);
    let mean = |from: &f64| {
        let first = samples.partition_point(|(t, _)| t < from);
        let end = samples.partition_point(|(t, _)| *t < from + step);
        let inside = &samples[first.min(end)..end];
        let sum: f64 = inside.iter().map(|sample| sample.1).sum();
        let before = samples.get(first.checked_sub(1)?);
        if inside.is_empty() { before.map(|sample| sample.1) } else { Some(sum / inside.len() as f64) }
    };
    let first = samples.first()?.1;
    Some(Clock {
        means: times.iter().map(|from| mean(from).unwrap_or(first)).collect(),
        changes: changes.collect(),
        ladder: ladder(domains),
        is_told: true,
    })
}

/// One state takes one clock from each domain; empty where one of them does not tell its clocks.
fn ladder(domains: &[&Domain]) -> Vec<f64> {
    let states = domains.iter().map(|domain| domain.ladder.len()).max().unwrap_or(0);
    let part = |domain: &&Domain, state: usize| {
        let clock = domain.ladder.iter().rev().nth(state).or_else(|| domain.ladder.first())?;
        Some(clock / domain.highest)
    };
    let count = domains.len() as f64;
    let mean = |state| Some(domains.iter().map(|domain| part(domain, state)).sum::<Option<f64>>()? / count);
    (0..states).map(mean).collect::<Option<_>>().unwrap_or_default()
}
