//! Answers on their way from the device: scored, written down, and then forgotten there.

use edgesoak_protocol::journal::{Answer, Entry};
use edgesoak_record::host_entry::HostEvent;

use super::Session;
use crate::exam::{Exam, Found};
use crate::journal_copy::entries;

/// So many answers wait on the device for being scored together: a word to it takes longer than to score one.
const TOGETHER: u32 = 8;

impl Session {
    /// Learns from a frame what answers need to be known with.
    pub(super) fn time_answer(&mut self, entry: &Entry) {
        if let Some(exam) = &mut self.exam {
            exam.learn(entry);
        }
    }

    /// Whether not every answer is scored that the session is to give.
    pub(super) fn lacks_answers(&self) -> bool {
        self.exam.as_ref().is_some_and(|exam| !exam.is_over())
    }

    /// Scores what came, and writes down what was found; `false` where more came than was asked for.
    pub(super) async fn score(&mut self, answers: Vec<Answer>) -> std::io::Result<bool> {
        let Some(before) = self.exam.as_ref().map(Exam::taken) else { return Ok(true) };
        let mut any_known = false;
        for answer in answers {
            if self.exam.as_ref().is_some_and(|exam| exam.is_beyond(&answer)) {
                return Ok(false);
            }
            if self.exam.as_ref().is_some_and(|exam| exam.has(&answer)) {
                any_known = true;
            } else {
                self.score_one(&answer).await?;
            }
        }
        let Some(exam) = &self.exam else { return Ok(true) };
        let (taken, is_over) = (exam.taken(), exam.is_over());
        // One that was scored before came once more: the device does not know that it was taken.
        if any_known || taken / TOGETHER > before / TOGETHER || (is_over && taken > before) {
            // It will be asked again, or gives up on its own.
            let _ = self.agent().taken(&self.name, taken).await;
        }
        Ok(true)
    }

    async fn score_one(&mut self, answer: &Answer) -> std::io::Result<()> {
        if self.exam.as_mut().is_some_and(|exam| exam.needs_copy(answer)) {
            // An earlier host process may have seen its prompt.
            self.learn_from_copy()?;
        }
        let Some(exam) = &mut self.exam else { return Ok(()) };
        let found = exam.find(answer);
        exam.kept(answer);
        let (done, all) = (exam.taken(), exam.answers());
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
        self.awaited = Some(format!("{done} of {all} answers"));
        Ok(())
    }

    fn learn_from_copy(&mut self) -> std::io::Result<()> {
        let path = self.copy()?.path().to_owned();
        let disk = self.context.world.disk.clone();
        let Some(exam) = &mut self.exam else { return Ok(()) };
        entries(disk.as_ref(), &path, |entry| exam.learn(entry))
    }
}
