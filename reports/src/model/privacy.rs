//! What was proven of a session's privacy, and by which evidence.

use edgesoak_record::leaks::{LeakRecord, SearchedPlace, Side};
use edgesoak_record::{Gate, SessionRecord};

use super::sources::Pair;
use crate::words::gate::Mood;
use crate::words::number::count;
use crate::words::text::{name, sentence};

/// Most places that are listed.
const MOST_PLACES: usize = 60;

/// What is known of a session's privacy; only where secrets were planted or golden items were asked.
#[derive(Debug, Clone)]
pub(crate) struct Privacy {
    /// What was proven, with the words of its gate.
    pub proofs: Vec<ProofRow>,
    /// What is kept of the answers.
    pub answers: String,
    pub places: Vec<PlaceRow>,
}

/// One promise.
#[derive(Debug, Clone)]
pub(crate) struct ProofRow {
    pub title: &'static str,
    pub mood: Mood,
    pub sentence: String,
}

/// One place that was searched.
#[derive(Debug, Clone)]
pub(crate) struct PlaceRow {
    pub side: &'static str,
    pub place: String,
    pub files: String,
    pub kib: String,
    pub found: String,
}

impl Privacy {
    pub fn of(pair: &Pair<'_>) -> Option<Self> {
        let record = pair.record?;
        if record.leaks.is_none() && record.golden.is_none() {
            return None;
        }
        let proof = |title, gate: Gate| {
            let result = pair.gate(gate)?;
            Some(ProofRow { title, mood: Mood::from(result.outcome), sentence: sentence(&result.sentence) })
        };
        let proofs =
            [proof("Nothing left the device", Gate::Privacy), proof("Nothing was left behind", Gate::Leaks)];
        Some(Self {
            proofs: proofs.into_iter().flatten().collect(),
            answers: answers(record),
            places: record.leaks.as_ref().map(places).unwrap_or_default(),
        })
    }
}

fn answers(record: &SessionRecord) -> String {
    let Some(golden) = &record.golden else {
        return "No answer was kept: what was said to prompts with secrets is forgotten at once.".to_owned();
    };
    let sensitive = golden.answers.iter().filter(|answer| answer.scored.sensitive).count() as u64;
    let texts = golden.answers.iter().filter(|answer| answer.text.is_some()).count() as u64;
    let kept = match texts {
        0 => "No text of an answer is stored: digests and scores only.".to_owned(),
        texts => format!(
            "Texts of {} answers are stored; `edgesoak store purge --texts --run RUN` removes them.",
            count(texts)
        ),
    };
    let never = match sensitive {
        0 => String::new(),
        sensitive => {
            format!(" {} answers are sensitive, and their texts are never stored.", count(sensitive))
        }
    };
    kept + &never
}

fn places(record: &LeakRecord) -> Vec<PlaceRow> {
    let all = record
        .searches
        .iter()
        .flat_map(|searched| searched.places.iter().map(|place| (searched.side, place)));
    all.take(MOST_PLACES).map(|(side, place)| PlaceRow::of(side, place)).collect()
}

impl PlaceRow {
    fn of(side: Side, place: &SearchedPlace) -> Self {
        let forms: Vec<&str> = place.found.iter().map(|found| found.form.as_str()).collect();
        let found = match (place.found.first(), place.unread.first()) {
            (Some(first), _) => format!("secret in {} ({})", first.at, forms.join(", ")),
            (None, Some(why)) => format!("not read: {why}"),
            (None, None) => "nothing".to_owned(),
        };
        Self {
            side: match side {
                Side::Device => "device",
                Side::Host => "host",
                Side::Reports => "reports",
            },
            place: name(&place.place),
            files: count(place.files),
            kib: count(place.bytes.div_ceil(1024)),
            found: sentence(&found),
        }
    }
}
