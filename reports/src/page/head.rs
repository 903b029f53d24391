//! What the browser may do with the page: show it, and run one script that reads values off the plots.

use base64ct::{Base64, Encoding as _};
use maud::{Markup, PreEscaped, html};

use sha2::{Digest as _, Sha256};

use crate::palette;

/// The only script: without it the page lacks nothing but values under the pointer.
const SCRIPT: &str = include_str!("hover.js");

/// No other script runs, whatever a device or a model may have said.
fn policy() -> String {
    let digest = Base64::encode_string(&Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    )
}

pub(crate) fn head(title: &str) -> Markup {
    head_with(title, "")
}

/// The same with further rules of style.
pub(crate) fn head_with(title: &str, style: &'static str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            meta name="generator" content="EdgeSoak";
            title { (title) }
            style { (PreEscaped(palette::variables())) (PreEscaped(include_str!("report.css"))) (PreEscaped(style)) }
            script { (PreEscaped(SCRIPT)) }
        }
    }
}
