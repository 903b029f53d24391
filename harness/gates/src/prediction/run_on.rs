//! A device that runs on: heat, temperatures and governors, step by step, until it swings as it always will.

use super::network::Network;
use super::observed::steps;
use super::work::{HeatLaw, RateLaw};

/// Seconds of a step, unless a governor looks more often; and the shortest one.
const STEP_S: f64 = 1.0;
const SHORTEST_STEP_S: f64 = 0.5;
/// A device that begins at rest swings as it always will after this, and is watched for so long, seconds.
const SETTLES_S: f64 = 1_200.0;
/// One that goes on from the end of its soak takes so long.
const GOES_ON_S: f64 = 6_000.0;
const WATCHED_S: f64 = 1_800.0;
/// Windows of a floor, and the time between two of them, seconds.
const WINDOW_S: f64 = 60.0;
const EVERY_S: f64 = 10.0;
/// Halvings on the way to a clock that a zone bears.
const HALVINGS: usize = 40;

/// A device as it may be.
#[derive(Debug, Clone)]
pub struct Device<'a> {
    /// Rates over the clock.
    pub rate: RateLaw,
    /// Heat over the clock.
    pub heat: HeatLaw,
    /// Each zone that is watched.
    pub zones: Vec<&'a Network>,
    /// Position of the zone that leaks.
    pub chip: Option<usize>,
    /// Governors as they act.
    pub governors: Vec<Acting>,
    /// Clocks by state.
    pub ladder: &'a [f64],
}

/// A governor as it may be.
#[derive(Debug, Clone)]
pub struct Acting {
    /// Position of its zone.
    pub zone: usize,
    /// It takes a clock with every look while the zone is at least so warm and rises, °C.
    pub trip_c: f64,
    /// It gives one back with every look below this, °C.
    pub release_c: f64,
    /// Time between two looks, seconds.
    pub poll_s: f64,
    /// Clocks that it takes at least, once it takes any, and at most.
    pub least: usize,
    /// See `least`.
    pub most: usize,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// 5th percentile of rolling minutes, tokens per second.
    pub floor: f64,
    /// Hottest of each zone, °C.
    pub hottest: Vec<f64>,
}

/// The end of a soak.
#[derive(Debug, Clone, Copy)]
pub struct End<'a> {
    /// Heat of each step of it.
    pub heat: &'a [f64],
    /// Seconds of a step.
    pub step: f64,
    /// The clock.
    pub clock: f64,
}

/// Where it comes to rest in air of this temperature: as it goes on from the end of its soak, or from all its clocks.
#[must_use]
pub fn settled(device: &Device, ambient: f64, end: Option<End>) -> Settled {
    let clock = device.bearable(ambient);
    let celsius = device.at_rest(clock, ambient);
    if clock >= 1.0 {
        return Settled { floor: device.rate.at(1.0), hottest: celsius };
    }
    let mut running = Running::at(device, clock, ambient);
    if let Some(end) = end {
        running.go_on(end);
    }
    let before = steps(if end.is_some() { GOES_ON_S } else { SETTLES_S }, running.step);
    let after = steps(WATCHED_S, running.step);
    for _ in 0..before {
        running.pass();
    }
    let mut hottest = vec![f64::NEG_INFINITY; device.zones.len()];
    let rates: Vec<f64> = (0..after)
        .map(|_| {
            running.pass();
            for (hottest, celsius) in hottest.iter_mut().zip(&running.celsius) {
                *hottest = hottest.max(*celsius);
            }
            device.rate.at(running.clock())
        })
        .collect();
    Settled { floor: floor(&rates, running.step), hottest }
}

fn floor(rates: &[f64], step: f64) -> f64 {
    let per = |seconds: f64| steps(seconds, step).max(1);
    let windows = rates.windows(per(WINDOW_S)).step_by(per(EVERY_S));
    let mut minutes: Vec<f64> =
        windows.map(|window| window.iter().sum::<f64>() / window.len() as f64).collect();
    minutes.sort_by(f64::total_cmp);
    let rank = (minutes.len() * 5).div_ceil(100).saturating_sub(1);
    minutes.get(rank).copied().unwrap_or(f64::NAN)
}

impl Device<'_> {
    /// Temperatures at rest with a clock that never changes, °C.
    #[must_use]
    pub fn at_rest(&self, clock: f64, ambient: f64) -> Vec<f64> {
        let heat = self.rest_heat(clock, ambient);
        self.zones.iter().map(|zone| ambient + zone.at_rest(heat)).collect()
    }

    /// The chip's own warmth makes it leak, and that warms it.
    fn rest_heat(&self, clock: f64, ambient: f64) -> f64 {
        let Some(chip) = self.chip.map(|chip| self.zones[chip]) else {
            return self.heat.at(clock, self.heat.reference);
        };
        let fed_back = (self.heat.leak * chip.gain()).min(0.8);
        self.heat.at(clock, ambient - chip.idle) / (1.0 - fed_back)
    }

    /// The highest clock at which no zone is warmer than the middle of what its governor holds.
    fn bearable(&self, ambient: f64) -> f64 {
        let is_bearable = |clock: f64, at: &dyn Fn(&Acting) -> f64| {
            let celsius = self.at_rest(clock, ambient);
            self.governors
                .iter()
                .filter(|acting| clock >= 1.0 || acting.least < acting.most)
                .all(|acting| celsius[acting.zone] < at(acting))
        };
        if is_bearable(1.0, &|governor: &Acting| governor.trip_c) {
            return 1.0;
        }
        let (mut low, mut high) = (self.ladder.last().copied().unwrap_or(1.0), 1.0);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if is_bearable(middle, &|governor: &Acting| f64::midpoint(governor.trip_c, governor.release_c)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// A device in the middle of it.
struct Running<'a> {
    device: &'a Device<'a>,
    ambient: f64,
    step: f64,
    heat: f64,
    /// Of each zone: what has come through each pole, and how much of it stays over a step.
    poles: Vec<([f64; 3], [f64; 3])>,
    celsius: Vec<f64>,
    /// Of each governor: its state, what it read last, and seconds to its next look.
    looks: Vec<Look>,
}

struct Look {
    state: usize,
    crossed: bool,
    last: f64,
    next: f64,
}

impl<'a> Running<'a> {
    fn at(device: &'a Device<'a>, clock: f64, ambient: f64) -> Self {
        let polls = device.governors.iter().map(|acting| acting.poll_s);
        let step = polls.fold(STEP_S, f64::min).max(SHORTEST_STEP_S);
        let heat = device.rest_heat(clock, ambient);
        let keep = |zone: &&Network| ([heat; 3], zone.taus.map(|tau| (-step / tau).exp()));
        let celsius = device.at_rest(clock, ambient);
        // It comes from below, with all its clocks: where it is held depends on how it got there.
        let looks = device.governors.iter().map(|acting| Look {
            state: 0,
            crossed: false,
            last: celsius[acting.zone],
            next: acting.poll_s,
        });
        let looks = looks.collect();
        Self { device, ambient, step, heat, poles: device.zones.iter().map(keep).collect(), celsius, looks }
    }

    /// As the soak left it: who holds the warmest zone holds the clock.
    fn go_on(&mut self, end: End) {
        for ((levels, _), zone) in self.poles.iter_mut().zip(&self.device.zones) {
            *levels = zone.levels(end.heat, end.step);
        }
        for (celsius, ((levels, _), zone)) in
            self.celsius.iter_mut().zip(self.poles.iter().zip(&self.device.zones))
        {
            let rise: f64 = levels.iter().zip(zone.gains).map(|(level, gain)| level * gain).sum();
            *celsius = self.ambient + rise - zone.idle;
        }
        let state = self.device.ladder.iter().position(|rung| *rung <= end.clock + 1e-3).unwrap_or(0);
        let over = |acting: &Acting| self.celsius[acting.zone] - acting.release_c;
        let most = self.device.governors.iter().map(over).fold(f64::NEG_INFINITY, f64::max);
        for (look, acting) in self.looks.iter_mut().zip(&self.device.governors) {
            let holds = state > 0 && over(acting) >= most;
            look.state = if holds { state.min(acting.most) } else { 0 };
            look.crossed = state > 0 && over(acting) >= 0.0;
            look.last = self.celsius[acting.zone];
        }
    }

    fn clock(&self) -> f64 {
        let state = self.looks.iter().map(|look| look.state).max().unwrap_or(0);
        let ladder = self.device.ladder;
        ladder.get(state).or_else(|| ladder.last()).copied().unwrap_or(1.0)
    }

    fn pass(&mut self) {
        let chip = self.device.chip.map_or(self.device.heat.reference, |chip| self.celsius[chip]);
        self.heat = self.device.heat.at(self.clock(), chip);
        for ((levels, keep), (zone, celsius)) in
            self.poles.iter_mut().zip(self.device.zones.iter().zip(&mut self.celsius))
        {
            let mut rise = 0.0;
            for pole in 0..3 {
                levels[pole] = keep[pole] * levels[pole] + (1.0 - keep[pole]) * self.heat;
                rise += zone.gains[pole] * levels[pole];
            }
            *celsius = self.ambient + rise - zone.idle;
        }
        for (look, acting) in self.looks.iter_mut().zip(&self.device.governors) {
            look.next -= self.step;
            if look.next <= 1e-9 {
                look.next += acting.poll_s;
                look.take(acting, self.celsius[acting.zone]);
            }
        }
    }
}

impl Look {
    fn take(&mut self, acting: &Acting, celsius: f64) {
        let threshold = if self.crossed { acting.release_c } else { acting.trip_c };
        self.crossed = celsius >= threshold;
        if !self.crossed {
            let given = self.state.saturating_sub(1);
            self.state = if given < acting.least { 0 } else { given };
        } else if celsius > self.last && celsius >= acting.trip_c {
            self.state = (self.state + 1).clamp(acting.least, acting.most);
        }
        self.last = celsius;
    }
}

#[cfg(test)]
#[path = "run_on_tests.rs"]
mod tests;
