//! What the pages say, and that each leads to the others.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_record::fleet::Fleet;
use edgesoak_reports::Site;

use crate::document::Document;
use crate::site_made as made;

/// Every page of a fleet.
pub fn pages(fleet: &Fleet) -> BTreeMap<String, String> {
    let site = Site::of(fleet);
    let made = site.paths().map(|path| (path.to_owned(), site.page(path).expect("a page of the site")));
    made.collect()
}

/// A link as a file share resolves it.
fn resolved(from: &str, link: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    match link.strip_prefix("../") {
        Some(rest) => {
            assert!(!folder.is_empty(), "{link} on {from} leads out of the site");
            rest.to_owned()
        }
        None if folder.is_empty() => link.to_owned(),
        None => format!("{folder}/{link}"),
    }
}

/// Every page is well formed, asks for nothing, and each of its links leads to a page or an element.
pub fn check(fleet: &Fleet) {
    let pages = pages(fleet);
    let reports: BTreeSet<String> = fleet.runs.iter().map(|run| Site::run_path(&run.run)).collect();
    let mut reached = BTreeSet::from(["index.html".to_owned()]);
    for (path, page) in &pages {
        let parsed = Document::parse(page);
        assert_eq!(parsed.errors, Vec::<String>::new(), "{path}");
        let mut ids = BTreeSet::new();
        for id in parsed.attributes("id") {
            assert!(ids.insert(id), "id {id} occurs twice on {path}");
        }
        for link in parsed.attributes("href") {
            if let Some(id) = link.strip_prefix('#') {
                assert!(ids.contains(id), "dead link {link} on {path}");
                continue;
            }
            let target = resolved(path, link);
            assert!(pages.contains_key(&target) || reports.contains(&target), "dead link {link} on {path}");
            reached.insert(target);
        }
        for labels in parsed.attributes("aria-labelledby") {
            assert!(labels.split(' ').all(|id| ids.contains(id)), "{labels} label nothing on {path}");
        }
        let policy = parsed.attributes("content").find(|text| text.contains("default-src"));
        assert!(policy.expect("a policy").starts_with("default-src 'none';"));
        for forbidden in ["src", "style", "onclick", "onerror", "srcset"] {
            assert!(parsed.attributes(forbidden).next().is_none(), "{forbidden} on {path}");
        }
        for word in ["http://", "https://", "javascript:", "@import", "url("] {
            assert!(!page.contains(word), "{word} on {path}");
        }
    }
    let lost: Vec<_> = pages.keys().chain(&reports).filter(|path| !reached.contains(*path)).collect();
    assert!(lost.is_empty(), "no way leads to {lost:?}");
}

fn page_of(pages: &BTreeMap<String, String>, begin: &str) -> Document {
    let (_, page) = pages.iter().find(|(path, _)| path.starts_with(begin)).expect("a page");
    Document::parse(page)
}

#[test]
fn every_page_is_whole_and_every_link_leads_somewhere() {
    for count in [1, 90, 250] {
        check(&made::fleet(count));
    }
    check(&Fleet::default());
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(pages(&made::fleet(90)), pages(&made::fleet(90)));
}

#[test]
fn a_device_tells_of_its_floors_its_battery_and_its_quarantine() {
    let pages = pages(&made::fleet(90));
    let page = page_of(&pages, "devices/scanner-2-04");
    for words in [
        "In quarantine since",
        "3 runs in a row ended by its battery's heat",
        "edgesoak devices --clear scanner-2-04 --reason TEXT",
        "Floor on policy_qa",
        "Charge cycles",
        "bar ≥ 18",
        "still there",
    ] {
        assert!(page.text.contains(words), "{words} is missing");
    }
    let crosses = page.attributes("class").filter(|class| *class == "cross").count();
    assert!(crosses > 0, "a floor under its bar is a cross, not a dot");
    let page = page_of(&pages, "devices/phone-3-02");
    assert!(page.text.contains("In use.") && page.text.contains("new cable"));
    let page = page_of(&pages, "devices/virtual-sm6115");
    assert!(page.text.contains("◇ virtual") && !page.text.contains("Charge cycles"));
}

#[test]
fn a_release_is_held_against_the_one_before() {
    let pages = pages(&made::fleet(90));
    let first = page_of(&pages, "releases/release-1-0");
    assert!(first.text.contains("the first release"), "{}", first.text);
    let last = page_of(&pages, "releases/release-1-2");
    assert!(last.text.contains("release-1.1") && last.text.contains('%'), "{}", last.text);
}

#[test]
fn what_is_not_known_is_said_in_words() {
    let mut fleet = made::fleet(12);
    for session in fleet.runs.iter_mut().flat_map(|run| &mut run.sessions) {
        session.figures.clear();
        session.battery_health = None;
        session.charge_cycles = None;
        session.verdict = None;
    }
    for run in &mut fleet.runs {
        run.verdict = None;
    }
    check(&fleet);
    let pages = pages(&fleet);
    let device = page_of(&pages, "devices/scanner-1-07");
    assert!(device.text.contains("No session has a figure to draw."));
    assert!(device.text.contains("not judged") && !device.text.contains("pass"), "{}", device.text);
    assert!(page_of(&pages, "index").text.contains("nothing was judged yet"));
}

#[test]
fn a_thousand_runs_are_paged() {
    let fleet = made::fleet(1_000);
    let pages = pages(&fleet);
    assert!(pages.contains_key("runs-10.html") && !pages.contains_key("runs-11.html"));
    let longest = pages.values().map(String::len).max().expect("pages");
    assert!(longest < 900_000, "a page of {longest} bytes");
    let device = page_of(&pages, "devices/scanner-2-04");
    assert!(device.text.contains("500 older sessions are in the database."));
    assert!(device.text.contains("760 older are not drawn"));
}

#[test]
fn a_report_that_cannot_be_made_has_a_page() {
    let fleet = made::fleet(3);
    let site = Site::of(&fleet);
    let page = Document::parse(&site.without_report("run-0001-soak", "its plan is <damaged>"));
    assert!(page.text.contains("could not be made: its plan is <damaged>"), "{}", page.text);
    assert_eq!(page.errors, Vec::<String>::new());
}

#[test]
fn what_was_simulated_is_marked_among_what_was_measured() {
    let mut runs = vec![made::run(2), made::run(1), made::run(0)];
    runs[0].sessions.retain(|session| session.is_virtual);
    for run in &mut runs[1..] {
        run.sessions.retain(|session| !session.is_virtual);
    }
    let fleet = Fleet { runs, ..Fleet::default() };
    let pages = pages(&fleet);
    let list = &pages["candidates.html"];
    let row = list.split("<tbody>").nth(1).expect("a table");
    assert_eq!(row.matches("◇ virtual").count(), 2, "beside the newest verdict and its floor: {row}");
    let (_, page) = pages.iter().find(|(path, _)| path.starts_with("candidates/")).expect("a page");
    assert!(page.contains("virtual:sm6115 (virtual) · "), "what a pointer shows");
    assert!(page.contains(">◇ virtual:sm6115<"), "what a line is called");
    assert!(!page.contains("scanner-2-04 (virtual)") && !page.contains("◇ scanner"));
}
