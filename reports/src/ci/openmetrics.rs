//! OpenMetrics text, as GitLab's metrics reports and Prometheus read it.

use std::fmt::Write as _;

use edgesoak_record::{Gate, RunVerdict, SessionVerdict, Verdict};

use super::figure::{Figure, figures};
use crate::words::text::{name, without_tricks};

/// Every verdict, for the set of states.
const VERDICTS: [Verdict; 5] =
    [Verdict::Pass, Verdict::Fail, Verdict::NotProven, Verdict::Infrastructure, Verdict::Nothing];

/// Figures and verdicts as OpenMetrics 1.0 text, ending in `# EOF`.
///
/// One gauge per gate, `edgesoak_floor_tps{device=...,route=...,candidate=...,virtual=...}`, in the gate's unit. Values are
/// rounded to where their own bounds are known to lie, so that noise does not show as a change. What was not measured is
/// absent.
#[must_use]
pub fn openmetrics(verdict: &RunVerdict) -> String {
    let mut text = String::new();
    let all: Vec<Figure<'_>> = figures(verdict).collect();
    for gate in Gate::ALL {
        let of_gate: Vec<&Figure<'_>> = all.iter().filter(|figure| figure.gate.gate == *gate).collect();
        if of_gate.is_empty() {
            continue;
        }
        let unit = if gate.unit().is_empty() { String::new() } else { format!(" ({})", gate.unit()) };
        let _ =
            writeln!(text, "# TYPE edgesoak_{gate} gauge\n# HELP edgesoak_{gate} {}{unit}", gate.meaning());
        let mut seen = Vec::new();
        for figure in of_gate {
            let labels = labels(figure.session);
            // A format of figures by labels has no room for a second one; repetitions carry their session.
            let labels = if seen.contains(&labels) {
                format!("{labels},session=\"{}\"", quoted(&figure.session.session))
            } else {
                seen.push(labels.clone());
                labels
            };
            let _ = writeln!(text, "edgesoak_{gate}{{{labels}}} {}", rounded(figure.value, figure.bounds));
        }
    }
    text.push_str("# TYPE edgesoak_verdict stateset\n# HELP edgesoak_verdict Verdict on the run.\n");
    for state in VERDICTS {
        let holds = u8::from(state == verdict.verdict);
        let _ = writeln!(text, "edgesoak_verdict{{edgesoak_verdict=\"{}\"}} {holds}", state.word());
    }
    text.push_str("# EOF\n");
    text
}

fn labels(session: &SessionVerdict) -> String {
    let SessionVerdict { device, route, candidate, is_virtual, is_imported, .. } = session;
    let [device, route, candidate] = [device, route, candidate].map(|text| quoted(text));
    let imported = if *is_imported { ",imported=\"true\"" } else { "" };
    format!(
        "device=\"{device}\",route=\"{route}\",candidate=\"{candidate}\",virtual=\"{is_virtual}\"{imported}"
    )
}

fn quoted(text: &str) -> String {
    without_tricks(&name(text)).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// To the decimal place of half the width of the bounds; without bounds, or with equal ones, six significant digits.
fn rounded(value: f64, bounds: Option<(f64, f64)>) -> String {
    if value.fract() == 0.0 && bounds.is_none_or(|(lo, hi)| lo >= hi) {
        return format!("{value:.0}");
    }
    let reach = bounds.map(|(lo, hi)| (hi - lo) / 2.0).filter(|reach| *reach > 0.0);
    let place = match (reach, value.abs()) {
        (Some(reach), _) => reach.log10().floor(),
        (None, size) if size > 0.0 => size.log10().floor() - 5.0,
        (None, _) => 0.0,
    };
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of a finite number")]
    let place = place.clamp(-15.0, 15.0) as i32;
    let step = 10f64.powi(place);
    let value = (value / step).round() * step;
    let decimals = usize::try_from(-place).unwrap_or(0);
    // No "-0".
    format!("{:.decimals$}", value + 0.0)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn noise_is_no_digit() {
        assert_eq!(rounded(16.8374, Some((16.2, 17.4))), "16.8");
        assert_eq!(rounded(16.8374, Some((11.0, 23.0))), "17");
        assert_eq!(rounded(231.4, Some((180.0, 290.0))), "230");
        assert_eq!(rounded(0.146_234, Some((0.14, 0.15))), "0.146");
        assert_eq!(rounded(-0.0001, Some((-1.0, 1.0))), "0");
        assert_eq!((rounded(3.0, Some((3.0, 3.0))), rounded(0.0, None)), ("3".to_owned(), "0".to_owned()));
    }
}
