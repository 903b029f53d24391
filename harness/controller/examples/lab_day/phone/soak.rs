//! A session on a phone: its journal grows with the time of the day.

use std::time::Duration;

use edgesoak_protocol::journal::{FinishReason, write_frame, write_header};
use edgesoak_protocol::probe::AgentState;

use super::journal::{Circumstances, Timed, ending, frames, header};
use crate::clock::nanos;
use crate::truth::Truth;

/// How a session ended on its phone, whatever the host makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Finished(Word),
    /// The agent was killed.
    Killed,
    /// The phone restarted.
    Restarted,
}

/// [`FinishReason`] in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word(pub &'static str);

pub struct Soak {
    name: String,
    began: Duration,
    mono: u64,
    bytes: Vec<u8>,
    header: usize,
    /// When each frame is on the disk, and where it ends.
    marks: Vec<(Duration, usize)>,
    pub fate: Fate,
}

impl Soak {
    pub fn start(name: &str, now: Duration, at: &Circumstances<'_>, truth: &Truth) -> Self {
        let bytes = write_header(&header(at));
        let mut soak = Self {
            name: name.to_owned(),
            began: now,
            mono: at.mono,
            header: bytes.len(),
            bytes,
            marks: Vec::new(),
            fate: Fate::Finished(Word(FinishReason::Completed.word())),
        };
        soak.append(&frames(at));
        truth.write(name, soak.bytes.clone());
        soak
    }

    fn append(&mut self, frames: &[Timed]) {
        for (t, frame) in frames {
            write_frame(&mut self.bytes, self.marks.len() as u64, *t, frame);
            let at = self.began + Duration::from_nanos(t - self.mono);
            self.marks.push((at, self.bytes.len()));
        }
    }

    /// Whole frames on the disk.
    pub fn frames(&self, now: Duration) -> usize {
        self.marks.partition_point(|(at, _)| *at <= now)
    }

    fn end_of(&self, frames: usize) -> usize {
        frames.checked_sub(1).map_or(self.header, |last| self.marks[last].1)
    }

    /// What is on the disk, a torn tail included.
    pub fn on_disk(&self, now: Duration) -> &[u8] {
        if self.is_dead() { &self.bytes } else { &self.bytes[..self.end_of(self.frames(now))] }
    }

    /// Header and the whole frames from number `from` on.
    pub fn stream(&self, from: usize, now: Duration) -> (&[u8], &[u8], usize) {
        let frames = self.frames(now);
        let from = from.min(frames);
        (&self.bytes[..self.header], &self.bytes[self.end_of(from)..self.end_of(frames)], frames)
    }

    fn is_dead(&self) -> bool {
        matches!(self.fate, Fate::Killed | Fate::Restarted)
    }

    pub fn state(&self, now: Duration) -> AgentState {
        if self.is_dead() {
            AgentState::Dead
        } else if self.frames(now) == self.marks.len() {
            AgentState::Finished
        } else {
            AgentState::Running
        }
    }

    pub fn is_running(&self, now: Duration) -> bool {
        self.state(now) == AgentState::Running
    }

    /// When it is over, if nothing happens to it.
    pub fn ends(&self) -> Duration {
        self.marks.last().map_or(self.began, |(at, _)| *at)
    }

    /// The agent ends the session now.
    pub fn finish(&mut self, now: Duration, reason: FinishReason, truth: &Truth) {
        let kept = self.cut(now);
        let t = self.mono + nanos(now.saturating_sub(self.began));
        self.append(&ending(t, reason, "made up"));
        self.fate = Fate::Finished(Word(reason.word()));
        truth.rewrite(&self.name, kept, &self.bytes[kept..]);
    }

    /// The agent is killed in the middle of a write: so many bytes of the next frame stay.
    pub fn die(&mut self, now: Duration, torn: usize, fate: Fate, truth: &Truth) {
        let whole = self.end_of(self.frames(now));
        let next = self.marks.get(self.frames(now)).map_or(whole, |(_, end)| *end);
        let torn = (whole + torn).min(next.saturating_sub(1)).max(whole);
        self.bytes.truncate(torn);
        self.marks.truncate(self.frames(now));
        self.fate = fate;
        truth.rewrite(&self.name, whole, &[]);
    }

    fn cut(&mut self, now: Duration) -> usize {
        let frames = self.frames(now);
        let kept = self.end_of(frames);
        self.marks.truncate(frames);
        self.bytes.truncate(kept);
        kept
    }
}
