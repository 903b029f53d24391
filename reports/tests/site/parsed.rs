//! A page as a browser parses it.

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// A parsed page.
#[derive(Default)]
pub struct Parsed {
    /// Name and attributes of every element, in order.
    pub elements: Vec<(String, Vec<(String, String)>)>,
    /// All text outside of style sheets.
    pub text: String,
    /// What the parser complained about.
    pub errors: Vec<String>,
}

impl Parsed {
    pub fn of(page: &str) -> Self {
        let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
        let errors = dom.errors.borrow().iter().map(ToString::to_string).collect();
        let mut parsed = Self { errors, ..Self::default() };
        parsed.walk(&dom.document, false);
        parsed
    }

    fn walk(&mut self, node: &Handle, styled: bool) {
        let mut styled = styled;
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                let attributes =
                    attrs.borrow().iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                styled = &*name.local == "style";
                self.elements.push((name.local.to_string(), attributes));
            }
            NodeData::Text { contents } if !styled => self.text.push_str(&contents.borrow()),
            _ => {}
        }
        for child in node.children.borrow().iter() {
            self.walk(child, styled);
        }
    }

    pub fn attributes<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let all = self.elements.iter().flat_map(|(_, attributes)| attributes);
        all.filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
