use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Form, Search, WeakSecret, percent};
use crate::leak::encoded;

const SECRET: &str = "canary-7QX2-m4Zk9-Tb81wLpR";
const OTHER: &str = "canary2-zz0Vd83Jq6YhN1xC5s";

static SEARCH: LazyLock<Search> = LazyLock::new(|| Search::new(&[OTHER, SECRET]).expect("sound secrets"));

fn forms(bytes: &[u8]) -> Vec<Form> {
    let hits = SEARCH.find(bytes);
    assert!(hits.iter().all(|hit| hit.secret == 1), "{hits:?}");
    hits.iter().map(|hit| hit.form).collect()
}

fn base64_of(text: &str, before: &str) -> String {
    // A plain encoder of its own: whole groups of three bytes.
    let table = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes = [before, text, "tail"].concat().into_bytes();
    let group = |three: &[u8]| {
        let number =
            three.iter().fold(0_usize, |sum, byte| sum * 256 + usize::from(*byte)) << (8 * (3 - three.len()));
        (0..=three.len())
            .map(move |place| char::from(table[number >> (18 - 6 * place) & 63]))
            .collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

#[test]
fn a_secret_is_found_as_it_is_and_in_any_case() {
    assert_eq!(forms(format!("log: {SECRET}.").as_bytes()), [Form::Plain]);
    assert_eq!(forms(SECRET.to_lowercase().as_bytes()), [Form::Plain]);
    assert_eq!(forms(b"nothing to see"), []);
}

#[test]
fn a_search_does_not_show_what_it_looks_for() {
    assert_eq!(format!("{:?}", *SEARCH), "Search(2 secrets)");
}

#[test]
fn a_secret_is_found_encoded() {
    for before in ["", "x", "xy", "xyz"] {
        assert_eq!(forms(base64_of(SECRET, before).as_bytes()), [Form::Base64], "{before}");
        let wrapped: Vec<String> = base64_of(SECRET, before)
            .as_bytes()
            .chunks(19)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        assert_eq!(forms(wrapped.join("\r\n").as_bytes()), [Form::Base64], "{before}");
    }
    let hex = String::from_utf8(encoded::hex(SECRET.as_bytes())).expect("ascii");
    assert_eq!(forms(hex.to_uppercase().as_bytes()), [Form::Hex]);
    let spaced: Vec<String> = SECRET.bytes().map(|byte| format!("0x{byte:02X}")).collect();
    assert!(forms(spaced.join(", ").replace("0x2D, ", "").as_bytes()).contains(&Form::Hex));
    assert!(forms(&percent(SECRET.as_bytes())).contains(&Form::Url));
    assert_eq!(forms(SECRET.replace('-', "%2D").as_bytes()), [Form::Split]);
}

#[test]
fn a_secret_is_found_in_wide_characters_of_both_orders() {
    let wide = |order: fn(u16) -> [u8; 2]| SECRET.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        assert!(forms(&bytes).contains(&Form::Utf16));
    }
}

#[test]
fn a_secret_is_found_in_pieces() {
    let middle = SECRET.len() / 2;
    let spread: Vec<String> = SECRET.chars().map(String::from).collect();
    for text in [
        format!("{}\n09-01 22:00 I tag: {}", &SECRET[..middle], &SECRET[middle..]),
        spread.join(" "),
        format!("<b>{}</b>", spread.join("</b><b>")),
        format!("{}\u{1b}[31m{}", &SECRET[..middle], &SECRET[middle..]),
        format!("\"{}\\n{}\"", &SECRET[..middle], &SECRET[middle..]),
        SECRET[..middle + 2].to_owned(),
    ] {
        assert!(forms(text.as_bytes()).contains(&Form::Split), "{text}");
    }
}

#[test]
fn secrets_that_could_stand_there_by_chance_are_refused() {
    let refused = |secrets: &[&str]| Search::new(secrets).expect_err("refused");
    assert_eq!(refused(&[]), WeakSecret::Count(0));
    assert_eq!(refused(&["short-one"]), WeakSecret::Short(1));
    assert_eq!(refused(&[SECRET, "ümläut-7QX2-m4Zk9-Tb81wLpR"]), WeakSecret::Unprintable(2));
    assert_eq!(refused(&[SECRET, SECRET]), WeakSecret::Alike(1));
    assert_eq!(refused(&["maintenance-of-pumps"]), WeakSecret::Alike(1));
    let shared = Search::new(&["pump-canary-2026-k2Jf8Qx7", "pump-canary-2026-Zp5Lm1Vd"])
        .expect("a common beginning is no piece");
    assert_eq!(
        shared.find(b"pump-canary-2026-Zp5Lm1Vd").iter().map(|hit| hit.secret).collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(shared.find(b"pump-canary-2026"), []);
}

proptest! {
    #[test]
    fn noise_holds_no_secret(noise in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert_eq!(forms(&noise), []);
    }

    #[test]
    fn a_secret_in_noise_is_found_where_it_stands(before in proptest::collection::vec(any::<u8>(), 0..500), behind in proptest::collection::vec(any::<u8>(), 0..500)) {
        let bytes = [before.as_slice(), SECRET.as_bytes(), behind.as_slice()].concat();
        let hits = SEARCH.find(&bytes);
        prop_assert_eq!((hits[0].form, hits[0].at, hits[0].times), (Form::Plain, before.len(), 1));
    }
}
