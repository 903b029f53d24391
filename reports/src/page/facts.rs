//! Labelled figures.

use maud::{Markup, html};

use crate::model::Fact;

/// A definition list.
pub(crate) fn list(class: &str, facts: &[Fact]) -> Markup {
    html! {
        dl class=(class) {
            @for fact in facts {
                div {
                    dt { (fact.label) }
                    dd {
                        b { bdi { (fact.value) } }
                        @if !fact.remark.is_empty() { " " span { bdi { (fact.remark) } } }
                    }
                }
            }
        }
    }
}
