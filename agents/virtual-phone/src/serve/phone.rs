//! A served phone: time passes, runners come and ask, files follow.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use edgesoak_agent::sha256_hex;
use edgesoak_protocol::units::{Bytes, Nanos, Watts};
use edgesoak_sensors::clocks;

use super::arguments::Options;
use super::desk::{self, Caller, Letter, Order, SOCKET, Said};
use super::device::Device;
use super::ending::Ending;
use super::error::ServeError;
use super::pace::Pace;
use super::plan::Plan;
use super::prompt::{Heard, Prompt};
use super::seen::Seen;
use super::tree::Tree;
use crate::body::state::Down;
use crate::body::surroundings::{Charger, Surroundings};
use crate::body::{Body, CONTROL_NS};
use crate::engine::Event;
use crate::face::{self, Held, View, Work};
use crate::fault::{Clocks, Hands, Now};
use crate::load::{Accelerator, Candidate, Load};
use crate::profile::Profile;

/// Time between two looks at the body while it works: a token is told of so late at most, and a prompt begins so late
/// behind the one before.
const STEP: Duration = Duration::from_millis(5);
/// Time between two looks at a body at rest.
const REST: Duration = Duration::from_millis(20);
/// Time between two writes of the files, ns.
const WRITE_NS: u64 = 100_000_000;
/// Threads that feed an accelerator, as a part of one.
const FEEDING: f64 = 0.2;

/// A phone with everything around its body.
#[derive(Debug)]
pub(crate) struct Phone {
    pub(super) profile: Profile,
    seed: u64,
    speed: f64,
    /// Told where the runner's processor is not the one of the phone.
    pub(super) abi: Option<String>,
    pub(super) files: PathBuf,
    body: Body,
    /// When the system booted, on the body's clock.
    booted: Nanos,
    letters: Receiver<Letter>,
    others: SyncSender<Letter>,
    ending: Ending,
    pub(super) desk: Desk,
    seen: Seen,
    pub(super) work: Work,
    /// What the runtime holds in memory of its own, as long as nothing leaks.
    pub(super) anon: Bytes,
    written: u64,
    // Last, so that it is taken away when nobody writes any more.
    pub(super) tree: Tree,
}

/// The button of a phone: its system boots anew, and its body stays as warm and as charged as it is.
#[derive(Debug, Clone)]
pub(crate) struct Button(SyncSender<Letter>);

impl Button {
    /// Returns when the files are those of the new boot; `false` where the phone is gone.
    pub(crate) fn press(&self) -> bool {
        let (done, waiting) = sync_channel(1);
        self.0.send(Letter::Boots(done)).is_ok() && waiting.recv().is_ok()
    }
}

/// Where the charger of a phone is plugged in and taken off while it lives.
#[derive(Debug, Clone)]
pub(crate) struct Outlet(SyncSender<Letter>);

impl Outlet {
    /// Puts a charger there that gives at most so much (`15 W`, `15W`), or takes it off (`off`).
    pub(crate) fn hear(&self, words: &str) -> Result<(), String> {
        let charger = charger(words.trim())?;
        self.0.send(Letter::Charger(charger)).map_err(|_| "the phone is gone".to_owned())
    }
}

/// A charger in words.
fn charger(words: &str) -> Result<Option<Charger>, String> {
    if words == "off" {
        return Ok(None);
    }
    let watts = words.strip_suffix('W').and_then(|watts| watts.trim_end().parse().ok());
    let charger = watts.map(|watts| Charger { most: Watts(watts) });
    let charger = charger.ok_or("a charger is `off`, or gives watts, such as 15W")?;
    let around = Surroundings { charger: Some(charger), ..Surroundings::ROOM };
    around.check().map_err(|error| error.to_string())?;
    Ok(Some(charger))
}

/// What is known of the runner.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) pace: Pace,
    pub(super) plan: Plan,
    pub(super) caller: Option<Caller>,
    /// Length of its context, where a model is loaded, tokens.
    pub(super) ctx: Option<u32>,
    pub(super) prompt: Option<Prompt>,
    /// When its first prompt was submitted, on the body's clock.
    pub(super) began: Option<Nanos>,
    pub(super) tokens: u64,
    pub(super) prompts: u32,
}

/// What interrupts a device.
#[derive(Debug)]
pub(super) enum Turn {
    /// A model is loaded.
    Load(Candidate),
    /// The runner is gone.
    Unload,
    /// Somebody wants an end.
    End,
}

impl Desk {
    /// How far the runtime is, for its faults.
    pub(super) fn now(&self, at: Nanos) -> Option<Now> {
        Some(Now { at: at.since(self.began?), tokens: self.tokens, prompts: self.prompts })
    }

    /// Says something to the runner, if there is one and something to say. One that does not listen is sent away: half
    /// a line would be worse than none.
    pub(super) fn say(&mut self, said: Option<Said>) {
        if let (Some(caller), Some(said)) = (&mut self.caller, said)
            && !caller.say(&said)
        {
            caller.send_away();
            self.caller = None;
        }
    }

    pub(super) fn forget_runner(&mut self) {
        (self.caller, self.ctx, self.prompt, self.began) = (None, None, None, None);
        (self.tokens, self.prompts) = (0, 0);
    }

    /// Passes on what the engine did.
    fn pass_on(&mut self, events: Vec<(Nanos, Event)>) {
        for (at, event) in events {
            let Some(prompt) = &mut self.prompt else { continue };
            let said = match event {
                Event::Submitted { .. } => None,
                Event::Token { .. } => {
                    self.tokens += 1;
                    prompt.token(at, &self.pace)
                }
                Event::Done { .. } => {
                    let rest = prompt.batch(Nanos(clocks::mono_ns()), true);
                    let done = prompt.done(&self.pace);
                    self.prompt = None;
                    self.prompts += 1;
                    self.say(rest.map(Said::Event));
                    Some(done)
                }
            };
            self.say(said.map(Said::Event));
        }
        let waiting = self.prompt.as_mut().and_then(|prompt| prompt.batch(Nanos(clocks::mono_ns()), false));
        self.say(waiting.map(Said::Event));
    }
}

impl Phone {
    /// Builds the phone and its folder.
    pub(crate) fn open(options: &Options) -> Result<Self, ServeError> {
        let profile = Profile::built_in(&options.profile)?;
        let plan = Plan::read(&options.faults)?;
        let surroundings = plan.surround(&profile, options.surroundings)?;
        let mut body = Body::new(&profile, options.seed, surroundings)?;
        // Nobody looks before the fuel gauge has seen a first mean.
        let first_mean = profile.gauge.as_ref().map_or(0, |gauge| gauge.refresh_ms * 1_000_000);
        body.advance(Nanos(first_mean + CONTROL_NS), &Load::Idle);
        let ending = Ending::listen()?;
        let tree = Tree::take(&options.dir)?;
        let (others, letters) = desk::open(&tree.path(SOCKET))?;
        let desk = Desk {
            pace: Pace::begin(body.now(), options.speed),
            plan,
            caller: None,
            ctx: None,
            prompt: None,
            began: None,
            tokens: 0,
            prompts: 0,
        };
        Ok(Self {
            seed: options.seed,
            speed: options.speed,
            abi: options.abi.clone(),
            files: options.files.clone(),
            booted: Nanos(0),
            body,
            letters,
            others,
            ending,
            desk,
            seen: Seen::new(&profile),
            work: Work::new(&profile),
            anon: Bytes(0),
            written: 0,
            tree,
            profile,
        })
    }

    /// What boots its system anew while it lives.
    pub(crate) fn button(&self) -> Button {
        Button(self.others.clone())
    }

    /// What its charger is plugged into.
    pub(crate) fn outlet(&self) -> Outlet {
        Outlet(self.others.clone())
    }

    /// What ends its life.
    pub(crate) fn ending(&self) -> Ending {
        self.ending.clone()
    }

    /// Lives until somebody wants an end. `tell` gets one line of JSON when everything is in its place.
    pub(crate) fn live(mut self, tell: &mut dyn FnMut(&str)) -> Result<(), ServeError> {
        let boot_id = boot_id(&self.profile.name, self.seed);
        let mut pages = face::fixed(&self.profile, self.seed, &boot_id);
        if let Some(abi) = &self.abi {
            pages.extend(face::attached(&self.profile, self.seed, abi));
        }
        for page in pages {
            self.tree.write(page)?;
        }
        for program in face::programs(&self.profile) {
            self.tree.put_program(program)?;
        }
        let mut body = self.body.clone();
        self.desk.pace = Pace::begin(body.now(), self.speed);
        self.write(&body)?;
        tell(&self.place());
        let mut model = None;
        loop {
            let device = match &model {
                None => Device::Resting(Box::new(body)),
                Some(candidate) => Device::loaded(body, candidate)?,
            };
            let (back, turn) = self.until_turn(device)?;
            body = back;
            model = match turn {
                Turn::Load(candidate) => Some(candidate),
                Turn::Unload => None,
                Turn::End => return Ok(()),
            };
        }
    }

    /// Where everything is, as one line of JSON.
    fn place(&self) -> String {
        let place = [
            ("root", self.tree.dir().to_owned()),
            ("programs", self.tree.path("programs")),
            ("socket", self.tree.path(SOCKET)),
        ];
        let place = place.map(|(name, path)| (name.to_owned(), path.to_string_lossy().into()));
        serde_json::Value::Object(place.into_iter().collect()).to_string()
    }

    /// The system boots anew: its counters begin at nothing.
    pub(super) fn boot(&mut self, body: &Body) -> Result<(), ServeError> {
        self.booted = body.now();
        self.work = Work::new(&self.profile);
        self.tree.write(face::boot(&boot_id(&self.profile.name, self.seed)))?;
        self.write(body)
    }

    fn until_turn(&mut self, mut device: Device<'_>) -> Result<(Body, Turn), ServeError> {
        loop {
            if self.ending.is_wanted() {
                return Ok((device.into_body(), Turn::End));
            }
            let wait = if self.desk.prompt.is_some() { STEP } else { REST };
            let letter = match self.letters.recv_timeout(wait) {
                Ok(letter) => Some(letter),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => {
                    let source = std::io::ErrorKind::BrokenPipe.into();
                    return Err(ServeError::Listening { what: "runners", source });
                }
            };
            self.pass(&mut device)?;
            if let Some(turn) = letter.map_or(Ok(None), |letter| self.read(letter, &mut device))? {
                return Ok((device.into_body(), turn));
            }
            if clocks::mono_ns() >= self.written + WRITE_NS {
                self.write(device.body())?;
            }
        }
    }

    /// Lets the body's time catch up with ours.
    fn pass(&mut self, device: &mut Device<'_>) -> Result<(), ServeError> {
        let until = self.desk.pace.now();
        while device.body().now().0 < until.0 {
            let from = device.body().now();
            let horizon = Nanos(until.0.min(device.body().next_change().0));
            let mut heard = Heard::default();
            device.run_until(horizon, &mut heard);
            let busy = device.candidate().map_or(0.0, |candidate| busy_cores(candidate.accelerator));
            let span = horizon.since(from);
            let share = heard.worked.as_secs_f64() / span.as_secs_f64().max(f64::MIN_POSITIVE);
            self.work.pass(span, busy * share);
            self.desk.pass_on(heard.events);
            if horizon.0.is_multiple_of(CONTROL_NS) {
                self.act(device)?;
            }
        }
        match device.body().state().down() {
            None => Ok(()),
            Some(down) => Err(ServeError::SwitchedOff(down_words(&self.profile, down))),
        }
    }

    /// Lets faults act.
    fn act(&mut self, device: &mut Device<'_>) -> Result<(), ServeError> {
        let at = device.body().now();
        let (Some(now), Device::Working { engine, .. }) = (self.desk.now(at), device) else { return Ok(()) };
        let (mut clocks, mut kill_runtime) = (Clocks::default(), false);
        let mut hands = Hands { engine, clocks: &mut clocks, kill_runtime: &mut kill_runtime };
        self.desk.plan.faults.act(now, &mut hands);
        if self.desk.plan.leaks.calls_out(now.at) {
            self.desk.say(Some(Said::Order { order: Order::CallOut }));
            if let Some(held) = self.work.held() {
                self.work.hold(Some(Held { calls_out: true, ..held }));
                self.tree.link(&format!("proc/{}/fd/3", held.pid), &format!("socket:[{}]", face::CALLING))?;
            }
        }
        if kill_runtime {
            self.desk.say(Some(Said::Order { order: Order::Die }));
        }
        Ok(())
    }

    /// Writes what everybody may see.
    pub(super) fn write(&mut self, body: &Body) -> Result<(), ServeError> {
        let now = self.desk.now(body.now());
        let faults = &mut self.desk.plan.faults;
        let readings = self.seen.look(body.state(), faults, now);
        if let Some(held) = self.work.held() {
            let kib = self.seen.memory_kib(self.anon.0 / 1024, faults, now);
            self.work.hold(Some(Held { anon: Bytes(kib * 1024), ..held }));
        }
        let up = body.now().since(self.booted);
        let view = View { readings: &readings, state: body.state(), work: &self.work, up };
        for page in face::live(&self.profile, &self.seen.specs, &view) {
            self.tree.write(page)?;
        }
        self.written = clocks::mono_ns();
        Ok(())
    }
}

/// Cores that are busy while the runtime works.
fn busy_cores(accelerator: Accelerator) -> f64 {
    match accelerator {
        Accelerator::Cpu { threads } => f64::from(threads),
        Accelerator::Gpu | Accelerator::Npu => FEEDING,
    }
}

fn down_words(profile: &Profile, down: Down) -> String {
    let seconds = |at: Nanos| at.as_secs_f64();
    match down {
        Down::Heat { at, sensor } => {
            let zone = profile.sensors.get(sensor).map_or("a zone", |sensor| sensor.name.as_str());
            format!("{:.0} s after it was switched on, since {zone} was too hot", seconds(at))
        }
        Down::Battery { at } => {
            format!("{:.0} s after it was switched on, since its battery gave out", seconds(at))
        }
    }
}

/// An identity of this boot, in the kernel's form. Every phone that is served boots anew.
fn boot_id(name: &str, seed: u64) -> String {
    let digest = sha256_hex(format!("{name}/{seed}/{}", clocks::wall_ns()).as_bytes());
    [&digest[..8], &digest[8..12], &digest[12..16], &digest[16..20], &digest[20..32]].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charger_is_off_or_gives_watts() {
        assert_eq!(charger("off"), Ok(None));
        for words in ["15W", "15 W"] {
            assert_eq!(charger(words), Ok(Some(Charger { most: Watts(15.0) })));
        }
        for words in ["", "15", "on", "W", "NaNW", "-3W", "1000W"] {
            assert!(charger(words).is_err(), "{words}");
        }
    }
}
