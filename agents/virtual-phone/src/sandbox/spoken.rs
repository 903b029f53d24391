//! The answers of a phone in a sandbox, which no disk holds.
//!
//! A session here is over when it is started, and no process of it keeps anything. Whoever follows it is given what the
//! script says again: the journal holds only the digests of it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use edgesoak_agent::{AgentError, End, Home, Plan, SessionName, salted};
use edgesoak_prompts::{Prompter, Rendered};
use edgesoak_protocol::job::Answering;
use edgesoak_protocol::journal::{Answer, AnswerText, Frame, read_all, write_answer};
use edgesoak_protocol::probe::Answers;

use super::error::SandboxError;
use super::phone::simulating;
use super::sheet::Phone;
use super::soak;
use crate::fault::Faults;
use crate::record::{Item, Question};
use crate::speech::{Speech, Spoken};

/// Who answers, and what is wrong with him.
pub(super) struct Speaker {
    speech: Speech,
    faults: Faults,
}

impl Speaker {
    pub(super) fn of(phone: &Phone) -> Result<Self, AgentError> {
        let speech =
            phone.sheet.answers.as_deref().map_or(Ok(Speech::default()), read).map_err(simulating)?;
        let faults = phone.faults().map_err(simulating)?;
        Ok(Self { speech, faults })
    }

    fn say(&self, prompt: &str, max_new: u32) -> Spoken {
        self.speech.say(&self.faults, prompt, max_new)
    }

    /// The items of a set with what is journaled of their answers.
    pub(super) fn questions(&self, plan: &Answering, items: &Prompter) -> Result<Vec<Question>, End> {
        let question = |index| {
            let Rendered { item, text, documents, .. } = soak::rendered(items, index)?;
            let Spoken { text: answer, finish, tokens, confidence } = self.say(&text, plan.max_new);
            let answer = answer.expose();
            let bytes = u32::try_from(answer.len()).unwrap_or(u32::MAX);
            Ok(Question {
                item: Item::of(item, &text),
                documents,
                tokens,
                finish,
                sha256: salted(&plan.salt, answer),
                bytes,
                confidence,
            })
        };
        (0..items.len()).map(question).collect()
    }
}

fn read(path: &Path) -> Result<Speech, SandboxError> {
    Speech::read(path)
        .map_err(SandboxError::file("reading", path))?
        .map_err(|source| SandboxError::ReadingScript { path: path.to_owned(), source })
}

/// The answers of a session that was lived through.
pub(super) struct Told {
    /// What is answered to each item.
    spoken: HashMap<String, Spoken>,
    /// The item of each prompt.
    items: HashMap<u32, String>,
    /// Prompt and documents of each answer, and whether it was refused.
    answered: HashMap<u32, (u32, Vec<String>, bool)>,
}

impl Told {
    /// `None` where the session has none, or its files are gone.
    pub(super) fn of(home: &Home, name: &SessionName) -> Option<Self> {
        let speaker = Speaker::of(&Phone::of(home.path()).ok()?).ok()?;
        let plan = Plan::read(home, name).ok()?;
        let max_new = plan.job().answering.as_ref()?.max_new;
        let (_, cycle) = soak::prompter(&plan).ok()?;
        let items = plan.items(&cycle).ok()??;
        let spoken = |index| {
            let rendered = items.render(index).ok()?;
            let spoken = speaker.say(&rendered.text, max_new);
            Some((rendered.item, spoken))
        };
        let spoken = (0..items.len()).filter_map(spoken).collect();
        let mut told = Self { spoken, items: HashMap::new(), answered: HashMap::new() };
        for frame in frames(&plan) {
            match frame {
                Frame::PromptSubmitted { prompt, item, .. } => drop(told.items.insert(prompt, item)),
                Frame::Answered { prompt, index, documents, refused, .. } => {
                    told.answered.insert(index, (prompt, documents, refused.is_some()));
                }
                _ => {}
            }
        }
        Some(told)
    }

    /// The record of an answer.
    pub(super) fn record(&self, index: u32) -> Option<Vec<u8>> {
        let (prompt, documents, is_refused) = self.answered.get(&index)?;
        let item = self.items.get(prompt)?;
        let spoken = self.spoken.get(item).filter(|_| !is_refused);
        let (finish, text) = spoken.map_or(("refused", ""), |spoken| (spoken.finish, spoken.text.expose()));
        let answer = Answer {
            index,
            prompt: *prompt,
            item: item.clone(),
            finish: finish.to_owned(),
            documents: documents.clone(),
            is_cut: false,
            text: AnswerText::new(text.to_owned()),
        };
        let mut record = Vec::new();
        write_answer(&mut record, 0, &answer);
        Some(record)
    }
}

/// How many answers a session gave. None of them is kept, so that as many are taken as anybody says.
pub(super) fn taken(home: &Home, name: &SessionName, count: u32) -> Option<Answers> {
    let plan = Plan::read(home, name).ok()?;
    plan.job().answering.as_ref()?;
    let frames = frames(&plan);
    let given = frames.iter().filter(|frame| matches!(frame, Frame::Answered { .. })).count();
    let given = u32::try_from(given).unwrap_or(u32::MAX);
    Some(Answers { given, taken: count.min(given) })
}

fn frames(plan: &Plan) -> Vec<Frame> {
    let read = fs::read(plan.journal()).ok().and_then(|bytes| read_all(&bytes).ok());
    read.map(|(_, entries, _)| entries.into_iter().map(|entry| entry.frame).collect()).unwrap_or_default()
}
