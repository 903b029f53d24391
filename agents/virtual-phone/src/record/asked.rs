//! The questions behind the soak.

use edgesoak_protocol::journal::{Frame, Phase};

use super::inputs::Question;
use super::session::{Ended, Session};

impl<'a> Session<'a, '_> {
    /// Asks questions, one after another. Answers are taken at once: nobody is late in a recording.
    pub(super) fn ask(&mut self, questions: &'a [Question]) -> Result<(), Ended> {
        if questions.is_empty() {
            return Ok(());
        }
        self.begin(Phase::Answering);
        for question in questions {
            self.question(question)?;
        }
        self.listener.finish = "length";
        Ok(())
    }

    fn question(&mut self, question: &'a Question) -> Result<(), Ended> {
        let max_new = self.work.job.answering.as_ref().map_or(question.tokens, |asked| asked.max_new);
        let fits = self.fitting(&question.item, max_new);
        if let Ok(length) = fits {
            self.listener.finish = question.finish;
            self.decode(&question.item, length, question.tokens)?;
        } else {
            self.listener.item = Some(&question.item);
            self.engine.refuse(&mut self.listener);
        }
        let answer = fits.map(|_| (question.sha256.clone(), question.bytes, question.confidence));
        let (sha256, bytes, confidence_millionths) = answer.unwrap_or((self.work.nothing(), 0, None));
        self.append(Frame::Answered {
            prompt: self.listener.answer.prompt,
            index: self.answers,
            sha256,
            bytes,
            is_cut: false,
            documents: question.documents.clone(),
            refused: fits.err().map(|_| "prompt-too-long".to_owned()),
            confidence_millionths,
        });
        self.answers += 1;
        Ok(())
    }
}
