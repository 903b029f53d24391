//! How a device throttles, and where that comes to rest: rate and heat over the temperature of the zone that it watches.
//!
//! A device comes to rest where the heat of its rate holds the temperature at which it runs that rate. Either it goes on
//! as it ran last, and warms to what that heat makes of it; or it is held at the hottest that it ever was. The truth lies
//! between the two: as long as both are near, the record says where.

use super::network::{self, Network};

/// Observations that are taken together: 60 s of 5 s each.
const SMOOTH: usize = 12;
/// The end of a soak, as observations: 180 s.
const LATE: usize = 36;
/// The end in which a device is looked for that swings: 600 s.
const SWINGS: usize = 120;
/// A rate has fallen where it is lower by this part.
const FALLEN: f64 = 0.015;
/// What loses less than this part has not throttled.
pub const LEAST_LOSS: f64 = 0.05;
/// Temperatures this far over the hottest seen are not new, K.
const NOT_NEW_K: f64 = 0.3;
/// A device that warms by this without slowing down further, and that has lost this part, is on its last rung.
const RUNG_CLIMB_K: f64 = 1.5;
const RUNG_LOSS: f64 = 0.25;
/// The part of a case's gain that comes through the fast pole at most.
const MOST_FAST: f64 = 0.15;
/// A zone is left out whose fit is worse than the best one's by this, and by this beside it, K.
const WORSE: f64 = 3.0;
const WORSE_K: f64 = 0.05;
/// A zone that still rose by this over the last 180 s is not held by anything, K.
const RISES_K: f64 = 0.55;
/// A zone that rose by less says nothing, K.
const LEAST_RISE_K: f64 = 2.0;
/// Airs that are this near are one, K.
const SAME_AIR_K: f64 = 0.5;
/// A fit may leave this part of the largest rise.
pub const WORST_FIT: f64 = 0.05;
/// A floor further below the slowest rate seen than this is a guess.
const BEYOND: f64 = 0.10;
/// No floor is known better than this.
const LEAST_HALF: f64 = 0.015;
/// A governor that holds a zone dips by this part beside the rate that it is seen to hold, once in a while; a zone this
/// near to the hottest seen is held, K.
const DIP: f64 = 0.08;
const HELD_K: f64 = 1.5;
/// An interval wider than this to both sides says nothing.
const MOST_HALF: f64 = 0.10;
/// Power of a processor over its rate, where none is measured.
const PROXY: f64 = 2.0;

/// What was observed, in steps of the same length.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Seconds of a step.
    pub step: f64,
    /// Tokens after the first of each answer.
    pub tokens: Vec<f64>,
    /// Seconds in which they were written.
    pub active: Vec<f64>,
    /// Watts; empty where they are not known.
    pub watts: Vec<f64>,
    /// Temperatures of each zone, °C.
    pub zones: Vec<Vec<f64>>,
    /// Of the air, °C.
    pub ambient: f64,
}

/// What a device does in some air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rest {
    /// Slowest 60 s and the bounds of it, tokens per second, and the temperature of the watched zone, °C.
    At { floor: f64, lo: f64, hi: f64, celsius: f64 },
    /// It would warm to this, °C, and nobody saw how it runs there.
    Unseen { celsius: f64 },
    /// The floor lies somewhere between these.
    Wide { lo: f64, hi: f64 },
}

/// A device as its soak shows it.
#[derive(Debug, Clone)]
pub struct Throttling {
    /// Position of the zone that it watches.
    pub zone: usize,
    /// Its network.
    pub network: Network,
    /// Largest rise over the air, and the hottest, smoothed over a minute.
    pub hottest: f64,
    /// Rate of the first minute.
    pub unthrottled: f64,
    /// Lost part of it at the end.
    pub loss: f64,
    ambient: f64,
    /// Kelvin at rest that the heat of the end makes, and the least and most of all networks as good.
    heat: f64,
    heats: (f64, f64),
    /// Kelvin of that which no slowing down takes away.
    idle: f64,
    /// Slowest minute of the end.
    floor: f64,
    /// Rate goes with this power of heat.
    exponent: f64,
    slowest: f64,
    swings: bool,
    /// Kelvin that it warmed since it last slowed down.
    climb: f64,
    /// Kelvin that it warmed over the last 180 s.
    rises: f64,
}

/// Every zone that may be the one that the device watches: those that follow its case, or all where none does.
#[must_use]
pub fn of(observed: &Observed) -> Vec<Throttling> {
    let all = (0..observed.zones.len()).filter_map(|zone| of_zone(observed, zone));
    let (case, chip): (Vec<_>, Vec<_>) = all.partition(|zone| zone.network.fast <= MOST_FAST);
    let mut zones = if case.is_empty() { chip } else { case };
    // What is well explained says more than what is not.
    let best = zones.iter().map(|zone| zone.network.error).fold(f64::INFINITY, f64::min);
    zones.retain(|zone| zone.network.error <= WORSE * best + WORSE_K);
    zones
}

/// Where the device comes to rest: no zone may become hotter than it was, and the one that allows most is watched.
#[must_use]
pub fn rest(zones: &[Throttling], ambient: f64) -> Option<(&Throttling, Rest)> {
    let watched = zones.iter().max_by(|a, b| a.allowed(ambient).total_cmp(&b.allowed(ambient)))?;
    Some((watched, watched.rest(ambient)))
}

fn of_zone(observed: &Observed, zone: usize) -> Option<Throttling> {
    let celsius = &observed.zones[zone];
    let rise: Vec<f64> = celsius.iter().map(|celsius| celsius - observed.ambient).collect();
    let (inputs, is_power) = inputs(observed)?;
    let networks = network::fit(&rise, &inputs, observed.step);
    let network = networks.first()?.clone();
    let (rates, warm) = (rates(observed)?, smoothed(celsius));
    let last = rates.len().checked_sub(LATE)?;
    let drive = smoothed(inputs.last()?);
    let swings = swings(&rates);
    let since = last_fall(&rates);
    let from = if swings { rates.len().saturating_sub(SWINGS).max(since.min(last)) } else { last };
    let idle = |network: &Network| if is_power { 0.0 } else { network.gains.first().copied().unwrap_or(0.0) };
    let driven = mean(&drive[from..]);
    let heat = |network: &Network| idle(network) + network.gains.last().copied().unwrap_or(0.0) * driven;
    let heats: Vec<f64> = networks.iter().map(heat).collect();
    let hottest = extremes(&warm).1;
    let unthrottled = rates.first().copied()?;
    let throttling = Throttling {
        zone,
        hottest,
        loss: 1.0 - mean(&rates[from..]) / unthrottled,
        unthrottled,
        ambient: observed.ambient,
        heat: heats[0],
        heats: extremes(&heats),
        idle: idle(&network),
        floor: percentile(&rates[from..]),
        exponent: if is_power { exponent(&drive, &rates) } else { 1.0 / PROXY },
        slowest: extremes(&rates).0,
        swings,
        climb: extremes(&warm[since..]).1 - warm[since],
        rises: warm.last().copied()? - warm[last],
        network,
    };
    let reach = hottest - observed.ambient;
    // A sensor that stands still goes with everything.
    let moved = hottest - extremes(&warm).0;
    (moved >= LEAST_RISE_K && throttling.network.error <= WORST_FIT * reach).then_some(throttling)
}

/// What heats: power where it is known, else idle power and a power of the rate.
fn inputs(observed: &Observed) -> Option<(Vec<Vec<f64>>, bool)> {
    if observed.watts.len() == observed.tokens.len() {
        return Some((vec![observed.watts.clone()], true));
    }
    let rates = rates(observed)?;
    let most = extremes(&rates).1;
    // The first minute has the rate of its middle.
    let early = std::iter::repeat_n(*rates.first()?, SMOOTH / 2);
    let late = std::iter::repeat(*rates.last()?);
    let all = early.chain(rates.iter().copied()).chain(late).take(observed.tokens.len());
    let proxy = all.map(|rate| (rate / most).powf(PROXY)).collect();
    (most > 0.0).then(|| (vec![vec![1.0; observed.tokens.len()], proxy], false))
}

/// Rates over a minute, one for each step.
fn rates(observed: &Observed) -> Option<Vec<f64>> {
    let minutes = observed.tokens.windows(SMOOTH).zip(observed.active.windows(SMOOTH));
    let rates: Vec<f64> =
        minutes.map(|(tokens, active)| tokens.iter().sum::<f64>() / active.iter().sum::<f64>()).collect();
    rates.iter().all(|rate| rate.is_finite() && *rate > 0.0).then_some(rates)
}

impl Throttling {
    /// Where it comes to rest in air of this temperature.
    fn rest(&self, ambient: f64) -> Rest {
        let celsius = ambient + self.heat;
        let is_cooler = ambient < self.ambient - SAME_AIR_K;
        let is_warmer = ambient > self.ambient + SAME_AIR_K;
        if self.goes_on(ambient) {
            return self.at((self.floor, self.floor), celsius);
        }
        if self.loss < LEAST_LOSS {
            return if is_cooler {
                self.at((self.floor, self.floor), celsius)
            } else {
                Rest::Unseen { celsius }
            };
        }
        let held = self.held(ambient);
        let is_free = self.rises >= RISES_K && !self.swings && !is_cooler;
        if is_free || held < self.slowest * (1.0 - BEYOND) {
            return Rest::Unseen { celsius };
        }
        let is_held = self.swings || is_warmer || is_cooler;
        let bounds = if is_held { (held, held) } else { (held.min(self.floor), held.max(self.floor)) };
        self.at(bounds, celsius.min(self.hottest))
    }

    /// Whether it can run on as it did: where that takes it, it was, or it has nothing left to give.
    fn goes_on(&self, ambient: f64) -> bool {
        let reach = self.hottest + NOT_NEW_K.max(self.climb / 2.0);
        ambient >= self.ambient - SAME_AIR_K && (ambient + self.heat <= reach || self.is_last_rung())
    }

    /// It gave much, and warmed on without giving more.
    fn is_last_rung(&self) -> bool {
        self.loss >= RUNG_LOSS && self.climb >= RUNG_CLIMB_K
    }

    /// The slowest minute that this zone allows.
    fn allowed(&self, ambient: f64) -> f64 {
        if self.goes_on(ambient) { self.floor } else { self.held(ambient) }
    }

    /// The slowest minute where the zone is held at the hottest that it was.
    fn held(&self, ambient: f64) -> f64 {
        let room = self.hottest - ambient - self.idle;
        let part = (room / (self.heat - self.idle)).max(0.0);
        (self.floor * part.powf(self.exponent)).min(self.unthrottled)
    }

    fn at(&self, (lo, hi): (f64, f64), celsius: f64) -> Rest {
        let fit = (self.heats.1 - self.heats.0) / 2.0 / self.heat * self.exponent;
        let is_held = lo < self.floor || hi > self.floor;
        let half = LEAST_HALF + if is_held { fit } else { 0.0 };
        let may_dip = self.loss >= LEAST_LOSS
            && !self.is_last_rung()
            && !self.swings
            && celsius >= self.hottest - HELD_K;
        let dip = if may_dip { DIP } else { 0.0 };
        let (least, most) = (lo * (1.0 - half - dip), hi * (1.0 + half));
        let floor = f64::midpoint(lo, hi);
        if (most - least) / 2.0 > MOST_HALF * floor {
            return Rest::Wide { lo: least, hi: most };
        }
        Rest::At { floor, lo: least, hi: most, celsius }
    }
}

/// Means over a minute, one for each step.
fn smoothed(values: &[f64]) -> Vec<f64> {
    values.windows(SMOOTH).map(mean).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(*value), hi.max(*value)))
}

/// The 5th percentile, nearest rank.
fn percentile(rates: &[f64]) -> f64 {
    let mut sorted = rates.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() * 5).div_ceil(100).saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// When the rate last fell to where it never was.
fn last_fall(rates: &[f64]) -> usize {
    let (mut lowest, mut since) = (f64::INFINITY, 0);
    for (place, rate) in rates.iter().enumerate() {
        if *rate < lowest * (1.0 - FALLEN) {
            (lowest, since) = (*rate, place);
        }
    }
    since
}

/// Whether rates go up and down at the end.
fn swings(rates: &[f64]) -> bool {
    let end = &rates[rates.len().saturating_sub(SWINGS)..];
    let Some(first) = end.first() else { return false };
    let (mut pivot, mut direction, mut turns) = (*first, 0_i8, 0);
    for rate in end {
        let moved = rate / pivot - 1.0;
        let to = if moved > FALLEN {
            1
        } else if moved < -FALLEN {
            -1
        } else {
            0
        };
        if to != 0 {
            turns += i32::from(direction != 0 && to != direction);
            direction = to;
        }
        if to != 0 || direction > 0 && *rate > pivot || direction < 0 && *rate < pivot {
            pivot = *rate;
        }
    }
    turns >= 2
}

/// How the rate goes with power, by least squares on logarithms.
fn exponent(drive: &[f64], rates: &[f64]) -> f64 {
    let points: Vec<(f64, f64)> = drive
        .iter()
        .zip(rates)
        .skip(SMOOTH / 2)
        .filter(|(drive, rate)| **drive > 0.0 && **rate > 0.0)
        .map(|(drive, rate)| (drive.ln(), rate.ln()))
        .collect();
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let product = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>();
    let square = points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>();
    (product / square).clamp(0.05, 1.0)
}
