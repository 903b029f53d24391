//! Matrices that are wrong, and what a person reads about them.

use std::path::Path;

use edgesoak_matrix::{MatrixErrors, Pair, Request, load, load_lab};
use miette::{GraphicalReportHandler, GraphicalTheme};
use proptest::prelude::*;

fn shown(errors: &MatrixErrors) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(110);
    handler.render_report(&mut text, errors).expect("rendering to a string");
    text
}

/// What `edgesoak plan` meets first: the language, else what stands in the way of a plan.
fn refused(path: &Path, request: &Request<'_>) -> MatrixErrors {
    match load(path).and_then(|matrix| matrix.plan(request)) {
        Ok(_) => panic!("{} is accepted", path.display()),
        Err(errors) => errors,
    }
}

#[test]
fn every_broken_matrix_says_what_is_wrong_with_it() {
    let mut names: Vec<String> = std::fs::read_dir("tests/broken")
        .expect("the folder of broken matrices")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".toml"))
        .collect();
    names.sort();
    assert!(names.len() >= 40, "{} broken matrices", names.len());
    for name in names {
        let errors = refused(Path::new(&format!("tests/broken/{name}")), &Request::default());
        insta::assert_snapshot!(name.trim_end_matches(".toml"), shown(&errors));
    }
}

#[test]
fn files_are_bounded_together_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = format!("{}[family.NAME]\ntitle = \"F\"\n", "# nothing\n".repeat(100_000));
    for name in ["a", "b", "c"] {
        let path = folder.path().join(format!("{name}.toml"));
        std::fs::write(path, long.replace("NAME", name)).expect("written");
    }
    let path = folder.path().join("matrix.toml");
    std::fs::write(&path, "schema = 1\ninclude = [\"a.toml\", \"b.toml\"]\n").expect("written");
    load(&path).expect("two of them fit");
    std::fs::write(&path, "schema = 1\ninclude = [\"a.toml\", \"b.toml\", \"c.toml\"]\n").expect("written");
    let errors = load(&path).expect_err("three do not");
    let first = errors.findings().first().expect("a problem").to_string();
    assert!(first.starts_with("too many bytes in all files together: 3"), "{first}");
}

#[test]
fn a_broken_request_is_told_without_a_place() {
    let path = Path::new("tests/good/matrix.toml");
    let globs = ["bensh-1".to_owned(), "phone-*".to_owned()];
    let request = Request { devices: &globs, ..Request::default() };
    insta::assert_snapshot!("request-devices", shown(&refused(path, &request)));
    let request = Request { profile: Some("qick"), ..Request::default() };
    insta::assert_snapshot!("request-profile", shown(&refused(path, &request)));
    let request = Request { lab: Some(Path::new("tests/labs/none.toml")), ..Request::default() };
    insta::assert_snapshot!("request-lab", shown(&refused(path, &request)));
}

#[test]
fn candidates_of_items_are_not_run_in_turns() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("matrix.toml");
    let text =
        std::fs::read_to_string("tests/broken/124-model-that-rests-between-items.toml").expect("a matrix");
    let text = text.replace("think_time = \"50 ms\"\n", "");
    let one = &text[text.find("[candidate.tiny]").expect("it")..text.find("[profile.").expect("a profile")];
    std::fs::write(&path, format!("{text}\n{}", one.replace("tiny", "small"))).expect("written");
    std::fs::create_dir(folder.path().join("inputs")).expect("a folder");
    std::fs::copy("tests/broken/inputs/prompts.jsonl", folder.path().join("inputs/prompts.jsonl"))
        .expect("copied");
    let matrix = load(&path).unwrap_or_else(|errors| panic!("{}", shown(&errors)));
    assert!(matrix.plan(&Request::default()).is_ok(), "each of them may be soaked");
    let pair = Some(Pair { candidate: "small", baseline: "tiny" });
    let errors = matrix.plan(&Request { pair, ..Request::default() }).expect_err("nothing could be compared");
    let told = shown(&errors).replace('\n', " ");
    assert!(told.contains("two candidates are compared by their rates of decoding"), "{told}");
}

#[test]
fn a_broken_lab_file_says_what_is_wrong_with_it() {
    let hooked = Path::new("tests/labs/matrix.toml");
    for name in ["misspelt", "without-names", "notifies", "not-toml", "two-sources"] {
        let path = format!("tests/labs/{name}.lab.toml");
        only_its_owner_may_write(Path::new(&path), 0o644);
        let request = Request { lab: Some(Path::new(&path)), ..Request::default() };
        insta::assert_snapshot!(format!("lab-{name}"), shown(&refused(hooked, &request)));
    }
}

/// A checkout has whatever permissions its maker's shell gives new files.
fn only_its_owner_may_write(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("our own file");
}

#[test]
fn a_lab_file_that_others_can_write_is_not_obeyed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lab.toml");
    std::fs::copy("tests/labs/good.lab.toml", &path).expect("copied");
    for (mode, code) in [(0o664, "others_may_write"), (0o646, "others_may_write"), (0o600, ""), (0o644, "")] {
        only_its_owner_may_write(&path, mode);
        let found = load_lab(&path).map_or_else(|errors| errors.findings()[0].problem().code(), |_| "");
        assert_eq!(found, code, "{mode:o}");
        let request = Request { lab: Some(&path), ..Request::default() };
        let planned = load(Path::new("tests/labs/matrix.toml")).expect("a matrix").plan(&request);
        let stood_in_the_way = |errors: &MatrixErrors| {
            errors.findings().iter().any(|finding| finding.problem().code() == "others_may_write")
        };
        assert_eq!(planned.as_ref().is_err_and(stood_in_the_way), !code.is_empty(), "{mode:o}");
    }
    only_its_owner_may_write(&path, 0o666);
    let told = shown(&load_lab(&path).expect_err("refused")).replace(&*path.to_string_lossy(), "lab.toml");
    insta::assert_snapshot!("lab-others-may-write", told);
}

#[test]
fn bytes_that_are_no_matrix_are_refused_within_bounds() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("matrix.toml");
    let code = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        let errors = load(&path).expect_err("no matrix");
        errors.findings()[0].problem().code()
    };
    assert_eq!(code(b"schema = 1\nx = \"\xff\""), "not_utf8");
    assert_eq!(code(&vec![b'#'; (1 << 20) + 1]), "too_large");
    assert_eq!(code(format!("# {}", "x".repeat(5000)).as_bytes()), "line_too_long");
    assert_eq!(code(format!("x = {}", "[".repeat(4000)).as_bytes()), "syntax");
    let many: Vec<_> = (0..5000).map(|i| format!("k{i} = 1")).collect();
    std::fs::write(&path, many.join("\n")).expect("written");
    let errors = load(&path).expect_err("unknown keys");
    assert_eq!(errors.findings().len(), 101, "a hundred problems and how many more there are");
    assert_eq!(load(folder.path()).expect_err("a folder").findings()[0].problem().code(), "read");
}

#[test]
fn what_a_terminal_obeys_never_reaches_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("matrix.toml");
    let text = "schema = 1\n# \u{202e}\n\"\u{202e}\\u001b[2J\" = 3 # \u{1b}[31m\u{9b}2J\nx = \"\u{202e}\"\n";
    std::fs::write(&path, text).expect("written");
    let told = shown(&load(&path).expect_err("hostile"));
    assert!(told.chars().all(|c| c == '\n' || !c.is_control()), "{told:?}");
    assert!(!told.contains('\u{202e}'));
}

/// Pieces of the language in any order.
fn pieces() -> impl Strategy<Value = String> {
    let text = include_str!("good/matrix.toml");
    let lines: Vec<&'static str> = text.lines().filter(|line| !line.starts_with("include")).collect();
    let line = prop_oneof![
        8 => proptest::sample::select(lines),
        1 => Just("[[device]]"),
        1 => Just("= \"5 min\""),
    ];
    proptest::collection::vec(line, 0..40).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("matrix.toml");
        std::fs::write(&path, bytes).expect("written");
        prop_assert!(load(&path).is_err());
    }

    #[test]
    fn no_mixture_of_lines_makes_it_panic(text in pieces()) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("matrix.toml");
        std::fs::write(&path, text).expect("written");
        match load(&path).and_then(|matrix| matrix.plan(&Request::default()).map(|_| ())) {
            Ok(()) => {}
            Err(errors) => prop_assert!(!shown(&errors).is_empty()),
        }
    }

    #[test]
    fn no_single_changed_byte_makes_it_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = include_bytes!("good/matrix.toml").to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("matrix.toml");
        std::fs::write(&path, bytes).expect("written");
        if let Err(errors) = load(&path) {
            prop_assert!(!errors.findings().is_empty());
            prop_assert!(!shown(&errors).is_empty());
        }
    }
}
