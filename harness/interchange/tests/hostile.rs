//! No file makes a parser panic, and what is accepted makes a journal that can be read.

use std::path::Path;

use edgesoak_interchange::{journal, limits, read};
use edgesoak_protocol::journal::{Ending, read_all};
use edgesoak_record::units::Nanos;
use proptest::prelude::*;

fn survives(bytes: &[u8]) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("written");
    let Ok(found) = read(file.path()) else { return };
    assert_eq!(found.bytes, bytes);
    for recording in found.recordings {
        assert!(recording.end() >= 0);
        let bytes = journal(&recording, "r", "s01", Nanos(0));
        let (_, entries, ending) = read_all(&bytes).expect("a journal");
        assert!(ending == Ending::Finished && !entries.is_empty());
    }
}

/// Numbers and words that files of this kind hold, and that they should not hold.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<f64>().prop_map(|number| number.to_string()),
        (-100_i32..100_000).prop_map(|number| number.to_string()),
        "[a-z\",{}:#-]{0,6}",
        Just("n/a".to_owned()),
        Just("submit".to_owned()),
        Just("token".to_owned()),
        Just("done".to_owned()),
        Just(String::new()),
    ]
}

fn captures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let entries = std::fs::read_dir(folder).expect("captures").flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("a capture")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        survives(&bytes);
    }

    #[test]
    fn any_table(
        header in prop_oneof![
            Just("t_s,rate_tokens_per_s,power_w,thermal_status"),
            Just("t_ns,event,item,tokens"),
            Just("minute,frames,thermal,charge_uah"),
            Just("t_ms,event,finish,prompt_tokens"),
        ],
        rows in proptest::collection::vec(proptest::collection::vec(field(), 4), 0..20),
    ) {
        let rows: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        survives(format!("# charging,true\n# rate_window_s,5\n{header}\n{}\n", rows.join("\n")).as_bytes());
    }

    #[test]
    fn any_capture_with_a_broken_place(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        bytes in proptest::collection::vec(any::<u8>(), 0..4),
        cut in any::<bool>(),
    ) {
        let captures = captures();
        let mut text = captures[which.index(captures.len())].clone();
        let at = at.index(text.len());
        if cut {
            text.truncate(at);
        }
        let end = (at + bytes.len()).min(text.len());
        text.splice(at.min(text.len())..end, bytes);
        survives(&text);
    }
}

#[test]
fn a_line_beyond_all_bounds_is_refused_and_not_held() {
    let line = format!("{{\"metrics\":{{\"x\":\"{}\"}}}}", "y".repeat(limits::LINE_BYTES));
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), line).expect("written");
    let error = read(file.path()).expect_err("too long");
    assert!(error.to_string().contains(":1: the line is longer"), "{error}");
    // A file that only claims to be large costs nothing.
    let file = tempfile::NamedTempFile::new().expect("a file");
    file.as_file().set_len(limits::FILE_BYTES + 1).expect("a sparse file");
    assert!(read(file.path()).expect_err("too large").hint().contains("split"));
}
