//! Pictures that prompts name: found beside their file, and what they are held against what the file says.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use edgesoak_record::plan::SourceFile;
use serde::Deserialize;

use crate::check::relative;
use crate::node::Node;
use crate::plan::inputs::{Inputs, refuse};
use crate::report::Report;
use crate::source::beside;

/// Largest picture, bytes.
const MAX_BYTES: u64 = 8 << 20;
/// Most pictures of one file of prompts.
const MOST: usize = 256;
/// Longest line, bytes: as the agent reads it.
const MAX_LINE_BYTES: u64 = 256 << 10;

/// Of a prompt, what names pictures; the rest is for the agent to judge.
#[derive(Deserialize)]
struct Prompt {
    #[serde(default)]
    images: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    file: String,
    sha256: String,
}

/// The pictures that the prompts of a file name, each once; `None` when a problem was reported.
pub(super) fn of(
    prompts: &SourceFile,
    node: &Node,
    inputs: &mut Inputs<'_>,
    reports: &mut Vec<Report>,
) -> Option<Vec<SourceFile>> {
    let named = match named(&beside(inputs.base(), &prompts.path)) {
        Ok(named) => named,
        Err(complaint) => {
            reports.push(refuse(node, &prompts.path, complaint));
            return None;
        }
    };
    let mut found = BTreeMap::new();
    for Named { file, sha256 } in named {
        let path = Path::new(&prompts.path).with_file_name(&file).to_string_lossy().into_owned();
        let image = inputs.file_at(path, node, reports)?;
        if let Some(complaint) = unfit(&image, &sha256) {
            reports.push(refuse(node, &image.path, complaint));
            return None;
        }
        found.insert(sha256, image);
    }
    if found.len() > MOST {
        reports.push(refuse(node, &prompts.path, format!("it names more than {MOST} images")));
        return None;
    }
    Some(found.into_values().collect())
}

fn unfit(image: &SourceFile, sha256: &str) -> Option<String> {
    if image.bytes > MAX_BYTES {
        return Some(format!("an image is larger than {} MiB", MAX_BYTES >> 20));
    }
    (image.sha256 != sha256).then(|| format!("its SHA-256 is {}, and a prompt says another", image.sha256))
}

/// Everything that is named, line by line. A line that is no prompt is left to the agent, which says what is wrong.
fn named(path: &Path) -> Result<Vec<Named>, String> {
    let mut file = BufReader::new(File::open(path).map_err(|error| error.to_string())?);
    let (mut line, mut named) = (Vec::new(), Vec::new());
    for number in 1.. {
        line.clear();
        let mut bounded = file.by_ref().take(MAX_LINE_BYTES);
        if bounded.read_until(b'\n', &mut line).map_err(|error| error.to_string())? == 0 {
            break;
        }
        let names_images = serde_json::from_slice::<serde_json::Value>(&line)
            .is_ok_and(|value| value.get("images").is_some());
        if !names_images {
            continue;
        }
        let wrong = |what: &str| format!("line {number}: {what}");
        let prompt: Prompt = serde_json::from_slice(&line)
            .map_err(|_| wrong("`images` is no list of objects with `file` and `sha256`"))?;
        if let Some(complaint) = prompt.images.iter().find_map(|image| relative(&image.file)) {
            return Err(wrong(&format!("the `file` of an image {complaint}")));
        }
        named.extend(prompt.images);
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Result<usize, String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("prompts.jsonl");
        std::fs::write(&path, line).expect("a small file");
        named(&path).map(|named| named.len())
    }

    #[test]
    fn pictures_lie_below_the_file_that_names_them() {
        let digest = "0".repeat(64);
        let image =
            |file: &str| format!(r#"{{"id":"a","images":[{{"file":"{file}","sha256":"{digest}"}}]}}"#);
        assert_eq!(told(&format!("{}\n\nno prompt\n{}\n", image("a.jpg"), image("photos/b.png"))), Ok(2));
        assert_eq!(told("{\"id\":\"a\"}\n"), Ok(0));
        for bad in ["../a.jpg", "/a.jpg", ""] {
            let complaint = told(&image(bad)).expect_err("it leaves the folder");
            assert!(complaint.starts_with("line 1: the `file` of an image"), "{complaint}");
        }
        let complaint = told(r#"{"images":["secret.jpg"]}"#).expect_err("no object");
        assert!(
            complaint.starts_with("line 1: `images` is no list") && !complaint.contains("secret"),
            "{complaint}"
        );
    }

    #[test]
    fn a_picture_is_what_its_prompt_says() {
        let image = |bytes| SourceFile { path: "a.jpg".to_owned(), sha256: "1".repeat(64), bytes };
        assert_eq!(unfit(&image(9), &"1".repeat(64)), None);
        assert!(unfit(&image(9), &"2".repeat(64)).is_some_and(|why| why.contains("says another")));
        assert!(unfit(&image(MAX_BYTES + 1), &"1".repeat(64)).is_some_and(|why| why.contains("larger")));
    }
}
