//! One prompt: tokens at their times, and the faults among them.

use std::io::{self, Write};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::runner::{Event, Finish, Request};
use rustix::process::{Signal, getpid, kill_process};
use rustix::time::{ClockId, clock_gettime};

use crate::play::Stage;
use crate::say::{error, say};

/// Tokens wait for their event no longer than this, plus one step.
const BATCH: Duration = Duration::from_millis(100);

/// A `generate` request, as far as it changes what is played.
pub struct Order {
    pub id: u32,
    pub prompt_n: u32,
    pub max_new: u32,
    /// Length at which the answer ends by itself.
    pub eos_after: u32,
    /// What is answered, where a script says so.
    pub text: Option<String>,
    /// How sure of it the runner says that it is, where a script says so.
    pub confidence: Option<f64>,
    pub want_text: bool,
    pub loaded_at: Instant,
}

/// What the prompt has given so far.
struct Given {
    decoded: u32,
    submit_ns: u64,
    first_ns: u64,
    last_ns: u64,
    unsent: Vec<u64>,
    sent_at: Instant,
}

impl<W: Write> Stage<'_, W> {
    /// Plays one prompt; an error means that nobody reads any more, or that stdin has ended.
    pub fn answer(&mut self, order: &Order) -> io::Result<()> {
        let started = Instant::now();
        let submit_ns = monotonic_ns();
        let mut given =
            Given { decoded: 0, submit_ns, first_ns: 0, last_ns: 0, unsent: Vec::new(), sent_at: started };
        let mut due = started + self.options.prefill.mul_f64(self.jitter.next_factor());
        let mut stopped = false;
        let finish = loop {
            stopped |= self.wait_until(due)?;
            if stopped && given.decoded > 0 {
                break Finish::Stopped;
            }
            self.misbehave(order.id, &mut given)?;
            self.token(order.id, order.prompt_n, &mut given)?;
            if given.decoded == order.max_new {
                break Finish::Length;
            }
            if given.decoded == order.eos_after {
                break Finish::Eos;
            }
            let step = self.options.curve.step(due.saturating_duration_since(order.loaded_at));
            due += step.mul_f64(self.jitter.next_factor());
        };
        self.send_tokens(order.id, &mut given)?;
        self.done(order, &given, finish)
    }

    /// Waits; `true` means that `stop` was asked for.
    fn wait_until(&mut self, due: Instant) -> io::Result<bool> {
        loop {
            match self.requests.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(Ok(Request::Stop {})) => return Ok(true),
                Ok(_) => say(&mut self.out, &error(None, "bad-request", "a prompt is in flight"))?,
                Err(RecvTimeoutError::Timeout) => return Ok(false),
                Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::BrokenPipe.into()),
            }
        }
    }

    fn misbehave(&mut self, id: u32, given: &mut Given) -> io::Result<()> {
        let reached = |after: Option<u64>| after == Some(self.tokens);
        let (die, hang, garble) = (
            reached(self.options.die_after),
            reached(self.options.hang_after),
            reached(self.options.garbage_after),
        );
        if die || hang || garble {
            self.send_tokens(id, given)?;
        }
        if garble {
            self.out.write_all(b"\xff\xfe no event {\n")?;
            self.out.flush()?;
        }
        if die {
            eprintln!("killed after {} tokens, as told", self.tokens);
            // Cannot fail: a process may always kill itself.
            let _ = kill_process(getpid(), Signal::KILL);
        }
        if hang {
            loop {
                thread::park();
            }
        }
        Ok(())
    }

    fn token(&mut self, id: u32, prompt_n: u32, given: &mut Given) -> io::Result<()> {
        let mut now = monotonic_ns().max(given.last_ns + 1);
        given.decoded += 1;
        self.tokens += 1;
        if given.decoded == 1 {
            given.first_ns = now;
            given.last_ns = now;
            return say(&mut self.out, &Event::FirstToken { id, t_ns: now, prompt_n });
        }
        given.last_ns = now;
        if self.options.backwards_time && given.decoded == 3 {
            now = given.first_ns.saturating_sub(1);
        }
        given.unsent.push(now);
        if given.sent_at.elapsed() >= BATCH { self.send_tokens(id, given) } else { Ok(()) }
    }

    fn send_tokens(&mut self, id: u32, given: &mut Given) -> io::Result<()> {
        given.sent_at = Instant::now();
        if given.unsent.is_empty() {
            return Ok(());
        }
        say(&mut self.out, &Event::Tokens { id, t_ns: std::mem::take(&mut given.unsent), k: 1 })
    }

    fn done(&mut self, order: &Order, given: &Given, finish: Finish) -> io::Result<()> {
        let text = order.text.clone();
        let words = || (0..given.decoded).map(|index| format!("word{index}")).collect::<Vec<_>>().join(" ");
        say(
            &mut self.out,
            &Event::Done {
                id: order.id,
                prompt_n: order.prompt_n,
                prefill_ms: (given.first_ns - given.submit_ns) as f64 / 1e6,
                decode_n: given.decoded + u32::from(self.options.lie_count),
                decode_ms: (given.last_ns - given.first_ns) as f64 / 1e6,
                finish,
                text: order.want_text.then(|| text.unwrap_or_else(words)),
                confidence: order.confidence.filter(|_| order.want_text),
            },
        )
    }
}

fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    // Both parts are never negative on this clock.
    now.tv_sec.unsigned_abs() * 1_000_000_000 + now.tv_nsec.unsigned_abs()
}
