//! The XML as a strict parser reads it.

use roxmltree::{Document, Node};

use crate::hostile::{ATTACKS, poisoned};
use crate::made_up;

/// Elements of a name, in document order.
pub fn all<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.descendants().filter(move |node| node.has_tag_name(name))
}

/// A number of an attribute.
fn number(node: Node<'_, '_>, name: &str) -> usize {
    let text = node.attribute(name).unwrap_or_else(|| panic!("no {name} at {node:?}"));
    text.parse().unwrap_or_else(|_| panic!("{name} is {text}"))
}

/// Parses strictly; counts and names are those of the cases, and no case has two endings.
pub fn parsed(xml: &str) -> Document<'_> {
    let document = Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let root = document.root_element();
    assert!(root.has_tag_name("testsuites"));
    for node in std::iter::once(root).chain(all(root, "testsuite")) {
        assert_eq!(number(node, "tests"), all(node, "testcase").count());
        assert_eq!(number(node, "failures"), all(node, "failure").count());
        assert_eq!(number(node, "errors"), all(node, "error").count());
        assert_eq!(number(node, "skipped"), all(node, "skipped").count());
    }
    for suite in all(root, "testsuite") {
        let name = suite.attribute("name");
        assert!(all(suite, "testcase").all(|case| case.attribute("classname") == name));
        assert!(all(suite, "testcase").next().is_some(), "an empty suite proves nothing: {name:?}");
        for case in all(suite, "testcase") {
            assert!(case.children().filter(Node::is_element).count() <= 1, "{case:?}");
        }
    }
    assert!(!xml.contains(|c: char| c.is_control() && c != '\n'), "a control character is left");
    document
}

#[test]
fn a_run_reads_like_this() {
    let (run, verdict) = made_up::example();
    let xml = edgesoak_reports::junit(&run, &verdict);
    parsed(&xml);
    insta::assert_snapshot!(xml);
}

#[test]
fn a_run_without_a_verdict_reads_like_this() {
    let xml = edgesoak_reports::junit_unfinished();
    parsed(&xml);
    insta::assert_snapshot!(xml);
}

/// Every element with its name, in document order.
fn elements(document: &Document<'_>) -> Vec<String> {
    let elements = document.descendants().filter(Node::is_element);
    elements.map(|node| node.tag_name().name().to_owned()).collect()
}

#[test]
fn no_text_gets_out_of_its_place() {
    let (run, verdict) = poisoned("innocent");
    let innocent = edgesoak_reports::junit(&run, &verdict);
    let innocent = elements(&parsed(&innocent));
    for attack in ATTACKS {
        let (run, verdict) = poisoned(attack);
        let xml = edgesoak_reports::junit(&run, &verdict);
        let document = parsed(&xml);
        assert_eq!(elements(&document), innocent, "{attack}");
        if attack.is_ascii() && !attack.contains(char::is_control) {
            let verdict = all(document.root(), "failure").next().expect("the verdict on the run");
            assert_eq!(verdict.attribute("message"), Some(attack));
        }
    }
}

#[test]
fn texts_without_end_are_cut() {
    let (run, verdict) = poisoned(&"&".repeat(1_000_000));
    let xml = edgesoak_reports::junit(&run, &verdict);
    parsed(&xml);
    assert!(xml.len() < 1_000_000, "{} bytes", xml.len());
}
