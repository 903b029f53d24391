//! Suites as XML.

use std::io;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::writer::Writer;

use super::case::{Case, Ending};
use super::suite::Suite;
use crate::words::text::without_tricks;

type Xml = Writer<Vec<u8>>;

/// The document, without any character that XML forbids.
pub(super) fn written(suites: &[Suite]) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut xml, suites).expect("a vector takes every byte");
    let mut text = String::from_utf8(xml.into_inner()).expect("texts and tags are UTF-8");
    text.push('\n');
    without_tricks(&text)
}

/// How many cases there are, and how many did not pass.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a>(cases: impl Iterator<Item = &'a Case>) -> Self {
        cases.fold(Self::default(), |mut counts, case| {
            counts.tests += 1;
            match case.ending {
                Ending::Passed => {}
                Ending::Failure => counts.failures += 1,
                Ending::Error(_) => counts.errors += 1,
                Ending::Skipped => counts.skipped += 1,
            }
            counts
        })
    }

    fn attributes(&self) -> [(&'static str, String); 4] {
        [
            ("tests", self.tests.to_string()),
            ("failures", self.failures.to_string()),
            ("errors", self.errors.to_string()),
            ("skipped", self.skipped.to_string()),
        ]
    }
}

fn write(xml: &mut Xml, suites: &[Suite]) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all = Counts::of(suites.iter().flat_map(|suite| &suite.cases)).attributes();
    xml.create_element("testsuites")
        .with_attribute(("name", "edgesoak"))
        .with_attributes(all.iter().map(|(key, value)| (*key, value.as_str())))
        .write_inner_content(|xml| suites.iter().try_for_each(|suite| write_suite(xml, suite)))?;
    Ok(())
}

fn write_suite(xml: &mut Xml, suite: &Suite) -> io::Result<()> {
    let mut attributes = vec![("name", suite.name.clone())];
    attributes.extend(Counts::of(suite.cases.iter()).attributes());
    attributes.extend(suite.took_s.map(|seconds| ("time", format!("{seconds:.3}"))));
    attributes.extend(suite.opened.clone().map(|stamp| ("timestamp", stamp)));
    xml.create_element("testsuite")
        .with_attributes(attributes.iter().map(|(key, value)| (*key, value.as_str())))
        .write_inner_content(|xml| {
            write_properties(xml, &suite.properties)?;
            suite.cases.iter().try_for_each(|case| write_case(xml, &suite.name, case))
        })?;
    Ok(())
}

fn write_properties(xml: &mut Xml, properties: &[(String, String)]) -> io::Result<()> {
    if properties.is_empty() {
        return Ok(());
    }
    xml.create_element("properties").write_inner_content(|xml| {
        properties.iter().try_for_each(|(name, value)| {
            let attributes = [("name", name.as_str()), ("value", value.as_str())];
            xml.create_element("property").with_attributes(attributes).write_empty().map(drop)
        })
    })?;
    Ok(())
}

fn write_case(xml: &mut Xml, suite: &str, case: &Case) -> io::Result<()> {
    let element =
        xml.create_element("testcase").with_attributes([("classname", suite), ("name", case.name.as_str())]);
    let (name, kind) = match case.ending {
        Ending::Passed => return element.write_empty().map(drop),
        Ending::Failure => ("failure", Some("fail")),
        Ending::Error(kind) => ("error", Some(kind)),
        Ending::Skipped => ("skipped", None),
    };
    element.write_inner_content(|xml| {
        let mut red = xml.create_element(name).with_attribute(("message", case.message.as_str()));
        if let Some(kind) = kind {
            red = red.with_attribute(("type", kind));
        }
        if case.detail.is_empty() {
            return red.write_empty().map(drop);
        }
        red.write_text_content(BytesText::new(&case.detail)).map(drop)
    })?;
    Ok(())
}
