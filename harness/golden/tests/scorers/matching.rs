use serde_json::json;

use crate::asked::{ASKED, judge, reason, refused};

#[test]
fn exact_is_byte_for_byte_but_for_blanks_around() {
    judge(ASKED, &json!({"exact": "P-204"}), &["P-204", " P-204\n"], &["p-204", "P-204.", "P‑204", ""]);
    assert_eq!(
        reason(&json!({"exact": "P-204"}), "P-20"),
        "differs from character 5; 4 characters, 5 wanted"
    );
    assert_eq!(refused(&json!({"exact": "  "})), "`exact` wants an empty text");
}

#[test]
fn norm_exact_forgives_spelling_and_no_digit() {
    let expect = json!({"norm_exact": "Class B: 10 drops"});
    judge(
        ASKED,
        &expect,
        &[
            "class b: 10 drops.",
            "**Class B: 10 drops**",
            "Ｃlass B: １０ drops",
            "\"Class B: 10 drops\" [pm-001]",
        ],
        &["class b: 100 drops", "class b: 1.0 drops", "class b: -10 drops", "class b 10 drops", ""],
    );
    judge(ASKED, &json!({"norm_exact": "Straße"}), &["STRASSE", "strasse"], &["straβe"]);
    judge(ASKED, &json!({"norm_exact": "停止ポンプ"}), &["停止ポンプ。", "停止ﾎﾟﾝﾌﾟ"], &["停止"]);
    judge(ASKED, &json!({"norm_exact": "עצור 5"}), &["\u{202b}עצור 5\u{202c}", "עצור ٥"], &["5 עצור"]);
    assert_eq!(refused(&json!({"norm_exact": "?!"})), "`norm_exact` wants an empty text");
}

#[test]
fn any_of_takes_one_of_several() {
    let expect = json!({"any_of": ["R3-12", "shelf R3-12"]});
    judge(ASKED, &expect, &["Shelf R3-12.", "r3-12"], &["R3-1", "R3-12 and R3-13"]);
    assert_eq!(reason(&expect, "shelf r3-12"), "text 2 of 2");
    assert_eq!(refused(&json!({"any_of": []})), "`any_of` lists nothing");
}

#[test]
fn contains_looks_for_whole_words() {
    judge(
        ASKED,
        &json!({"contains_all": ["class B", "411"]}),
        &["It is CLASS B; call 411.", "Class\nB (411)"],
        &["class B", "class Basic 411", "class B 4111", "class B 4.11"],
    );
    judge(ASKED, &json!({"contains_any": ["no", "never"]}), &["No.", "I never do"], &["not now", "nothing"]);
    judge(
        ASKED,
        &json!({"not_contains": ["95 €"]}),
        &["195 €", "no rate"],
        &["it is 95 € per hour", "95\u{a0}€"],
    );
    assert_eq!(reason(&json!({"contains_all": ["a", "b", "c"]}), "b"), "1 of 3 texts; missing: 1, 3");
    assert_eq!(reason(&json!({"not_contains": ["a", "b"]}), "b"), "holds unwanted texts: 2");
    let half = ASKED.score(&json!({"contains_all": ["a", "b"]}), "b");
    assert_eq!(half.points, Some(0.5));
}

#[test]
fn a_code_that_is_denied_is_not_named() {
    judge(
        ASKED,
        &json!({"contains_all": ["SK-440"]}),
        &["SK-440, not SK-225.", "Not SK-440? It is SK-440.", "SK-440 is not on the shelf"],
        &["not SK-440 but SK-225", "SK-225 statt SK-440", "SK-440 would be wrong", "keinen SK-440"],
    );
    // Whether words are allowed to stand behind `not` is the item's affair.
    judge(ASKED, &json!({"contains_any": ["alone"]}), &["never alone", "not alone"], &[]);
    judge(ASKED, &json!({"not_contains": ["SK-440"]}), &["SK-225"], &["not SK-440"]);
}

#[test]
fn token_f1_counts_words_and_characters_of_scripts_without_them() {
    let expect = json!({"token_f1": {"text": "stop the pump at once", "at_least": 0.8}});
    judge(
        ASKED,
        &expect,
        &["Stop the pump at once!", "At once, stop the pump."],
        &["stop", "", "stop stop stop stop stop"],
    );
    assert_eq!(reason(&expect, "stop the pump now"), "F1 0.67: 3 of 4 words, 5 expected");
    judge(
        ASKED,
        &json!({"token_f1": {"text": "ポンプを停止する", "at_least": 0.7}}),
        &["ポンプを停止"],
        &["連絡する"],
    );
    assert_eq!(
        refused(&json!({"token_f1": {"text": "a", "at_least": 1.5}})),
        "`token_f1` wants `at_least` between 0 and 1"
    );
    assert_eq!(
        refused(&json!({"token_f1": {"text": "?!", "at_least": 0.5}})),
        "`token_f1` wants a text without words"
    );
}

#[test]
fn regex_matches_the_plain_form() {
    judge(
        ASKED,
        &json!({"regex": "^Class [AB]\\b"}),
        &["Class B", "**Class A**, at once", "Ｃlass B"],
        &["class B", "It is Class B"],
    );
    assert_eq!(refused(&json!({"regex": "(a"})), "`regex` is no pattern: unclosed group");
    assert_eq!(
        refused(&json!({"regex": "a*"})),
        "`regex` matches an empty answer, so it matches every answer"
    );
    assert_eq!(refused(&json!({"regex": "(a{1000}){1000}"})), "`regex` is a pattern that grows too large");
}
