//! What a device's shell is told. Its connection loses exit codes and mixes standard error with output, so every
//! script prints its own process number first and its command's exit code and complaints last, each behind a mark that
//! nobody can guess.

use std::fs::File;
use std::io::{self, Read};

use crate::argv::Argv;

/// Longest command that goes to the device as one; an old phone takes 4 KiB with everything around it.
const MAX_DIRECT: usize = 3000;
/// Longest script, bytes.
const MAX_SCRIPT: usize = 256 << 10;
/// What is kept of standard error, bytes; the device hands over one more, to show that there was more.
pub(super) const MAX_STDERR: usize = 64 << 10;

/// Sixteen random bytes as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark(String);

impl Mark {
    pub(super) fn random() -> io::Result<Self> {
        let mut bytes = [0; 16];
        File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        Ok(Self(format!("{:032x}", u128::from_ne_bytes(bytes))))
    }

    #[cfg(test)]
    pub(super) fn known(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A command for the device, and what its standard input begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) command: String,
    pub(super) input: Vec<u8>,
}

/// Where a script's standard input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stdin {
    Empty,
    Host,
}

impl Script {
    /// Lines of shell, whose complaints come between what they print.
    pub(super) fn lines(mark: &Mark, body: &str, stdin: Stdin) -> io::Result<Self> {
        let mark = mark.as_str();
        let empty = if stdin == Stdin::Empty { "</dev/null " } else { "" };
        // In a shell of its own, so that it can exit.
        Self::fitting(
            mark,
            format!("{STAY}\necho {mark}:$$\n(\n{body}\n) {empty}2>&1\necho {mark}:$?\necho {mark}\n"),
        )
    }

    /// A program below `root`, with its complaints apart.
    pub(super) fn program(mark: &Mark, root: &str, argv: &Argv, stdin: Stdin) -> io::Result<Self> {
        let mark = mark.as_str();
        let program = quoted(&format!("./{}", argv.program()))?;
        let mut words = vec![program.clone()];
        for arg in argv.args() {
            words.push(quoted(arg)?);
        }
        let (words, root) = (words.join(" "), quoted(root)?);
        let empty = if stdin == Stdin::Empty { "</dev/null " } else { "" };
        let end = |word: &str| format!("{{ echo {mark}:{word}; echo {mark}; exit; }}");
        // The file of complaints has no name once it is open: nothing is left behind by a shell that dies. The first
        // attempt is a subshell's, because a shell dies of an `exec` that fails.
        let text = format!(
            "{STAY}\n\
            echo {mark}:$$\n\
            cd {root} 2>/dev/null || {no_root}\n\
            [ -f {program} ] || {absent}\n\
            [ -x {program} ] || {denied}\n\
            umask 077\n\
            e=.err-{mark}; (: >$e) 2>/dev/null || e=/dev/null\n\
            exec 3>$e 4<$e; rm -f .err-{mark}\n\
            {words} {empty}2>&3 3>&- 4<&-\n\
            echo {mark}:$?\n\
            dd bs={keep} count=1 <&4 2>/dev/null\n\
            echo {mark}\n",
            no_root = end(NO_ROOT),
            absent = end(ABSENT),
            denied = end(DENIED),
            keep = MAX_STDERR + 1,
        );
        Self::fitting(mark, text)
    }

    fn fitting(mark: &str, text: String) -> io::Result<Self> {
        if text.len() <= MAX_DIRECT {
            return Ok(Self { command: text, input: Vec::new() });
        }
        if text.len() > MAX_SCRIPT {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "its arguments are too long"));
        }
        // Byte by byte: what follows is not for this reader. The mark is there for `Self::killing`.
        let command = format!("eval \"$(dd bs=1 count={} 2>/dev/null)\" # {mark}", text.len());
        Ok(Self { command, input: text.into_bytes() })
    }

    /// Lines that end the script that printed `pid`, with everything it started that did not go its own way.
    pub(super) fn killing(mark: &Mark, pid: u32) -> String {
        format!(
            "grep -q {} /proc/{pid}/cmdline 2>/dev/null && kill -KILL -{pid} {pid} 2>/dev/null\ntrue",
            mark.as_str()
        )
    }
}

/// A phone tells the shell, and nobody else, that its connection has ended. The shell stays with what it started, so that
/// all of it can be found; its children do not inherit this.
const STAY: &str = "trap : HUP";

/// Said instead of an exit code: the root is not there.
pub(super) const NO_ROOT: &str = "no-root";
/// Said instead of an exit code: the program is not there.
pub(super) const ABSENT: &str = "absent";
/// Said instead of an exit code: the program cannot be executed.
pub(super) const DENIED: &str = "denied";

/// One word for the shell, whatever is in it.
pub(super) fn quoted(text: &str) -> io::Result<String> {
    if text.contains('\0') {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "an argument with a NUL"));
    }
    Ok(format!("'{}'", text.replace('\'', "'\\''")))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_shell_gives_back_every_word_as_it_was(text in "[^\0]{0,40}") {
            let said = Command::new("/bin/sh")
                .args(["-c", &format!("printf %s {}", quoted(&text).expect("no NUL"))])
                .output()
                .expect("a shell");
            prop_assert_eq!(said.stdout, text.as_bytes());
        }
    }

    #[test]
    fn a_nul_is_refused() {
        assert!(quoted("a\0b").is_err());
    }

    #[test]
    fn long_scripts_go_by_the_standard_input_and_too_long_ones_nowhere() {
        let mark = Mark::random().expect("random bytes");
        assert_ne!(mark, Mark::random().expect("random bytes"));
        let script = |bytes| Script::lines(&mark, &"#".repeat(bytes), Stdin::Empty);
        let direct = script(100).expect("short");
        assert!(direct.input.is_empty() && direct.command.contains(mark.as_str()));
        let long = script(5000).expect("long");
        assert!(long.command.len() < 200 && long.command.contains(mark.as_str()));
        assert!(long.input.len() > 5000);
        assert!(script(300_000).is_err());
    }
}
