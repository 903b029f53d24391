//! What a script printed: taken apart again into output, exit code and complaints.

use memchr::memmem::Finder;

use super::script::{MAX_STDERR, Mark};

/// What a phone may print before the script does, bytes: warnings of its linker and of its shell.
const MAX_PREAMBLE: usize = 64 << 10;
/// Longest line behind a mark.
const MAX_LINE: usize = 64;

/// A piece of what was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// The script runs, under this process number.
    Began(u32),
    /// Standard output of the command.
    Output(Vec<u8>),
    /// The command ended; nothing comes after this.
    Ended(End),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// A number, or the script's own word when the command was never started.
    pub(super) code: String,
    /// Beginning of its standard error, at most 64 KiB.
    pub(super) stderr: Vec<u8>,
    /// There was more of it.
    pub(super) truncated: bool,
}

/// Takes a script's output apart as it comes.
#[derive(Debug)]
pub(super) struct Spoken {
    finder: Finder<'static>,
    stage: Stage,
    buffer: Vec<u8>,
}

#[derive(Debug)]
enum Stage {
    Preamble(usize),
    Number,
    Output,
    Code,
    Complaints(String),
    Over,
}

/// The device printed what no script prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nonsense;

impl Spoken {
    pub(super) fn behind(mark: &Mark) -> Self {
        let finder = Finder::new(mark.as_str().as_bytes()).into_owned();
        Self { finder, stage: Stage::Preamble(0), buffer: Vec::new() }
    }

    /// Takes more of the output in, and gives what it means.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Said>, Nonsense> {
        let mut said = Vec::new();
        if !matches!(self.stage, Stage::Over) {
            self.buffer.extend(bytes);
            while self.advance(&mut said)? {}
        }
        Ok(said)
    }

    /// One step, if the buffer has enough for it.
    fn advance(&mut self, said: &mut Vec<Said>) -> Result<bool, Nonsense> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Preamble(before) => {
                let (skipped, found) = self.until_mark();
                let before = before + skipped.len();
                if before > MAX_PREAMBLE {
                    return Err(Nonsense);
                }
                self.stage = if found { Stage::Number } else { Stage::Preamble(before) };
                Ok(found)
            }
            Stage::Number => {
                let Some(line) = self.line()? else { return Ok(self.stay(Stage::Number)) };
                said.push(Said::Began(line.parse().map_err(|_| Nonsense)?));
                self.stage = Stage::Output;
                Ok(true)
            }
            Stage::Output => {
                let (output, found) = self.until_mark();
                if !output.is_empty() {
                    said.push(Said::Output(output));
                }
                self.stage = if found { Stage::Code } else { Stage::Output };
                Ok(found)
            }
            Stage::Code => {
                let Some(line) = self.line()? else { return Ok(self.stay(Stage::Code)) };
                self.stage = Stage::Complaints(line);
                Ok(true)
            }
            Stage::Complaints(code) => {
                let Some(at) = self.finder.find(&self.buffer) else {
                    let limit = MAX_STDERR + 1 + self.finder.needle().len();
                    return if self.buffer.len() > limit {
                        Err(Nonsense)
                    } else {
                        Ok(self.stay(Stage::Complaints(code)))
                    };
                };
                let mut stderr = std::mem::take(&mut self.buffer);
                stderr.truncate(at);
                let truncated = stderr.len() > MAX_STDERR;
                stderr.truncate(MAX_STDERR);
                said.push(Said::Ended(End { code, stderr, truncated }));
                Ok(false)
            }
            Stage::Over => Ok(false),
        }
    }

    fn stay(&mut self, stage: Stage) -> bool {
        self.stage = stage;
        false
    }

    /// Takes what comes before the mark, and the mark. Where there is none yet, what may be its beginning stays.
    fn until_mark(&mut self) -> (Vec<u8>, bool) {
        let needle = self.finder.needle();
        if let Some(at) = self.finder.find(&self.buffer) {
            let rest = self.buffer.split_off(at + needle.len());
            let mut before = std::mem::replace(&mut self.buffer, rest);
            before.truncate(at);
            return (before, true);
        }
        let longest = self.buffer.len().min(needle.len() - 1);
        let held = (1..=longest).rev().find(|held| self.buffer.ends_with(&needle[..*held])).unwrap_or(0);
        let rest = self.buffer.split_off(self.buffer.len() - held);
        (std::mem::replace(&mut self.buffer, rest), false)
    }

    /// Takes `:...` up to a line end.
    fn line(&mut self) -> Result<Option<String>, Nonsense> {
        let Some(at) = self.buffer.iter().position(|byte| *byte == b'\n') else {
            return if self.buffer.len() > MAX_LINE { Err(Nonsense) } else { Ok(None) };
        };
        let line: Vec<u8> = self.buffer.drain(..=at).collect();
        match std::str::from_utf8(&line).ok().and_then(|line| line.strip_prefix(':')) {
            Some(line) if at <= MAX_LINE => Ok(Some(line.trim_end().to_owned())),
            _ => Err(Nonsense),
        }
    }
}

impl End {
    /// The exit code; `None` when a signal ended the command, which shells tell by codes above 128.
    pub(super) fn exit_code(&self) -> Option<i32> {
        self.code.parse::<i32>().ok().filter(|code| (0..=128).contains(code))
    }

    /// The signal that ended the command.
    pub(super) fn signal(&self) -> Option<i32> {
        self.code.parse::<i32>().ok().filter(|code| (129..=255).contains(code)).map(|code| code - 128)
    }
}

#[cfg(test)]
#[path = "spoken_tests.rs"]
mod tests;
