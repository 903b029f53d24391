//! Answers on their way from the device: scored, written down, and then forgotten there.

use edgesoak_protocol::journal::{Answer, Entry, Frame};
use edgesoak_protocol::units::Nanos;
use edgesoak_record::host_entry::HostEvent;

use super::Session;
use crate::exam::{Exam, Found, Missing};
use crate::journal_copy::{JournalCopy, entries};
use crate::machine::{AgentPhase, Phase};

/// So many answers wait on the device for being scored together: a word to it takes longer than to score one.
const TOGETHER: u32 = 8;
/// When nothing was heard for so long of an answer that is owed, the device is asked whether it still has it.
const LOOK_AFTER: Nanos = Nanos::from_secs(2);
/// When nothing was heard of answers for so long, the device is told which are taken: it may have stopped asking, and
/// wait for that.
const TELL_AFTER: Nanos = Nanos::from_secs(30);
/// An answer that the journal tells of and that does not come through one stream for so long is given up: the device
/// would wait for nobody. It tries again several times a second.
const PATIENCE: Nanos = Nanos::from_secs(60);

/// When something was heard of answers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LastHeard {
    /// One was told of, or came, or could be heard of once more.
    moved: Nanos,
    /// The device was asked about them.
    looked: Nanos,
    /// The place before which it has forgotten them.
    forgotten: u32,
}

impl Session {
    /// Learns from a frame what answers need to be known with.
    pub(super) fn time_answer(&mut self, entry: &Entry) {
        let Some(exam) = &mut self.exam else { return };
        exam.learn(entry);
        if matches!(entry.frame, Frame::Answered { .. }) {
            self.last_heard.moved = self.context.world.clock.mono();
        }
    }

    /// A stream is open: time in which nothing could come speaks against no answer.
    pub(super) fn listen_for_answers(&mut self) {
        self.last_heard.moved = self.context.world.clock.mono();
    }

    /// The phase of the answers that begin now; how far they are is told from here on.
    pub(super) fn begin_answering(&mut self) -> AgentPhase {
        self.awaited = self.exam.as_ref().map(Exam::progress);
        let is_hot = self.exam.as_ref().and_then(Exam::asked).is_some_and(|asked| asked.hot > 0);
        if is_hot && self.state.phase < Phase::AnsweringHot {
            AgentPhase::AnsweringHot
        } else {
            AgentPhase::Answering
        }
    }

    /// Whether not every answer is here that the session is to give.
    pub(super) fn lacks_answers(&self) -> bool {
        self.exam.as_ref().is_some_and(|exam| !exam.places().are_over())
    }

    /// Scores what came, and writes down what was found; `false` where more came than was asked for.
    pub(super) async fn score(&mut self, answers: Vec<Answer>) -> std::io::Result<bool> {
        let Some(before) = self.exam.as_ref().map(|exam| exam.places().taken()) else { return Ok(true) };
        let mut any_known = false;
        for answer in answers {
            if self.exam.as_ref().is_some_and(|exam| exam.is_beyond(&answer)) {
                return Ok(false);
            }
            // By a host, perhaps, that died before it could say so.
            if self.exam.as_ref().is_some_and(|exam| exam.places().has(answer.index)) {
                any_known = true;
            } else {
                self.score_one(&answer).await?;
            }
        }
        let Some(exam) = &self.exam else { return Ok(true) };
        let (taken, are_over) = (exam.places().taken(), exam.places().are_over());
        // One that was scored before came once more: the device does not know that it was taken.
        if any_known || taken / TOGETHER > before / TOGETHER || (are_over && taken > before) {
            self.say_taken().await;
        }
        Ok(true)
    }

    async fn score_one(&mut self, answer: &Answer) -> std::io::Result<()> {
        self.last_heard.moved = self.context.world.clock.mono();
        let Some(exam) = &mut self.exam else { return Ok(()) };
        let found = exam.find(answer);
        exam.kept(answer);
        self.awaited = Some(exam.progress());
        match found {
            Ok(Found::Scored(answer)) => self.host(HostEvent::Answered { answer }).await?,
            Ok(Found::Secret(answered)) => self.host(HostEvent::SecretAnswered { answered }).await?,
            Ok(Found::Other) if exam.is_first_other() => {
                let text = format!("answer {} is to another item than was asked there", answer.index);
                self.note("answer-not-asked", text).await?;
            }
            Ok(Found::Other) => {}
            Err(errors) => {
                let told = errors.findings().first().map(ToString::to_string).unwrap_or_default();
                self.note("answer-not-scored", format!("answer {}: {told}", answer.index)).await?;
            }
        }
        Ok(())
    }

    /// Has the device forget what is here. What it has forgotten beside that never comes.
    async fn say_taken(&mut self) {
        let Some(taken) = self.exam.as_ref().map(|exam| exam.places().taken()) else { return };
        self.last_heard.looked = self.context.world.clock.mono();
        // It will be asked again, or gives up on its own.
        let Ok(counts) = self.agent().taken(&self.name, taken).await else { return };
        self.last_heard.forgotten = taken.max(counts.taken);
        if let Some(exam) = &mut self.exam {
            exam.lose_before(counts.taken);
        }
    }

    /// Looks, while a stream is open, after answers of which nothing was heard for a while: those that are here and that the device still keeps,
    /// for it ends only when all are taken, and those that it gave and that do not come.
    pub(super) async fn look_after_answers(&mut self) {
        let Some(places) = self.exam.as_ref().map(Exam::places) else { return };
        if !places.are_owed() && places.taken() <= self.last_heard.forgotten {
            return;
        }
        let patience = if places.are_owed() { LOOK_AFTER } else { TELL_AFTER };
        let now = self.context.world.clock.mono();
        let LastHeard { moved, looked, .. } = self.last_heard;
        if now.since(moved.max(looked)) < patience {
            return;
        }
        if now.since(moved) >= PATIENCE
            && let Some(exam) = &mut self.exam
        {
            exam.lose_before(u32::MAX);
        }
        self.say_taken().await;
    }

    /// Says how many answers the session did not bring, once no more can come.
    pub(super) async fn tell_missing(&mut self) -> std::io::Result<()> {
        self.learn_from_copy()?;
        let Some(exam) = &self.exam else { return Ok(()) };
        let (all, Missing { never_given, lost }) = (exam.places().all(), exam.places().missing());
        let missing = never_given.saturating_add(lost);
        // A session that never began asked nothing.
        if missing == 0 || self.copy.as_ref().is_none_or(|copy| copy.header().is_none()) {
            return Ok(());
        }
        let text = format!("{missing} of {all} answers: {never_given} were never given, {lost} did not come");
        self.note("answers-missing", text).await
    }

    /// Learns what an earlier host process saw.
    pub(super) fn learn_from_copy(&mut self) -> std::io::Result<()> {
        if !self.lacks_answers() || self.copied().is_none() {
            return Ok(());
        }
        let Some(path) = self.copy.as_ref().map(JournalCopy::path).map(ToOwned::to_owned) else {
            return Ok(());
        };
        let disk = self.context.world.disk.clone();
        let Some(exam) = &mut self.exam else { return Ok(()) };
        entries(disk.as_ref(), &path, |entry| exam.learn(entry))?;
        if matches!(self.state.phase, Phase::AnsweringHot | Phase::Answering) {
            let progress = exam.progress();
            self.report(&progress);
            self.awaited = Some(progress);
        }
        Ok(())
    }
}
