use edgesoak_golden::score::Outcome;
use serde_json::json;

use crate::asked::{ASKED, judge, reason, refused};

#[test]
fn one_of_each_group_is_enough() {
    let expect = json!({"citation": {"groups": [["pm-001", "pm-031"], ["pm-002"]]}});
    judge(
        ASKED,
        &expect,
        &[
            "Class B [pm-001]. Call 411 [pm-002].",
            "Klasse B [pm-031, pm-002].",
            "[PM-001][pm-002]",
            "See 【pm-001; pm-002】",
            "Class B [see pm-001 and pm-002]",
        ],
        &["Class B.", "Class B [pm-001].", "pm-001 and pm-002", "[pm-001 and so on", ""],
    );
    assert_eq!(reason(&expect, "B [pm-001]"), "1 of 1 cited documents fit, 1 of 2 groups cited");
}

#[test]
fn precision_and_recall_have_their_own_limits() {
    let strict = json!({"citation": {"groups": [["pm-001"]], "precision": 1.0, "recall": 1.0}});
    judge(ASKED, &strict, &["[pm-001]"], &["[pm-001] [pm-002]"]);
    let half = json!({"citation": {"groups": [["pm-001"], ["pm-002"]], "precision": 0.5, "recall": 0.5}});
    judge(ASKED, &half, &["[pm-001] [pm-031]"], &["[pm-031]"]);
    // P = 1/2, R = 1/2: their harmonic mean.
    assert_eq!(ASKED.score(&half, "[pm-001] [pm-031]").points, Some(0.5));
}

#[test]
fn a_document_that_was_not_given_ruins_the_item_whatever_stands_around() {
    let citation = json!({"citation": {"groups": [["pm-001"]], "precision": 0.1}});
    for expect in [
        citation.clone(),
        json!({"any": [{"contains_any": ["class"]}, citation]}),
        json!({"weighted": [{"weight": 99, "of": {"contains_any": ["class"]}}, {"weight": 1, "of": citation}]}),
        json!({"not": citation}),
    ] {
        for invented in ["class B [pm-001] [pm-999]", "class B [7]", "class B [doc-3]"] {
            let score = ASKED.score(&expect, invented);
            assert_eq!((score.outcome, score.points), (Outcome::Fail, Some(0.0)), "{expect} {invented}");
        }
    }
    assert_eq!(reason(&citation, "[pm-001] [pm-999]"), "1 of 2 cited documents were not given");
}

#[test]
fn other_brackets_are_no_citations() {
    let expect = json!({"citation": {"groups": [["pm-001"]], "precision": 1.0}});
    judge(
        ASKED,
        &expect,
        &["Stop [at once] within [10 minutes] [pm-001]", "[[pm-001]]"],
        &["[at once]", "[10 minutes]"],
    );
}

#[test]
fn a_claim_can_demand_its_own_citation() {
    let expect = json!({"citation": {"groups": [["pm-001"], ["pm-002"]], "recall": 0.5, "per_claim": true}});
    judge(
        ASKED,
        &expect,
        &[
            "The damage is of class B [pm-001]. Call the duty engineer first [pm-002].",
            "The damage is of class B. [pm-001] Call the duty engineer first. [pm-002]",
            "[pm-001] says that it is class B. Is it?",
        ],
        &[
            "The damage is of class B [pm-001]. Call the duty engineer first.",
            "The damage is of class B. Call the duty engineer first [pm-002].",
            "The damage is of class B [pm-001]. Call the duty engineer first [pm-031].",
        ],
    );
    assert_eq!(
        refused(&json!({"citation": {"groups": [], "per_claim": true}})),
        "`citation` wants a citation per claim and names no document"
    );
}

#[test]
fn nothing_to_cite_is_met_by_citing_nothing() {
    judge(ASKED, &json!({"citation": {"groups": []}}), &["I do not know."], &["I do not know [pm-001]."]);
}
