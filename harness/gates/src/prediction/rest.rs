//! Where a device comes to rest in some air: what most of the devices do that its soak allows it to be.

use super::control::{Control, Governor};
use super::device::Known;
use super::observed::{Observed, steps};
use super::run_on::{End, Settled, settled};
use crate::statistics::random::Random;

/// Devices that are run on.
const DRAWS: usize = 16;
/// Per cent of them beyond each bound.
const BEYOND_PERCENT: usize = 5;
/// Laws and ladders are known no better than this.
const LEAST_HALF: f64 = 0.015;
/// The same where no power is measured.
const LEAST_HALF_UNMEASURED: f64 = 0.04;
/// Devices further apart than this to each side say nothing.
const MOST_HALF: f64 = 0.045;
/// Temperatures this far over the hottest seen are not new, K.
const NOT_NEW_K: f64 = 0.1;
/// A trip point so near is reached now and then, K.
const NEAR_K: f64 = 0.5;
/// A floor that differs by this part from what was seen for long was not understood.
const DOUBTFUL: f64 = 0.04;
/// A device that comes so near to where it switches itself off may do so, K.
const END_K: f64 = 2.0;
/// Airs that are this near are one, K.
const SAME_AIR_K: f64 = 0.5;
/// The end of a soak, in which it runs as it would run on, seconds; and how much its clock may differ from its mean there.
const LATE_S: f64 = 300.0;
const STEADY: f64 = 0.005;

/// What a device does in some air.
#[derive(Debug, Clone, PartialEq)]
pub enum Rest {
    /// 5th percentile of minutes and its bounds, tokens per second, and the temperature of the watched zone, °C.
    At { floor: f64, lo: f64, hi: f64, celsius: f64 },
    /// It would be this warm, °C, and nobody saw what its vendor does about that.
    Unseen { celsius: f64 },
    /// The floor lies somewhere between these; whether because a governor will act that was never seen to.
    Wide { lo: f64, hi: f64, is_unmet: bool },
    /// It may get so hot that it switches itself off.
    TooHot { celsius: f64 },
}

/// A device with its governors, or why they are not known.
#[derive(Debug)]
pub struct Outlook<'a> {
    pub seen: &'a Observed,
    pub known: &'a Known,
    pub control: Result<(Control, Vec<Governor>), &'static str>,
    /// Whether a vendor may look after the case by a table of its own.
    pub has_vendor: bool,
}

impl Outlook<'_> {
    /// Place of the zone that is told of: the one of a governor that holds the device, else the slowest of the case.
    #[must_use]
    pub fn watched(&self) -> usize {
        let governors = self.control.as_ref().map(|known| known.1.as_slice()).unwrap_or_default();
        let near = |governor: &&Governor| governor.trip_c - self.hottest(governor.zone);
        if let Some(nearest) = governors.iter().min_by(|a, b| near(a).total_cmp(&near(b))) {
            return nearest.zone;
        }
        (0..self.known.followed().len()).find(|place| self.known.is_case(*place)).unwrap_or(0)
    }

    /// Hottest that a followed zone was, °C.
    #[must_use]
    pub fn hottest(&self, place: usize) -> f64 {
        let celsius = &self.seen.zones[self.known.followed()[place]].celsius;
        celsius.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }

    /// Where it comes to rest in air of each of these temperatures, its own first; `random` gives the same numbers each time.
    #[must_use]
    pub fn rests(&self, airs: &[f64], random: &dyn Fn() -> Random) -> Vec<(f64, Rest)> {
        let mut rests: Vec<(f64, Rest)> =
            airs.iter().filter_map(|air| Some((*air, self.rest(*air, &mut random())?))).collect();
        if !self.goes_as_foretold(rests.first().map(|here| &here.1)) {
            for (_, rest) in rests.iter_mut().skip(1) {
                self.doubt(rest);
            }
        }
        rests
    }

    /// Whether a device that was held for long was held as its networks say.
    fn goes_as_foretold(&self, here: Option<&Rest>) -> bool {
        let Some(held) = self.seen.held_floor() else { return true };
        match here {
            Some(Rest::At { floor, .. }) => (floor / held - 1.0).abs() <= DOUBTFUL,
            Some(Rest::Wide { is_unmet, .. }) => *is_unmet,
            _ => true,
        }
    }

    /// The rate when its governors have taken all that they take.
    fn slowest(&self) -> f64 {
        let ladder = &self.seen.clock.ladder;
        let governors = self.control.as_ref().map(|known| known.1.as_slice()).unwrap_or_default();
        let most = governors.iter().filter_map(|governor| governor.most).max().unwrap_or(ladder.len());
        let lowest = ladder.get(most).or(ladder.last()).copied().unwrap_or(1.0);
        self.known.rate(lowest)
    }

    /// Not believed, unless it has nothing left to give.
    fn doubt(&self, rest: &mut Rest) {
        if let Rest::At { floor, lo, hi, .. } = *rest
            && floor > self.slowest() * (1.0 + DOUBTFUL)
        {
            *rest = Rest::Wide { lo, hi, is_unmet: false };
        }
    }

    /// Where it comes to rest in air of this temperature.
    fn rest(&self, ambient: f64, random: &mut Random) -> Option<Rest> {
        match &self.control {
            Ok((control, governors)) => self.governed(control, governors, ambient, random),
            Err(_) => self.as_it_ran(ambient, random),
        }
    }

    fn governed(
        &self,
        control: &Control,
        governors: &[Governor],
        ambient: f64,
        random: &mut Random,
    ) -> Option<Rest> {
        let ladder = &self.seen.clock.ladder;
        let mut all = Vec::with_capacity(DRAWS);
        let is_here = (ambient - self.seen.ambient).abs() < SAME_AIR_K;
        for _ in 0..DRAWS {
            let device = self.known.draw((governors, ladder), random)?;
            let heat = self.known.past(self.seen, &device.heat);
            let clock = self.seen.clock.changes.last().map_or(1.0, |change| change.1);
            let end = End { heat: &heat, step: self.seen.step, clock };
            all.push(settled(&device, ambient, is_here.then_some(end)));
        }
        let watched = self.watched();
        let celsius = middle(all.iter().map(|one| one.hottest[watched]).collect());
        let ends = |one: &Settled| {
            let place = |zone: usize| self.known.followed().iter().position(|known| *known == zone);
            control
                .ends
                .iter()
                .any(|(zone, end)| place(*zone).is_some_and(|place| one.hottest[place] >= end - END_K))
        };
        if all.iter().filter(|one| ends(one)).count() > DRAWS * BEYOND_PERCENT / 100 {
            return Some(Rest::TooHot { celsius });
        }
        if self.has_vendor
            && let Some(celsius) = self.new_to_it(&all)
        {
            return Some(Rest::Unseen { celsius });
        }
        let warm = |place: usize| high(all.iter().map(|one| one.hottest[place]).collect());
        let is_unmet =
            |governor: &Governor| !governor.is_met() && warm(governor.zone) >= governor.trip_c - NEAR_K;
        let least = if self.seen.watts.is_some() { LEAST_HALF } else { LEAST_HALF_UNMEASURED };
        let mut floors: Vec<f64> = all.iter().map(|one| one.floor).collect();
        // What was seen for long counts as much as what follows from it.
        let held = self.seen.held_floor().filter(|_| is_here);
        let mut rest = between(&mut floors, held, celsius, governors.iter().any(is_unmet), least);
        // How deep a slow zone lets its governor step differs by hundredths of a kelvin, which no network foretells.
        let swings = |governor: &Governor| {
            governor.steps() && self.known.is_case(governor.zone) && warm(governor.zone) >= governor.release_c
        };
        if governors.iter().any(swings) {
            self.doubt(&mut rest);
        }
        Some(rest)
    }

    /// The temperature of a zone that it never had, if there is one.
    fn new_to_it(&self, all: &[Settled]) -> Option<f64> {
        let warm = |place: usize| high(all.iter().map(|one| one.hottest[place]).collect());
        let places = 0..self.known.followed().len();
        places
            .map(|place| (warm(place), self.hottest(place)))
            .find(|(warm, hottest)| *warm > hottest + NOT_NEW_K)
            .map(|(warm, _)| warm)
    }

    /// Nobody knows what holds it: it goes on as it ran last, if that takes it nowhere where it was not.
    fn as_it_ran(&self, ambient: f64, random: &mut Random) -> Option<Rest> {
        let late = steps(LATE_S, self.seen.step);
        let from = self.seen.tokens.len().checked_sub(late)?;
        let clocks = self.seen.clock.means.get(from..).unwrap_or_default();
        let clock = if clocks.is_empty() { 1.0 } else { mean(clocks) };
        let steady = clocks.iter().all(|one| (one - clock).abs() <= STEADY);
        let mut all = Vec::with_capacity(DRAWS);
        for _ in 0..DRAWS {
            let device = self.known.draw((&[], &[]), random)?;
            all.push(Settled { floor: device.rate.at(clock), hottest: device.at_rest(clock, ambient) });
        }
        let watched = self.watched();
        let celsius = middle(all.iter().map(|one| one.hottest[watched]).collect());
        let is_new = (0..self.known.followed().len()).any(|place| {
            let warm = high(all.iter().map(|one| one.hottest[place]).collect());
            warm > self.hottest(place) + NOT_NEW_K
        });
        let is_cooler = ambient < self.seen.ambient - SAME_AIR_K;
        if is_new || !steady || is_cooler && clock < 1.0 {
            return Some(Rest::Unseen { celsius });
        }
        let rate =
            self.seen.tokens[from..].iter().sum::<f64>() / self.seen.active[from..].iter().sum::<f64>();
        Some(between(&mut [rate; DRAWS], None, celsius, false, LEAST_HALF))
    }
}

/// `held` was seen for long; laws and ladders leave `least` to either side.
fn between(floors: &mut [f64], held: Option<f64>, celsius: f64, is_unmet: bool, least: f64) -> Rest {
    floors.sort_by(f64::total_cmp);
    let beyond = floors.len() * BEYOND_PERCENT / 100;
    let (low, high) = (floors[beyond], floors[floors.len() - 1 - beyond]);
    let (low, high) = (low.min(held.unwrap_or(low)), high.max(held.unwrap_or(high)));
    let floor = middle(floors.to_vec());
    let (lo, hi) = (low * (1.0 - least), high * (1.0 + least));
    if is_unmet || (high - low) / 2.0 > MOST_HALF * floor {
        return Rest::Wide { lo, hi, is_unmet };
    }
    Rest::At { floor, lo, hi, celsius }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn middle(mut values: Vec<f64>) -> f64 {
    crate::statistics::median(&mut values).unwrap_or(f64::NAN)
}

fn high(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let beyond = values.len() * BEYOND_PERCENT / 100;
    values.iter().rev().nth(beyond).copied().unwrap_or(f64::NAN)
}
