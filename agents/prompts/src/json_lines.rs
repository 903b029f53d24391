//! JSON lines with bounds: one object per line, blank lines ignored.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::error::PromptError;

/// Longest line, bytes. A prompt must also fit a line of the runner protocol.
const MAX_LINE_BYTES: u64 = 256 * 1024;
/// Most lines in a file.
const MAX_LINES: usize = 100_000;
/// Largest file, bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Reads every line of `path` into a `T`, then lets `check` object to it.
///
/// `check` returns what is wrong, without a word of the line.
pub(crate) fn read<T: DeserializeOwned>(
    path: &Path,
    mut check: impl FnMut(&T) -> Result<(), String>,
) -> Result<Vec<T>, PromptError> {
    let io = |source| PromptError::ReadingFile { path: path.to_owned(), source };
    let at = |line, fault| PromptError::ReadingLine { path: path.to_owned(), line, fault };
    let mut file = BufReader::new(File::open(path).map_err(io)?.take(MAX_FILE_BYTES + 1));
    let mut items = Vec::new();
    let mut text = Vec::new();
    let mut total = 0;
    for line in 1.. {
        text.clear();
        let length = file.by_ref().take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut text).map_err(io)?;
        total += length as u64;
        if length == 0 {
            break;
        }
        bounded(text.len() as u64, total, line).map_err(|fault| at(line, fault))?;
        if text.trim_ascii().is_empty() {
            continue;
        }
        let item = serde_json::from_slice(&text).map_err(|error| at(line, without_content(&error)))?;
        check(&item).map_err(|fault| at(line, fault))?;
        items.push(item);
    }
    if items.is_empty() {
        return Err(PromptError::FindingItems { path: path.to_owned() });
    }
    Ok(items)
}

fn bounded(length: u64, total: u64, line: usize) -> Result<(), String> {
    if length > MAX_LINE_BYTES {
        return Err(format!("the line is longer than {MAX_LINE_BYTES} bytes"));
    }
    if total > MAX_FILE_BYTES {
        return Err(format!("the file is larger than {MAX_FILE_BYTES} bytes"));
    }
    if line > MAX_LINES {
        return Err(format!("the file has more than {MAX_LINES} lines"));
    }
    Ok(())
}

/// `serde_json` quotes the offending value in some messages; only those that name our own fields may pass.
fn without_content(error: &serde_json::Error) -> String {
    let column = error.column();
    match error.classify() {
        Category::Io => "the line could not be read".to_owned(),
        Category::Syntax => format!("not valid JSON at column {column}"),
        Category::Eof => format!("the JSON ends too early, at column {column}"),
        Category::Data => {
            let message = error.to_string();
            let own_field = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
            match own_field {
                Some(field) => format!("the field `{field}` is missing"),
                None => format!("a field of the wrong name or type at column {column}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Row {
        #[expect(dead_code, reason = "only its presence matters")]
        id: u32,
    }

    fn message(text: &[u8]) -> String {
        let dir = tempfile::tempdir().expect("a directory for the file");
        let path = dir.path().join("rows.jsonl");
        std::fs::write(&path, text).expect("a small file can be written");
        read::<Row>(&path, |_| Ok(()))
            .expect_err("the file is broken")
            .to_string()
            .replace(&path.display().to_string(), "FILE")
    }

    #[test]
    fn faults_name_the_line_and_never_its_words() {
        assert_eq!(message(b""), "reading FILE: no line holds an item");
        assert_eq!(message(b"{\"id\":1}\n\n{}\n"), "reading FILE, line 3: the field `id` is missing");
        assert_eq!(message(b"secret"), "reading FILE, line 1: not valid JSON at column 1");
        assert_eq!(message(b"{\"id\":"), "reading FILE, line 1: the JSON ends too early, at column 6");
        for hostile in
            [&b"{\"id\":\"secret\"}"[..], b"{\"secret\":1}", b"{\"id\":1,\"secret\":2}", b"[\"secret\"]"]
        {
            let message = message(hostile);
            assert!(!message.contains("secret"), "{message}");
            assert!(message.contains("line 1: a field of the wrong name or type"), "{message}");
        }
    }

    #[test]
    fn a_line_without_an_end_is_refused() {
        let text = vec![b'['; 300 * 1024];
        assert_eq!(message(&text), "reading FILE, line 1: the line is longer than 262144 bytes");
    }
}
