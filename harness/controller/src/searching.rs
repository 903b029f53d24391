//! Places as they are searched: bytes of any kind go in, and places with what was found come out.

use edgesoak_golden::leak::{Search, Trail};
use edgesoak_record::leaks::{FoundSecret, PlantedIn, SearchedPlace};

/// Most places of one search; a device tells no more.
const MOST_PLACES: usize = 64;
/// Most things that are listed of one place: a device could name them without end.
const MOST_LISTED: usize = 32;
/// Most finds of one secret that are listed of one place.
const MOST_FINDS: usize = 8;
/// Longest name that is kept, bytes.
const LONGEST: usize = 200;
/// How files begin in which no search can see a text, and what they are.
const COMPRESSED: [(&[u8], &str); 4] =
    [(b"PK\x03\x04", "zip"), (b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"\xfd7zXZ\0", "xz")];
/// Bytes that tell which of these a file is.
const HEAD: usize = 6;
/// Stands in place of a name that tells a secret itself.
const WITHHELD: &str = "(a name that holds the secret)";

/// What was searched so far.
pub(crate) struct Seeker<'s> {
    search: &'s Search,
    places: Vec<Place>,
    /// What is being read.
    file: Option<Reading<'s>>,
}

/// A file that is being read.
struct Reading<'s> {
    name: String,
    head: Vec<u8>,
    trail: Trail<'s>,
}

#[derive(Default)]
struct Place {
    told: SearchedPlace,
    /// Which secret each of the found ones is, by its number in the search.
    secrets: Vec<usize>,
}

impl<'s> Seeker<'s> {
    pub(crate) fn of(search: &'s Search) -> Self {
        Self { search, places: Vec::new(), file: None }
    }

    /// A place begins.
    pub(crate) fn begin(&mut self, name: &str) {
        self.end_file();
        let name = self.safe(name);
        if self.places.len() < MOST_PLACES {
            let told = SearchedPlace { place: name, ..SearchedPlace::default() };
            self.places.push(Place { told, secrets: Vec::new() });
        } else {
            self.unread("there are more places than were searched");
        }
    }

    /// A file of it begins. Its name may hold a secret too.
    pub(crate) fn file(&mut self, name: &str) {
        self.end_file();
        let safe = self.safe(name);
        let mut trail = Trail::new(self.search);
        trail.feed(name.as_bytes());
        self.found(&safe, trail);
        self.place().told.files += 1;
        self.file = Some(Reading { name: safe, head: Vec::new(), trail: Trail::new(self.search) });
    }

    /// The next bytes of the file.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        if self.file.is_none() {
            self.file("");
        }
        if let Some(Reading { head, trail, .. }) = &mut self.file {
            head.extend(bytes.iter().take(HEAD - head.len()));
            trail.feed(bytes);
        }
        self.place().told.bytes += bytes.len() as u64;
    }

    /// Something of the place could not be read.
    pub(crate) fn unread(&mut self, why: &str) {
        let why = self.safe(why);
        let unread = &mut self.place().told.unread;
        if unread.len() < MOST_LISTED {
            unread.push(why);
        }
    }

    /// A place that should have begun and did not is one that was not read.
    pub(crate) fn expect<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        for name in names {
            if !self.places.iter().any(|place| place.told.place == name) {
                self.begin(name);
                self.unread("nothing was told of it");
            }
        }
    }

    /// Every place with what was found; `which` tells where a secret was put, and `None` that it is not one of those that
    /// are asked for.
    pub(crate) fn end(mut self, which: impl Fn(usize) -> Option<PlantedIn>) -> Vec<SearchedPlace> {
        self.end_file();
        self.of_some(&which)
    }

    /// The same of a part of the secrets, when every file was read.
    pub(crate) fn of_some(&self, which: &impl Fn(usize) -> Option<PlantedIn>) -> Vec<SearchedPlace> {
        let place = |place: &Place| {
            let found = place.told.found.iter().zip(&place.secrets);
            let found = found
                .filter_map(|(found, number)| Some(FoundSecret { secret: which(*number)?, ..found.clone() }));
            SearchedPlace { found: found.collect(), ..place.told.clone() }
        };
        self.places.iter().map(place).collect()
    }

    /// Nothing more is to come of the file that is being read.
    pub(crate) fn end_file(&mut self) {
        if let Some(Reading { name, head, trail }) = self.file.take() {
            self.found(&name, trail);
            if let Some((_, form)) = COMPRESSED.iter().find(|(magic, _)| head.starts_with(magic)) {
                self.unread(&format!("{name}: compressed ({form})"));
            }
        }
    }

    fn found(&mut self, at: &str, trail: Trail<'_>) {
        for (number, form, times) in trail.end() {
            let place = self.place();
            if place.secrets.iter().filter(|known| **known == number).count() >= MOST_FINDS {
                continue;
            }
            place.secrets.push(number);
            place.told.found.push(FoundSecret {
                // Told when the place is.
                secret: PlantedIn::Message,
                form: form.word().to_owned(),
                at: at.to_owned(),
                times: times as u64,
            });
        }
    }

    /// What may be written down of words that a device or a disk told.
    fn safe(&self, words: &str) -> String {
        if !self.search.find(words.as_bytes()).is_empty() {
            return WITHHELD.to_owned();
        }
        words[..words.floor_char_boundary(LONGEST)].chars().filter(|char| !char.is_control()).collect()
    }

    fn place(&mut self) -> &mut Place {
        if self.places.is_empty() {
            self.places.push(Place::default());
        }
        let last = self.places.len() - 1;
        &mut self.places[last]
    }
}

#[cfg(test)]
mod tests {
    use edgesoak_golden::leak::{Canary, CanaryKey};

    use super::*;

    fn secrets() -> [Canary; 2] {
        let key = CanaryKey::new([5; 32]);
        ["message", "document"].map(|place| key.canary(&["run", "s01", place]))
    }

    #[test]
    fn names_are_searched_and_never_told() {
        let secrets = secrets();
        let search = Search::new(&secrets).expect("fit");
        let mut places = Seeker::of(&search);
        places.begin("temp");
        places.file(&format!("/tmp/{}.log", secrets[1].expose()));
        places.bytes(b"nothing");
        places.unread(&format!("/tmp/{}: denied", secrets[0].expose()));
        let places = places.end(|number| PlantedIn::ALL.get(number).copied());
        let text = serde_json::to_string(&places).expect("JSON");
        assert!(search.find(text.as_bytes()).is_empty(), "{text}");
        let [place] = &places[..] else { panic!("{text}") };
        assert_eq!((place.files, place.bytes, place.unread.as_slice()), (1, 7, &[WITHHELD.to_owned()][..]));
        let [found] = &place.found[..] else { panic!("{text}") };
        assert_eq!((found.secret, &*found.form, &*found.at), (PlantedIn::Document, "plain", WITHHELD));
    }

    #[test]
    fn a_hostile_device_is_bounded() {
        let secrets = secrets();
        let search = Search::new(&secrets).expect("fit");
        let mut places = Seeker::of(&search);
        places.bytes(secrets[0].expose().as_bytes());
        for number in 0..200 {
            places.begin(&format!("place {number}\u{1b}[2J"));
            places.unread(&"x".repeat(1000));
            places.file("a");
            places.bytes(secrets[0].expose().as_bytes());
        }
        let places = places.end(|number| PlantedIn::ALL.get(number).copied());
        assert_eq!(places.len(), MOST_PLACES);
        assert!(
            places.iter().all(|place| place.found.len() <= MOST_FINDS && place.unread.len() <= MOST_LISTED)
        );
        assert!(places.iter().flat_map(|place| &place.unread).all(|why| why.len() <= LONGEST));
        assert_eq!(places[1].place, "place 0[2J");
    }

    #[test]
    fn a_place_that_nobody_told_of_was_not_read() {
        let secrets = secrets();
        let search = Search::new(&secrets).expect("fit");
        let mut places = Seeker::of(&search);
        places.begin("logs");
        places.expect(["logs", "logcat"].into_iter());
        let places = places.end(|_| None);
        let told: Vec<_> = places.iter().map(|place| (&*place.place, place.unread.len())).collect();
        assert_eq!(told, [("logs", 0), ("logcat", 1)]);
    }

    #[test]
    fn compressed_files_are_searched_as_they_are_and_count_as_unread() {
        let secrets = secrets();
        let search = Search::new(&secrets).expect("fit");
        for (magic, form) in COMPRESSED {
            let mut places = Seeker::of(&search);
            places.begin("logs");
            places.file("a.log");
            for byte in magic {
                places.bytes(&[*byte]);
            }
            places.bytes(secrets[0].expose().as_bytes());
            places.file("b.log");
            places.bytes(b"PKxx");
            let [place] = &places.end(|number| PlantedIn::ALL.get(number).copied())[..] else {
                panic!("one")
            };
            assert_eq!((place.found.len(), place.files), (1, 2));
            assert_eq!(place.unread, [format!("a.log: compressed ({form})")]);
        }
    }
}
