use serde_json::json;

use crate::asked::{ASKED, judge, reason, refused};

#[test]
fn english_and_german_are_told_apart() {
    let english: &[&str] = &[
        "The seal loses more than 10 drops per minute, so this is class B and the pump must stop within 4 hours [pm-001].",
        "Call the duty engineer, extension 411, within 10 minutes.",
        "You may not restart it before the work order is released.",
        "See \"Klasse B\": the pump is to be stopped at once.",
    ];
    let german: &[&str] = &[
        "Das ist Klasse B, die Pumpe muss innerhalb von 4 Stunden abgestellt werden [pm-031].",
        "Nein, das darf nur der Bereitschaftsingenieur.",
        "Öffnen Sie die Pumpe nicht, bevor sie gesperrt ist.",
        "Rufen Sie den Duty Engineer an, wenn es Class A ist.",
    ];
    judge(ASKED, &json!({"language": "en"}), english, german);
    judge(ASKED, &json!({"language": "de"}), german, english);
}

#[test]
fn a_mixture_is_in_no_language() {
    let mixed = "The pump must stop at once. Die Pumpe muss sofort aus sein.";
    judge(ASKED, &json!({"language": "en"}), &[], &[mixed]);
    judge(ASKED, &json!({"language": "de"}), &[], &[mixed]);
}

#[test]
fn other_languages_and_scripts_are_not_english() {
    let others: &[&str] = &[
        "La pompe doit être arrêtée dans les quatre heures qui suivent.",
        "La bomba debe pararse en menos de cuatro horas, y no se abre.",
        "Насос должен быть остановлен в течение часа.",
        "ポンプを直ちに停止してください",
        "يجب إيقاف المضخة خلال أربع ساعات",
    ];
    judge(ASKED, &json!({"language": "en"}), &[], others);
    judge(ASKED, &json!({"language": "ja"}), &[others[3]], &[others[4]]);
}

#[test]
fn what_is_too_short_to_tell_says_so_and_passes() {
    for answer in ["P-204", "10 Tropfen", "Class B", "", "R3-12, R3-08, R3-09, H-2, SK-440"] {
        judge(ASKED, &json!({"language": "en"}), &[answer], &[]);
        assert!(reason(&json!({"language": "en"}), answer).starts_with("not decided"), "{answer}");
    }
    assert_eq!(refused(&json!({"language": "tlh"})), "`language` cannot tell the language `tlh`");
}
