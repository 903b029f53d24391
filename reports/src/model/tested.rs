//! What was tested, so that a reader knows what the verdict is about.

use std::collections::BTreeSet;

use edgesoak_record::comparison::Reference;
use edgesoak_record::plan::{NamedTemplate, PlannedSession, Template};
use edgesoak_record::{Run, SessionRecord};

use super::Fact;
use super::sources::Pair;
use crate::background::Earlier;
use crate::words::text::{digest, name};
use crate::words::time::{date, span};

/// More different values than this are counted, not listed.
const MOST: usize = 2;

pub(super) fn facts(run: &Run, pairs: &[Pair<'_>], earlier: &[Earlier]) -> Vec<Fact> {
    let records: Vec<&SessionRecord> = pairs.iter().filter_map(|pair| pair.record).collect();
    let planned = |text: &dyn Fn(&PlannedSession) -> Option<String>| {
        listed(records.iter().filter_map(|record| text(&record.planned)).collect())
    };
    let mut facts = vec![
        Fact::new("Candidate", planned(&|plan| Some(candidate(plan))), ""),
        Fact::new("Export of", planned(&|plan| plan.candidate.export_of.as_deref().map(name)), ""),
        Fact::new("Runtime", listed(records.iter().map(|record| runtime(record)).collect()), ""),
        Fact::new("Route", planned(&|plan| Some(name(&plan.route.title))), ""),
        Fact::new("Golden set", planned(&|plan| plan.route.golden_set.as_deref().map(name)), ""),
        Fact::new("Template", planned(&|plan| Some(template(plan))), ""),
        Fact::new("Soak", planned(&|plan| Some(workload(plan))), ""),
        Fact::new(
            "Plan",
            name(&run.plan.id),
            format!("{}, tier {}", name(&run.plan.profile), name(&run.plan.policy.tier)),
        ),
        Fact::new("Run", name(&run.id), date(run.opened)),
    ];
    let known = earlier.iter().filter(|earlier| !earlier.sessions.is_empty());
    facts.splice(2..2, known.map(against));
    facts.retain(|fact| !fact.value.is_empty());
    facts
}

fn against(earlier: &Earlier) -> Fact {
    let label = match earlier.reference {
        Reference::Previous => "Against",
        Reference::Pinned => "Pinned",
    };
    Fact::new(label, name(&earlier.name), "")
}

fn listed(values: BTreeSet<String>) -> String {
    let more = values.len().saturating_sub(MOST);
    let text = values.into_iter().take(MOST).collect::<Vec<_>>().join("; ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

fn candidate(plan: &PlannedSession) -> String {
    let quantisation = plan.candidate.quantisation.as_deref().map(|text| format!(" {}", name(text)));
    format!(
        "{}{} · {}",
        name(&plan.candidate.id),
        quantisation.unwrap_or_default(),
        digest(&plan.candidate.sha256)
    )
}

fn runtime(record: &SessionRecord) -> String {
    match &record.runtime {
        Some(runtime) => format!("{}, {}", name(&runtime.runtime), name(&runtime.version)),
        None => format!("{}, version not seen", name(&record.planned.candidate.runtime)),
    }
}

fn workload(plan: &PlannedSession) -> String {
    let soak = span(plan.workload.duration.as_secs_f64());
    if plan.workload.is_of_items {
        return format!("{soak}, items answered to their own end");
    }
    format!("{soak}, {} tokens an answer", plan.workload.output_tokens)
}

fn template(plan: &PlannedSession) -> String {
    match &plan.workload.template {
        Template::File(file) => digest(&file.sha256),
        Template::Artifact => "of the artifact".to_owned(),
        Template::Named(NamedTemplate::Question) => "none, the question alone".to_owned(),
    }
}
