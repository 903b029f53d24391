//! What a session asks of its model, and what the host knows beside the answers: it alone knows what is right.

mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use edgesoak_golden::score::{Answer, AnswerText};
use edgesoak_golden::{GoldenErrors, GoldenSet, Selected, SensitiveTerms};
use edgesoak_protocol::job::{Answering, Artifact};
use edgesoak_protocol::journal::{self, Entry, Frame, Phase};
use edgesoak_protocol::runner::IMAGE_UNSUPPORTED;
use edgesoak_protocol::units::{Millis, Nanos};
use edgesoak_record::golden::{Asked, GoldenAnswer, Heat, PlannedGolden};
use edgesoak_record::hex;
use edgesoak_record::leaks::SecretAnswered;
use edgesoak_record::plan::PlannedSession;
use sha2::{Digest, Sha256};

use crate::canaries::{self, Canaries};
pub(crate) use places::Missing;
use places::Places;

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
const REFUSALS: [&str; 6] =
    ["bad-request", "cpu-unsupported", "load-failed", "prompt-too-long", "decode-failed", IMAGE_UNSUPPORTED];

/// What a session is asked and its answers so far: items of a golden set, and behind them prompts with secrets.
pub(crate) struct Exam {
    golden: Option<Golden>,
    canaries: Option<Canaries>,
    /// What digests of answers are made with: without it, the digest of a short answer would tell the answer.
    salt: String,
    /// Texts may be kept.
    stores_texts: bool,
    /// What makes a query sensitive.
    terms: Option<Arc<SensitiveTerms>>,
    places: Places,
    timings: BTreeMap<u32, Timing>,
    /// That an item was answered which was not asked there is noted.
    has_noted_other: bool,
}

/// Items of a golden set.
struct Golden {
    set: Arc<GoldenSet>,
    asked: Asked,
    pushed: Vec<u8>,
}

/// What an answer was found to be.
pub(crate) enum Found {
    /// That to an item.
    Scored(Box<GoldenAnswer>),
    /// That to a prompt with a secret.
    Secret(SecretAnswered),
    /// That to another item than was asked there.
    Other,
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

impl Golden {
    fn of(set: Arc<GoldenSet>, session: &PlannedSession, run: &str) -> Option<Self> {
        let selected = selected(&set, session, session.golden.as_ref()?, run);
        let (asked, pushed) = (selected.asked(), selected.pushed().ok()?);
        Some(Self { set, asked, pushed })
    }

    fn max_new(&self) -> u32 {
        self.set.manifest.generation.as_ref().map_or(USUAL_TOKENS, |generation| generation.max_new)
    }
}

impl Exam {
    /// The exam of a session in `run`, of which the answers at these places are known already; `None` where nothing is
    /// asked.
    pub(crate) fn of(
        set: Option<Arc<GoldenSet>>,
        canaries: Option<Canaries>,
        session: &PlannedSession,
        run: &str,
        (salt, stores_texts, scored): (&str, bool, BTreeSet<u32>),
    ) -> Option<Self> {
        let golden = set.and_then(|set| Golden::of(set, session, run));
        if golden.is_none() && canaries.is_none() {
            return None;
        }
        let salt = golden.as_ref().map_or_else(String::new, |golden| format!("{salt}/{}", golden.asked.set));
        let (places, timings) = (Places::default(), BTreeMap::new());
        let (terms, has_noted_other) = (None, false);
        let mut exam = Self { golden, canaries, salt, stores_texts, terms, places, timings, has_noted_other };
        exam.places = Places::of(exam.answers(), scored);
        // What the device is to confirm is the whole file, the prompts with secrets in it.
        let pushed = hex(&Sha256::digest(exam.pushed()));
        if let Some(golden) = &mut exam.golden {
            golden.asked.items_sha256 = Some(pushed);
        }
        Some(exam)
    }

    /// With the words that make a query sensitive, where its route asks for them.
    pub(crate) fn classifying(mut self, terms: Option<Arc<SensitiveTerms>>) -> Self {
        self.terms = terms;
        self
    }

    /// The items of a golden set that are asked.
    pub(crate) fn asked(&self) -> Option<&Asked> {
        self.golden.as_ref().map(|golden| &golden.asked)
    }

    /// The secrets that are planted.
    pub(crate) fn canaries(&self) -> Option<&Canaries> {
        self.canaries.as_ref()
    }

    /// The file of items for the device: nothing that tells an answer.
    pub(crate) fn pushed(&self) -> Vec<u8> {
        let items = self.golden.as_ref().map(|golden| golden.pushed.clone()).unwrap_or_default();
        [items, self.canaries.as_ref().map(Canaries::pushed).unwrap_or_default()].concat()
    }

    /// Digests of the pictures that its items show.
    pub(crate) fn images(&self) -> impl Iterator<Item = &str> {
        let items = self.asked().into_iter().flat_map(|asked| &asked.items);
        items.flat_map(|item| &item.images).map(String::as_str)
    }

    /// Answers to items of the golden set, where nothing goes wrong.
    fn golden_answers(&self) -> u32 {
        self.asked().map_or(0, Asked::answers)
    }

    /// Answers that the session gives where nothing goes wrong.
    pub(crate) fn answers(&self) -> u32 {
        self.golden_answers().saturating_add(self.canaries.as_ref().map_or(0, Canaries::prompts))
    }

    /// Its part of the job. `salt` is the session's own: the device gets none that is used twice.
    pub(crate) fn answering(&self, path: &str, sha256: String, salt: [u8; 32]) -> Answering {
        Answering {
            items: Artifact { path: path.to_owned(), sha256 },
            hot: self.asked().map_or(0, |asked| asked.hot),
            max_new: self.golden.as_ref().map_or(canaries::TOKENS, Golden::max_new),
            salt: hex(&salt),
            within_ms: WITHIN_MS,
        }
    }

    /// The longest that answering may take.
    pub(crate) fn length(&self) -> Millis {
        Millis(PER_ANSWER.0.saturating_mul(u64::from(self.answers())))
    }

    /// The device begins anew: what it answered before does not count.
    pub(crate) fn begin(&mut self) {
        self.places = Places::of(self.places.all(), BTreeSet::new());
        self.timings.clear();
    }

    /// What became of the answers so far.
    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// The device has forgotten what lies before this place, or it is given up.
    pub(crate) fn lose_before(&mut self, place: u32) {
        self.places.lose_before(place);
    }

    /// How far it is, in words.
    pub(crate) fn progress(&self) -> String {
        format!("{} of {} answers", self.places.came(), self.places.all())
    }

    /// Learns from a frame of the journal which answers there are, and when things happened.
    pub(crate) fn learn(&mut self, entry: &Entry) {
        match &entry.frame {
            Frame::PromptSubmitted { prompt, phase: Phase::Answering, submit_ns, .. } => {
                let submit = Nanos(*submit_ns);
                let timing = Timing { submit, first: None, last: None, refused: None, confidence: None };
                self.timings.insert(*prompt, timing);
                // The answer to a prompt comes before the next prompt, but for one that a dead host scored.
                while self.timings.len() > self.answers().max(1) as usize * 2 {
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
            Frame::Answered { prompt, index, refused, confidence_millionths, .. } => {
                self.places.tell(*index);
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
        answer.index >= self.answers()
    }

    /// Whether an answer to another item than was asked is the first one.
    pub(crate) fn is_first_other(&mut self) -> bool {
        !std::mem::replace(&mut self.has_noted_other, true)
    }

    /// Learns what an answer is. Nothing of its text is kept, unless that was asked for and it is to an item that is not
    /// sensitive.
    pub(crate) fn find(&self, answer: &journal::Answer) -> Result<Found, GoldenErrors> {
        let secret = answer.index.checked_sub(self.golden_answers()).and_then(|number| {
            self.canaries.as_ref()?.answered(number, answer, known(&FINISHES, &answer.finish))
        });
        if let Some(secret) = secret {
            return Ok(Found::Secret(secret));
        }
        let Some(golden) = &self.golden else { return Ok(Found::Other) };
        Ok(self.score(golden, answer)?.map_or(Found::Other, |scored| Found::Scored(Box::new(scored))))
    }

    /// Scores an answer; `None` for an item that was not asked there.
    fn score(
        &self,
        Golden { set, asked, .. }: &Golden,
        answer: &journal::Answer,
    ) -> Result<Option<GoldenAnswer>, GoldenErrors> {
        let hot = asked.hot;
        let (heat, place) = match answer.index.checked_sub(hot) {
            None => (Heat::Hot, answer.index),
            Some(place) => (Heat::Rested, place),
        };
        let asked = asked.items.get(place as usize).filter(|asked| asked.id == answer.item);
        let item = asked.and_then(|asked| set.items.iter().find(|item| item.id == asked.id));
        let Some(item) = item else { return Ok(None) };
        let since = |until: Option<Nanos>, timing: &Timing| until.map(|until| until.since(timing.submit));
        let timing = self.timings.get(&answer.prompt);
        let ttft = timing.and_then(|timing| since(timing.first, timing));
        let e2e = timing.and_then(|timing| since(timing.last, timing));
        let text = AnswerText::new(answer.text.expose().to_owned());
        let given: Vec<&str> = answer.documents.iter().map(String::as_str).collect();
        let finish = known(&FINISHES, &answer.finish);
        let is_refused = finish == REFUSED && answer.text.expose().is_empty();
        let scored = set.scored(
            item,
            &set.scorer(item)?,
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
        self.places.come(answer.index);
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
