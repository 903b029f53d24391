//! `tokens_per_joule` and `joules_per_token`, gross: energy over first submit .. last token.
//!
//! Energy counters of the package or a rail outrank power channels, those outrank a battery's voltage and current.
//! A battery tells its energy only while it discharges: any sample that charges makes it `not measured`.

use edgesoak_record::gate::Gate;
use edgesoak_record::verdict::Evidence;

use crate::case::Case;
use crate::measure::energy::{self, Measured};
use crate::measure::rates::Span;
use crate::outcome::{Estimate, Finding, against};
use crate::statistics::Z_95;

/// Judges one of the two.
pub fn judge(case: &Case, gate: Gate) -> Finding {
    let limit = case.bar(gate);
    let soak = match case.timed() {
        Ok(soak) => soak,
        Err(missing) => return Finding::from(missing).limit(limit),
    };
    let measured = match energy::over(case, soak.end()) {
        Ok(measured) => measured,
        Err(missing) => {
            let words = format!("Energy is not measured: {}", missing.sentence);
            return Finding::not_proven(missing.cause, words).limit(limit);
        }
    };
    let tokens: f64 = soak.spans.iter().map(Span::tokens).sum();
    let per_joule = tokens / measured.joules;
    let value = if gate == Gate::TokensPerJoule { per_joule } else { 1.0 / per_joule };
    against(
        gate,
        limit,
        estimate(case, value, &measured, tokens).evidence(Evidence {
            channel: measured.channel.clone(),
            from_s: 0.0,
            to_s: soak.end(),
        }),
    )
}

fn estimate(case: &Case, value: f64, measured: &Measured, tokens: f64) -> Estimate {
    let reach = (Z_95 * case.spread.sigma).hypot(measured.uncertainty);
    let mut estimate = Estimate::exact("Gross energy:", value, super::burst_tps::count(tokens));
    (estimate.lo, estimate.hi) = (Some(value * (1.0 - reach).max(0.0)), Some(value * (1.0 + reach)));
    let uncertainty = measured.uncertainty * 100.0;
    estimate.note(format!("{:.0} J of the {}, known to {uncertainty:.0} %", measured.joules, measured.scope))
}
