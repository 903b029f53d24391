//! Lines of a captured text, and the lines with which a device says that there is nothing to read.

use edgesoak_protocol::Reason;

/// Longest line that is looked at, bytes. Nothing that is known prints longer ones.
const MAX_LINE: usize = 4096;

/// The lines of a text without those that are too long.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.len() <= MAX_LINE)
}

/// Words of refusals. What stands first counts where a line has several.
const REFUSALS: [(&str, Reason); 14] = [
    ("ermission denied", Reason::Denied),
    ("Permission Denial", Reason::Denied),
    ("Operation not permitted", Reason::Denied),
    ("No such file or directory", Reason::Absent),
    ("No such device", Reason::Absent),
    ("Can't find service", Reason::CommandMissing),
    ("inaccessible or not found", Reason::CommandMissing),
    ("command not found", Reason::CommandMissing),
    (": not found", Reason::CommandMissing),
    ("Invalid argument", Reason::Failed),
    ("Input/output error", Reason::Failed),
    ("No data available", Reason::Failed),
    ("Operation not supported", Reason::Failed),
    ("Connection timed out", Reason::Failed),
];
/// Which bytes begin one of them: nearly every line is told to be none by looking at each byte once.
const BEGINS: [bool; 256] = {
    let mut begins = [false; 256];
    let mut place = 0;
    while place < REFUSALS.len() {
        begins[REFUSALS[place].0.as_bytes()[0] as usize] = true;
        place += 1;
    }
    begins
};

/// What a shell, `cat` or `dumpsys` said instead of an answer.
pub(super) fn refusal(line: &str) -> Option<Reason> {
    let mut first = REFUSALS.len();
    for (place, byte) in line.bytes().enumerate() {
        if !BEGINS[usize::from(byte)] {
            continue;
        }
        let rest = &line.as_bytes()[place..];
        let known = REFUSALS[..first].iter().position(|(words, _)| rest.starts_with(words.as_bytes()));
        first = known.unwrap_or(first);
    }
    REFUSALS.get(first).map(|(_, reason)| *reason)
}

/// Why a text holds nothing of what was asked for: its refusal, its emptiness, or that it is something else.
pub(super) fn nothing_in(text: &str) -> Reason {
    let otherwise = if text.trim().is_empty() { Reason::Absent } else { Reason::Parse };
    lines(text).find_map(refusal).unwrap_or(otherwise)
}

/// What stands behind `key` (written with its `=`) until the next blank; the key must begin a word.
pub(super) fn field<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    rest_of(line, key).map(|rest| rest.split(' ').next().unwrap_or_default())
}

/// Everything behind `key`, as in [`field`].
pub(super) fn rest_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let mut places = line.match_indices(key).map(|(place, _)| place);
    let place = places.find(|place| *place == 0 || line.as_bytes()[place - 1] == b' ')?;
    Some(&line[place + key.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_have_their_reasons() {
        for (line, reason) in [
            ("cat: /proc/net/tcp: Permission denied", Some(Reason::Denied)),
            ("Permission Denial: can't dump x from pid=1, uid=2", Some(Reason::Denied)),
            ("dmesg: klogctl: Operation not permitted", Some(Reason::Denied)),
            ("cat: /sys/class/x: No such file or directory", Some(Reason::Absent)),
            ("Can't find service: netstats", Some(Reason::CommandMissing)),
            ("/system/bin/sh: dumpsys: inaccessible or not found", Some(Reason::CommandMissing)),
            ("sh: 1: getprop: not found", Some(Reason::CommandMissing)),
            ("cat: /sys/class/x: No data available", Some(Reason::Failed)),
            ("x: not found: Permission denied", Some(Reason::Denied)),
            ("permissions are fine", None),
        ] {
            assert_eq!(refusal(line), reason, "{line}");
        }
    }

    #[test]
    fn a_text_without_anything_has_its_reason() {
        assert_eq!(nothing_in(" \n"), Reason::Absent);
        assert_eq!(nothing_in("hello\n"), Reason::Parse);
        assert_eq!(nothing_in("hello\nCan't find service: x\n"), Reason::CommandMissing);
    }

    #[test]
    fn a_key_begins_a_word() {
        assert_eq!(field("subreason=21 (A B) reason=3 x", "reason="), Some("3"));
        assert_eq!(rest_of("subreason=21 (A B) reason=3 x", "subreason="), Some("21 (A B) reason=3 x"));
        assert_eq!(field("pid=", "pid="), Some(""));
        assert_eq!(field("xpid=1", "pid="), None);
    }

    #[test]
    fn a_line_that_is_too_long_is_no_line() {
        let long = "x".repeat(MAX_LINE + 1);
        let text = format!("a\n{long}\nb");
        assert_eq!(lines(&text).collect::<Vec<_>>(), ["a", "b"]);
    }
}
