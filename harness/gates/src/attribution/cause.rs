//! The cause behind the suspect that explains a loss.

use edgesoak_record::slowdown::{Cause, Grade, Share, Suspect};
use edgesoak_record::verdict::Evidence;

use crate::attribution::course::Course;
use crate::attribution::suspects::{self, Burden, MAJOR_FAULTS, MEMORY_WAITS, PROCESSOR_WAITS};
use crate::attribution::{clocks, lengths, words};
use crate::case::Case;
use crate::defaults::MOST_BACKGROUND;
use crate::measure::soak::Soak;

/// What was found out.
#[derive(Debug, Clone)]
pub struct Found {
    /// The cause.
    pub cause: Cause,
    /// How well it is shown.
    pub grade: Option<Grade>,
    /// What was seen, as the end of a sentence.
    pub seen: String,
    /// Where.
    pub evidence: Vec<Evidence>,
}

/// A slowdown with everything that speaks of it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The session.
    pub case: &'a Case<'a>,
    /// Its scored prompts.
    pub soak: &'a Soak<'a>,
    /// What became slower.
    pub course: &'a Course,
    /// What may have slowed it down.
    pub burdens: &'a [Burden],
    /// The part of the loss that was back after a rest.
    pub recovered: Option<f64>,
}

impl Seen<'_> {
    /// The cause behind the suspect that won.
    pub fn cause(&self, winner: Option<&Share>) -> Found {
        let rest = || clocks::went_with_a_rest(self.case, self.course, self.burdens, self.recovered);
        let burden =
            winner.and_then(|winner| self.burdens.iter().find(|known| known.suspect == winner.suspect));
        let found = match (winner.map(|winner| winner.suspect), burden) {
            // Its effect may have been removed before there were burdens.
            (Some(Suspect::Context), _) => Some(self.lengths()),
            (Some(Suspect::Clock), Some(burden)) => {
                Some(clocks::why(self.case, self.course, &burden.values, self.recovered))
            }
            (Some(Suspect::ThermalStatus), Some(burden)) => {
                let seen = "the system announced heat, and no clock can be read";
                Some(self.found(Cause::Thermal, Grade::C, seen, &burden.channel))
            }
            (Some(Suspect::Memory), Some(burden)) => Some(self.memory(burden)),
            (Some(Suspect::BackgroundCpu), Some(burden)) => self.background(burden),
            // They say where a loss lies, and not why.
            (Some(Suspect::Pauses), _) => None,
            _ => rest(),
        };
        found.unwrap_or_else(|| Found {
            cause: Cause::Unexplained,
            grade: None,
            seen: match winner.map(|winner| (winner.suspect, winner.loss)) {
                Some((Suspect::Pauses, Some(part))) => words::pauses(part),
                _ => words::best(self.burdens),
            },
            evidence: Vec::new(),
        })
    }

    fn found(&self, cause: Cause, grade: Grade, seen: &str, channel: &str) -> Found {
        let (from_s, to_s) = self.course.late();
        let evidence = vec![Evidence { channel: channel.to_owned(), from_s, to_s }];
        Found { cause, grade: Some(grade), seen: seen.to_owned(), evidence }
    }

    fn lengths(&self) -> Found {
        let longer = lengths::cause(self.soak);
        let grade = if self.course.effect.is_some() { Grade::A } else { Grade::B };
        self.found(longer, grade, words::lengths(longer), "prompts")
    }

    fn memory(&self, burden: &Burden) -> Found {
        let both = self.is_rising(MEMORY_WAITS) && self.is_rising(MAJOR_FAULTS);
        let grade = if both { Grade::A } else { Grade::B };
        self.found(Cause::Memory, grade, "it waited for memory", &burden.channel)
    }

    /// Less than a session may have of them is nobody's fault.
    fn background(&self, burden: &Burden) -> Option<Found> {
        let share = 1.0 - (-self.course.means(&burden.values).1).exp();
        let grade = if self.is_rising(PROCESSOR_WAITS) { Grade::A } else { Grade::B };
        let seen = "others took their time of the processor";
        (share >= MOST_BACKGROUND).then(|| self.found(Cause::BackgroundCpu, grade, seen, &burden.channel))
    }

    /// Whether a counter gained more towards the end than at the begin.
    fn is_rising(&self, counter: &str) -> bool {
        suspects::pace(self.case, counter, &self.course.points)
            .is_some_and(|pace| self.course.rise(&pace) > 0.0)
    }
}
