//! Which profile is held against which public run, under which circumstances.

use edgesoak_protocol::units::{Bytes, Celsius, Nanos, Ratio, Watts};
use edgesoak_virtual_phone::{Accelerator, Body, Candidate, Case, Charger, Load, Profile, Surroundings};

use crate::traces::{self, Window};

/// Step at which the model's rate is looked at: that of its clocks.
const STEP: Nanos = Nanos::from_millis(100);

/// A public run and how to repeat it.
#[derive(Debug, Clone)]
pub struct Run {
    /// The profile.
    pub profile: &'static str,
    /// The model that ran.
    pub candidate: Candidate,
    /// Where it ran.
    pub surroundings: Surroundings,
    /// Tokens of context, on average.
    pub context: u32,
    /// What was measured.
    pub measured: Vec<Window>,
}

/// All runs, if the folder with the measurements is there.
pub fn all() -> Option<Vec<Run>> {
    Some(vec![iphone()?, pixel()?, fold()?])
}

/// Gemma 4 E2B on LiteRT-LM, GPU, answers of 128 tokens; the device said `fair` at the start, so it was warm.
fn iphone() -> Option<Run> {
    let candidate = Candidate {
        name: "gemma-4-e2b".to_owned(),
        accelerator: Accelerator::Gpu,
        weights: Bytes(600_000_000),
        kv_per_token: Bytes(20_000),
        resident: Bytes(60_000_000),
        flop_per_token: 4.0e9,
        prompt_tokens: 32,
        output_tokens: 128,
    };
    let surroundings = Surroundings { start: Celsius(27.0), ..Surroundings::ROOM };
    let measured = traces::rolling("traces/iphone17pro-litert-lm-gemma-4-e2b.jsonl")?;
    Some(Run { profile: "iphone-class", candidate, surroundings, context: 96, measured })
}

/// An image detector on four threads, charging from 94 %; the battery began at 21 °C.
fn pixel() -> Option<Run> {
    let surroundings = Surroundings {
        ambient: Celsius(22.0),
        start: Celsius(21.5),
        case: Case::BARE,
        charger: Some(Charger { most: Watts(15.0) }),
        charge: Ratio(0.94),
    };
    let measured = traces::minutes("traces/sustained_pixel8pro_tensorG3_30min.csv")?;
    Some(Run { profile: "tensor-phone", candidate: detector(22.0e9), surroundings, context: 0, measured })
}

/// The same detector; plugged in, and held at 85 % throughout: the charger carries the device, the battery rests.
fn fold() -> Option<Run> {
    let surroundings = Surroundings {
        ambient: Celsius(24.0),
        start: Celsius(30.0),
        case: Case::BARE,
        charger: Some(Charger { most: Watts(15.0) }),
        charge: Ratio(1.0),
    };
    let measured = traces::minutes("traces/sustained_galaxyzfold_sd8elite_30min.csv")?;
    Some(Run {
        profile: "snapdragon8-phone",
        candidate: detector(22.0e9),
        surroundings,
        context: 0,
        measured,
    })
}

/// An image detector: each frame is one item, bound by compute.
fn detector(flop: f64) -> Candidate {
    Candidate {
        name: "detector".to_owned(),
        accelerator: Accelerator::Cpu { threads: 4 },
        weights: Bytes(40_000_000),
        kv_per_token: Bytes(0),
        resident: Bytes(60_000_000),
        flop_per_token: flop,
        prompt_tokens: 1,
        output_tokens: 1,
    }
}

/// The model's mean rate in each window of a run.
pub fn modelled(run: &Run, profile: &Profile) -> Vec<f64> {
    let end_s = run.measured.iter().map(|window| window.to_s).fold(0.0, f64::max);
    let mut body = Body::new(profile, 0, run.surroundings).expect("a body");
    let load = Load::Decode { candidate: &run.candidate, context: run.context };
    let mut items = vec![0.0];
    while body.now().as_secs_f64() < end_s {
        let per_item_s = body.rates(&load).map_or(f64::INFINITY, |speed| speed.token_s(run.context));
        items.push(items[items.len() - 1] + STEP.as_secs_f64() / per_item_s);
        body.advance(STEP, &load);
    }
    let at = |seconds: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "windows lie within the run"
        )]
        let index = (seconds / STEP.as_secs_f64()).round() as usize;
        items[index.min(items.len() - 1)]
    };
    run.measured
        .iter()
        .map(|window| (at(window.to_s) - at(window.from_s)) / (window.to_s - window.from_s))
        .collect()
}

/// Median over the windows of the absolute error of the rate, as a part of one.
pub fn median_error(run: &Run, profile: &Profile) -> f64 {
    let modelled = modelled(run, profile);
    let mut errors: Vec<f64> =
        run.measured.iter().zip(modelled).map(|(window, model)| (model / window.rate - 1.0).abs()).collect();
    errors.sort_by(f64::total_cmp);
    errors[errors.len() / 2]
}

/// The model's energy per item over a run, joules.
pub fn energy_per_item(run: &Run, profile: &Profile) -> f64 {
    let end_s = run.measured.iter().map(|window| window.to_s).fold(0.0, f64::max);
    let mut body = Body::new(profile, 0, run.surroundings).expect("a body");
    let load = Load::Decode { candidate: &run.candidate, context: run.context };
    let mut items = 0.0;
    while body.now().as_secs_f64() < end_s {
        items += body.rates(&load).map_or(0.0, |speed| STEP.as_secs_f64() / speed.token_s(run.context));
        body.advance(STEP, &load);
    }
    body.state().energy().0 / items
}
