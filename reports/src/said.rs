//! What a page says of itself to programs: read from the block of data in it, for whoever signs or verifies the page.

use serde_json::Value;

/// How the block begins; there is no other way in which a page of this program writes it.
const BEGIN: &str = "<script type=\"application/json\" id=\"edgesoak-data\">";
const END: &str = "</script>";
/// What the documents of pages are called.
const SCHEMA: &str = "edgesoak-report";

/// What a page says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<'a> {
    /// The block of data, byte for byte.
    pub data: &'a str,
    /// The run.
    pub of: String,
    /// Word of the verdict.
    pub verdict: String,
    /// The cause in one sentence.
    pub sentence: String,
    /// Digest of the policy that it was judged by.
    pub policy_digest: String,
    /// Names and addresses were taken out of it.
    pub redacted: bool,
}

/// Why a file is no page of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPage {
    /// Finding the block of data.
    #[error("it holds no block of data as `edgesoak report` writes it")]
    NoData,
    /// Finding one block of data.
    #[error("it holds more than one block of data: two readers could see two verdicts")]
    Twice,
    /// Reading the block of data.
    #[error("its block of data is no document of a report")]
    Document,
}

/// Reads what a page says of itself.
///
/// # Errors
/// [`NoPage`] where it is not written as this program writes pages.
pub fn said(page: &str) -> Result<Said<'_>, NoPage> {
    // Whatever a browser would take for the element, whichever way it is written. Texts hold no `<` as such.
    let tags = page.split('<').filter_map(|part| part.split('>').next()).map(str::to_ascii_lowercase);
    if tags.filter(|tag| tag.starts_with("script") && tag.contains("edgesoak-data")).count() > 1 {
        return Err(NoPage::Twice);
    }
    let (_, rest) = page.split_once(BEGIN).ok_or(NoPage::NoData)?;
    let (data, _) = rest.split_once(END).ok_or(NoPage::NoData)?;
    let document: Value = serde_json::from_str(data).map_err(|_| NoPage::Document)?;
    let text = |place: &str| document.pointer(place).and_then(Value::as_str).map(str::to_owned);
    if text("/schema").as_deref() != Some(SCHEMA) {
        return Err(NoPage::Document);
    }
    Ok(Said {
        data,
        of: text("/run/id").ok_or(NoPage::Document)?,
        verdict: text("/verdict/verdict").ok_or(NoPage::Document)?,
        sentence: text("/verdict/sentence").ok_or(NoPage::Document)?,
        policy_digest: text("/run/policy_digest").ok_or(NoPage::Document)?,
        redacted: document.pointer("/redacted").is_some_and(|redacted| !redacted.is_null()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = r#"{"schema":"edgesoak-report","version":1,"run":{"id":"r1","policy_digest":"ab"},"verdict":{"verdict":"fail","sentence":"too slow"}}"#;

    fn page(data: &str) -> String {
        format!("<!DOCTYPE html><html><body>{BEGIN}{data}{END}</body></html>")
    }

    #[test]
    fn a_page_is_read_back() {
        let page = page(DATA);
        let said = said(&page).expect("a page");
        assert_eq!((said.data, said.of.as_str(), said.verdict.as_str()), (DATA, "r1", "fail"));
        assert_eq!((said.sentence.as_str(), said.policy_digest.as_str()), ("too slow", "ab"));
        assert!(!said.redacted);
    }

    #[test]
    fn what_is_no_page_is_refused() {
        assert_eq!(said("<html></html>"), Err(NoPage::NoData));
        assert_eq!(said(&page(DATA).replace(END, "")), Err(NoPage::NoData));
        assert_eq!(said(&(page(DATA) + &page(DATA))), Err(NoPage::Twice));
        assert_eq!(said(&(page(DATA) + "<SCRIPT ID='EdgeSoak-Data'>{}")), Err(NoPage::Twice));
        for broken in
            ["", "[]", "{", r#"{"schema":"other"}"#, &DATA.replace("fail", "\u{0}"), &"[".repeat(100_000)]
        {
            assert_eq!(said(&page(broken)), Err(NoPage::Document), "{}", broken.len());
        }
    }
}
