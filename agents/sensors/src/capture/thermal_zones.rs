//! Thermal zones as somebody listed them: a zone's type and its number on a line, or sysfs files with their paths.
//!
//! Understood lines: `type temp`, `type: temp`, `type;temp`, each with or without `thermal_zoneN` in front;
//! `type--temp;type--temp;` as logs of some handsets have it; `…/thermal_zoneN/temp:number`, `…/type:text` and the
//! same of cooling devices, as `grep . FILES` prints them; names alone, as `ls` prints them; and what the shell says
//! about files that cannot be read. A zone that is listed and cannot be read keeps its row.

use edgesoak_protocol::{Reading, Reason, rule};

use super::lines::{lines, nothing_in};
use super::zone_line::{self, Line};
use super::{Capture, Fact, MAX_READINGS, celsius};
use crate::parse::zone_unit::Families;
use crate::parse::{integer, temperature};

/// A zone or a cooling device.
struct Part<'a> {
    /// `thermal_zone3`; empty where the listing has types only.
    dir: &'a str,
    /// Its type; empty where the listing has none.
    kind: &'a str,
    /// The number as printed, or why there is none; nothing where no line told.
    found: Option<Reading<&'a str>>,
}

impl<'a> Part<'a> {
    fn name(&self) -> &'a str {
        if self.kind.is_empty() { self.dir } else { self.kind }
    }
}

#[derive(Default)]
struct Listing<'a> {
    parts: Vec<Part<'a>>,
    /// What the shell said about `thermal_zone*`.
    of_all: Option<Reason>,
}

pub(super) fn parse(text: &str) -> Capture {
    let mut listing = Listing::default();
    for line in lines(text) {
        zone_line::each(line, |line| listing.add(line));
    }
    let mut capture = Capture::default();
    listing.read_zones(text, &mut capture);
    listing.read_cooling(&mut capture);
    celsius::settle(&mut capture);
    capture
}

impl<'a> Listing<'a> {
    fn add(&mut self, line: Line<'a>) {
        match line {
            Line::Of { dir, kind, found } => {
                let Some(part) = self.part(dir) else { return };
                if !kind.is_empty() {
                    part.kind = kind;
                }
                // A number stands against every complaint, and a complaint against silence.
                let better = match (part.found, found) {
                    (_, None) | (Some(Ok(_)), _) => false,
                    (_, Some(Ok(_))) | (None, _) => true,
                    (Some(Err(old)), Some(Err(_))) => old == Reason::Sentinel,
                };
                if better {
                    part.found = found;
                }
            }
            Line::OfAll(reason) => self.of_all = Some(reason),
        }
    }

    /// The part of this directory; types without a directory are parts of their own.
    fn part(&mut self, dir: &'a str) -> Option<&mut Part<'a>> {
        let known = if dir.is_empty() { None } else { self.parts.iter().rposition(|part| part.dir == dir) };
        if known.is_none() && self.parts.len() < MAX_READINGS {
            self.parts.push(Part { dir, kind: "", found: None });
            return self.parts.last_mut();
        }
        self.parts.get_mut(known?)
    }

    fn read_zones(&self, text: &str, capture: &mut Capture) {
        let mut families = Families::default();
        let zones = || self.parts.iter().filter(|part| !part.dir.starts_with("cooling_device"));
        for zone in zones() {
            families.note(zone.kind, whole(zone.found));
        }
        for zone in zones() {
            self.read_zone(zone, &families, capture);
            if let Some(usr) = self.better_view(zone.kind) {
                let same = celsius::channel("", usr);
                capture.fact(&celsius::channel("same_sensor/", zone.kind), Fact::Word(same));
            }
        }
        if zones().next().is_none() {
            let reason = match self.of_all.unwrap_or_else(|| nothing_in(text)) {
                Reason::Parse if text.contains("/sys/class/thermal") => Reason::Absent,
                reason => reason,
            };
            celsius::read_none(capture, reason);
        }
    }

    fn read_zone(&self, zone: &Part<'_>, families: &Families<'_>, capture: &mut Capture) {
        let name = zone.name();
        let found = zone.found.unwrap_or_else(|| Err(self.unread()));
        let raw = found.unwrap_or_default();
        let value = if temperature::is_something_else(zone.kind) && found.is_ok() {
            Err(Reason::NotATemperature)
        } else {
            found.and_then(|raw| judge(zone.kind, raw, families, capture))
        };
        celsius::read(capture, name, raw, value);
    }

    /// Zones that are there although their numbers "do not exist" are withheld by a policy.
    fn unread(&self) -> Reason {
        match self.of_all {
            Some(Reason::Absent) => Reason::Denied,
            Some(reason) => reason,
            None => Reason::Absent,
        }
    }

    fn better_view(&self, kind: &str) -> Option<&'a str> {
        let stem = temperature::other_view(kind)?;
        let usr = |part: &&Part<'a>| part.kind.strip_suffix(temperature::USER_VIEW) == Some(stem);
        self.parts.iter().find(usr).map(|part| part.kind)
    }

    fn read_cooling(&self, capture: &mut Capture) {
        for part in self.parts.iter().filter(|part| part.dir.starts_with("cooling_device")) {
            let found = part.found.unwrap_or(Err(Reason::Absent));
            celsius::read_cooling(
                capture,
                part.name(),
                found.unwrap_or_default(),
                found.and_then(celsius::number),
            );
        }
    }
}

/// The integer of a zone, if it has one.
fn whole(found: Option<Reading<&str>>) -> Reading<i64> {
    found.unwrap_or(Err(Reason::Absent)).and_then(|raw| integer::decimal(raw.as_bytes()))
}

/// A number with a fraction is in degrees already; an integer is in the unit of its family.
fn judge(kind: &str, raw: &str, families: &Families<'_>, capture: &mut Capture) -> Reading<f64> {
    if !raw.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return celsius::printed(raw);
    }
    let number = integer::decimal(raw.as_bytes())?;
    if temperature::is_stuck(kind, number) {
        return Err(Reason::Sentinel);
    }
    let scale = families.scale(kind, number);
    let value = rule::apply(rule::ZONE, number, scale);
    // Divided rather than multiplied, so that 24612 becomes 24.612.
    let value = value.map(|_| number as f64 / (1.0 / scale).round());
    if value.is_ok() && scale > temperature::MILLI {
        let word = if scale < 1.0 { "0.1" } else { "1" };
        capture.fact(&celsius::channel("scale/", kind), Fact::Word(word.to_owned()));
    }
    value
}
