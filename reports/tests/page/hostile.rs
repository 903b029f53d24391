//! Names, outputs and readings that attack the page.

use edgesoak_record::session::Sample;
use edgesoak_record::units::Nanos;
use edgesoak_record::{Reason, Run, RunVerdict};
use edgesoak_reports::Beside;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::Document;
use crate::junit_xml::parsed;
use crate::{comparison_made, made_up, release_made};

pub const ATTACKS: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</style></title></svg><script>1</script>",
    "\u{202e}txet desrever\u{2066}",
    "nul\0byte\u{7}bell\u{ffff}",
    "`unclosed <b>",
    "]]>&#0;&lt;",
];

/// A run in which every text is this one.
pub fn poisoned(attack: &str) -> (Run, RunVerdict) {
    let (mut run, mut verdict) = made_up::example();
    let poison = |text: &mut String| attack.clone_into(text);
    poison(&mut run.id);
    poison(&mut verdict.reason);
    poison(&mut run.plan.id);
    poison(&mut run.plan.policy_digest);
    for setting in &mut run.plan.settings {
        [&mut setting.key, &mut setting.value, &mut setting.origin].into_iter().for_each(poison);
    }
    for waiver in &mut run.plan.policy.waivers {
        [&mut waiver.reason, &mut waiver.ticket, &mut waiver.expires].into_iter().for_each(poison);
    }
    for session in &mut run.sessions {
        let planned = &mut session.planned;
        [&mut planned.device.id, &mut planned.device.family_title, &mut planned.candidate.id]
            .into_iter()
            .for_each(poison);
        [&mut planned.route.title, &mut planned.candidate.sha256, &mut planned.workload.prompts.path]
            .into_iter()
            .for_each(poison);
        planned.route.golden_set = Some(attack.to_owned());
        for channel in &mut session.channels {
            [&mut channel.source].into_iter().for_each(poison);
            channel.name = format!("{}/{attack}", channel.name);
        }
        for note in &mut session.notes {
            [&mut note.code, &mut note.text].into_iter().for_each(poison);
        }
        let runtime = session.runtime.as_mut().expect("a runtime");
        [&mut runtime.runtime, &mut runtime.version].into_iter().for_each(poison);
        poison(&mut runtime.exit.as_mut().expect("an exit").last_words);
        let placement = session.placement.as_mut().expect("a placement");
        [&mut placement.raw, &mut placement.evidence, &mut placement.actual[0].device]
            .into_iter()
            .for_each(poison);
        let close = session.close.as_mut().expect("a close");
        [&mut close.cause, &mut close.detail, &mut close.whose].into_iter().for_each(poison);
    }
    poison(&mut verdict.sentence);
    verdict.next_actions.iter_mut().chain(&mut verdict.accepted).for_each(poison);
    verdict.not_run.push(made_up::left_out(attack));
    for session in &mut verdict.sessions {
        [&mut session.sentence, &mut session.device, &mut session.route, &mut session.candidate]
            .into_iter()
            .for_each(poison);
        for gate in &mut session.gates {
            [&mut gate.sentence, &mut gate.unit].into_iter().for_each(poison);
            gate.cause = Some(attack.to_owned());
            gate.accepted = Some(attack.to_owned());
            gate.evidence.iter_mut().for_each(|evidence| poison(&mut evidence.channel));
        }
    }
    (run, verdict)
}

/// Puts other words into one text after the other, where the data still are data of their kind; the places, and the data.
pub fn planted<T: Serialize + DeserializeOwned>(
    data: &T,
    words: impl Fn(usize) -> String,
) -> (Vec<String>, T) {
    let mut value = serde_json::to_value(data).expect("data");
    let mut places = Vec::new();
    texts(&value, &mut String::new(), &mut places);
    let mut kept = Vec::new();
    for place in places {
        let before = value.pointer(&place).cloned().expect("a text");
        *value.pointer_mut(&place).expect("a text") = words(kept.len()).into();
        if serde_json::from_value::<T>(value.clone()).is_ok() {
            kept.push(place);
        } else {
            *value.pointer_mut(&place).expect("a text") = before;
        }
    }
    (kept, serde_json::from_value(value).expect("data again"))
}

fn texts(value: &Value, place: &mut String, places: &mut Vec<String>) {
    let length = place.len();
    let mut enter = |key: &str, member: &Value| {
        place.push('/');
        place.push_str(&key.replace('~', "~0").replace('/', "~1"));
        texts(member, place, places);
        place.truncate(length);
    };
    match value {
        Value::String(_) => places.push(place.clone()),
        Value::Array(members) => {
            members.iter().enumerate().for_each(|(at, member)| enter(&at.to_string(), member));
        }
        Value::Object(members) => members.iter().for_each(|(key, member)| enter(key, member)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What keeps a browser from running a block.
fn data_type() -> (String, String) {
    ("type".to_owned(), "application/json".to_owned())
}

#[test]
fn texts_stay_texts() {
    let elements = |page: &str| {
        let document = Document::parse(page);
        assert_eq!(document.errors, Vec::<String>::new());
        assert!(document.elements.iter().all(|(name, _)| name != "img"));
        let scripts: Vec<_> = document.elements.iter().filter(|(name, _)| name == "script").collect();
        let blocks = scripts.iter().filter(|(_, attributes)| attributes.contains(&data_type()));
        assert_eq!(
            (scripts.len(), blocks.count()),
            (2, 1),
            "the script of the plots and the data: {scripts:?}"
        );
        let handler =
            |attributes: &[(String, String)]| attributes.iter().any(|(name, _)| name.starts_with("on"));
        assert!(!document.elements.iter().any(|(_, attributes)| handler(attributes)));
        document.text
    };
    for attack in ATTACKS {
        let (run, verdict) = poisoned(attack);
        let page = edgesoak_reports::html(&run, &verdict);
        let text = elements(&page);
        assert!(!page.contains(['\0', '\u{202e}', '\u{2066}', '\u{7}', '\u{ffff}']));
        if !attack.contains(char::is_control) && attack.is_ascii() {
            assert!(
                text.contains(attack) || text.contains(&attack.replace('`', "")),
                "{attack} is not shown as text"
            );
        }
    }
}

#[test]
fn a_megabyte_of_name_is_cut() {
    let (run, verdict) = poisoned(&"x".repeat(1_000_000));
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
}

/// Numbers as a broken or hostile device could send them.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![any::<f64>(), Just(f64::NAN), Just(f64::INFINITY), Just(f64::MIN), -1e3..1e3_f64]
}

fn time() -> impl Strategy<Value = Nanos> {
    prop_oneof![any::<u64>(), Just(u64::MAX), Just(0), 4_999_000_000_000..5_100_000_000_000_u64]
        .prop_map(Nanos)
}

/// Pieces of markup, with an element and an attribute that no report has.
fn markup() -> impl Strategy<Value = String> {
    let pieces = vec![
        "<zq",
        "</zq",
        "<",
        ">",
        "/>",
        "\"",
        "'",
        " onzq=",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "&lt;",
        "&#x3c;",
        "`",
        "</title>",
        "</style>",
        "</script>",
        "</svg>",
        "\\u003c",
        " ",
    ];
    prop::collection::vec(prop::sample::select(pieces), 1..10).prop_map(|pieces| pieces.concat())
}

/// No element and no attribute of a report is one that was planted.
fn hold(page: &str, junit: &str, json: &str) -> Result<(), TestCaseError> {
    let page = Document::parse(page);
    prop_assert_eq!(page.errors, Vec::<String>::new());
    for (name, attributes) in &page.elements {
        prop_assert!(!name.contains("zq"), "{name}");
        for (attribute, _) in attributes {
            prop_assert!(!attribute.contains("zq"), "{attribute}");
        }
    }
    for node in parsed(junit).descendants().filter(roxmltree::Node::is_element) {
        prop_assert!(!node.tag_name().name().contains("zq"), "{node:?}");
        prop_assert!(node.attributes().all(|attribute| !attribute.name().contains("zq")), "{node:?}");
    }
    prop_assert!(serde_json::from_str::<Value>(json).is_ok_and(|json| json["schema"].is_string()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn no_markup_gets_out_of_any_text(attack in markup()) {
        let words = |number| format!("{attack}{number}");
        let (mut run, verdict) = poisoned(&attack);
        run.plan = planted(&run.plan, words).1;
        let verdict = planted(&verdict, words).1;
        let [page, junit, json] =
            [edgesoak_reports::html, edgesoak_reports::junit, edgesoak_reports::json].map(|of| of(&run, &verdict));
        hold(&page, &junit, &json)?;

        let release = planted(&release_made::example(), words).1;
        let [page, junit, json] = [
            edgesoak_reports::release_html,
            edgesoak_reports::release_junit,
            edgesoak_reports::release_json,
        ]
        .map(|of| of(&release));
        hold(&page, &junit, &json)?;

        let comparison = planted(&comparison_made::example(), words).1;
        let beside = Beside::default();
        let [page, junit, json] = [
            edgesoak_reports::comparison_html,
            edgesoak_reports::comparison_junit,
            edgesoak_reports::comparison_json,
        ]
        .map(|of| of(&comparison, &beside));
        hold(&page, &junit, &json)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_reading_breaks_the_page(
        readings in prop::collection::vec((time(), prop_oneof![number().prop_map(Ok), Just(Err(Reason::Failed))]), 0..60),
        tokens in prop::collection::vec(time(), 0..40),
        figures in prop::collection::vec(number(), 8),
        submit in time(),
    ) {
        let course = made_up::decode::Course { seconds: 20.0, ..made_up::decode::Course::default() };
        let mut record = made_up::session::record("s01", "made-up-1", &course, 1.0);
        for channel in &mut record.channels {
            channel.samples = readings.iter().map(|(t, value)| Sample { t: *t, value: *value }).collect();
        }
        record.prompts[0].submit = submit;
        record.prompts[0].token_times = tokens;
        record.prompts[0].tokens_per_stamp = u32::MAX;
        let mut judged = made_up::gates::throttled(&record, &course);
        for (gate, figure) in judged.gates.iter_mut().zip(figures.iter().cycle()) {
            (gate.measured, gate.lo, gate.hi, gate.limit) = (Some(*figure), Some(-figure), Some(*figure), Some(*figure));
            for evidence in &mut gate.evidence {
                (evidence.from_s, evidence.to_s) = (*figure, figure * 2.0);
            }
        }
        let (run, verdict) = made_up::run_of(vec![(record, judged)]);
        let page = edgesoak_reports::html(&run, &verdict);
        prop_assert_eq!(Document::parse(&page).errors, Vec::<String>::new());
        crate::plots::check(&page);
        prop_assert!(page.len() < 1_500_000);
    }
}
