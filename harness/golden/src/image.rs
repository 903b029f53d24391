//! Pictures of items: sealed files of the set that are what their names say.

use edgesoak_record::hex;
use sha2::{Digest, Sha256};

use crate::files::Files;
use crate::finding::Finding;
use crate::item::Image;
use crate::limits::MAX_IMAGE_BYTES;
use crate::problem::Problem;
use crate::set::GoldenSet;

/// How a file of each kind begins, by the ends of its name.
///
/// Source: PNG 1.2 section 3.1; JPEG (ITU-T T.81) B.1.1.3, start of image and the marker behind it.
const KINDS: [(&[&str], &[u8]); 2] = [(&["png"], b"\x89PNG\r\n\x1a\n"), (&["jpg", "jpeg"], b"\xff\xd8\xff")];

/// What is wrong with the pictures that the items of a set name.
pub(crate) fn findings(set: &GoldenSet, files: &Files) -> Vec<Finding> {
    let file = set.manifest.items.as_deref().unwrap_or_default();
    let images = set.items.iter().flat_map(|item| item.images.iter().map(move |image| (item, image)));
    images
        .filter_map(|(item, image)| {
            let listed = || set.manifest.files.iter().map(|file| file.path.as_str());
            let line = Some(item.line);
            if !listed().any(|path| path == image.file) {
                return Some(Finding::unknown(file, line, "listed file", &image.file, listed()));
            }
            // A listed file that is not there is told by the seal.
            let problem = complaint(image, files.get(&image.file)?)?;
            Some(Finding::at(file, item.line, problem))
        })
        .collect()
}

fn complaint(image: &Image, bytes: &[u8]) -> Option<Problem> {
    if bytes.len() > MAX_IMAGE_BYTES {
        let limit = format!("{} MiB", MAX_IMAGE_BYTES >> 20);
        return Some(Problem::TooMuch { what: "an image is too large", limit });
    }
    let end = image.file.rsplit_once('.').map_or("", |(_, end)| end);
    let Some((_, begin)) = KINDS.iter().find(|(ends, _)| ends.contains(&end)) else {
        return Some(Problem::value("images", "must be files named .png, .jpg or .jpeg"));
    };
    if !bytes.starts_with(begin) {
        return Some(Problem::value("images", format!("names a .{end} that does not begin like one")));
    }
    let found = hex(&Sha256::digest(bytes));
    let complaint = || format!("names {} with another SHA-256 than {found}", image.file);
    (found != image.sha256).then(|| Problem::value("images", complaint()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(file: &str, bytes: &[u8]) -> Option<String> {
        let image = Image { file: file.to_owned(), sha256: hex(&Sha256::digest(bytes)) };
        complaint(&image, bytes).map(|problem| problem.to_string())
    }

    #[test]
    fn a_picture_is_what_its_name_and_its_item_say() {
        assert_eq!(told("images/gauge.png", b"\x89PNG\r\n\x1a\nrest"), None);
        assert_eq!(told("gauge.jpeg", b"\xff\xd8\xff\xe0"), None);
        for (file, bytes, why) in [
            ("gauge.png", &b"\xff\xd8\xff\xe0"[..], "does not begin like one"),
            ("gauge.png", b"", "does not begin like one"),
            ("gauge.svg", b"<svg onload='alert(1)'>", "must be files named"),
            ("gauge", b"\x89PNG\r\n\x1a\n", "must be files named"),
        ] {
            assert!(told(file, bytes).is_some_and(|told| told.contains(why)), "{file}");
        }
        let large = [&b"\x89PNG\r\n\x1a\n"[..], &vec![0; MAX_IMAGE_BYTES]].concat();
        assert!(told("gauge.png", &large).is_some_and(|told| told.contains("8 MiB")));
        let image = Image { file: "gauge.png".to_owned(), sha256: "0".repeat(64) };
        let other = complaint(&image, b"\x89PNG\r\n\x1a\n").map(|problem| problem.to_string());
        assert!(other.is_some_and(|told| told.contains("another SHA-256")));
    }
}
