//! Secrets that a session is given on purpose, and where they were looked for afterwards. Never a secret itself.

use serde::{Deserialize, Serialize};

/// Where a secret was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlantedIn {
    /// In what the user says.
    Message,
    /// In a document in front of the question.
    Document,
}

impl PlantedIn {
    /// Every place, in the order in which they are asked.
    pub const ALL: [Self; 2] = [Self::Message, Self::Document];

    /// The word in journals and reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Document => "document",
        }
    }
}

/// Secrets of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planted {
    /// Says which key they were made with, without telling it: another key makes other secrets, and a search for those
    /// would find nothing.
    pub key: String,
    /// Where each was put.
    pub secrets: Vec<PlantedIn>,
}

/// What became of the prompt that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretAnswered {
    /// Counts the answers of the session from 0.
    pub index: u32,
    /// Which secret.
    pub secret: PlantedIn,
    /// `length` or `eos`; `refused` where the runtime refused the prompt; `other` for any other word of the device.
    pub finish: String,
    /// The model read the prompt and said something.
    pub is_handled: bool,
}

/// Where a search looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// On the device, after inputs were deleted and changes undone.
    Device,
    /// On the host, in what it keeps of the run.
    Host,
    /// In what is rendered for people and machines.
    Reports,
}

impl Side {
    /// Every side, in the order in which they are searched.
    pub const ALL: [Self; 3] = [Self::Device, Self::Host, Self::Reports];

    /// In words, for the middle of a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Device => "the device",
            Self::Host => "what the host keeps",
            Self::Reports => "the reports",
        }
    }
}

/// One search for the secrets of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// Where.
    pub side: Side,
    /// As in [`Planted`].
    pub key: String,
    /// Every place of that side.
    pub places: Vec<SearchedPlace>,
}

/// One place that was searched, or was to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchedPlace {
    /// Its name, such as `logcat`.
    pub place: String,
    /// Files that were read.
    pub files: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// What of it could not be read, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<FoundSecret>,
}

/// A secret where it must not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundSecret {
    /// Which.
    pub secret: PlantedIn,
    /// In which form: `plain`, `split`, `base64`, `hex`, `url`, `utf16`.
    pub form: String,
    /// Which file or buffer of the place, without what follows the first letters of a name that tells a secret itself.
    pub at: String,
    /// How often a part of it was seen.
    pub times: u64,
}

/// Secrets of a session and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeakRecord {
    /// What was planted.
    pub planted: Planted,
    /// Prompts with secrets that came to an end.
    pub answered: Vec<SecretAnswered>,
    /// Searches for them; of each side the last one.
    pub searches: Vec<Searched>,
}

impl LeakRecord {
    /// Nothing but what was planted.
    #[must_use]
    pub fn of(planted: Planted) -> Self {
        Self { planted, answered: Vec::new(), searches: Vec::new() }
    }

    /// Takes a search in: it stands in the place of an earlier one of the same side, unless that one found something
    /// that is no longer there.
    pub fn take(&mut self, mut searched: Searched) {
        let earlier = self.searches.iter().position(|known| known.side == searched.side);
        let Some(earlier) = earlier.map(|at| self.searches.remove(at)) else {
            self.searches.push(searched);
            return;
        };
        for before in earlier.places.into_iter().filter(|place| !place.found.is_empty()) {
            match searched.places.iter_mut().find(|place| place.place == before.place) {
                Some(now) => now.found.extend(
                    before
                        .found
                        .into_iter()
                        .filter(|found| {
                            !now.found
                                .iter()
                                .any(|known| (&known.at, &known.form) == (&found.at, &found.form))
                        })
                        .collect::<Vec<_>>(),
                ),
                None => searched.places.push(before),
            }
        }
        self.searches.push(searched);
    }

    /// What was found, place by place.
    pub fn found(&self) -> impl Iterator<Item = (Side, &SearchedPlace, &FoundSecret)> {
        self.searches.iter().flat_map(|searched| {
            let side = searched.side;
            searched
                .places
                .iter()
                .flat_map(move |place| place.found.iter().map(move |found| (side, place, found)))
        })
    }

    /// Secrets whose prompts the model handled.
    #[must_use]
    pub fn handled(&self) -> usize {
        let is_handled = |secret: &&PlantedIn| {
            self.answered.iter().any(|answered| answered.secret == **secret && answered.is_handled)
        };
        self.planted.secrets.iter().filter(is_handled).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searched(place: &str, at: &[&str]) -> Searched {
        let found = |at: &&str| FoundSecret {
            secret: PlantedIn::Message,
            form: "plain".to_owned(),
            at: (*at).to_owned(),
            times: 1,
        };
        let found = at.iter().map(found).collect();
        let place = SearchedPlace { place: place.to_owned(), found, ..SearchedPlace::default() };
        Searched { side: Side::Device, key: "k".to_owned(), places: vec![place] }
    }

    #[test]
    fn a_later_search_does_not_clear_what_an_earlier_one_found() {
        let mut record = LeakRecord::of(Planted { key: "k".to_owned(), secrets: PlantedIn::ALL.to_vec() });
        record.take(searched("logcat", &["main"]));
        record.take(searched("logcat", &[]));
        record.take(searched("temp", &["a", "b"]));
        record.take(searched("temp", &["b"]));
        let found: Vec<_> = record.found().map(|(_, place, found)| (&*place.place, &*found.at)).collect();
        assert_eq!(record.searches.len(), 1);
        assert_eq!(found, [("temp", "b"), ("temp", "a"), ("logcat", "main")]);
    }

    #[test]
    fn only_secrets_that_the_model_handled_count() {
        let mut record = LeakRecord::of(Planted { key: "k".to_owned(), secrets: PlantedIn::ALL.to_vec() });
        let answered = |index, secret, is_handled| SecretAnswered {
            index,
            secret,
            finish: "eos".to_owned(),
            is_handled,
        };
        record.answered = vec![
            answered(0, PlantedIn::Message, true),
            answered(1, PlantedIn::Message, true),
            answered(2, PlantedIn::Document, false),
        ];
        assert_eq!(record.handled(), 1);
    }
}
