//! Four figures of a comparison: the worst change against either reference, answers, units.

use edgesoak_record::Outcome;
use edgesoak_record::comparison::{AnswersChange, Change, Comparison, DeviceComparison, Reference};

use super::signed;
use crate::model::Tile;
use crate::words::gate::Mood;
use crate::words::number::{Amount, plural};
use crate::words::text::{name, sentence, word};

/// The tiles of the first screen.
pub(super) fn tiles(comparison: &Comparison) -> Vec<Tile> {
    let of = |reference: Reference| {
        change(comparison, reference)
            .unwrap_or_else(|| Tile::empty(head(reference), "not asked", "no such reference"))
    };
    vec![of(Reference::Previous), of(Reference::Pinned), answers(comparison), units(comparison)]
}

fn head(reference: Reference) -> &'static str {
    match reference {
        Reference::Previous => "Against the previous release",
        Reference::Pinned => "Against the pinned reference",
    }
}

/// The worst change against a reference; `None` where nothing was held against it.
pub(crate) fn change(comparison: &Comparison, reference: Reference) -> Option<Tile> {
    let changes = comparison.devices.iter().flat_map(|device| {
        device.changes.iter().filter(|change| change.reference == reference).map(move |it| (device, it))
    });
    let rank = |(device, change): &(&DeviceComparison, &Change)| {
        (!device.blocking, Mood::from(change.outcome), change.change.unwrap_or(f64::MAX))
    };
    let (device, change) = changes
        .min_by(|one, other| rank(one).partial_cmp(&rank(other)).unwrap_or(std::cmp::Ordering::Equal))?;
    let mut detail = vec![format!("may lose {}", Amount::limit(-change.limit, "ratio").full())];
    if let (Some(lo), Some(hi)) = (change.lo, change.hi) {
        detail.push(format!("{} to {}", signed(Some(lo)), signed(Some(hi))));
    }
    if change.outcome == Outcome::NotProven {
        detail.extend(change.cause.as_deref().map(word));
    }
    Some(Tile {
        mood: change.outcome.into(),
        value: change.change.map_or_else(|| "not proven".to_owned(), |part| signed(Some(part))),
        device: format!("{} · {}", name(&device.device), name(&device.route)),
        is_virtual: device.is_virtual,
        ..Tile::empty(head(reference), "", detail.join(" · "))
    })
}

fn answers(comparison: &Comparison) -> Tile {
    const TITLE: &str = "Answers to golden items";
    let all = comparison.devices.iter().flat_map(|device| {
        device.changes.iter().filter_map(move |change| Some((device, change.answers.as_ref()?)))
    });
    let rank = |(device, answers): &(&DeviceComparison, &AnswersChange)| {
        (!device.blocking, Mood::from(answers.outcome), answers.difference.unwrap_or(f64::MAX))
    };
    let worst =
        all.min_by(|one, other| rank(one).partial_cmp(&rank(other)).unwrap_or(std::cmp::Ordering::Equal));
    let Some((device, answers)) = worst else {
        return Tile::empty(TITLE, "not asked", "no items that both sides were asked");
    };
    let detail = format!(
        "{} lost, {} gained of {}",
        answers.only_reference,
        answers.only_candidate,
        plural(usize::try_from(answers.n).unwrap_or(usize::MAX), "item")
    );
    Tile {
        mood: answers.outcome.into(),
        value: signed(answers.difference),
        device: format!("{} · {}", name(&device.device), name(&device.route)),
        is_virtual: device.is_virtual,
        ..Tile::empty(TITLE, "", detail)
    }
}

fn units(comparison: &Comparison) -> Tile {
    const TITLE: &str = "Units that hold";
    let hardware = comparison.devices.iter().filter(|device| !device.is_virtual).count();
    let compared = comparison.devices.iter().filter(|device| device.outcome == Outcome::Pass).count();
    let open = comparison.families.iter().find(|family| family.outcome != Outcome::Pass);
    let mood = open.map_or(Mood::Info, |family| family.outcome.into());
    let detail = open.map_or_else(
        || format!("{} of hardware", plural(hardware, "unit")),
        |family| sentence(&family.sentence),
    );
    let value = format!("{compared} of {}", comparison.devices.len());
    Tile { mood, ..Tile::empty(TITLE, &value, detail) }
}
