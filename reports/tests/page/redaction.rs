//! What a redacted report tells, in every format.

use std::borrow::Cow;
use std::collections::BTreeSet;

use edgesoak_record::{Plan, Release, Run, RunVerdict, SessionRecord};
use edgesoak_reports::{Background, Redaction, ReportError, Side};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::hostile::{planted, poisoned};
use crate::made_up;

/// A run in every format.
fn formats(run: &Run, verdict: &RunVerdict, redaction: &Redaction) -> Vec<(&'static str, String)> {
    let whole = |record: &SessionRecord| redaction.session(record.clone()).map(Cow::Owned);
    let page = edgesoak_reports::html_in_parts(run, verdict, &Background::default(), whole);
    vec![
        ("html", page.expect("a page")),
        ("md", edgesoak_reports::markdown(run, verdict)),
        ("json", edgesoak_reports::json(run, verdict)),
        ("junit", edgesoak_reports::junit(run, verdict)),
        ("openmetrics", edgesoak_reports::openmetrics(verdict)),
        ("annotations", edgesoak_reports::annotations(verdict)),
        ("bencher", edgesoak_reports::bencher(verdict)),
        ("bigger", edgesoak_reports::benchmark_entries(verdict, Side::BiggerIsBetter)),
        ("smaller", edgesoak_reports::benchmark_entries(verdict, Side::SmallerIsBetter)),
    ]
}

fn redacted(run: &Run, verdict: &RunVerdict) -> Result<Vec<(&'static str, String)>, ReportError> {
    let redaction = Redaction::of_run(run, verdict)?;
    Ok(formats(&redaction.run(run)?, &redaction.verdict(verdict)?, &redaction))
}

/// A marker in every text.
fn marked<T: Serialize + DeserializeOwned>(data: &T, prefix: &str) -> (Vec<String>, T) {
    planted(data, |number| format!("{prefix}{number}q"))
}

/// A place without the numbers of members: those of a kind are one.
fn kind(place: &str) -> String {
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    place.split('/').filter(|part| !is_number(part)).collect::<Vec<_>>().join("/")
}

/// The places whose markers a text still holds.
fn told_of(prefix: &str, places: &[String], all: &str) -> BTreeSet<String> {
    let survives = |(number, _): &(usize, &String)| all.contains(&format!("{prefix}{number}q"));
    let survivors = places.iter().enumerate().filter(survives);
    survivors.map(|(_, place)| format!("{prefix} {}", kind(place))).collect()
}

/// A release in every format.
fn release_formats(release: &Release) -> String {
    let verdict = edgesoak_reports::release_verdict(release);
    [
        edgesoak_reports::release_html(release),
        edgesoak_reports::release_markdown(release),
        edgesoak_reports::release_json(release),
        edgesoak_reports::release_junit(release),
        edgesoak_reports::openmetrics(&verdict),
        edgesoak_reports::annotations(&verdict),
        edgesoak_reports::bencher(&verdict),
    ]
    .concat()
}

/// Whoever adds a field that a report shows sees it here, and decides whether strangers may.
#[test]
fn what_a_redacted_report_still_tells_is_known() {
    let (mut run, verdict) = made_up::example();
    let (in_plan, plan): (_, Plan) = marked(&run.plan, "zqp");
    let sessions = plan.sessions.clone();
    run.plan = plan;
    for (record, planned) in run.sessions.iter_mut().zip(sessions) {
        record.planned = planned;
    }
    let (in_verdict, verdict) = marked(&verdict, "zqv");
    let all: String = redacted(&run, &verdict).expect("data").into_iter().map(|(_, text)| text).collect();
    assert!(in_plan.len() > 50 && in_verdict.len() > 50, "{} and {}", in_plan.len(), in_verdict.len());
    let told: Vec<String> = [("zqp", &in_plan), ("zqv", &in_verdict)]
        .into_iter()
        .flat_map(|(prefix, places)| told_of(prefix, places, &all))
        .collect();
    insta::assert_snapshot!("told", told.join("\n"));
}

#[test]
fn what_a_redacted_release_still_tells_is_known() {
    let mut release = crate::release_made::example();
    release.waivers[1].device = None;
    release.waivers[1].family = Some("tablets".to_owned());
    let (places, release) = marked(&release, "zqr");
    let redacted = Redaction::of_release(&release).and_then(|it| it.release(&release)).expect("data");
    let told: BTreeSet<String> = told_of("zqr", &places, &release_formats(&redacted));
    assert!(places.len() > 50, "{}", places.len());
    insta::assert_snapshot!("told-release", told.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_device_without_a_session_is_no_secret_quietly_kept() {
    let (mut run, verdict) = made_up::example();
    run.plan.settings.push(edgesoak_record::plan::Setting {
        key: "device.annexe-9".to_owned(),
        value: "no session: no candidate of a route fits family `tablets`".to_owned(),
        origin: "device_matrix.toml:9".to_owned(),
    });
    for (format, text) in redacted(&run, &verdict).expect("data") {
        assert!(!text.contains("annexe-9"), "{format}");
    }
}

#[test]
fn secrets_are_found_in_every_text() {
    let home = ["/ho", "me/anneliese/lab"].concat();
    let secrets =
        ["SN-0815-4711", "rack-7.example.org", "10.20.30.40", "anneliese", "00:1a:2b:3c:4d:5e", &home];
    let text = format!(
        "unit sn-0815-4711 on lab@rack-7.example.org, {home}/x at 10.20.30.40:5555 or 00:1a:2b:3c:4d:5e"
    );
    let (mut run, verdict) = poisoned(&text);
    run.plan.sessions[0].device.address = vec![edgesoak_record::plan::AddressPart {
        key: "serial".to_owned(),
        value: "SN-0815-4711".to_owned(),
    }];
    for (format, text) in redacted(&run, &verdict).expect("data") {
        let text = text.to_lowercase();
        for secret in secrets {
            assert!(!text.contains(&secret.to_lowercase()), "{format} tells {secret}");
        }
    }
}

#[test]
fn a_redacted_report_says_so() {
    let (run, verdict) = made_up::example();
    for (format, text) in redacted(&run, &verdict).expect("data") {
        let says = text.contains("Redacted for forwarding");
        assert_eq!(says, ["html", "md", "json", "junit"].contains(&format), "{format}");
    }
    let all = redacted(&run, &verdict).expect("data");
    assert!(all[0].1.contains("device-1") && all[0].1.contains("device-2"), "devices are told apart");
    assert!(edgesoak_reports::said(&all[0].1).expect("a page").redacted);
    assert!(!edgesoak_reports::said(&edgesoak_reports::html(&run, &verdict)).expect("a page").redacted);
}

#[test]
fn a_name_that_is_a_word_of_the_data_is_no_secret_quietly_kept() {
    let (mut run, mut verdict) = made_up::example();
    let name = verdict.sessions[0].verdict.word().to_owned();
    run.plan.sessions[0].device.id.clone_from(&name);
    verdict.sessions[0].device = name;
    assert!(matches!(redacted(&run, &verdict), Err(ReportError::Redact { .. })));
}

#[test]
fn a_comparison_loses_its_names_and_says_so() {
    let comparison = crate::comparison_made::example();
    let redaction = Redaction::of_comparison(&comparison).expect("data");
    let redacted = redaction.comparison(&comparison).expect("data");
    let beside = edgesoak_reports::Beside { parts: Vec::new(), not_run: &[] };
    let all = [
        edgesoak_reports::comparison_html(&redacted, &beside),
        edgesoak_reports::comparison_markdown(&redacted, &beside),
        edgesoak_reports::comparison_json(&redacted, &beside),
    ];
    for text in &all {
        assert!(text.contains("device-1") && text.contains("Redacted for forwarding"));
        for device in &comparison.devices {
            assert!(!text.contains(&device.device), "{}", device.device);
        }
    }
    let said = edgesoak_reports::said(&all[0]).expect("a page");
    assert!(said.redacted && said.of == "a comparison");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_a_device_is_called_no_format_tells(name in "[A-Za-z0-9][A-Za-z0-9 _.:/@<&\"-]{6,20}[A-Za-z0-9]") {
        let (mut run, mut verdict) = made_up::example();
        let old = run.plan.sessions[0].device.id.clone();
        run.plan.sessions[0].device.id.clone_from(&name);
        run.sessions[0].planned.device.id.clone_from(&name);
        for session in verdict.sessions.iter_mut().filter(|session| session.device == old) {
            session.device.clone_from(&name);
            session.sentence = format!("{name}: too slow, says {name}");
        }
        verdict.sentence = format!("It is {name}.");
        for (format, text) in redacted(&run, &verdict).expect("data") {
            prop_assert!(!text.contains(&name), "{format} tells {name}");
        }
    }
}
