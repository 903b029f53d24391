//! A device as its soak shows it: what it yields and costs at each clock, how each zone warms by that, and all that the
//! soak leaves open of both.

use super::control::{Control, Governor};
use super::network::{self, Network};
use super::observed::Observed;
use super::run_on::{Acting, Device};
use super::work::{self, HeatLaw, RateLaw, Weighted};
use crate::statistics::random::Random;

/// A zone of the case has warmed by at most this part of what it comes to after so many seconds of steady heat.
const CASE_PART: f64 = 0.08;
const CASE_AFTER_S: f64 = 10.0;
/// A fit may leave this part of the largest rise, or so much, K.
const WORST_FIT: f64 = 0.05;
const WORST_FIT_K: f64 = 0.15;
/// A zone that rose by less says nothing, K.
const LEAST_RISE_K: f64 = 2.0;
/// Times between two looks of a governor that was never seen to act, seconds.
const POLLS_S: [f64; 5] = [1.0, 2.0, 5.0, 10.0, 15.0];
/// Most governors that do not tell how many clocks they take take all.
const WHOLE: f64 = 0.75;
/// No temperature is foretold better than this, K.
const LEAST_OFF_K: f64 = 0.1;
/// Clocks that differ by less are one.
const STILL: f64 = 1e-3;

/// How the zones warm, for one form of the heat.
type Zones = Vec<Vec<Network>>;
/// Each heat law with its place among the networks of all zones.
type Fitted = (Weighted<(HeatLaw, usize)>, Vec<Zones>);

/// What is known of a device.
#[derive(Debug)]
pub struct Known {
    rates: Weighted<RateLaw>,
    /// Each heat law with its place among the networks.
    heats: Weighted<(HeatLaw, usize)>,
    networks: Vec<Zones>,
    /// Positions of the zones that can be followed, in the order of the networks.
    followed: Vec<usize>,
    /// Place of the zone that leaks among them.
    chip: Option<usize>,
    /// Most clocks that were taken in the soak.
    deepest: usize,
}

impl Known {
    /// What the soak shows; `None` where nothing was decoded or no zone follows what the device did.
    #[must_use]
    pub fn of(seen: &Observed) -> Option<Self> {
        let chip = nearest_chip(seen);
        let (rates, heats) = work::laws(seen, chip.map(|zone| seen.zones[zone].celsius.as_slice()))?;
        let (heats, mut networks) = fitted(seen, &heats, chip);
        let best = &networks[heats.best()?.1];
        let followed: Vec<usize> =
            (0..seen.zones.len()).filter(|zone| is_followed(seen, *zone, &best[*zone])).collect();
        for zones in &mut networks {
            *zones = followed.iter().map(|zone| std::mem::take(&mut zones[*zone])).collect();
        }
        let chip = chip.and_then(|chip| followed.iter().position(|zone| *zone == chip));
        let lowest = seen.clock.changes.iter().map(|change| change.1).fold(1.0, f64::min);
        let deepest = seen.clock.ladder.iter().position(|clock| *clock <= lowest + STILL).unwrap_or(0);
        (!followed.is_empty()).then_some(Self { rates, heats, networks, followed, chip, deepest })
    }

    /// Whether clocks say how fast it ran.
    #[must_use]
    pub fn explains_rates(&self, seen: &Observed) -> bool {
        self.rates.best().is_some_and(|law| work::explains(law, seen))
    }

    /// Positions of the zones that can be followed.
    #[must_use]
    pub fn followed(&self) -> &[usize] {
        &self.followed
    }

    /// The likeliest network of a followed zone.
    #[must_use]
    pub fn network(&self, place: usize) -> Option<&Network> {
        self.networks.get(self.heats.best()?.1)?.get(place)?.first()
    }

    /// Whether a followed zone is of the case rather than of the chip.
    #[must_use]
    pub fn is_case(&self, place: usize) -> bool {
        self.network(place).is_some_and(|network| network.after(CASE_AFTER_S) <= CASE_PART * network.gain())
    }

    /// Likeliest rate at a clock.
    #[must_use]
    pub fn rate(&self, clock: f64) -> f64 {
        self.rates.best().map_or(f64::INFINITY, |law| law.at(clock))
    }

    /// Heat of each step of the soak.
    #[must_use]
    pub fn past(&self, seen: &Observed, law: &HeatLaw) -> Vec<f64> {
        seen.watts.clone().unwrap_or_else(|| law.over(seen, self.chip.map(|chip| self.followed[chip])))
    }

    /// The device as it may be, governed so; the governors' zones are places among the followed.
    #[must_use]
    pub fn draw<'a>(
        &'a self,
        (governors, ladder): (&[Governor], &'a [f64]),
        random: &mut Random,
    ) -> Option<Device<'a>> {
        let (heat, place) = *self.heats.draw(random)?;
        let zones: Vec<&Network> =
            self.networks[place].iter().map(|networks| any(networks, random)).collect::<Option<_>>()?;
        let lowest = ladder.len().saturating_sub(1);
        let acting = |governor: &Governor| {
            let poll = POLLS_S[random.below(POLLS_S.len())];
            // What a network leaves may lie on either side when it matters.
            let error = zones.get(governor.zone).map_or(0.0, |zone| zone.error);
            let off_k = (2.0 * random.part() - 1.0) * (2.0 * error).max(LEAST_OFF_K);
            let seen = self.deepest.min(lowest);
            let is_whole = random.part() < WHOLE;
            let deep = if is_whole { lowest } else { seen + random.below(lowest - seen + 1) };
            let most = governor.most.unwrap_or(deep.max(governor.least)).min(lowest);
            Acting {
                zone: governor.zone,
                trip_c: governor.trip_c + off_k,
                release_c: governor.release_c + off_k,
                least: governor.least.min(most),
                poll_s: governor.poll_s.unwrap_or(poll),
                most,
            }
        };
        let governors = governors.iter().map(acting).collect();
        Some(Device { rate: *self.rates.draw(random)?, heat, zones, chip: self.chip, governors, ladder })
    }

    /// The governors with zones that are places among the followed; `None` where one of them cannot be followed.
    #[must_use]
    pub fn placed(&self, control: &Control) -> Option<Vec<Governor>> {
        let place = |governor: &Governor| {
            let zone = self.followed.iter().position(|zone| *zone == governor.zone)?;
            Some(Governor { zone, ..governor.clone() })
        };
        control.governors.iter().map(place).collect()
    }
}

fn any<'a>(networks: &'a [Network], random: &mut Random) -> Option<&'a Network> {
    let whole: f64 = networks.iter().map(|network| network.weight).sum();
    let mut left = random.part() * whole;
    let drawn = networks.iter().find(|network| {
        left -= network.weight;
        left <= 0.0
    });
    drawn.or(networks.first())
}

/// The zone that moves most within seconds when the heat does: the hottest one.
fn nearest_chip(seen: &Observed) -> Option<usize> {
    let most = |zone: usize| seen.zones[zone].celsius.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (0..seen.zones.len()).max_by(|a, b| most(*a).total_cmp(&most(*b)))
}

/// Networks of every zone. Where power was measured they are the same for each law; else each law's heat has its own, and
/// how well they fit says how likely the law is.
fn fitted(seen: &Observed, heats: &Weighted<HeatLaw>, chip: Option<usize>) -> Fitted {
    let zones = |heat: &[f64]| -> Zones {
        let rises = seen.zones.iter().map(|zone| zone.celsius.iter().map(|celsius| celsius - seen.ambient));
        rises.map(|rise| network::fit(&rise.collect::<Vec<f64>>(), heat, seen.step)).collect()
    };
    if let Some(watts) = &seen.watts {
        return (heats.map(|law| (*law, 0)), vec![zones(watts)]);
    }
    let clocks = &seen.clock.means;
    let moves = clocks.iter().any(|clock| (clock - clocks[0]).abs() > STILL);
    if !moves {
        return (heats.map(|law| (*law, 0)), vec![zones(&vec![1.0; seen.tokens.len()])]);
    }
    let (mut laws, mut networks) = (Vec::new(), Vec::new());
    for (place, law) in heats.iter().enumerate() {
        let fits = zones(&law.over(seen, chip));
        let errors = fits.iter().filter_map(|networks| networks.first()).map(|best| best.error.powi(2));
        laws.push(((*law, place), errors.sum::<f64>()));
        networks.push(fits);
    }
    let independent = network::independent(seen.tokens.len(), seen.step);
    let laws = Weighted::new(laws, independent, network::LEAST_ERROR_K).times(|(law, _)| law.usual());
    (laws, networks)
}

fn is_followed(seen: &Observed, zone: usize, networks: &[Network]) -> bool {
    let celsius = &seen.zones[zone].celsius;
    let (low, high) = celsius
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    let reach = WORST_FIT_K.max(WORST_FIT * (high - seen.ambient));
    // A sensor that stands still goes with everything.
    high - low >= LEAST_RISE_K && networks.first().is_some_and(|best| best.error <= reach)
}
