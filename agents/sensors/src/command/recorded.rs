//! Answers that were recorded: `commands/WORDS.txt`.

use std::io::Read;
use std::path::Path;
use std::time::Instant;

use edgesoak_protocol::Reason;

use super::answer::{Answer, Limits};

const DIR: &str = "commands";
/// Entries looked at; a hostile folder may have any number.
const MAX_ENTRIES: usize = 4096;

/// The file's name: words joined by `_`, and `/` replaced by `+`.
fn file_name(argv: &[&str]) -> String {
    let mut name = argv.join("_").replace('/', "+");
    name.push_str(".txt");
    name
}

/// What the program printed when the folder was recorded. A folder without this file had no such program.
pub(crate) fn read(tree: &Path, argv: &[&str], limits: &Limits) -> Answer {
    let started = Instant::now();
    let path = tree.join(DIR).join(file_name(argv));
    // A folder from elsewhere may hold a pipe, which would block.
    if !path.is_file() {
        return Answer::none(Reason::CommandMissing, started.elapsed());
    }
    let mut bytes = Vec::new();
    let most = limits.most as u64;
    let read = std::fs::File::open(&path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    if read.is_err() {
        return Answer::none(Reason::Failed, started.elapsed());
    }
    let mut whole = bytes.len() <= limits.most;
    bytes.truncate(limits.most);
    if let Some(end) = bytes.iter().position(|byte| *byte == b'\n').filter(|_| limits.first_line) {
        bytes.truncate(end + 1);
        whole = true;
    }
    let (text, length) = (String::from_utf8_lossy(&bytes).into_owned(), bytes.len() as u64);
    Answer { text: Ok(text), whole, bytes: length, exit: Some(0), took: started.elapsed() }
}

/// Whether any answer of this program was recorded.
pub(crate) fn has(tree: &Path, program: &str) -> bool {
    let Ok(entries) = std::fs::read_dir(tree.join(DIR)) else { return false };
    let is_of = |name: &str| name.strip_prefix(program).is_some_and(|rest| rest.starts_with(['_', '.']));
    entries.take(MAX_ENTRIES).flatten().any(|entry| entry.file_name().to_str().is_some_and(is_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_lie_under_the_words_of_their_command() {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(dir.path().join(DIR)).expect("a directory");
        let put = |name: &str, text: &str| {
            std::fs::write(dir.path().join(DIR).join(name), text).expect("a small file");
        };
        put("dumpsys_a.B+default.txt", "one\ntwo\n");
        let limits = Limits::default();
        let answer = read(dir.path(), &["dumpsys", "a.B/default"], &limits);
        assert_eq!((answer.text.as_deref(), answer.whole), (Ok("one\ntwo\n"), true));
        let answer = read(dir.path(), &["dumpsys", "a.B/default"], &Limits { most: 5, ..limits });
        assert_eq!((answer.text.as_deref(), answer.whole), (Ok("one\nt"), false));
        let answer = read(dir.path(), &["dumpsys", "a.B/default"], &Limits { first_line: true, ..limits });
        assert_eq!((answer.text.as_deref(), answer.whole), (Ok("one\n"), true));
        assert_eq!(read(dir.path(), &["dumpsys"], &limits).text, Err(Reason::CommandMissing));
        assert!(has(dir.path(), "dumpsys"));
        assert!(!has(dir.path(), "dump"));
        assert!(!has(&dir.path().join("nowhere"), "dumpsys"));
    }
}
