//! The runner as the run sees it: load, decode, rest, close. Whatever it says is checked before it is journaled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use edgesoak_protocol::job::Job;
use edgesoak_protocol::journal::{AnswerText, FinishReason, Frame, RuntimeEnd};
use edgesoak_protocol::runner::{self, Event, Request};
use edgesoak_runtimes::{Received, RunnerProcess, RuntimeError, Spawn};
use edgesoak_sensors::clocks;

use crate::alarm::End;
use crate::claims;
use crate::egress::Egress;
use crate::interrupt::{Interrupt, WAIT};
use crate::journal::Journal;
use crate::sampler::Watched;
use crate::stream::{Asked, Heard, Stream, Wanted};

/// How long a runner may take to exit once its stdin is closed.
const EXIT_LIMIT: Duration = Duration::from_secs(2);
/// How long the prompt in flight may take to end once it is asked to.
const STOP_LIMIT: Duration = Duration::from_secs(2);

/// Stands in place of a runner's last words once it was asked questions: they might repeat an answer.
const WITHHELD: &str = "(withheld: it was asked questions)";

/// What became of a question.
pub(crate) enum Reply {
    /// It was answered.
    Answered {
        /// `length` or `eos`.
        finish: String,
        /// The answer.
        text: AnswerText,
        /// How sure the runner says that it was, in millionths.
        confidence: Option<u32>,
    },
    /// The runner reports an error of this prompt, under this code; the next one may work.
    Refused(String),
}

/// The running engine.
pub(crate) struct Engine<'a> {
    process: RunnerProcess,
    journal: &'a Journal,
    interrupt: &'a Interrupt,
    watched: Arc<Watched>,
    silence_limit: Duration,
    was_asked: bool,
    /// That it gave a confidence that cannot be is noted.
    was_too_sure: bool,
}

impl<'a> Engine<'a> {
    /// Starts the process. Must be called from the main thread: the runner dies with the thread that started it.
    pub(crate) fn start(
        spawn: &Spawn<'_>,
        egress: &mut Egress<'_>,
        silence_limit: Duration,
        journal: &'a Journal,
        interrupt: &'a Interrupt,
        watched: Arc<Watched>,
    ) -> Result<Self, End> {
        let process = egress.start(spawn).map_err(|error| failed(&describe(&error)))?;
        let (was_asked, was_too_sure) = (false, false);
        Ok(Self { process, journal, interrupt, watched, silence_limit, was_asked, was_too_sure })
    }

    /// Greets the runner and loads the artifact.
    pub(crate) fn load(&mut self, job: &Job, artifact: &str) -> Result<(), End> {
        self.send(&Request::Hello { version: runner::VERSION })?;
        let caps = self.answer("greeting")?;
        claims::speaks_our_version(&caps).map_err(|lie| failed(&lie))?;
        claims::can_serve(&caps, job).map_err(|cannot| End::new(FinishReason::BadInput, cannot))?;
        // Before it speaks it is any process; what it holds from here on is its model.
        self.watched.follow(Some(self.process.pid()));
        self.send(&Request::Load {
            artifact: artifact.to_owned(),
            sha256: job.artifact.sha256.clone(),
            requested_device: job.runner.requested_device.clone(),
            threads: job.runner.threads,
            ctx: job.runner.ctx,
        })?;
        let loaded = self.answer("loading")?;
        let (started, placement) =
            claims::started(self.process.pid(), caps, loaded, job).map_err(|lie| failed(&lie))?;
        self.journal.append(&started);
        self.journal.append(&placement);
        Ok(())
    }

    /// Queues a prompt and hands its text back: what is journaled about it is computed while the runner works.
    pub(crate) fn submit(
        &mut self,
        asked: Asked,
        text: String,
        images: Vec<String>,
    ) -> (String, Result<(), End>) {
        self.was_asked |= asked.wanted == Wanted::Text;
        let request = Request::Generate {
            id: asked.prompt,
            prompt: text,
            max_new: asked.max_new,
            greedy: true,
            ignore_eos: asked.wanted == Wanted::Length,
            want_text: asked.wanted == Wanted::Text,
            images,
        };
        let submitted = self.send(&request);
        let text = if let Request::Generate { prompt, .. } = request { prompt } else { String::new() };
        (text, submitted)
    }

    /// Follows the prompt in flight to its end.
    pub(crate) fn decode(&mut self, asked: Asked) -> Result<Stream, End> {
        let mut stream = Stream::new(asked);
        loop {
            let event = self.heard(&mut stream)?;
            refuse_error("decoding", &event)?;
            if self.keep(&mut stream, &event)?.is_some() {
                return Ok(stream);
            }
        }
    }

    /// Follows the question in flight to its end. Of an error only the code is kept: its sentence might quote.
    pub(crate) fn reply(&mut self, asked: Asked) -> Result<Reply, End> {
        let mut stream = Stream::new(asked);
        loop {
            let mut event = self.heard(&mut stream)?;
            let (text, confidence) = match &mut event {
                Event::Error { code, .. } => return Ok(Reply::Refused(claims::word(code))),
                Event::Done { text, confidence, .. } => (text.take().map(AnswerText::new), *confidence),
                _ => (None, None),
            };
            if let Some(finish) = self.keep(&mut stream, &event)? {
                let text = text.ok_or_else(|| failed("it gives no text, which was asked for"))?;
                let confidence = confidence.and_then(|confidence| self.believed(confidence));
                return Ok(Reply::Answered { finish, text, confidence });
            }
        }
    }

    /// A confidence that can be one. It decides nothing here, so that another does not end the session; it is told once.
    fn believed(&mut self, confidence: f64) -> Option<u32> {
        let believed = runner::confidence_millionths(confidence);
        if believed.is_none() && !std::mem::replace(&mut self.was_too_sure, true) {
            self.journal.note("confidence-unusable", "the runner gives a confidence that is no part of one");
        }
        believed
    }

    /// The next event of the prompt in flight. When the session must end, the prompt is asked to stop and what it
    /// still says is kept.
    fn heard(&mut self, stream: &mut Stream) -> Result<Event, End> {
        let since = Instant::now();
        loop {
            if let Some(end) = self.interrupt.asked() {
                self.wind_down(stream);
                return Err(end);
            }
            match self.next("decoding")? {
                Some(event) => return Ok(event),
                None => self.bear_silence("decoding", since)?,
            }
        }
    }

    /// Asks the prompt in flight to stop. Whatever goes wrong now is a consequence of ending, not its cause.
    fn wind_down(&mut self, stream: &mut Stream) {
        stream.stop_asked();
        let asked = Instant::now();
        let mut going = self.process.send(&Request::Stop {}).is_ok();
        while going && asked.elapsed() < STOP_LIMIT {
            going = match self.next("stopping") {
                Ok(Some(event)) => self.keep(stream, &event).is_ok_and(|finish| finish.is_none()),
                Ok(None) => true,
                Err(_) => false,
            };
        }
    }

    /// Journals a true claim; how the prompt ended, if it ends it.
    fn keep(&self, stream: &mut Stream, event: &Event) -> Result<Option<String>, End> {
        let heard =
            stream.hear(event, clocks::mono_ns()).map_err(|lie| failed(&format!("it claims {lie}")))?;
        let (Heard::Tokens(frame) | Heard::Done(frame)) = &heard;
        self.journal.append(frame);
        Ok(match heard {
            Heard::Done(Frame::PromptDone { finish, .. }) => Some(finish),
            _ => None,
        })
    }

    /// Waits while the runner has nothing to do; it must live and be quiet.
    pub(crate) fn idle(&mut self, length: Duration) -> Result<(), End> {
        let started = Instant::now();
        loop {
            self.interrupt.check()?;
            let left = length.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Ok(());
            }
            if self.next_within("resting", left.min(WAIT))?.is_some() {
                return Err(failed("it speaks although nothing was asked"));
            }
        }
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Ends the process; its end is a frame.
    pub(crate) fn close(mut self) -> Option<RuntimeEnd> {
        let end = self.process.wait(EXIT_LIMIT);
        match end {
            Some(end) => self.journal.append(&Frame::RuntimeExited {
                end,
                last_rss_bytes: self.watched.last_rss_bytes(),
                last_words: self.last_words(),
            }),
            None => self.journal.note("runner-stuck", "the runner could not be killed"),
        }
        self.watched.follow(None);
        end
    }

    fn last_words(&self) -> String {
        match claims::bounded(&self.process.last_words(), 400) {
            words if words.is_empty() || !self.was_asked => words,
            _ => WITHHELD.to_owned(),
        }
    }

    fn send(&mut self, request: &Request) -> Result<(), End> {
        match self.process.send(request) {
            Ok(()) => Ok(()),
            Err(RuntimeError::SendRequest) => Err(self.died("taking a request")),
            // Too much for any runner: the prompt is to blame, not the one that never saw it.
            Err(error @ RuntimeError::EncodeRequest { .. }) => {
                Err(End::new(FinishReason::BadInput, describe(&error)))
            }
            Err(error) => Err(failed(&describe(&error))),
        }
    }

    /// The one event that answers a request.
    fn answer(&mut self, doing: &str) -> Result<Event, End> {
        let asked = Instant::now();
        loop {
            self.interrupt.check()?;
            if let Some(event) = self.next(doing)? {
                refuse_error(doing, &event)?;
                return Ok(event);
            }
            self.bear_silence(doing, asked)?;
        }
    }

    fn next(&mut self, doing: &str) -> Result<Option<Event>, End> {
        self.next_within(doing, WAIT)
    }

    fn next_within(&mut self, doing: &str, wait: Duration) -> Result<Option<Event>, End> {
        match self.process.recv_timeout(wait) {
            Ok(Received::Event(event)) => Ok(Some(event)),
            Ok(Received::Timeout) => Ok(None),
            Ok(Received::Malformed(what)) => Err(failed(&format!("it sends {what}"))),
            Ok(Received::Closed) => Err(self.died(doing)),
            Err(error) => Err(failed(&describe(&error))),
        }
    }

    fn bear_silence(&mut self, doing: &str, since: Instant) -> Result<(), End> {
        if since.elapsed() <= self.silence_limit {
            return Ok(());
        }
        self.process.kill();
        let detail =
            format!("nothing from the runner for {} ms while {doing}", self.silence_limit.as_millis());
        Err(End::new(FinishReason::RuntimeSilent, detail))
    }

    fn died(&mut self, doing: &str) -> End {
        let how = match self.process.exits_within(EXIT_LIMIT) {
            Some(RuntimeEnd::Exited(code)) => format!("exited with code {code}"),
            Some(RuntimeEnd::Signalled(signal)) => format!("was ended by signal {signal}"),
            // The signal that ends it now is ours, and must not read as a shortage of memory.
            None => return failed(&format!("it closed a pipe and did not exit, while {doing}")),
        };
        End::new(FinishReason::RuntimeDied, format!("the runner {how} while {doing}"))
    }
}

/// An error that the runner reports ends the session, in its own bounded words.
fn refuse_error(doing: &str, event: &Event) -> Result<(), End> {
    let Event::Error { code, message, .. } = event else { return Ok(()) };
    let (code, message) = (claims::bounded(code, 40), claims::bounded(message, 300));
    Err(failed(&format!("it reports {code} while {doing}: {message}")))
}

fn failed(detail: &str) -> End {
    End::new(FinishReason::RuntimeFailed, format!("the runner: {detail}"))
}

fn describe(error: &RuntimeError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
