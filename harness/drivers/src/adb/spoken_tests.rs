use std::process::Command;

use proptest::prelude::*;

use super::*;
use crate::adb::script::{ABSENT, DENIED, NO_ROOT, Script, Stdin};
use crate::{Argv, RemotePath};

const MARK: &str = "00112233445566778899aabbccddeeff";

fn taken_apart(bytes: &[u8], piece: usize) -> Result<(Vec<u8>, Option<End>), Nonsense> {
    let mut spoken = Spoken::behind(&Mark::known(MARK));
    let (mut output, mut end) = (Vec::new(), None);
    for piece in bytes.chunks(piece.max(1)) {
        for said in spoken.hear(piece)? {
            match said {
                Said::Began(pid) => assert_eq!(pid, 7),
                Said::Output(more) => output.extend(more),
                Said::Ended(ended) => assert!(end.replace(ended).is_none(), "ended twice"),
            }
        }
    }
    Ok((output, end))
}

proptest! {
    #[test]
    fn what_was_framed_comes_back_however_it_is_cut(
        output in prop::collection::vec(any::<u8>(), 0..300),
        partial in 0usize..32,
        stderr in prop::collection::vec(any::<u8>(), 0..100),
        code in 0i32..256,
        piece in 1usize..50,
    ) {
        let mut output = output;
        output.extend(&MARK.as_bytes()[..partial]);
        let mut bytes = format!("WARNING: linker\n{MARK}:7\n").into_bytes();
        bytes.extend(&output);
        bytes.extend(format!("{MARK}:{code}\n").bytes());
        bytes.extend(&stderr);
        bytes.extend(format!("{MARK}\n").bytes());
        let (heard, end) = taken_apart(&bytes, piece).expect("framed");
        let end = end.expect("whole");
        prop_assert_eq!(heard, output);
        prop_assert_eq!(&end.stderr, &stderr);
        prop_assert_eq!(end.exit_code(), Some(code).filter(|code| *code <= 128));
        prop_assert_eq!(end.signal(), Some(code - 128).filter(|signal| *signal > 0));
    }

    #[test]
    fn without_its_end_nothing_has_ended(keep in 0usize..80, piece in 1usize..9) {
        let whole = format!("{MARK}:7\noutput{MARK}:0\n{MARK}");
        let cut = &whole.as_bytes()[..keep.min(whole.len() - 1)];
        let (_, end) = taken_apart(cut, piece).expect("a beginning");
        prop_assert_eq!(end, None);
    }

    #[test]
    fn anything_else_is_nonsense_or_silence(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok((output, end)) = taken_apart(&bytes, 16) {
            prop_assert!(output.is_empty() && end.is_none());
        }
    }
}

#[test]
fn output_is_handed_over_at_once() {
    let mut spoken = Spoken::behind(&Mark::known(MARK));
    let said = spoken.hear(format!("{MARK}:7\ntick\n").as_bytes()).expect("framed");
    assert_eq!(said, [Said::Began(7), Said::Output(b"tick\n".to_vec())]);
    assert_eq!(spoken.hear(b"00112").expect("may be the mark"), []);
    assert_eq!(spoken.hear(b"!").expect("it was not"), [Said::Output(b"00112!".to_vec())]);
}

#[test]
fn what_has_no_bounds_is_given_up() {
    let preamble = vec![b'x'; MAX_PREAMBLE + 1];
    assert_eq!(taken_apart(&preamble, 4096), Err(Nonsense));
    let number = format!("{MARK}:{}", "7".repeat(100));
    assert_eq!(taken_apart(number.as_bytes(), 10), Err(Nonsense));
    let complaints = format!("{MARK}:7\n{MARK}:0\n{}", "x".repeat(MAX_STDERR + 100));
    assert_eq!(taken_apart(complaints.as_bytes(), 4096), Err(Nonsense));
}

/// Runs a script in this machine's shell, as a device would.
fn run(script: &Script, dir: &std::path::Path) -> (Vec<u8>, End) {
    use std::io::Write as _;
    let mut child = Command::new("/bin/sh")
        .args(["-c", &script.command])
        .current_dir(dir)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a shell");
    child.stdin.take().expect("piped").write_all(&script.input).expect("a reader");
    let printed = child.wait_with_output().expect("it ends").stdout;
    let mut spoken = Spoken::behind(&Mark::known(MARK));
    let (mut output, mut end) = (Vec::new(), None);
    for said in spoken.hear(&printed).expect("framed") {
        match said {
            Said::Began(pid) => assert!(pid > 1),
            Said::Output(more) => output.extend(more),
            Said::Ended(ended) => end = Some(ended),
        }
    }
    (output, end.expect("a trailer"))
}

#[test]
fn a_shell_runs_programs_with_output_complaints_and_code_apart() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().to_str().expect("text");
    std::fs::write(
        dir.path().join("say"),
        "#!/bin/sh\nprintf '%s|' \"$@\"; printf 'no line end'; echo complaint >&2; exit 9\n",
    )
    .expect("room");
    let mark = Mark::known(MARK);
    let say = Argv::of(&RemotePath::new("say").expect("plain")).arg("a 'b'\n$(id)").arg("");
    let script = Script::program(&mark, root, &say, Stdin::Empty).expect("short");
    let (_, end) = run(&script, dir.path());
    assert_eq!(end.code, DENIED);
    std::fs::set_permissions(dir.path().join("say"), std::fs::Permissions::from_mode(0o700)).expect("ours");
    let (output, end) = run(&script, dir.path());
    assert_eq!(String::from_utf8(output).expect("text"), "a 'b'\n$(id)||no line end");
    assert_eq!((end.exit_code(), end.stderr.as_slice()), (Some(9), b"complaint\n".as_slice()));
    let long = say.arg("x".repeat(10_000));
    let script = Script::program(&mark, root, &long, Stdin::Empty).expect("long");
    assert_eq!(run(&script, dir.path()).1.exit_code(), Some(9));
    assert_eq!(std::fs::read_dir(dir.path()).expect("there").count(), 1, "no complaints are left behind");

    let absent = Argv::of(&RemotePath::new("none").expect("plain"));
    let script = Script::program(&mark, root, &absent, Stdin::Empty).expect("short");
    assert_eq!(run(&script, dir.path()).1.code, ABSENT);
    let script = Script::program(&mark, "/nowhere", &absent, Stdin::Empty).expect("short");
    assert_eq!(run(&script, dir.path()).1.code, NO_ROOT);
    let script = Script::lines(&mark, "echo a; exit 3", Stdin::Empty).expect("short");
    let (output, end) = run(&script, dir.path());
    assert_eq!((output.as_slice(), end.exit_code()), (b"a\n".as_slice(), Some(3)));
}
