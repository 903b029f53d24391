//! `tokens_per_joule` and `joules_per_token`, gross: energy over first submit .. last token.
//!
//! What the battery gave counts only while nothing else fed the device: any sample that charges, or that was faked,
//! makes it `not measured`. Net of idle is information.

use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::{Evidence, Outcome};

use crate::case::Case;
use crate::defaults::{
    COUNTER_AGREES, EXTERNAL_GAIN, GAUGE_GAIN, LONGEST_GAP_S, RAIL_GAIN, SLOW_GAUGE_MARGIN, SLOWEST_GAUGE_S,
};
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::measure::energy::{self, Measured};
use crate::outcome::finding::decapitalised;
use crate::outcome::{Estimate, Finding, Missing, against};
use crate::promise::energy_sum;
use crate::statistics::Z_95;

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Energy from the first submit to the last token, by all tokens; power is joined by straight lines between readings.",
    decides: "Bounds hold gain, sampling, resolution and the spread between runs. Any sample that charges makes it not measured.",
    settings: &[
        Setting::new("rail_gain", RAIL_GAIN, "ratio"),
        Setting::guess("gauge_gain", GAUGE_GAIN, "ratio"),
        Setting::new("external_gain", EXTERNAL_GAIN, "ratio"),
        Setting::new("slowest_gauge", SLOWEST_GAUGE_S, "s"),
        Setting::new("slow_gauge_margin", SLOW_GAUGE_MARGIN, "ratio"),
        Setting::new("counter_agrees", COUNTER_AGREES, "ratio"),
        Setting::new("longest_gap", LONGEST_GAP_S, "s"),
    ],
    source: "Trapezoid of volts times amperes.",
};

/// Judges one of the two.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => {
            return energy_sum::judge(case, gate).unwrap_or_else(|| Finding::from(missing)).limit(limit);
        }
    };
    let measured = match case.once.energy.get_or_init(|| energy::over(case, soak.end())) {
        Ok(measured) => measured,
        Err(missing) => {
            let mut missing = missing.clone();
            if let Some(summed) = energy_sum::judge(case, gate) {
                return summed;
            }
            missing.sentence = format!("Energy is not measured: {}", decapitalised(&missing.sentence));
            return Finding::from(missing).limit(limit);
        }
    };
    let Some(tokens) = soak.tokens() else {
        let words = "The file counts whole items, and nobody knows how many tokens they were";
        return Finding::not_proven("no_tokens", words).limit(limit);
    };
    let value = figure(gate, tokens, measured.joules);
    let note = note(gate, measured, tokens, soak.end());
    let evidence = Evidence { channel: measured.channel.clone(), from_s: 0.0, to_s: soak.end() };
    let judged = against(gate, limit, estimate(case, value, measured, tokens).note(note).evidence(evidence));
    let margin = limit.map_or(0.0, |limit| (value / limit - 1.0).abs());
    if measured.is_slow() && margin < SLOW_GAUGE_MARGIN && judged.outcome != Outcome::Info {
        let refresh = figures::seconds(measured.refresh_s);
        let words = format!(
            "The {} gauge has something new only every {refresh}, and neither the charge counter nor a margin of {:.0} % supports it",
            measured.scope,
            SLOW_GAUGE_MARGIN * 100.0
        );
        return judged.lacking(&Missing::new("slow_gauge", words));
    }
    judged
}

/// Tokens and joules as the gate's figure.
pub fn figure(gate: Gate, tokens: f64, joules: f64) -> f64 {
    if gate == Gate::TokensPerJoule { tokens / joules } else { joules / tokens }
}

fn estimate(case: &Case, value: f64, measured: &Measured, tokens: f64) -> Estimate {
    let reach = (Z_95 * case.spread.sigma).hypot(measured.uncertainty());
    let mut estimate = Estimate::exact("Gross energy:", value, super::burst_tps::count(tokens));
    (estimate.lo, estimate.hi) = (Some(value * (1.0 - reach).max(0.0)), Some(value * (1.0 + reach)));
    estimate
}

/// What was measured, how well, what else says the same, and what is left without idling.
fn note(gate: Gate, measured: &Measured, tokens: f64, seconds: f64) -> String {
    let percent = |part: f64| part * 100.0;
    let mut words = vec![format!(
        "{:.0} J of the {}, known to {:.0} % (gain {:.0} %, sampling {:.1} %, resolution {:.1} %)",
        measured.joules,
        measured.scope,
        percent(measured.uncertainty()),
        percent(measured.gain),
        percent(measured.sampling),
        percent(measured.resolution)
    )];
    if let Some(counted) = measured.counted.as_ref().filter(|counted| counted.channel != measured.channel) {
        words.push(format!("the charge counter says {:.0} J ± {:.0} J", counted.joules, counted.reach));
    }
    if let Some(idle) = measured.idle_watts.map(|watts| watts * seconds) {
        let net = measured.joules - idle;
        if net > 0.0 {
            // Both figures come from one source, and nobody knows that its errors are the same at both powers.
            let known = percent(measured.uncertainty() * (measured.joules + idle) / net);
            let figure = figures::with_unit(figure(gate, tokens, net), gate.unit());
            words.push(format!("without {:.2} W of idling {figure}, known to {known:.0} %", idle / seconds));
        }
    }
    words.extend(measured.notes.iter().cloned());
    words.join("; ")
}
