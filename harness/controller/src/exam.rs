//! What a session asks of its model, and what the host knows beside the answers: it alone knows what is right.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use edgesoak_golden::score::{Answer, AnswerText};
use edgesoak_golden::{GoldenErrors, GoldenSet, Selected, SensitiveTerms};
use edgesoak_protocol::job::{Answering, Artifact};
use edgesoak_protocol::journal::{self, Entry, Frame, Phase};
use edgesoak_protocol::units::{Millis, Nanos};
use edgesoak_record::golden::{Asked, GoldenAnswer, Heat, PlannedGolden};
use edgesoak_record::hex;
use edgesoak_record::plan::PlannedSession;
use sha2::{Digest, Sha256};

/// Longest answer where the set does not say, tokens.
const USUAL_TOKENS: u32 = 160;
/// How long a device keeps answers for a host that does not come, milliseconds: as long as a person may need to see
/// that the host is gone.
const WITHIN_MS: u64 = 60 * 60 * 1000;
/// What one answer may take on the slowest device.
const PER_ANSWER: Millis = Millis(2 * 60 * 1000);

/// How an answer may end; other words of a device could hold anything, its text too.
const FINISHES: [&str; 3] = ["eos", "length", REFUSED];
const REFUSED: &str = "refused";
/// What stands for any other word.
const OTHER: &str = "other";
/// Codes under which a runtime may refuse a prompt.
const REFUSALS: [&str; 5] =
    ["bad-request", "cpu-unsupported", "load-failed", "prompt-too-long", "decode-failed"];

/// The items of a session and their answers so far.
pub(crate) struct Exam {
    set: Arc<GoldenSet>,
    asked: Asked,
    pushed: Vec<u8>,
    /// What digests of answers are made with: without it, the digest of a short answer would tell the answer.
    salt: String,
    /// Texts may be kept.
    stores_texts: bool,
    /// What makes a query sensitive.
    terms: Option<Arc<SensitiveTerms>>,
    /// The first answer that is not scored yet.
    next: u32,
    timings: BTreeMap<u32, Timing>,
    /// The copy of the journal was searched for prompts that an earlier host process saw.
    has_read_copy: bool,
    /// That an item was answered which was not asked there is noted.
    has_noted_other: bool,
}

/// Times of a prompt, on the device's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Timing {
    submit: Nanos,
    first: Option<Nanos>,
    last: Option<Nanos>,
    refused: Option<&'static str>,
    /// How sure the runtime says that it was.
    confidence: Option<f64>,
}

/// The items of a session. Which ones it is depends on the run alone, so that all candidates of a run answer the same.
pub(crate) fn selected<'a>(
    set: &'a GoldenSet,
    session: &PlannedSession,
    golden: &PlannedGolden,
    run: &str,
) -> Selected<'a> {
    let route = golden.slice.as_ref().unwrap_or(&session.route.id);
    set.selected(route, golden.round, golden.items.unwrap_or(u32::MAX), run)
}

impl Exam {
    /// The exam of a session in `run`, of which `next` answers are scored already.
    pub(crate) fn of(
        set: Arc<GoldenSet>,
        session: &PlannedSession,
        run: &str,
        (salt, stores_texts, next): (&str, bool, u32),
    ) -> Option<Self> {
        let selected = selected(&set, session, session.golden.as_ref()?, run);
        let (asked, pushed) = (selected.asked(), selected.pushed().ok()?);
        let salt = format!("{salt}/{}", asked.set);
        let timings = BTreeMap::new();
        let (has_read_copy, has_noted_other) = (false, false);
        let terms = None;
        Some(Self {
            set,
            asked,
            pushed,
            salt,
            stores_texts,
            terms,
            next,
            timings,
            has_read_copy,
            has_noted_other,
        })
    }

    /// With the words that make a query sensitive, where its route asks for them.
    pub(crate) fn classifying(mut self, terms: Option<Arc<SensitiveTerms>>) -> Self {
        self.terms = terms;
        self
    }

    pub(crate) fn asked(&self) -> &Asked {
        &self.asked
    }

    /// The file of items for the device: nothing that tells an answer.
    pub(crate) fn pushed(&self) -> &[u8] {
        &self.pushed
    }

    /// Its part of the job. `salt` is the session's own: the device gets none that is used twice.
    pub(crate) fn answering(&self, path: &str, sha256: String, salt: [u8; 32]) -> Answering {
        let generation = self.set.manifest.generation.as_ref();
        Answering {
            items: Artifact { path: path.to_owned(), sha256 },
            hot: self.asked.hot,
            max_new: generation.map_or(USUAL_TOKENS, |generation| generation.max_new),
            salt: hex(&salt),
            within_ms: WITHIN_MS,
        }
    }

    /// The longest that answering may take.
    pub(crate) fn length(&self) -> Millis {
        Millis(PER_ANSWER.0.saturating_mul(u64::from(self.asked.answers())))
    }

    /// The device begins anew: what it answered before does not count.
    pub(crate) fn begin(&mut self) {
        self.next = 0;
        self.timings.clear();
    }

    /// How many of the first answers the device need not keep any more.
    pub(crate) fn taken(&self) -> u32 {
        self.next
    }

    /// Whether nothing more is to come.
    pub(crate) fn is_over(&self) -> bool {
        self.next >= self.asked.answers()
    }

    /// Learns from a frame of the journal when things happened.
    pub(crate) fn learn(&mut self, entry: &Entry) {
        match &entry.frame {
            Frame::PromptSubmitted { prompt, phase: Phase::Answering, submit_ns, .. } => {
                let submit = Nanos(*submit_ns);
                let timing = Timing { submit, first: None, last: None, refused: None, confidence: None };
                self.timings.insert(*prompt, timing);
                // The answer to a prompt comes before the next prompt, but for one that a dead host scored.
                while self.timings.len() > self.asked.items.len().max(1) * 2 {
                    self.timings.pop_first();
                }
            }
            Frame::TokenBatch { prompt, t0_ns, delta_ns, .. } => {
                if let Some(timing) = self.timings.get_mut(prompt) {
                    let last = delta_ns.iter().fold(*t0_ns, |t, delta| t.saturating_add(*delta));
                    timing.first.get_or_insert(Nanos(*t0_ns));
                    timing.last = Some(Nanos(last));
                }
            }
            Frame::Answered { prompt, refused, confidence_millionths, .. } => {
                if let Some(timing) = self.timings.get_mut(prompt) {
                    timing.refused = refused.as_deref().map(|code| known(&REFUSALS, code));
                    timing.confidence = confidence_millionths.and_then(part_of_one);
                }
            }
            _ => {}
        }
    }

    /// Whether an answer is one more than were asked.
    pub(crate) fn is_beyond(&self, answer: &journal::Answer) -> bool {
        answer.index >= self.asked.answers()
    }

    /// Whether an answer was scored by now, perhaps by a host that died before it could say so.
    pub(crate) fn has(&self, answer: &journal::Answer) -> bool {
        answer.index < self.next
    }

    /// Whether only the copy of the journal can tell when its prompt was submitted. Says so once: what the copy does
    /// not tell the first time it never will, and a device could name prompts without end.
    pub(crate) fn needs_copy(&mut self, answer: &journal::Answer) -> bool {
        !self.timings.contains_key(&answer.prompt) && !std::mem::replace(&mut self.has_read_copy, true)
    }

    /// Whether an answer to another item than was asked is the first one.
    pub(crate) fn is_first_other(&mut self) -> bool {
        !std::mem::replace(&mut self.has_noted_other, true)
    }

    /// Scores an answer; `None` for an item that was not asked there. Nothing of its text is kept, unless that was
    /// asked for and the item is not sensitive.
    pub(crate) fn score(&self, answer: &journal::Answer) -> Result<Option<GoldenAnswer>, GoldenErrors> {
        let hot = self.asked.hot;
        let (heat, place) = match answer.index.checked_sub(hot) {
            None => (Heat::Hot, answer.index),
            Some(place) => (Heat::Rested, place),
        };
        let asked = self.asked.items.get(place as usize).filter(|asked| asked.id == answer.item);
        let item = asked.and_then(|asked| self.set.items.iter().find(|item| item.id == asked.id));
        let Some(item) = item else { return Ok(None) };
        let since = |until: Option<Nanos>, timing: &Timing| until.map(|until| until.since(timing.submit));
        let timing = self.timings.get(&answer.prompt);
        let ttft = timing.and_then(|timing| since(timing.first, timing));
        let e2e = timing.and_then(|timing| since(timing.last, timing));
        let text = AnswerText::new(answer.text.expose().to_owned());
        let given: Vec<&str> = answer.documents.iter().map(String::as_str).collect();
        let finish = known(&FINISHES, &answer.finish);
        let is_refused = finish == REFUSED && answer.text.expose().is_empty();
        let scored = self.set.scored(
            item,
            &self.set.scorer(item)?,
            &Answer {
                text: &text,
                finish: Some(if finish == "eos" { "stop" } else { finish }),
                ttft: ttft.map(|ttft| Duration::from_nanos(ttft.0)),
                e2e: e2e.map(|e2e| Duration::from_nanos(e2e.0)),
                given_docs: &given,
                is_cut: answer.is_cut,
                refused: is_refused.then(|| timing.and_then(|timing| timing.refused).unwrap_or(OTHER)),
                confidence: timing.and_then(|timing| timing.confidence),
            },
        );
        let keeps = self.stores_texts && !scored.sensitive;
        let text = keeps.then(|| answer.text.expose().to_owned());
        let scored = edgesoak_record::answer::ScoredAnswer {
            answer_digest: self.digest(answer.text.expose()),
            ..scored
        };
        let (index, prompt, finish) = (answer.index, answer.prompt, finish.to_owned());
        let classified = self.terms.as_ref().map(|terms| terms.classify_item(item));
        let is_cut = answer.is_cut;
        Ok(Some(GoldenAnswer { index, prompt, heat, finish, is_cut, ttft, e2e, classified, scored, text }))
    }

    /// Notes that an answer is written down.
    pub(crate) fn kept(&mut self, answer: &journal::Answer) {
        self.next = answer.index.saturating_add(1);
        self.timings.remove(&answer.prompt);
    }

    /// Equal for equal texts that one host scores for one set.
    fn digest(&self, text: &str) -> String {
        hex(&Sha256::new().chain_update(&self.salt).chain_update([0]).chain_update(text).finalize())
    }
}

/// A device can say any number; only a part of one is a confidence.
fn part_of_one(millionths: u32) -> Option<f64> {
    (millionths <= 1_000_000).then(|| f64::from(millionths) / 1e6)
}

/// The word where it is one of these.
fn known(words: &[&'static str], word: &str) -> &'static str {
    words.iter().find(|known| **known == word).copied().unwrap_or(OTHER)
}
