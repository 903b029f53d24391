//! Secrets of a run in what a host keeps: each is found wherever and however it is written, and nothing else is.

use edgesoak_golden::leak::CanaryKey;

use super::*;

/// Where a host, or what was pulled from a device, may hold a text.
const PLACES: [&str; 12] = [
    "host.journal",
    "s01/device.journal",
    "s01/job.json",
    "s01/agent.log",
    "inputs/0f",
    "report.html",
    "junit.xml",
    "summary.md",
    "metrics.txt",
    "edgesoak.db",
    "edgesoak.db-wal",
    "bugreport/tombstone_00",
];
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(text: &str) -> Vec<u8> {
    let bits: Vec<bool> =
        text.bytes().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
    bits.chunks(6)
        .map(|six| {
            LETTERS[(0..6).fold(0, |sum, at| sum << 1 | usize::from(six.get(at).is_some_and(|bit| *bit)))]
        })
        .collect()
}

/// Writes a text down.
type Write = fn(&str) -> Vec<u8>;

fn forms() -> [(&'static str, Write); 6] {
    [
        ("plain", |text| text.as_bytes().to_vec()),
        ("base64", base64),
        ("hex", |text| text.bytes().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()),
        ("url", |text| text.bytes().flat_map(|byte| format!("%{byte:02X}").into_bytes()).collect()),
        ("utf16", |text| text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("split", |text| {
            text.as_bytes().chunks(11).flat_map(|part| [part, b"\",\n    \""].concat()).collect()
        }),
    ]
}

/// Secrets of two sessions of a run.
fn secrets(run: &str) -> (RunSecrets, CanaryKey) {
    let key = || CanaryKey::new([9; 32]);
    let whose: Vec<Whose> = ["s01", "s02"]
        .iter()
        .flat_map(|session| PlantedIn::ALL.map(|place| ((*session).to_owned(), place)))
        .collect();
    let canaries: Vec<Canary> =
        whose.iter().map(|(session, place)| key().canary(&[run, session, place.word()])).collect();
    let search = Search::new(&canaries).expect("fit");
    (RunSecrets { run: run.to_owned(), key: key().name(), searches: vec![(search, whose)] }, key())
}

/// Files of a run without any secret.
fn clean(folder: &Path) {
    for (number, place) in PLACES.iter().enumerate() {
        let path = folder.join(place);
        fs::create_dir_all(path.parent().expect("a folder")).expect("room");
        let line = |n: usize| {
            let digest = edgesoak_record::hex(&[u8::try_from((n * 7 + number) % 251).unwrap_or(0); 16]);
            format!(
                "{{\"kind\":\"noted\",\"n\":{n},\"sha256\":\"{digest}\",\"text\":\"The access code is not here.\"}}\n"
            )
        };
        fs::write(path, (0..150).map(line).collect::<String>()).expect("room");
    }
}

fn found(secrets: &RunSecrets, folder: &Path) -> Vec<(String, FoundIn)> {
    let mut hunt = secrets.hunt(Side::Host);
    for place in PLACES {
        hunt.begin(place);
        hunt.path(&folder.join(place), folder);
    }
    let sessions = hunt.end();
    assert!(sessions.values().flatten().all(|place| place.files == 1 && place.bytes > 10_000));
    let each = sessions.into_iter().flat_map(|(session, places)| {
        places.into_iter().flat_map(move |place| {
            let session = session.clone();
            place
                .found
                .into_iter()
                .map(move |found| (session.clone(), (place.place.clone(), found.secret, found.form)))
        })
    });
    each.collect()
}

type FoundIn = (String, PlantedIn, String);

#[test]
fn every_form_in_every_place_is_found_and_told_to_its_session() {
    let dir = tempfile::tempdir().expect("a folder");
    let (secrets, key) = secrets("run-1");
    for (word, form) in forms() {
        clean(dir.path());
        for (number, place) in PLACES.iter().enumerate() {
            let secret = key.canary(&["run-1", "s02", PlantedIn::ALL[number % 2].word()]);
            let path = dir.path().join(place);
            let mut bytes = fs::read(&path).expect("there");
            let at = bytes.len() * (number + 1) / 13;
            bytes.splice(at..at, form(secret.expose()));
            fs::write(path, bytes).expect("room");
        }
        let found = found(&secrets, dir.path());
        for (number, place) in PLACES.iter().enumerate() {
            let expected =
                ("s02".to_owned(), ((*place).to_owned(), PlantedIn::ALL[number % 2], word.to_owned()));
            assert!(found.contains(&expected), "{word} in {place}: {found:?}");
        }
        assert!(found.iter().all(|(session, _)| session == "s02"), "{word}: {found:?}");
    }
}

#[test]
fn a_hundred_clean_runs_hold_none() {
    let dir = tempfile::tempdir().expect("a folder");
    clean(dir.path());
    for number in 0..100 {
        let (secrets, _) = secrets(&format!("run-{number}"));
        assert_eq!(found(&secrets, dir.path()), [], "run {number}");
    }
}

#[test]
fn what_cannot_be_read_is_told_and_what_is_not_there_holds_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let (secrets, _) = secrets("run-1");
    let mut deep = dir.path().join("deep");
    for _ in 0..=DEEPEST {
        deep.push("d");
    }
    fs::create_dir_all(&deep).expect("room");
    let mut hunt = secrets.hunt(Side::Host);
    hunt.begin("folder");
    hunt.path(dir.path(), dir.path());
    hunt.path(&dir.path().join("nowhere"), dir.path());
    let sessions = hunt.end();
    let unread = &sessions["s01"][0].unread;
    assert!(matches!(&unread[..], [why] if why.ends_with("it lies too deep")), "{unread:?}");
}

#[test]
fn links_count_as_unread_but_where_a_person_names_one() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().expect("a folder");
    let (secrets, key) = secrets("run-1");
    let secret = key.canary(&["run-1", "s01", "message"]);
    let at = |name: &str| dir.path().join(name);
    fs::create_dir(at("real")).expect("room");
    fs::write(at("real/file"), secret.expose()).expect("room");
    symlink(at("real"), at("folder")).expect("a link");
    symlink(at("real/file"), at("link")).expect("a link");
    let searched = |search: &dyn Fn(&mut Hunt<'_>)| {
        let mut hunt = secrets.hunt(Side::Host);
        hunt.begin("files");
        search(&mut hunt);
        let place = hunt.end()["s01"][0].clone();
        (place.files, place.found.len(), place.unread.len())
    };
    for name in ["folder", "link"] {
        assert_eq!(searched(&|hunt| hunt.path(&at(name), dir.path())), (0, 0, 1), "{name}");
        assert_eq!(searched(&|hunt| hunt.given(&at(name))), (1, 1, 0), "{name}");
    }
    assert_eq!(searched(&|hunt| hunt.given(Path::new("/dev/null"))), (0, 0, 1), "a device has no end");
    assert_eq!(searched(&|hunt| hunt.given(&at("nowhere"))), (0, 0, 1));
    let (reader, mut writer) = io::pipe().expect("a pipe");
    io::Write::write_all(&mut writer, secret.expose().as_bytes()).expect("room");
    drop(writer);
    let pipe = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
    assert_eq!(searched(&|hunt| hunt.given(Path::new(&pipe))), (1, 1, 0));
}
