//! Why the verdict may be believed, and how far.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::session::Channel;
use edgesoak_record::{Gate, Quantity, Run, SessionRecord};

use super::Fact;
use super::sources::Pair;
use super::standing::Standing;
use crate::words::number::{Amount, fixed, plural};
use crate::words::text::digest;

pub(super) fn facts(run: &Run, pairs: &[Pair<'_>]) -> Vec<Fact> {
    vec![
        sessions(pairs),
        telemetry(pairs),
        units(run, pairs),
        virtuals(pairs),
        heat(pairs),
        spread(run),
        policy(run),
    ]
}

fn sessions(pairs: &[Pair<'_>]) -> Fact {
    let counted = |standing: Standing| pairs.iter().filter(|pair| pair.standing() == standing).count();
    let completed = counted(Standing::Completed);
    let rest: Vec<String> =
        [Standing::Interrupted, Standing::NotRun, Standing::Unfinished, Standing::Unknown]
            .into_iter()
            .filter(|standing| counted(*standing) > 0)
            .map(|standing| format!("{} {}", counted(standing), standing.word()))
            .collect();
    Fact::new("Sessions", format!("{} planned, {completed} completed", pairs.len()), rest.join(", "))
}

fn telemetry(pairs: &[Pair<'_>]) -> Fact {
    let worst = pairs
        .iter()
        .filter_map(|pair| pair.gate(Gate::DataCoverage)?.measured)
        .filter(|share| share.is_finite())
        .reduce(f64::min);
    match worst {
        Some(share) => Fact::new("Telemetry", Amount::of(share, "ratio").full(), "least of all sessions"),
        None => Fact::new("Telemetry", "not known", "no coverage figure"),
    }
}

fn units(run: &Run, pairs: &[Pair<'_>]) -> Fact {
    let mut families: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| !pair.is_virtual()) {
        families.entry(pair.family()).or_default().insert(pair.device());
    }
    let needed = run.plan.policy.units_per_family;
    let least = families.values().map(BTreeSet::len).min();
    match least {
        Some(units) => {
            Fact::new("Units", format!("{units} of {needed}"), "that a claim about a family needs")
        }
        None => Fact::new("Units", "no hardware", ""),
    }
}

fn virtuals(pairs: &[Pair<'_>]) -> Fact {
    let count = pairs.iter().filter(|pair| pair.is_virtual()).count();
    match count {
        0 => Fact::new("Virtual devices", "none", ""),
        count => Fact::new("Virtual devices", format!("◇ {count}"), "never prove heat of hardware"),
    }
}

fn heat(pairs: &[Pair<'_>]) -> Fact {
    let with = pairs.iter().filter(|pair| has_sensor(pair)).count();
    let text = if with == pairs.len() && with > 0 {
        "on every device".to_owned()
    } else {
        format!("on {with} of {}", pairs.len())
    };
    let known = pairs.iter().filter(|pair| pair.record.is_some_and(knows_the_room)).count();
    let room = match known {
        0 => "ambient not measured".to_owned(),
        all if all == pairs.len() => "ambient measured everywhere".to_owned(),
        some => format!("ambient measured on {some} of {}", pairs.len()),
    };
    Fact::new("Heat sensors", text, room)
}

/// Whether a probe of the lab or a channel of the device itself read the air around it.
fn knows_the_room(record: &SessionRecord) -> bool {
    let own = |channel: &Channel| {
        channel.quantity == Quantity::Ambient
            && channel.missing.is_none()
            && (channel.samples.is_empty() || channel.samples.iter().any(|sample| sample.value.is_ok()))
    };
    record.ambient.iter().any(|reading| reading.celsius.is_ok()) || record.channels.iter().any(own)
}

fn has_sensor(pair: &Pair<'_>) -> bool {
    pair.record.is_some_and(|record| {
        record.channels.iter().any(|channel| {
            channel.quantity == Quantity::Temperature
                && channel.missing.is_none()
                // A session without a section of its own comes without samples.
                && (channel.samples.is_empty() || channel.samples.iter().any(|sample| sample.value.is_ok()))
        })
    })
}

fn spread(run: &Run) -> Fact {
    let known = &run.history.between_run_sigma;
    let worst = known.iter().map(|entry| entry.sigma).filter(|sigma| sigma.is_finite()).reduce(f64::max);
    match worst {
        Some(sigma) => {
            let remark = format!("from history of {}", plural(known.len(), "device"));
            Fact::new("Spread between runs", format!("{}\u{a0}%", fixed(sigma * 100.0, 1)), remark)
        }
        None => Fact::new("Spread between runs", "a prior", "no history yet"),
    }
}

fn policy(run: &Run) -> Fact {
    Fact::new("Policy", digest(&run.plan.policy_digest), "")
}
