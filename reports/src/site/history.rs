//! Figures of many sessions in the order of their runs, as strips over one axis: what became better or worse, and when.

use edgesoak_record::fleet::QuarantineSpell;

use super::entries::Entry;
use crate::plot::axis::Axis;
use crate::words::gate::Mood;
use crate::words::number::{Amount, plural};
use crate::words::text::name;
use crate::words::time::{clock, day};

/// More sessions than this are not drawn: a dot has to be told from its neighbour.
const MOST: usize = 240;
/// Lines with a colour of their own; all others share one.
pub(super) const OWN: usize = 5;
/// Dates under the axis.
const DATES: usize = 8;

/// A session's figure.
#[derive(Debug, Clone)]
pub(super) struct Spot<'a> {
    pub x: f64,
    pub value: f64,
    /// 95 % bounds.
    pub bounds: Option<(f64, f64)>,
    pub mood: Mood,
    pub run: &'a str,
    /// What a pointer shows.
    pub words: String,
}

/// What belongs together.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub label: String,
    pub spots: Vec<Spot<'a>>,
}

/// Lines on one axis of values.
#[derive(Debug, Clone)]
pub(super) struct Strip<'a> {
    pub title: &'static str,
    pub unit: String,
    /// Pixels.
    pub height: u32,
    pub axis: Axis,
    pub lines: Vec<Line<'a>>,
    /// The bar as it was at each session.
    pub bar: Vec<(f64, f64)>,
}

/// Strips over one axis of sessions.
#[derive(Debug, Clone)]
pub(super) struct History<'a> {
    pub title: String,
    /// Sessions on the axis.
    pub count: f64,
    pub strips: Vec<Strip<'a>>,
    /// From, to: in quarantine.
    pub quarantined: Vec<(f64, f64)>,
    pub dates: Vec<(f64, String)>,
    pub is_virtual: bool,
    pub left_out: usize,
}

/// The newest sessions, the oldest of them first, each with its place on the axis.
struct Drawn<'a> {
    entries: Vec<(f64, Entry<'a>)>,
    left_out: usize,
}

impl<'a> Drawn<'a> {
    fn of(newest_first: &[Entry<'a>]) -> Self {
        let kept = newest_first.iter().take(MOST).rev();
        let mut x = -0.5;
        let entries = kept
            .map(|entry| {
                x += 1.0;
                (x, *entry)
            })
            .collect();
        Self { entries, left_out: newest_first.len().saturating_sub(MOST) }
    }

    /// Every session that is drawn ran on a simulated device.
    fn is_virtual(&self) -> bool {
        self.entries.iter().all(|(_, entry)| entry.session.is_virtual)
    }

    /// A line of each label, that of the newest session first; a spot is told by the value and its words. No line joins what
    /// was simulated with what was measured.
    fn lines(
        &self,
        label: impl Fn(&Entry<'a>) -> &'a str,
        figure: impl Fn(&Entry<'a>) -> Option<(f64, Option<(f64, f64)>, Mood, String)>,
    ) -> Vec<Line<'a>> {
        let mut lines: Vec<((&str, bool), Line<'a>)> = Vec::new();
        for (x, entry) in self.entries.iter().rev() {
            let Some((value, bounds, mood, words)) = figure(entry) else { continue };
            let (of, is_virtual) = (label(entry), entry.session.is_virtual);
            let mark = if is_virtual { " (virtual)" } else { "" };
            let words = format!("{}{mark} · {} · {words}", name(of), day(entry.run.opened));
            let spot = Spot { x: *x, value, bounds, mood, run: &entry.run.run, words };
            if let Some((_, line)) = lines.iter_mut().find(|(known, _)| *known == (of, is_virtual)) {
                line.spots.push(spot);
                continue;
            }
            // In front, where no long name pushes it out.
            let mark = if is_virtual && !self.is_virtual() { "◇ " } else { "" };
            lines.push(((of, is_virtual), Line { label: format!("{mark}{}", name(of)), spots: vec![spot] }));
        }
        let mut lines: Vec<Line<'a>> = lines.into_iter().map(|(_, line)| line).collect();
        for line in &mut lines {
            line.spots.reverse();
        }
        lines
    }
}

/// Floors of the sessions of one route, and when each of them slowed down.
pub(super) fn floors<'a>(
    title: String,
    entries: &[Entry<'a>],
    label: impl Fn(&Entry<'a>) -> &'a str,
    spells: &[&QuarantineSpell],
) -> Option<History<'a>> {
    let drawn = Drawn::of(entries);
    let unit = entries.iter().find_map(|entry| entry.floor().filter(|f| f.measured.is_some()))?.unit.clone();
    let known = |entry: &Entry<'a>| entry.floor().filter(|figure| figure.unit == unit);
    let finite = |value: &f64| value.is_finite();
    let lines = drawn.lines(&label, |entry| {
        let figure = known(entry)?;
        let value = figure.measured.filter(finite)?;
        let bounds = figure.lo.filter(finite).zip(figure.hi.filter(finite));
        let mood = Mood::from(figure.outcome);
        Some((value, bounds, mood, format!("{}, {}", Amount::of(value, &unit).full(), mood.word())))
    });
    let bar: Vec<(f64, f64)> = drawn
        .entries
        .iter()
        .filter_map(|(x, entry)| Some((*x, known(entry)?.limit.filter(finite)?)))
        .collect();
    let mut strips =
        vec![Strip { title: "Floor", axis: around(&lines, &bar), unit, height: 150, lines, bar }];
    let onsets = drawn.lines(&label, |entry| {
        let onset = entry.onset_s()?;
        Some((onset / 60.0, None, Mood::Info, format!("slower after {}", clock(onset))))
    });
    if !onsets.is_empty() {
        let latest = onsets.iter().flat_map(|line| &line.spots).map(|spot| spot.value).fold(0.0, f64::max);
        let axis = Axis::from_zero(latest, 2.0);
        let unit = "minutes".to_owned();
        strips.push(Strip { title: "Slower after", unit, height: 64, axis, lines: onsets, bar: Vec::new() });
    }
    Some(history(title, &drawn, strips, spells))
}

/// Health and cycles of a device's battery, where at least two sessions know one of them.
pub(super) fn battery<'a>(entries: &[Entry<'a>], spells: &[&QuarantineSpell]) -> Option<History<'a>> {
    let known: Vec<Entry<'a>> = entries
        .iter()
        .filter(|entry| entry.session.battery_health.or(entry.session.charge_cycles).is_some())
        .copied()
        .collect();
    if known.len() < 2 {
        return None;
    }
    let drawn = Drawn::of(&known);
    let told = |value: Option<f64>, unit: &str| {
        value.map(|value| (value, None, Mood::Info, Amount::of(value, unit).full()))
    };
    let device = |entry: &Entry<'a>| entry.session.device.as_str();
    let health = drawn.lines(device, |entry| told(entry.session.battery_health, "%"));
    let cycles = drawn.lines(device, |entry| told(entry.session.charge_cycles, "cycles"));
    let mut strips = Vec::new();
    for (title, unit, lines) in [("Health", "% of new", health), ("Charge cycles", "full cycles", cycles)] {
        let values = || lines.iter().flat_map(|line| &line.spots).map(|spot| spot.value);
        if values().next().is_some() {
            let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
            let axis = Axis::over(low - 1.0, high + 1.0, 2.0);
            strips.push(Strip { title, unit: unit.to_owned(), height: 64, axis, lines, bar: Vec::new() });
        }
    }
    // A line that is alone needs no name.
    for strip in strips.iter_mut().filter(|strip| strip.lines.len() == 1) {
        strip.lines[0].label.clear();
    }
    Some(history("Battery".to_owned(), &drawn, strips, spells))
}

fn history<'a>(
    title: String,
    drawn: &Drawn<'a>,
    strips: Vec<Strip<'a>>,
    spells: &[&QuarantineSpell],
) -> History<'a> {
    let before = |time| {
        let later = drawn.entries.iter().find(|(_, entry)| entry.run.opened > time);
        later.map_or(drawn.entries.last().map_or(0.0, |(x, _)| x + 0.5), |(x, _)| x - 0.5)
    };
    let end = drawn.entries.last().map_or(1.0, |(x, _)| x + 0.5);
    let quarantined = spells
        .iter()
        .map(|spell| (before(spell.since), spell.let_out.as_ref().map_or(end, |(at, _)| before(*at))))
        .collect();
    let step = drawn.entries.len().div_ceil(DATES).max(1);
    let dates = drawn.entries.iter().step_by(step).map(|(x, entry)| (*x, day(entry.run.opened))).collect();
    History {
        title,
        count: end,
        strips,
        quarantined,
        dates,
        is_virtual: drawn.is_virtual(),
        left_out: drawn.left_out,
    }
}

/// An axis over all figures with their bounds, and the bar: a history is read for its changes, not for parts of a whole.
fn around(lines: &[Line<'_>], bar: &[(f64, f64)]) -> Axis {
    let spots = || lines.iter().flat_map(|line| &line.spots);
    let lows = spots().map(|spot| spot.bounds.map_or(spot.value, |(lo, _)| lo.min(spot.value)));
    let highs = spots().map(|spot| spot.bounds.map_or(spot.value, |(_, hi)| hi.max(spot.value)));
    let limits = || bar.iter().map(|(_, limit)| *limit);
    let (low, high) =
        (lows.chain(limits()).fold(f64::MAX, f64::min), highs.chain(limits()).fold(f64::MIN, f64::max));
    let room = ((high - low) * 0.08).max(high.abs() * 0.02);
    Axis::over((low - room).max(0.0), high + room, 4.0)
}

impl History<'_> {
    /// Whether a session ended like this.
    pub fn shows(&self, mood: Mood) -> bool {
        self.strips
            .iter()
            .flat_map(|strip| &strip.lines)
            .flat_map(|line| &line.spots)
            .any(|spot| spot.mood == mood)
    }

    /// The plot in words.
    pub fn description(&self) -> String {
        let strips = self.strips.iter().map(|strip| {
            let spots: Vec<&Spot<'_>> = strip.lines.iter().flat_map(|line| &line.spots).collect();
            let low = spots.iter().map(|spot| spot.value).fold(f64::MAX, f64::min);
            let high = spots.iter().map(|spot| spot.value).fold(f64::MIN, f64::max);
            format!(
                "{}: {} from {} to {} {}",
                strip.title,
                plural(spots.len(), "figure"),
                strip.axis.label(low),
                strip.axis.label(high),
                strip.unit
            )
        });
        let spells = match self.quarantined.len() {
            0 => String::new(),
            count => format!(" In quarantine {}.", plural(count, "time")),
        };
        format!("{}.{spells} The table below lists them.", strips.collect::<Vec<_>>().join("; "))
    }
}
