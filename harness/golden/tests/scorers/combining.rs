use edgesoak_golden::score::Outcome::{Fail, Pass, Unknown};
use serde_json::{Value, json};

use crate::asked::{ASKED, Asked, refused};

const UNSEEN: Asked<'static> = Asked { finish: None, ..ASKED };

fn yes() -> Value {
    json!({"contains_any": ["yes"]})
}

fn no() -> Value {
    json!({"contains_any": ["no"]})
}

/// Half of it holds.
fn half() -> Value {
    json!({"contains_all": ["yes", "no"]})
}

fn unknown() -> Value {
    json!({"stop_reason": "stop"})
}

#[test]
fn what_is_unknown_decides_only_where_it_could_turn_the_rest() {
    for (expect, outcome, points) in [
        (json!({"all": [yes(), yes()]}), Pass, Some(1.0)),
        (json!({"all": [yes(), half()]}), Fail, Some(0.5)),
        (json!({"all": [yes(), unknown()]}), Unknown, None),
        (json!({"all": [no(), unknown()]}), Fail, Some(0.0)),
        (json!({"any": [no(), yes()]}), Pass, Some(1.0)),
        (json!({"any": [no(), half()]}), Fail, Some(0.5)),
        (json!({"any": [no(), unknown()]}), Unknown, None),
        (json!({"any": [yes(), unknown()]}), Pass, Some(1.0)),
        (json!({"not": yes()}), Fail, Some(0.0)),
        (json!({"not": half()}), Pass, Some(1.0)),
        (json!({"not": unknown()}), Unknown, None),
    ] {
        let score = UNSEEN.score(&expect, "yes");
        assert_eq!((score.outcome, score.points), (outcome, points), "{expect}");
    }
}

#[test]
fn a_mean_passes_at_three_quarters() {
    let weighted = |one: u32, other: u32, wrong: Value| {
        let expect = json!({"weighted": [{"weight": one, "of": yes()}, {"weight": other, "of": wrong}]});
        let score = UNSEEN.score(&expect, "yes");
        (score.outcome, score.points)
    };
    assert_eq!(weighted(3, 1, no()), (Pass, Some(0.75)));
    assert_eq!(weighted(2, 1, no()).0, Fail);
    assert_eq!(weighted(1, 1, half()), (Pass, Some(0.75)));
    assert_eq!(weighted(3, 1, unknown()).0, Pass);
    assert_eq!(weighted(1, 1, unknown()), (Unknown, None));
    assert_eq!(
        refused(&json!({"weighted": [{"weight": 0, "of": yes()}]})),
        "`weighted` wants weights above 0 and up to 1000000"
    );
}

#[test]
fn trees_have_a_depth() {
    let mut deep = yes();
    for _ in 0..12 {
        deep = json!({"not": deep});
    }
    assert_eq!(refused(&deep), "`all` is nested more than 8 levels deep");
    assert_eq!(refused(&json!({"all": []})), "`all` lists nothing");
}

#[test]
fn every_part_gives_its_reason() {
    let score = ASKED.score(&json!({"all": [yes(), {"any": [no(), {"length": {"max_words": 2}}]}]}), "yes");
    assert_eq!(
        score.part.parts.iter().map(|part| part.scorer.as_str()).collect::<Vec<_>>(),
        ["contains_any", "any"]
    );
    assert_eq!(score.part.parts[1].parts[1].reason, "1 words in 1 sentences, at most 2 words");
    assert_eq!(score.part.reason, "2 of 2 parts hold");
}
