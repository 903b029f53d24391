//! Secrets that a session is given, so that it can be searched for them afterwards. They are made from a key that
//! lies in the host's private state, and stand in no file of a run.
//!
//! ```text
//! <state>/canary-key            32 bytes, hexadecimal
//!         planted/<run>-<session>   the items of a session that is being provisioned; deleted when the device has them
//! ```

use std::io;
use std::path::{Path, PathBuf};

use edgesoak_golden::leak::{Canary, CanaryKey, Search, WeakSecret};
use edgesoak_protocol::journal;
use edgesoak_record::hex;
use edgesoak_record::leaks::{Planted, PlantedIn, SecretAnswered};
use edgesoak_record::plan::{NamedTemplate, Template};
use serde_json::json;

use crate::world::{Disk, World};

/// Name of the key's file, below the state directory.
const KEY: &str = "canary-key";
/// A key and a line feed.
const MOST: u64 = 80;
/// Longest answer to a prompt with a secret where no golden set says it, tokens.
pub(crate) const TOKENS: u32 = 48;

/// Where the key lies.
pub(crate) fn key_file(state_dir: &Path) -> PathBuf {
    state_dir.join(KEY)
}

/// Where the items of a session lie while they are being pushed: they hold the secrets, and a run must not.
pub(crate) fn items_file(state_dir: &Path, run: &str, session: &str) -> PathBuf {
    state_dir.join("planted").join(format!("{run}-{session}"))
}

/// The host's key; made where it has none.
pub(crate) fn key(world: &World, state_dir: &Path) -> io::Result<CanaryKey> {
    let disk = world.disk.as_ref();
    match known_key(disk, state_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        known => return known,
    }
    let fresh = hex(&world.randomness.secret());
    disk.create_dirs(state_dir)?;
    // Two processes that make one each would plant secrets that the other cannot make again.
    let _lock = disk.lock(&state_dir.join("canary-key.lock"))?.ok_or(io::ErrorKind::WouldBlock)?;
    if let Err(error) = known_key(disk, state_dir)
        && error.kind() == io::ErrorKind::NotFound
    {
        disk.write_atomically(&key_file(state_dir), fresh.as_bytes())?;
    }
    known_key(disk, state_dir)
}

/// The host's key, if it has one.
pub(crate) fn known_key(disk: &dyn Disk, state_dir: &Path) -> io::Result<CanaryKey> {
    let text = disk.read(&key_file(state_dir), MOST)?;
    let bytes = bytes(text.trim_ascii()).ok_or(io::ErrorKind::InvalidData)?;
    Ok(CanaryKey::new(bytes))
}

/// 32 bytes of as many pairs of hexadecimal digits.
fn bytes(text: &[u8]) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .iter()
        .map(|digit| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    if rest.is_empty() { bytes.try_into().ok() } else { None }
}

/// The secrets of one session.
#[derive(Debug)]
pub(crate) struct Canaries {
    key: String,
    secrets: Vec<(PlantedIn, Canary)>,
    search: Search,
}

impl Canaries {
    /// Those that reach the runtime by this template.
    pub(crate) fn of(
        key: &CanaryKey,
        run: &str,
        session: &str,
        template: &Template,
    ) -> Result<Self, WeakSecret> {
        let secret = |place: &PlantedIn| (*place, key.canary(&[run, session, place.word()]));
        let secrets: Vec<_> = planted_by(template).iter().map(secret).collect();
        let search = Search::new(&secrets.iter().map(|(_, secret)| secret).collect::<Vec<_>>())?;
        Ok(Self { key: key.name(), secrets, search })
    }

    pub(crate) fn planted(&self) -> Planted {
        Planted { key: self.key.clone(), secrets: self.secrets.iter().map(|(place, _)| *place).collect() }
    }

    /// Which key they were made with.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn search(&self) -> &Search {
        &self.search
    }

    /// Where the secret was put that a search counts as this one.
    pub(crate) fn place(&self, secret: usize) -> Option<PlantedIn> {
        self.secrets.get(secret).map(|(place, _)| *place)
    }

    /// How many prompts hold one.
    pub(crate) fn prompts(&self) -> u32 {
        u32::try_from(self.secrets.len()).unwrap_or(u32::MAX)
    }

    /// The prompts, as the agent reads items: a JSON object a line.
    pub(crate) fn pushed(&self) -> Vec<u8> {
        let line = |(place, secret): &(PlantedIn, Canary)| item(*place, secret.expose()) + "\n";
        self.secrets.iter().map(line).collect::<String>().into_bytes()
    }

    /// What became of prompt `number`, where the answer is to the item that stands there.
    pub(crate) fn answered(
        &self,
        number: u32,
        answer: &journal::Answer,
        finish: &str,
    ) -> Option<SecretAnswered> {
        let secret = self.place(usize::try_from(number).ok()?).filter(|place| id(*place) == answer.item)?;
        let is_handled = matches!(finish, "eos" | "length") && !answer.text.expose().is_empty();
        Some(SecretAnswered { index: answer.index, secret, finish: finish.to_owned(), is_handled })
    }
}

/// Where secrets are put. A question that goes out bare drops every document: a secret in one would be answered without
/// having been given to anybody.
fn planted_by(template: &Template) -> &'static [PlantedIn] {
    match template {
        Template::Named(NamedTemplate::Question) => &[PlantedIn::Message],
        Template::Artifact | Template::File(_) => &PlantedIn::ALL,
    }
}

/// Id of the item that holds a secret.
fn id(place: PlantedIn) -> String {
    format!("planted-{}", place.word())
}

/// A prompt that makes a model work with the secret.
fn item(place: PlantedIn, secret: &str) -> String {
    let ask = |content: String| json!([{ "role": "user", "content": content }]);
    let item = match place {
        PlantedIn::Message => json!({
            "id": id(place),
            "messages": ask(format!(
                "My access code for today's job is {secret}. Repeat the code and confirm that you have noted it."
            )),
            "docs": [],
        }),
        PlantedIn::Document => json!({
            "id": id(place),
            "messages": ask("What is the access code of the valve room?".to_owned()),
            "docs": [],
            "inline": [{
                "id": id(place),
                "title": "Access to the valve room",
                "text": format!("The valve room is locked. Its access code is {secret}. Close the door behind you."),
            }],
        }),
    };
    item.to_string()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_private() {
        let dir = tempfile::tempdir().expect("a folder");
        let (world, state) = (World::real(), dir.path().join("state"));
        assert!(known_key(world.disk.as_ref(), &state).is_err());
        let first = key(&world, &state).expect("made").name();
        assert_eq!(key(&world, &state).expect("kept").name(), first);
        let mode = std::fs::metadata(key_file(&state)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for damaged in ["", "0", &"z".repeat(64), &"0".repeat(62), &"0".repeat(66)] {
            std::fs::write(key_file(&state), damaged).expect("room");
            let error = key(&world, &state).expect_err("no other key takes its place");
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{damaged}");
        }
    }

    #[test]
    fn each_secret_stands_in_its_prompt_and_nowhere_else() {
        let canaries =
            Canaries::of(&CanaryKey::new([1; 32]), "run", "s01", &Template::Artifact).expect("fit");
        let lines = canaries.pushed();
        let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
        assert_eq!((lines.len(), canaries.prompts()), (2, 2));
        for (number, line) in lines.into_iter().enumerate() {
            let found: Vec<usize> = canaries.search().find(line).iter().map(|hit| hit.secret).collect();
            assert_eq!(found, [number]);
            let item: serde_json::Value = serde_json::from_slice(line).expect("JSON");
            assert_eq!(item["id"], id(PlantedIn::ALL[number]));
        }
        let told = serde_json::to_vec(&canaries.planted()).expect("JSON");
        assert!(canaries.search().find(&told).is_empty());
        assert!(canaries.search().find(format!("{canaries:?}").as_bytes()).is_empty());
    }

    #[test]
    fn a_bare_question_is_given_no_secret_in_a_document() {
        let bare = Template::Named(NamedTemplate::Question);
        let canaries = Canaries::of(&CanaryKey::new([1; 32]), "run", "s01", &bare).expect("fit");
        assert_eq!(canaries.planted().secrets, [PlantedIn::Message]);
        let pushed = String::from_utf8(canaries.pushed()).expect("text");
        assert_eq!((pushed.lines().count(), canaries.prompts()), (1, 1));
        assert!(pushed.contains("planted-message") && !pushed.contains("inline"), "{pushed}");
    }

    #[test]
    fn only_an_answer_with_words_shows_that_a_prompt_was_handled() {
        let canaries =
            Canaries::of(&CanaryKey::new([1; 32]), "run", "s01", &Template::Artifact).expect("fit");
        let answer = |item: &str, text: &str| journal::Answer {
            index: 5,
            prompt: 9,
            item: item.to_owned(),
            finish: String::new(),
            documents: Vec::new(),
            is_cut: false,
            text: journal::AnswerText::new(text.to_owned()),
        };
        let handled = |item: &str, text: &str, finish: &str| {
            canaries.answered(1, &answer(item, text), finish).map(|answered| answered.is_handled)
        };
        assert_eq!(handled("planted-document", "It is so.", "eos"), Some(true));
        assert_eq!(handled("planted-document", "", "eos"), Some(false));
        assert_eq!(handled("planted-document", "It is so.", "refused"), Some(false));
        assert_eq!(handled("planted-message", "It is so.", "eos"), None);
    }
}
