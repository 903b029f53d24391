//! Tokens of a made-up decode with a known course.

use edgesoak_record::session::Prompt;
use edgesoak_record::units::Nanos;

/// Device time of the first scored submit.
pub const ZERO: Nanos = Nanos::from_secs(5_000);

/// How fast the device decodes, and when it falls.
#[derive(Debug, Clone)]
pub struct Course {
    pub seconds: f64,
    /// Tokens/s before the fall.
    pub cold: f64,
    /// Tokens/s at its end.
    pub hot: f64,
    /// When the fall begins, seconds.
    pub onset: f64,
    /// Prefill of each prompt, seconds.
    pub prefill: f64,
    /// When one pause of 3.4 s lies inside a prompt, seconds.
    pub stall: Option<f64>,
    /// 60 s rest and 20 s burst at the end.
    pub recovery: bool,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            seconds: 600.0,
            cold: 20.0,
            hot: 20.0,
            onset: 600.0,
            prefill: 0.23,
            stall: None,
            recovery: true,
        }
    }
}

impl Course {
    /// Tokens/s at a time of the soak; after the rest half of the loss is recovered.
    pub fn rate(&self, t: f64) -> f64 {
        // The last prompt of the soak ends after it, still hot.
        if t > self.seconds + 30.0 {
            return f64::midpoint(self.cold, self.hot);
        }
        let fallen = 1.0 - (-(t - self.onset).max(0.0) / 95.0).exp();
        self.cold + (self.hot - self.cold) * fallen
    }

    /// How hot it is: 0 at the start, 1 at the end of a long soak.
    pub fn heat(&self, t: f64) -> f64 {
        let soak = 1.0 - (-t.min(self.seconds) / 150.0).exp();
        soak * (-(t - self.seconds).max(0.0) / 110.0).exp()
    }
}

/// Device time of a time of the soak.
pub fn device_time(seconds: f64) -> Nanos {
    Nanos(
        ZERO.0 + u64::try_from(std::time::Duration::from_secs_f64(seconds).as_nanos()).expect("a short soak"),
    )
}

/// A number between -1 and 1 that looks random and is not.
pub fn wobble(seed: u64) -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491_4f6c_dd1d);
    state ^= state >> 29;
    state = state.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state ^= state >> 32;
    let part = u32::try_from(state & 0xffff).expect("sixteen bits");
    f64::from(part) / 32_767.5 - 1.0
}

/// Prompts of soak and recovery, one after the other.
pub fn prompts(course: &Course) -> Vec<Prompt> {
    let mut prompts = Vec::new();
    fill(&mut prompts, course, "soaking", 0.0, course.seconds);
    if course.recovery {
        fill(&mut prompts, course, "recovering", course.seconds + 60.0, course.seconds + 80.0);
    }
    prompts
}

fn fill(prompts: &mut Vec<Prompt>, course: &Course, phase: &str, from: f64, to: f64) {
    let mut t = from;
    while t < to {
        let index = u32::try_from(prompts.len()).expect("few prompts");
        let submit = t;
        t += course.prefill * (1.0 + 0.05 * wobble(u64::from(index)));
        let mut token_times = vec![device_time(t)];
        for token in 1..128_u64 {
            let noise = 1.0 + 0.08 * wobble(u64::from(index) * 1_000 + token);
            t += noise / course.rate(t);
            if course.stall.is_some_and(|stall| t >= stall && t - stall < 1.0 / course.rate(t)) {
                t += 3.4;
            }
            token_times.push(device_time(t));
        }
        prompts.push(Prompt {
            index,
            item: format!("soak-{:02}", index % 12),
            phase: phase.to_owned(),
            submit: device_time(submit),
            retrieve: Nanos(900_000),
            render: Nanos(210_000),
            prompt_tokens: Some(312),
            token_times,
            tokens_per_stamp: 1,
            decoded_tokens: None,
            finish: Some("length".to_owned()),
            engine_prefill: None,
            engine_decode: None,
        });
    }
}
