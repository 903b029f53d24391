//! A workload with its files' digests.

use edgesoak_record::plan::{NamedTemplate, RecoveryProbe, Retrieval, Settle, StartGate, Template, Workload};
use edgesoak_record::units::{Hertz, Kelvin, Millis};

use crate::node::Table;
use crate::plan::device::whole;
use crate::plan::images;
use crate::plan::inputs::Inputs;
use crate::report::Report;
use crate::support;

/// The settle rule of every device with a thermal sensor; where its numbers come from: `measurement` in the docs.
const SETTLE: Settle = Settle {
    max_drift: 0.05,
    max_rise: Kelvin(1.5),
    tau_s: 400.0,
    step: Millis(300_000),
    max_soak: Millis(1_800_000),
};

/// What the rule needs to see before it can say anything.
const SETTLE_WINDOW: Millis = Millis(180_000);

/// From an effective table; `None` when a file was refused.
pub(super) fn of(
    (id, workload): (&str, &Table),
    runtime: &str,
    hardware_heat: bool,
    inputs: &mut Inputs<'_>,
    reports: &mut Vec<Report>,
) -> Option<Workload> {
    let items = workload.get("items");
    let asked = items.or_else(|| workload.get("prompts"))?;
    let prompts = inputs.file(asked, reports);
    let images = prompts.as_ref().map(|prompts| images::of(prompts, asked, inputs, reports));
    let template = match workload.get("template")? {
        node if node.as_text() == Some("artifact") && support::is_model(runtime) => Some(Template::Artifact),
        // There is no chat template in what is no model.
        node if matches!(node.as_text(), Some("artifact" | "question")) => {
            Some(Template::Named(NamedTemplate::Question))
        }
        node => inputs.file(node, reports).map(Template::File),
    };
    let retrieval = match workload.table("retrieval") {
        None => Some(None),
        Some(retrieval) => self::retrieval(retrieval, inputs, reports).map(Some),
    };
    Some(Workload {
        id: id.to_owned(),
        duration: millis(workload, "duration")?,
        prompts: prompts?,
        is_of_items: items.is_some(),
        images: images??,
        output_tokens: workload.integer("output_tokens")?,
        template: template?,
        retrieval: retrieval?,
        think_time: millis(workload, "think_time")?,
        sample_rate: Hertz(workload.amount("sample_rate")?),
        recovery_probe: workload.table("recovery_probe").and_then(recovery_probe),
        settle: if hardware_heat { settle(millis(workload, "duration")?) } else { None },
    })
}

/// The rule looks at the last 180 s: a shorter soak is a first look that proves no floor, and extending it to half an
/// hour is not what was asked. A soak that is planned longer than the rule's maximum is not cut.
fn settle(duration: Millis) -> Option<Settle> {
    (duration >= SETTLE_WINDOW).then(|| Settle { max_soak: SETTLE.max_soak.max(duration), ..SETTLE })
}

fn retrieval(retrieval: &Table, inputs: &mut Inputs<'_>, reports: &mut Vec<Report>) -> Option<Retrieval> {
    let corpus = inputs.file(retrieval.get("corpus")?, reports)?;
    Some(Retrieval { corpus, top_k: retrieval.integer("top_k")? })
}

fn recovery_probe(probe: &Table) -> Option<RecoveryProbe> {
    Some(RecoveryProbe { rest: millis(probe, "rest")?, burst: millis(probe, "burst")? })
}

/// The settle rule as settings: it is no key of the language, and the same for every device that has one.
pub(super) fn settle_settings(settle: &Settle) -> [(&'static str, String); 5] {
    [
        ("max_drift", format!("{} %", settle.max_drift * 100.0)),
        ("max_rise", settle.max_rise.to_string()),
        ("tau", format!("{} s", settle.tau_s)),
        ("step", format!("{} s", settle.step.as_secs_f64())),
        ("max_soak", format!("{} s", settle.max_soak.as_secs_f64())),
    ]
}

/// Conditions before the soak, from an effective profile.
pub(super) fn start_gate(profile: &Table) -> Option<StartGate> {
    let gate = profile.table("start_gate")?;
    Some(StartGate {
        max_over_ambient: Kelvin(gate.amount("max_over_ambient")?),
        rest: millis(gate, "rest")?,
        timeout: millis(gate, "timeout")?,
    })
}

fn millis(table: &Table, key: &str) -> Option<Millis> {
    table.amount(key).map(|amount| Millis(whole(amount)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_soak_that_can_show_settling_is_extended() {
        assert_eq!(settle(Millis(60_000)), None);
        assert_eq!(settle(Millis(600_000)).map(|rule| rule.max_soak), Some(SETTLE.max_soak));
        assert_eq!(settle(Millis(3_600_000)).map(|rule| rule.max_soak), Some(Millis(3_600_000)), "never cut");
    }
}
