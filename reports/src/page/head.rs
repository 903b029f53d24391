//! What the browser may do with the page: nothing but show it.

use maud::{Markup, PreEscaped, html};

use crate::palette;

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

pub(crate) fn head(title: &str) -> Markup {
    head_with(title, "")
}

/// The same with further rules of style.
pub(crate) fn head_with(title: &str, style: &'static str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            meta name="generator" content="EdgeSoak";
            title { (title) }
            style { (PreEscaped(palette::variables())) (PreEscaped(include_str!("report.css"))) (PreEscaped(style)) }
        }
    }
}
