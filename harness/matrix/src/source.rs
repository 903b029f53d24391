//! The files a matrix is made of, read with bounds.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::problem::Problem;

/// Largest file of a matrix or a lab.
pub(crate) const MAX_BYTES: u64 = 1 << 20;
/// Most bytes of all files of a matrix together: every name of one file may have to be looked for among those of all.
pub(crate) const MAX_BYTES_TOGETHER: usize = 2 << 20;
/// Longest line: an error shows the whole line.
const MAX_LINE: usize = 4096;

/// One file of the matrix.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The path as a person would type it.
    pub shown: String,
    /// The path from the matrix' folder, for the plan.
    pub short: String,
    /// What is parsed.
    pub text: String,
    /// What is shown: the same bytes without anything that a terminal would obey.
    pub display: Arc<str>,
}

/// Every file that was read, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and gives its index.
    pub fn add(&mut self, source: Source) -> usize {
        self.files.push(source);
        self.files.len() - 1
    }

    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Bytes of all files together.
    pub fn bytes(&self) -> usize {
        self.files.iter().map(|source| source.text.len()).sum()
    }

    pub fn get(&self, file: usize) -> Option<&Source> {
        self.files.get(file)
    }

    /// `file:line` of a byte.
    pub fn line(&self, file: usize, offset: usize) -> String {
        self.get(file).map_or_else(String::new, |source| {
            let before = source.text.as_bytes().get(..offset).unwrap_or_default();
            format!("{}:{}", source.short, lines(before))
        })
    }
}

impl Source {
    /// Reads a file. The error carries no place: nothing of the file is worth showing.
    pub fn read(path: &Path, shown: String, short: String) -> Result<Source, Problem> {
        let bytes = read_bounded(path).map_err(|source| Problem::Read { path: shown.clone(), source })?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Problem::TooLarge { path: shown, limit_kib: MAX_BYTES / 1024 });
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line = lines(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
            Problem::NotUtf8 { path: shown.clone(), line }
        })?;
        if let Some(line) = text.lines().position(|line| line.len() > MAX_LINE) {
            return Err(Problem::LineTooLong { path: shown, line: line + 1, limit: MAX_LINE });
        }
        let display = displayable(&text).into();
        Ok(Source { shown, short, text, display })
    }
}

/// The line, from 1, that begins or goes on after these bytes.
fn lines(before: &[u8]) -> usize {
    before.split(|byte| *byte == b'\n').count()
}

/// A pipe or a device file would never end or never answer: only regular files are read.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Replaces what moves the cursor or reverses text, byte for byte, so that spans stay true.
fn displayable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_obeyed(c) {
            shown.extend(std::iter::repeat_n('?', c.len_utf8()));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a terminal would act on the character in place of showing it.
pub(crate) fn is_obeyed(c: char) -> bool {
    let bidirectional =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    bidirectional || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

/// Joins a path of the matrix to its folder.
pub(crate) fn beside(base: &Path, relative: &str) -> PathBuf {
    if base.as_os_str().is_empty() { PathBuf::from(relative) } else { base.join(relative) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_shown_as_as_many_bytes() {
        let text = "a\u{1b}[31m\u{202e}b\n";
        let shown = displayable(text);
        assert_eq!(shown, "a?[31m???b\n");
        assert_eq!(shown.len(), text.len());
    }
}
