//! What a page says of itself to programs: read from the block of data in it, for whoever signs or verifies the page.

use serde_json::Value;

use crate::data::SCHEMA as RUN;
use crate::document::{COMPARISON, RELEASE};
use crate::error::ReportError;

/// How the block begins; there is no other way in which a page of this program writes it.
const BEGIN: &str = "<script type=\"application/json\" id=\"edgesoak-data\">";
const END: &str = "</script>";
/// What a page says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<'a> {
    /// The block of data, byte for byte.
    pub data: &'a str,
    /// The id of a run, the name of a release, or that it is a comparison.
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

/// Reads what a page says of itself.
///
/// # Errors
/// [`ReportError`] where it is not written as this program writes pages.
pub fn said(page: &str) -> Result<Said<'_>, ReportError> {
    // Whatever a browser would take for the element, whichever way it is written. Texts hold no `<` as such.
    let tags = page.split('<').filter_map(|part| part.split('>').next()).map(str::to_ascii_lowercase);
    if tags.filter(|tag| tag.starts_with("script") && tag.contains("edgesoak-data")).count() > 1 {
        return Err(ReportError::FindOneData);
    }
    let (_, rest) = page.split_once(BEGIN).ok_or(ReportError::FindData)?;
    let (data, _) = rest.split_once(END).ok_or(ReportError::FindData)?;
    let document: Value = serde_json::from_str(data).map_err(|_| ReportError::ReadData)?;
    let text = |place: &str| document.pointer(place).and_then(Value::as_str).map(str::to_owned);
    let (of, judged, policy) = match text("/schema").as_deref() {
        Some(RUN) => (text("/run/id"), "/verdict", text("/run/policy_digest")),
        Some(RELEASE) => (text("/release/name"), "/release", text("/release/policy_digest")),
        // Two sides, planned with policies of their own.
        Some(COMPARISON) => (Some("a comparison".to_owned()), "/comparison", Some(String::new())),
        _ => return Err(ReportError::ReadData),
    };
    let judged = |member: &str| text(&format!("{judged}/{member}"));
    Ok(Said {
        data,
        of: of.ok_or(ReportError::ReadData)?,
        verdict: judged("verdict").ok_or(ReportError::ReadData)?,
        sentence: judged("sentence").ok_or(ReportError::ReadData)?,
        policy_digest: policy.ok_or(ReportError::ReadData)?,
        redacted: judged("redacted").is_some(),
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
        let told = |page: &str| said(page).expect_err("no page").to_string();
        let lacking = ReportError::FindData.to_string();
        assert_eq!(told("<html></html>"), lacking);
        assert_eq!(told(&page(DATA).replace(END, "")), lacking);
        let twice = ReportError::FindOneData.to_string();
        assert_eq!(told(&(page(DATA) + &page(DATA))), twice);
        assert_eq!(told(&(page(DATA) + "<SCRIPT ID='EdgeSoak-Data'>{}")), twice);
        let other = DATA.replace("edgesoak-report", "edgesoak-run");
        for broken in ["", "[]", "{", &other, &DATA.replace("fail\"", "fail"), &"[".repeat(100_000)] {
            assert_eq!(told(&page(broken)), ReportError::ReadData.to_string(), "{}", broken.len());
        }
    }
}
