//! What each line and area means. One meaning, one colour.
//!
//! `plotters` knows colours but no classes. Each ink is drawn in a colour of its own that nobody sees and that stands for
//! its class, so that light and dark differ by the style sheet alone.

use edgesoak_record::slowdown::Suspect;
use plotters::style::RGBColor;

/// Meaning of a line or an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Decode rate of each second.
    RateRaw,
    /// Decode rate of five seconds.
    Rate,
    /// A limit of the route or the device.
    Bar,
    /// The measured floor.
    Floor,
    /// A figure over a stretch of time: burst, sustained.
    Figure,
    /// The hottest sensor, and those below it.
    Heat(u8),
    /// A running clock, and those below it.
    Clock(u8),
    /// The highest clock that policy allows.
    Cap,
    /// Electric power.
    Power(u8),
    /// Memory that can grow.
    Memory,
    /// Memory that maps files.
    MemoryFile,
    /// Processor time.
    Processor(u8),
    /// Waiting for a resource.
    Pressure(u8),
    /// A tick of a value axis.
    Grid,
    /// A pause inside a prompt.
    Stall,
    /// No telemetry.
    Gap,
    /// Rest and recovery.
    Rest,
    /// A temperature at which a governor acts.
    Trip,
    /// A cooling device acts: a little, more, most.
    Cooling(u8),
    /// A supply beside the battery.
    Plugged,
    /// The battery feeds the device.
    Battery,
    /// The lab's own meter.
    Meter,
    /// When something was: from the beginning to the end, in fifths.
    Time(u8),
    /// Cold, at the beginning of a soak.
    Cold,
    /// Hot, at its end.
    Hot,
    /// A run of the candidate.
    Candidate,
    /// A run of what it is held against.
    Reference,
    /// What may be lost.
    Margin,
    /// Between two bounds.
    Bounds,
    /// What a suspect explains.
    Suspect(Suspect),
    /// What none explains.
    Unexplained,
}

impl Ink {
    /// Every ink that can occur.
    pub const ALL: [Ink; 53] = [
        Ink::RateRaw,
        Ink::Rate,
        Ink::Bar,
        Ink::Floor,
        Ink::Figure,
        Ink::Heat(0),
        Ink::Heat(1),
        Ink::Heat(2),
        Ink::Heat(3),
        Ink::Clock(0),
        Ink::Clock(1),
        Ink::Clock(2),
        Ink::Cap,
        Ink::Power(0),
        Ink::Power(1),
        Ink::Power(2),
        Ink::Memory,
        Ink::MemoryFile,
        Ink::Processor(0),
        Ink::Processor(1),
        Ink::Pressure(0),
        Ink::Pressure(1),
        Ink::Pressure(2),
        Ink::Grid,
        Ink::Stall,
        Ink::Gap,
        Ink::Rest,
        Ink::Trip,
        Ink::Cooling(0),
        Ink::Cooling(1),
        Ink::Cooling(2),
        Ink::Plugged,
        Ink::Battery,
        Ink::Meter,
        Ink::Time(0),
        Ink::Time(1),
        Ink::Time(2),
        Ink::Time(3),
        Ink::Time(4),
        Ink::Cold,
        Ink::Hot,
        Ink::Candidate,
        Ink::Reference,
        Ink::Margin,
        Ink::Bounds,
        Ink::Suspect(Suspect::Clock),
        Ink::Suspect(Suspect::ThermalStatus),
        Ink::Suspect(Suspect::Memory),
        Ink::Suspect(Suspect::BackgroundCpu),
        Ink::Suspect(Suspect::Context),
        Ink::Suspect(Suspect::Pauses),
        Ink::Suspect(Suspect::Time),
        Ink::Unexplained,
    ];

    /// The class in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Ink::RateRaw => "i-raw",
            Ink::Rate => "i-rate",
            Ink::Bar => "i-bar",
            Ink::Floor => "i-floor",
            Ink::Figure => "i-figure",
            Ink::Heat(0) => "i-heat",
            Ink::Heat(1) => "i-heat1",
            Ink::Heat(2) => "i-heat2",
            Ink::Heat(_) => "i-heat3",
            Ink::Clock(0) => "i-clock",
            Ink::Clock(1) => "i-clock1",
            Ink::Clock(_) => "i-clock2",
            Ink::Cap => "i-cap",
            Ink::Power(0) => "i-power",
            Ink::Power(1) => "i-power1",
            Ink::Power(_) => "i-power2",
            Ink::Memory => "i-memory",
            Ink::MemoryFile => "i-file",
            Ink::Processor(0) => "i-cpu",
            Ink::Processor(_) => "i-cpu1",
            Ink::Pressure(0) => "i-wait",
            Ink::Pressure(1) => "i-wait1",
            Ink::Pressure(_) => "i-wait2",
            Ink::Grid => "i-grid",
            Ink::Stall => "i-stall",
            Ink::Gap => "i-gap",
            Ink::Rest => "i-rest",
            Ink::Trip => "i-trip",
            Ink::Cooling(0) => "i-cool",
            Ink::Cooling(1) => "i-cool1",
            Ink::Cooling(_) => "i-cool2",
            Ink::Plugged => "i-plug",
            Ink::Battery => "i-cell",
            Ink::Meter => "i-meter",
            Ink::Time(0) => "i-time",
            Ink::Time(1) => "i-time1",
            Ink::Time(2) => "i-time2",
            Ink::Time(3) => "i-time3",
            Ink::Time(_) => "i-time4",
            Ink::Cold => "i-cold",
            Ink::Hot => "i-hot",
            Ink::Candidate => "i-new",
            Ink::Reference => "i-old",
            Ink::Margin => "i-margin",
            Ink::Bounds => "i-bounds",
            Ink::Suspect(suspect) => of_suspect(suspect),
            Ink::Unexplained => "i-rest-of",
        }
    }

    /// The colour it is drawn in, for one of the lines of a panel or for none.
    pub fn sentinel(self, line: Option<usize>) -> RGBColor {
        let place = Self::ALL.iter().position(|ink| ink.class() == self.class()).unwrap_or(0);
        // Lines behind the last that a byte can tell apart are drawn as one: no panel has as many.
        let line = line.map_or(0, |line| u8::try_from(line + 1).unwrap_or(u8::MAX));
        RGBColor(0, line, u8::try_from(place).unwrap_or(0))
    }

    /// What a colour stands for.
    pub fn of_sentinel((_, line, place): (u8, u8, u8)) -> (Self, Option<usize>) {
        let ink = Self::ALL.get(usize::from(place)).copied().unwrap_or(Ink::Grid);
        (ink, usize::from(line).checked_sub(1))
    }
}

fn of_suspect(suspect: Suspect) -> &'static str {
    match suspect {
        Suspect::Clock => "i-by-clock",
        Suspect::ThermalStatus => "i-by-heat",
        Suspect::Memory => "i-by-memory",
        Suspect::BackgroundCpu => "i-by-cpu",
        Suspect::Context => "i-by-context",
        Suspect::Pauses => "i-by-pauses",
        Suspect::Time => "i-by-time",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ink_has_its_own_sentinel_and_a_rule_in_the_style_sheet() {
        let css = include_str!("../page/report.css");
        let mut seen = std::collections::BTreeSet::new();
        for ink in Ink::ALL {
            let RGBColor(red, green, blue) = ink.sentinel(Some(3));
            assert!(seen.insert((red, green, blue)), "{ink:?} shares a sentinel");
            assert_eq!(Ink::of_sentinel((red, green, blue)), (ink, Some(3)));
            assert_eq!(Ink::of_sentinel((0, 0, blue)).1, None);
            assert!(css.contains(&format!(".{}{{", ink.class())), "no rule for .{}", ink.class());
        }
    }
}
