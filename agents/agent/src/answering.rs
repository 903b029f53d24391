//! The phase in which the items of a golden set are answered, by the runtime that soaked.

use std::ops::Range;
use std::time::{Duration, Instant};

use edgesoak_prompts::Prompter;
use edgesoak_protocol::job::Answering;
use edgesoak_protocol::journal::{Answer, AnswerText, Frame, Phase};

use crate::alarm::End;
use crate::answers::{Answers, bounded};
use crate::digest::salted;
use crate::engine::Reply;
use crate::interrupt::{Interrupt, WAIT};
use crate::journal::Journal;
use crate::soak::Soak;
use crate::stream::Wanted;

/// What is asked, and where the answers go.
#[derive(Clone, Copy)]
pub(crate) struct Questions<'a> {
    pub(crate) plan: &'a Answering,
    pub(crate) items: &'a Prompter,
    pub(crate) answers: &'a Answers,
}

impl Soak<'_, '_> {
    /// Asks these items, one after another. Ends early, with a note, where nobody takes answers and no more can be kept.
    /// The first has this place among all answers: one that is not asked keeps its place, so that the others keep theirs.
    pub(crate) fn ask(
        &mut self,
        questions: Questions<'_>,
        which: Range<usize>,
        first: u32,
    ) -> Result<(), End> {
        if which.is_empty() {
            return Ok(());
        }
        self.begin(Phase::Answering);
        for (place, index) in (first..).zip(which) {
            let within = Duration::from_millis(questions.plan.within_ms);
            if !self.wait_for_room(questions.answers, within)? {
                self.journal.note("answers-not-taken", "nobody takes answers: the rest is not asked");
                return Ok(());
            }
            self.question(questions, index, place)?;
        }
        Ok(())
    }

    fn wait_for_room(&mut self, answers: &Answers, within: Duration) -> Result<bool, End> {
        let began = Instant::now();
        while !answers.has_room() {
            if began.elapsed() >= within {
                return Ok(false);
            }
            self.engine.idle(WAIT)?;
        }
        Ok(true)
    }

    fn question(&mut self, questions: Questions<'_>, item: usize, index: u32) -> Result<(), End> {
        let (rendered, submit_ns) = self.render(questions.items, item)?;
        let (item, documents) = (rendered.item.clone(), rendered.documents.clone());
        let asked =
            self.submit(Phase::Answering, rendered, submit_ns, (questions.plan.max_new, Wanted::Text))?;
        let (finish, (text, is_cut), confidence_millionths, refused) = match self.engine.reply(asked)? {
            Reply::Answered { finish, text, confidence } => (finish, bounded(text), confidence, None),
            Reply::Refused(code) => ("refused".to_owned(), bounded(AnswerText::default()), None, Some(code)),
        };
        let prompt = asked.prompt;
        let answered = Frame::Answered {
            prompt,
            index,
            sha256: salted(&questions.plan.salt, text.expose()),
            bytes: u32::try_from(text.expose().len()).unwrap_or(u32::MAX),
            is_cut,
            documents: documents.clone(),
            refused,
            confidence_millionths,
        };
        // Kept first: whoever reads the frame asks for the answer at once.
        questions.answers.keep(Answer { index, prompt, item, finish, documents, is_cut, text });
        self.journal.append(&answered);
        Ok(())
    }
}

/// Waits until every answer is taken; nobody needs them once the session must end.
pub(crate) fn wait_until_taken(
    plan: &Answering,
    answers: &Answers,
    journal: &Journal,
    interrupt: &Interrupt,
) {
    let (began, within) = (Instant::now(), Duration::from_millis(plan.within_ms));
    while !answers.are_taken() && interrupt.asked().is_none() && began.elapsed() < within {
        std::thread::sleep(WAIT);
    }
    if !answers.are_taken() {
        let lost = answers.waiting().to_string();
        journal
            .note("answers-not-taken", [&lost, " answers were given and not taken; they are lost"].concat());
    }
}
