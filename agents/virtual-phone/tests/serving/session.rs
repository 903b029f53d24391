//! A short session of the real agent on a served phone.

use edgesoak_protocol::Quantity;
use edgesoak_protocol::journal::{Entry, FinishReason, Frame, Header, RuntimeEnd};
use edgesoak_protocol::units::Nanos;
use edgesoak_virtual_phone::engine::{Event, Observer, Segment};
use edgesoak_virtual_phone::{Body, Candidate, DescribedModel, Engine, Profile, Surroundings};

use crate::device::Served;

const SPEED: f64 = 50.0;
/// Length of an answer, tokens.
const LENGTH: u32 = 256;

/// Rate of each answer after its first token, tokens/s of the machine's time.
fn rates(entries: &[Entry]) -> Vec<f64> {
    let mut rates = Vec::new();
    let (mut first, mut last) = (0, 0);
    for entry in entries {
        match &entry.frame {
            Frame::TokenBatch { first_index, t0_ns, delta_ns, .. } => {
                if *first_index == 0 {
                    first = *t0_ns;
                }
                last = t0_ns + delta_ns.iter().sum::<u64>();
            }
            Frame::PromptDone { decoded_tokens: LENGTH, .. } => {
                rates.push(f64::from(LENGTH - 1) / ((last - first) as f64 / 1e9));
            }
            _ => {}
        }
    }
    rates
}

/// The same of a body on its own, without an agent and without a clock.
#[derive(Default)]
struct Alone {
    first: Nanos,
    rates: Vec<f64>,
}

impl Observer for Alone {
    fn event(&mut self, at: Nanos, event: Event) {
        match event {
            Event::Token { index: 0, .. } => self.first = at,
            Event::Done { .. } => self.rates.push(f64::from(LENGTH - 1) / at.since(self.first).as_secs_f64()),
            _ => {}
        }
    }

    fn segment(&mut self, _segment: Segment) {}
}

fn candidate(prompt_tokens: u32) -> Candidate {
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/models/dense-350m-q4.toml");
    let model = DescribedModel::read(model.as_ref()).expect("a model of ours");
    Candidate { prompt_tokens, ..model.candidate_on("gpu", 2, LENGTH).expect("a gpu") }
}

fn finished(entries: &[Entry]) -> (FinishReason, String) {
    match &entries.last().expect("frames").frame {
        Frame::Finished { reason, detail } => (*reason, detail.clone()),
        other => panic!("the last frame is {other:?}"),
    }
}

/// All values of a channel.
fn values(header: &Header, entries: &[Entry], name: &str) -> Vec<f64> {
    let spec = header.channels.iter().find(|spec| spec.name == name).expect(name);
    let of_group: Vec<_> =
        header.channels.iter().filter(|other| other.group == spec.group && other.missing.is_none()).collect();
    let place = of_group.iter().position(|other| other.name == name).expect("it is sampled");
    let ticks = entries.iter().filter_map(|entry| match &entry.frame {
        Frame::Tick { group, values } if *group == spec.group => values.get(place),
        _ => None,
    });
    ticks.filter_map(|raw| spec.value(raw.0).ok()).collect()
}

#[test]
fn tokens_follow_the_heat_of_the_body() {
    let served = Served::start(&["--profile", "iphone-class", "--speed", &SPEED.to_string()]);
    let (header, entries) = served.soak(&served.job("heat", "gpu", LENGTH, 3_000));
    assert_eq!(finished(&entries).0, FinishReason::Completed, "{}", finished(&entries).1);
    assert!(header.is_virtual);
    let rates = rates(&entries);
    let prompt_tokens = entries.iter().find_map(|entry| match entry.frame {
        Frame::PromptDone { prompt_tokens, .. } => Some(prompt_tokens),
        _ => None,
    });
    let profile = Profile::built_in("iphone-class").expect("built in");
    let candidate = candidate(prompt_tokens.expect("a prompt"));
    let body = Body::new(&profile, 0, Surroundings::ROOM).expect("a room");
    let mut engine = Engine::new(body, &candidate).expect("it fits");
    let mut alone = Alone::default();
    engine.run_until(Nanos::from_secs(150), &mut alone);
    let [first, last] = [rates.first(), rates.last()].map(|rate| rate.expect("answers") / SPEED);
    let [alone_first, alone_last] =
        [alone.rates.first(), alone.rates.last()].map(|rate| *rate.expect("answers"));
    assert!((first / alone_first - 1.0).abs() < 0.02, "{first} at first, {alone_first} of the body alone");
    // How long an agent pauses between prompts is its machine's affair, and cools the body.
    assert!(
        last < 0.85 * first && alone_last < 0.85 * alone_first,
        "{first} to {last}, {alone_first} to {alone_last}"
    );
    assert!(last > 0.9 * alone_last, "never slower than without a pause: {last}, {alone_last}");
}

#[test]
fn the_agent_sees_what_its_runtime_does() {
    let served = Served::start(&["--profile", "snapdragon8-phone", "--speed", "20"]);
    let (header, entries) = served.soak(&served.job("work", "cpu", 64, 2_000));
    assert_eq!(finished(&entries).0, FinishReason::Completed, "{}", finished(&entries).1);
    let file = values(&header, &entries, "runtime/rss_file");
    assert!(file.iter().all(|bytes| (bytes - 227_331_840.0).abs() < 1_024.0), "{file:?}");
    for name in ["runtime/cpu_time", "cpu/user"] {
        let spent = values(&header, &entries, name);
        let [first, last] = [spent.first(), spent.last()].map(|spent| *spent.expect("samples"));
        assert!(last > first, "{name}: {first} to {last}");
    }
    let zone = header.channels.iter().find(|spec| {
        spec.quantity == Quantity::Temperature
            && spec.source.contains("thermal_zone0")
            && spec.missing.is_none()
    });
    let celsius = values(&header, &entries, &zone.expect("a zone").name);
    assert!(celsius.last() > celsius.first(), "{celsius:?}");
}

#[test]
fn a_runtime_that_is_killed_for_memory_is_seen_to_die() {
    let served =
        Served::start(&["--profile", "snapdragon8-phone", "--speed", "50", "--fault", "low-memory-kill@20s"]);
    let (_, entries) = served.soak(&served.job("memory", "cpu", 64, 30_000));
    assert_eq!(finished(&entries).0, FinishReason::RuntimeDied);
    let is_killed =
        |entry: &Entry| matches!(entry.frame, Frame::RuntimeExited { end: RuntimeEnd::Signalled(9), .. });
    assert!(entries.iter().any(is_killed));
}

#[test]
fn a_file_that_is_no_described_model_is_refused() {
    let served = Served::start(&["--profile", "pi-board"]);
    let (_, entries) = served.soak(&served.job("npu", "npu", 16, 500));
    let (reason, detail) = finished(&entries);
    assert_ne!(reason, FinishReason::Completed);
    assert!(detail.contains("npu"), "{detail}");
}
