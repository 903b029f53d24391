//! A release in every format: what a reader finds, and that no text gets out of its place.

use edgesoak_record::release::{Release, Trend, TrendValue};
use edgesoak_reports::{
    annotations, openmetrics, release_html, release_json, release_junit, release_markdown, release_verdict,
};
use serde_json::Value;

use crate::document::Document;
use crate::hostile::{ATTACKS, planted};
use crate::junit_xml::parsed;
use crate::release_made::{example, trend};

#[test]
fn a_release_reads_like_this() {
    insta::assert_snapshot!("release-markdown", release_markdown(&example()));
    insta::assert_snapshot!("release-junit", release_junit(&example()));
    let page = release_html(&example());
    let document = Document::parse(&page);
    assert_eq!(document.errors, Vec::<String>::new());
    for words in [
        "DO NOT SHIP",
        "promoted",
        "the previous release",
        "Families covered",
        "1 of 2",
        "about 13 minutes",
        "tablets",
        "With 1.4 the floor fell by 14.8 %",
        "level between two changes",
        "expired",
        "1 of 3",
        "r-0007",
    ] {
        assert!(document.text.contains(words), "{words}: {}", document.text);
    }
    assert_eq!(page, release_html(&example()), "the same bytes again");
}

#[test]
fn a_plot_over_releases_shows_gaps_as_gaps_and_says_when_there_are_too_few() {
    let dots = |release: &Release| {
        let document = Document::parse(&release_html(release));
        let is_dots = |(name, attributes): &&(String, Vec<(String, String)>)| {
            name == "path" && attributes.iter().any(|(key, value)| key == "class" && value == "i-new")
        };
        let paths = document.elements.iter().filter(is_dots);
        let d = paths.filter_map(|(_, all)| {
            all.iter().find(|(key, _)| key == "d").map(|(_, d)| d.matches('M').count())
        });
        d.max().unwrap_or(0)
    };
    let mut release = example();
    assert_eq!(dots(&release), 5, "six releases, one of which is not stored");
    release.comparison = None;
    release.trends = vec![trend()];
    for point in &mut release.trends[0].points[1..] {
        point.value = TrendValue::Missing("no floor".to_owned());
    }
    release.trends[0].changes.clear();
    assert_eq!(dots(&release), 0);
    assert!(release_html(&release).contains("a trend needs 2"));
}

/// A release in which every text that may be any text is this one.
fn poisoned(attack: &str) -> Release {
    let (places, hurt) = planted(&example(), |_| attack.to_owned());
    assert!(places.len() > 100, "{}", places.len());
    hurt
}

#[test]
fn no_text_of_a_release_gets_out_of_its_place() {
    let elements = |release: &Release| Document::parse(&release_html(release)).elements.len();
    let innocent = poisoned("innocent");
    for attack in ATTACKS {
        let hurt = poisoned(attack);
        let page = Document::parse(&release_html(&hurt));
        assert_eq!(page.errors, Vec::<String>::new(), "{attack}");
        assert_eq!(page.elements.len(), elements(&innocent), "{attack}");
        assert_eq!(
            release_markdown(&hurt).lines().count(),
            release_markdown(&innocent).lines().count(),
            "{attack}"
        );
        parsed(&release_junit(&hurt));
        let json: Value = serde_json::from_str(&release_json(&hurt)).expect("JSON");
        assert_eq!(json["schema"], "edgesoak-release");
        let verdict = release_verdict(&hurt);
        assert!(annotations(&verdict).lines().all(|line| line.starts_with("::")), "{attack}");
        for line in openmetrics(&verdict).lines().filter(|line| !line.starts_with('#')) {
            let value = line.rsplit(' ').next().expect("a value");
            assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{attack}: {line}");
        }
    }
}

#[test]
fn what_was_not_looked_for_is_not_steady_and_what_was_not_compared_was_there() {
    let has = |release: &Release, words: &str| Document::parse(&release_html(release)).text.contains(words);
    let mut release = example();
    assert!(has(&release, "r-0003") && has(&release, "s09, of what the candidate was before"));
    release.trends[0].changes.clear();
    assert!(has(&release, "steady") && !has(&release, "not told"));
    release.trends.push(Trend { looked: false, ..trend() });
    release.trends[1].changes.clear();
    assert!(has(&release, "not told") && !has(&release, "steady"), "one was not looked at");
    release.comparison.as_mut().expect("a comparison").devices.clear();
    assert!(has(&release, "not compared") && !has(&release, "nothing before it"));
    (release.references, release.comparison) = (Vec::new(), None);
    assert!(has(&release, "nothing before it"));
}

#[test]
fn nothing_and_everything_fit() {
    let mut nothing = example();
    (nothing.cells, nothing.sessions, nothing.trends) = (Vec::new(), Vec::new(), Vec::new());
    (nothing.coverage, nothing.comparison, nothing.references) = (Vec::new(), None, Vec::new());
    assert_eq!(Document::parse(&release_html(&nothing)).errors, Vec::<String>::new());
    parsed(&release_junit(&nothing));
    let mut large = example();
    large.cells = large.cells.iter().cycle().take(300).cloned().collect();
    large.coverage = large.coverage.iter().cycle().take(300).cloned().collect();
    assert!(release_markdown(&large).len() <= 60_000);
    assert!(release_html(&large).len() < 3_000_000, "{}", release_html(&large).len());
}
