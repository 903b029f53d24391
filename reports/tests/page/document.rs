//! The page as a browser parses it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::convert::Infallible;

use base64ct::Encoding as _;
use edgesoak_record::comparison::Detectable;
use edgesoak_record::session::{Channel, Samples};
use edgesoak_record::{Quantity, Reason, Run, RunVerdict};
use edgesoak_reports::Background;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use sha2::Digest as _;

use crate::made_up;

/// The page of a run with everything that can stand beside it.
pub fn full_page(run: &Run, verdict: &RunVerdict) -> String {
    let detectable = Detectable {
        runs: 3,
        sigma: 0.03,
        is_prior: true,
        reach: 0.051,
        passes_from: 0.012,
        fails_from: -0.121,
    };
    let background = Background {
        explain: Some(made_up::explanations::explain),
        detectable: Some(detectable),
        earlier: &[],
    };
    let whole = |record| Ok::<_, Infallible>(Cow::Borrowed(record));
    let Ok(page) = edgesoak_reports::html_in_parts(run, verdict, &background, whole);
    page
}

/// A parsed page.
pub struct Document {
    /// Name and attributes of every element, in order.
    pub elements: Vec<(String, Vec<(String, String)>)>,
    /// All text outside of style sheets and blocks of data.
    pub text: String,
    /// What the parser complained about.
    pub errors: Vec<String>,
}

impl Document {
    pub fn parse(page: &str) -> Self {
        let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(page);
        let errors = dom.errors.borrow().iter().map(ToString::to_string).collect();
        let mut document = Self { elements: Vec::new(), text: String::new(), errors };
        document.walk(&dom.document, false);
        document
    }

    fn walk(&mut self, node: &Handle, styled: bool) {
        let mut styled = styled;
        match &node.data {
            NodeData::Element { name, attrs, .. } => {
                let attributes =
                    attrs.borrow().iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                styled = ["style", "script"].contains(&&*name.local);
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

#[test]
fn the_page_is_well_formed() {
    let (run, verdict) = made_up::example();
    let document = Document::parse(&full_page(&run, &verdict));
    assert_eq!(document.errors, Vec::<String>::new());
    let mut seen = BTreeSet::new();
    for id in document.attributes("id") {
        assert!(seen.insert(id), "id {id} occurs twice");
    }
    for target in document.attributes("href") {
        let anchor = target.strip_prefix('#').expect("only links within the page");
        assert!(seen.contains(anchor), "dead link {target}");
    }
    for ids in document.attributes("aria-labelledby") {
        assert!(ids.split(' ').all(|id| seen.contains(id)), "{ids} label nothing");
    }
}

#[test]
fn the_page_asks_for_nothing() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    for word in ["http://", "https://", "//cdn", "@import", "url(", "javascript:", "<link", "<iframe"] {
        assert!(!page.contains(word), "the page holds {word}");
    }
    let document = Document::parse(&page);
    let policy = document.attributes("content").find(|text| text.contains("default-src")).expect("a policy");
    assert!(policy.starts_with("default-src 'none';"));
    let script = include_str!("../../src/page/hover.js");
    let digest = base64ct::Base64::encode_string(&sha2::Sha256::digest(script));
    assert!(
        policy.contains(&format!("script-src 'sha256-{digest}';")),
        "one script is allowed, by its digest"
    );
    assert_eq!(page.matches(&format!("<script>{script}</script>")).count(), 1);
    assert_eq!(page.matches("<script").count(), 2, "and beside it there is but a block of data");
    assert!(document.elements.iter().flat_map(|(_, list)| list).all(|(name, _)| !name.starts_with("on")));
    assert!(document.attributes("src").next().is_none());
    assert!(document.attributes("style").next().is_none());
}

#[test]
fn landmarks_captions_and_headings_are_there() {
    let (run, verdict) = made_up::example();
    let document = Document::parse(&edgesoak_reports::html(&run, &verdict));
    let count = |name: &str| document.elements.iter().filter(|(element, _)| element == name).count();
    assert_eq!((count("main"), count("h1"), count("header"), count("footer")), (1, 1, 1, 1));
    let role = |role: &str| document.attributes("role").filter(|found| *found == role).count();
    assert_eq!(count("figure"), role("img"));
    assert_eq!(count("desc"), role("img"), "every plot describes itself");
    assert!(count("details") >= role("img"), "every plot has its table");
    let html = &document.elements[0];
    assert_eq!((html.0.as_str(), html.1[0].1.as_str()), ("html", "en"));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let (run, verdict) = made_up::example();
    let again = made_up::example();
    assert_eq!(edgesoak_reports::html(&run, &verdict), edgesoak_reports::html(&again.0, &again.1));
}

/// A run as a store gives it in outline.
fn outlined(run: &Run) -> Run {
    let mut outline = run.clone();
    for record in &mut outline.sessions {
        record.meters.clear();
        record.prompts.iter_mut().for_each(|prompt| prompt.token_times.clear());
        record.channels.iter_mut().for_each(|channel| channel.samples = Samples::new());
    }
    outline
}

#[test]
fn sessions_read_one_at_a_time_give_the_same_bytes() {
    let (mut run, verdict) = made_up::example();
    let is_heat = |channel: &&mut Channel| channel.quantity == Quantity::Temperature;
    for channel in run.sessions[0].channels.iter_mut().filter(is_heat) {
        channel.samples.list_mut().iter_mut().for_each(|sample| sample.value = Err(Reason::Failed));
    }
    let outline = outlined(&run);
    let mut asked = Vec::new();
    let page = edgesoak_reports::html_in_parts(&outline, &verdict, &Background::default(), |record| {
        asked.push(record.planned.session.clone());
        let whole = run.sessions.iter().find(|whole| whole.planned.session == record.planned.session);
        whole.cloned().map(Cow::Owned).ok_or("no such session")
    });
    assert_eq!(page.as_ref(), Ok(&edgesoak_reports::html(&run, &verdict)));
    assert_eq!(asked.len(), run.sessions.len());
    let lost = edgesoak_reports::html_in_parts(&outline, &verdict, &Background::default(), |_| {
        Err("the disk is gone")
    });
    assert_eq!(lost, Err("the disk is gone"));
}

#[test]
fn every_session_and_every_gate_of_the_verdict_is_said() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    let document = Document::parse(&page);
    for (place, session) in verdict.sessions.iter().enumerate() {
        assert!(document.attributes("id").any(|id| id == format!("s{place}")));
        assert!(document.text.contains(&session.sentence));
        for gate in session.gates.iter().filter(|gate| gate.outcome != edgesoak_record::Outcome::Info) {
            assert!(page.contains(&format!("<code>{}</code>", gate.gate.word())), "{} is missing", gate.gate);
            assert!(document.text.contains(&gate.sentence), "the sentence of {} is missing", gate.gate);
        }
    }
    for action in &verdict.next_actions {
        assert!(document.text.contains(&action.replace('`', "")));
    }
}
