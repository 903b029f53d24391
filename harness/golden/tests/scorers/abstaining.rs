use edgesoak_golden::score::{Answer, AnswerText, Cell, Outcome};
use proptest::prelude::*;
use serde_json::json;

use crate::asked::{ASKED, Asked, judge};

const SILENT: Asked<'static> = Asked { answerable: false, ..ASKED };

const ABSTENTIONS: &[&str] = &[
    "I do not know. Ask the shift lead.",
    "I don’t know; the documents do not say.",
    "The documents do not contain this information.",
    "Sorry. The documents do not mention a radio channel.",
    "This is not stated in the documents, but the duty engineer can help.",
    "The documents do not give the rates; the shift lead may look them up [pm-001].",
    "Based on the documents provided, I cannot answer this question.",
    "Das weiß ich nicht. Fragen Sie den Schichtleiter.",
    "Dazu steht nichts in den Dokumenten.",
    "Die Dokumente enthalten keine Angaben zum Funkkanal [pm-001].",
    "Das geht aus den Unterlagen nicht hervor, aber die Leitwarte weiß es.",
    "{\"abstain\": true}",
    "```json\n{\"answer\": null, \"ask\": \"shift lead\"}\n```",
    "{\"abstain\": true, \"answer\": \"\"}",
];

/// What may stand beside an abstention: who is to be asked, how and by when, the question once more, and what the
/// documents are about.
const STILL_ABSTENTIONS: &[&str] = &[
    "The documents do not say. Ask the shift lead (extension 4711).",
    "The documents do not say. Call the duty engineer within 2 hours, extension 411 [pm-002].",
    "I do not know. Within 2 hours call the control room.",
    "I do not know. The duty engineer decides at night [pm-002].",
    "I do not know whether 2 megohms are enough. Ask the shift lead whether 2 megohms are enough.",
    "You asked how often it is tested. The documents do not say.",
    "The documents do not say how to open, close and vent it.",
    "The documents do not say whether you may use the crane, or who must be asked.",
    "I do not know the torque of M24. M24 is in none of the documents.",
    "The documents do not list M24, but they are only about bolts up to M20; ask the planner.",
    "The documents do not give a torque for M24. The documents cover bolts M12 to M20 only [pm-031].",
    "I do not know. I read 3 documents, see page 2.",
    "I do not know. What does the nameplate say?",
    "I do not know. You can find it in the manual. If you can provide more details, I can look again.",
    "Stop and ask the shift lead, the documents do not say.",
    "I'm sorry, but the documents do not contain that. Please contact the vendor for assistance.",
    "Das steht nicht in den Dokumenten. Rufen Sie innerhalb von 2 Stunden den Schichtleiter an, Nebenstelle 4711.",
    "Das weiß ich nicht. Der Schichtleiter ist unter 4711 erreichbar.",
    "Die Dokumente sagen nicht, wie Sie den Filter reinigen. Bitte den Bereitschaftsingenieur fragen.",
    "Das weiß ich nicht. Sie können den Schichtleiter fragen, ob 2 Megaohm reichen.",
    "Die Dokumente nennen kein Moment für M24. Die Dokumente behandeln nur M12 bis M20 [pm-031].",
    "In keinem der Dokumente steht etwas dazu.",
    "The documents do not specify it for M24. They only specify it for M12, M16 and M20 [pm-031].",
    "I do not know which fuse P-101 has. The data sheet of P-101 does not list it [pm-002].",
    "None of the documents [pm-001, pm-002] mentions a fuse. Please ask the electrician on duty.",
    "I cannot determine the colour. You would need to ask the planner.",
    "I do not know. Do not guess the limit; ask the duty engineer.",
    "The documents don't cover cranes. For safety, ask the shift lead before using the crane.",
    "No, the documents do not mention a belt on P-205. Please ask the duty engineer.",
    "Das ist in den Dokumenten nicht geregelt. Der Schichtleiter muss das entscheiden.",
    "Hierzu gibt es in den Dokumenten keine Regelung. Bitte klären Sie das mit dem Schichtleiter.",
    "Ob 2 Megaohm reichen, steht nicht in den Dokumenten. Bitte den Bereitschaftsingenieur fragen.",
    "Dazu liegen keine Informationen vor. Vor dem Öffnen unbedingt den Bereitschaftsingenieur anrufen.",
    "Whether 2 megohms are enough, the documents do not say.",
    "What the torque is at 85 °C is not stated in the documents.",
    "If the pump loses 12 drops per minute, the documents do not say what to do.",
    "For a pressure of 12 bar, the documents do not give a class.",
    "You asked about 12 bar, but the documents do not mention that.",
    "The documents (pages 3 to 5) do not say. The control room (extension 400) may know.",
    "I do not know whether the pressure (12 bar) is fine.",
    "The documents do not say which kit fits, or whether it is SK-330.",
    "I do not know. Do not open the pump until you have asked the shift lead.",
    "I do not know. If you must use the crane, ask the shift lead.",
    "I do not know. You must first ask the shift lead; you can reach him within 2 hours.",
    "I do not know. Whether you may use the crane must be decided by the shift lead.",
    "I do not know. Before you open the pump, call the duty engineer.",
    "I do not know. The shift lead must be asked.",
    "I do not know. Until you have asked the shift lead, do not restart the pump.",
    "Die Dokumente nennen kein Moment für M24; es sind nur M12, M16 und M20 aufgeführt [pm-031].",
    "Die Dokumente sagen nicht, welche Pumpe 12 bar hält.",
    "Das weiß ich nicht. Den Schichtleiter fragen, bevor Sie die Pumpe öffnen.",
    "Ob 12 bar zulässig sind, steht nicht in den Dokumenten.",
    "Wer den Kran benutzen darf, steht nicht in den Dokumenten.",
    "Bei 12 bar sagen die Dokumente nichts dazu.",
    "In welchem Regal der Satz SK-330 liegt, steht nicht in den Dokumenten.",
    "Das weiß ich nicht. Bevor Sie den Kran benutzen, fragen Sie den Schichtleiter.",
    "Das weiß ich nicht. Öffnen Sie die Pumpe nicht, bevor Sie den Schichtleiter gefragt haben.",
    "Das weiß ich nicht. Sie müssen den Schichtleiter fragen; er ist unter 4711 erreichbar.",
    "Das weiß ich nicht. Ob Sie den Kran benutzen dürfen, entscheidet der Schichtleiter.",
];

const ANSWERS: &[&str] = &[
    "Class B, stop within 4 hours [pm-001].",
    "Do not mention the rates to anybody.",
    "The casing does not contain oil.",
    "I do not know, but it is usually 40 Nm.",
    "The documents do not say. Typically it is channel 5.",
    "Die Dokumente sagen dazu nichts, vermutlich Kanal 5.",
    "The damage is class B [pm-001]. The documents do not say who pays.",
    "{\"abstain\": false, \"answer\": 5}",
    "A work order without a document id is sent back.",
    "",
];

/// An answer behind a disclaimer, before it, or in one sentence with it.
const DISCLAIMED: &[&str] = &[
    "I do not know the exact value. Set it to 12 bar and run the pump for an hour.",
    "I do not know the exact value. It is 12 bar.",
    "I do not know. Channel 5 is used.",
    "The documents do not say. Tighten the nut crosswise.",
    "The documents do not say. Please do not use the crane alone.",
    "The documents do not say. You may use the crane alone.",
    "The documents do not say. You can then open the pump.",
    "The documents do not say. The pump must be stopped.",
    "The documents do not say. Yes, that is fine.",
    "The documents do not say. The casing is painted blue [pm-031].",
    "The documents do not say. The kit is SK-330.",
    "I do not know. That is class B.",
    "The documents do not mention M24. The documents give 370 Nm for M20 [pm-031].",
    "I do not know, set it to 12 bar.",
    "I do not know the value; it is 12 bar.",
    "I do not know, about 12 bar.",
    "I do not know but 12 bar is fine, ask the shift lead.",
    "I do not know. Ask the shift lead and set it to 12 bar.",
    "I do not know. Ask the shift lead, then open the pump.",
    "I do not know. It takes 2 hours, ask the shift lead.",
    "The documents do not say. Call-out rates are 310 euros.",
    "The documents do not say. Every technician may stop P-204 without asking [pm-031].",
    "Set it to 12 bar. The documents do not say more.",
    "I don't know, try 5 bar.",
    "The documents do not cover apprentices. Apprentices must not stop pumps alone.",
    "The documents do not cover apprentices. Only qualified technicians are allowed to do it.",
    "The documents do not say. A typical value is 210 Nm.",
    "Das weiß ich nicht. Nein, das ist nicht erlaubt.",
    "Dazu steht nichts in den Dokumenten. Mindestens 1 Megaohm ist nötig.",
    "Die Dokumente sagen dazu nichts. Stellen Sie 12 bar ein und lassen Sie die Pumpe eine Stunde laufen.",
    "Das weiß ich nicht. Es sind 12 bar.",
    "Das weiß ich nicht. Die Pumpe sofort abstellen.",
    "Das weiß ich nicht. Sie dürfen den Kran allein benutzen.",
    "Das weiß ich nicht. Die Pumpe muss abgestellt werden.",
    "Das weiß ich nicht. Nimm Kanal fünf.",
    "Das steht nicht in den Dokumenten. Ja, das geht.",
    "Das steht nicht in den Dokumenten. Das Gehäuse ist blau [pm-031].",
    "Das steht nicht in den Dokumenten. Der Satz heißt SK-330.",
    "Das steht nicht in den Dokumenten, es sind 7,5 bar.",
    "Das steht nicht in den Dokumenten, aber 7,5 bar sind gut.",
    "Das weiß ich nicht. Den Schichtleiter fragen, dann die Pumpe öffnen.",
    "{\"abstain\": true, \"answer\": \"12 bar\"}",
];

/// An answer in front of the silence, in brackets, in a clause that belongs to it, or beside whom to ask.
const WRAPPED: &[&str] = &[
    "The torque is 85 Nm, but this is not stated in the documents.",
    "The torque is 85 Nm and not in the documents.",
    "The torque is 85 Nm although the documents do not say so.",
    "It was 85 Nm, the documents do not say more.",
    "85 Nm, but the documents do not say so.",
    "For M24 it is 85 Nm, but this is not stated in the documents.",
    "What you need is 85 Nm, but this is not stated in the documents.",
    "The kit is SK-330, but the documents do not say so.",
    "It is class B, but the documents do not say so.",
    "You may use the crane, but the documents do not mention it.",
    "Open the pump, the documents do not say more.",
    "Yes, but the documents do not mention it.",
    "The documents do not specify the torque (it is 85 Nm).",
    "The documents do not specify the torque (85 Nm) for M24.",
    "The documents do not specify the torque [85 Nm].",
    "The torque (85 Nm) is not in the documents.",
    "The documents do not name the kit (SK-330 is right, it is SK-330).",
    "The documents do not give the torque of M24, which is 85 Nm.",
    "The documents do not give the torque of M24, which for this pump is 85 Nm.",
    "The documents do not give the torque, namely 85 Nm.",
    "The documents do not name the kit, which is SK-330.",
    "The documents do not say how the bolt is tightened; the torque is 85 Nm.",
    "The documents do not say how it is tightened, but 85 Nm are right; ask the shift lead.",
    "I do not know, it was 85 Nm.",
    "I do not know, set it to 12 bar when it is cold.",
    "I do not know, it is class B.",
    "I do not know. Open the pump and call the shift lead.",
    "I do not know. Open the pump before you call the shift lead.",
    "I do not know; open the pump and call the shift lead.",
    "The documents do not say. You may use the crane alone; ask the shift lead.",
    "The documents do not say. You may use the crane alone if you ask the shift lead.",
    "The documents do not say. Ask the shift lead; you may use the crane alone.",
    "The documents do not say. The pump must be stopped, and the shift lead will know more.",
    "The documents do not say. That is allowed; ask the shift lead.",
    "The documents do not say. Yes, but ask the shift lead.",
    "The documents do not say. The kit is SK-330; ask the shift lead.",
    "Das Moment beträgt 85 Nm, aber das steht nicht in den Dokumenten.",
    "Es sind 85 Nm, das steht nicht in den Dokumenten.",
    "Das Moment beträgt 85 Nm, obwohl die Dokumente nichts dazu sagen.",
    "Der Satz heißt SK-330, aber das steht nicht in den Dokumenten.",
    "Sie dürfen den Kran benutzen, aber das steht nicht in den Dokumenten.",
    "Die Dokumente nennen kein Moment (es sind 85 Nm).",
    "Die Dokumente nennen kein Moment (85 Nm).",
    "Das Moment (85 Nm) steht nicht in den Dokumenten.",
    "Die Dokumente nennen kein Moment für M24, das 85 Nm beträgt.",
    "Die Dokumente nennen kein Moment für M24, nämlich 85 Nm.",
    "Das weiß ich nicht. Öffnen Sie die Pumpe und rufen Sie den Schichtleiter.",
    "Das weiß ich nicht. Die Pumpe öffnen und den Schichtleiter rufen.",
    "Die Dokumente sagen nichts dazu. Sie dürfen den Kran allein benutzen; fragen Sie den Schichtleiter.",
    "Die Dokumente sagen nichts dazu. Fragen Sie den Schichtleiter, Sie dürfen den Kran allein benutzen.",
    "Die Dokumente sagen nichts dazu. Ja, aber fragen Sie den Schichtleiter.",
    "Die Dokumente sagen nichts dazu. Schließen Sie das Ventil.",
    "Die Dokumente sagen nichts dazu. Das Ventil schließen.",
    "Die Dokumente nennen kein Moment für M24, welches 85 Nm beträgt.",
    "I do not know, at least 85 Nm.",
    "While the documents do not say so, 85 Nm is right.",
    "If the documents do not say, set it to 12 bar.",
    "I do not know, if unsure, open the pump.",
    "I do not know what to say: open the pump.",
    "The documents do not say how it is lifted, you may use the crane.",
    "Die Dokumente sagen nichts dazu. Das ist erlaubt; fragen Sie den Schichtleiter.",
];

#[test]
fn abstentions_are_told_from_answers() {
    judge(ASKED, &json!({"abstention": true}), ABSTENTIONS, ANSWERS);
    judge(ASKED, &json!({"abstention": false}), ANSWERS, ABSTENTIONS);
}

#[test]
fn who_is_to_be_asked_and_how_leaves_an_abstention_one() {
    judge(SILENT, &json!({"abstention": true}), STILL_ABSTENTIONS, &[]);
}

/// What the words of an answer cannot tell from a question or a courtesy stays an abstention, as the documentation says.
#[test]
fn some_answers_beside_an_abstention_are_not_seen() {
    let unseen = [
        "The documents do not say. The casing is blue.",
        "A torque of 85 Nm is not stated in the documents.",
        "The documents do not say how, open the pump.",
        "I do not know. Dismantle it and call the shift lead.",
        "I do not know. If in doubt open it and call the shift lead.",
        "I do not know. The casing is painted blue, ask the shift lead [pm-031].",
    ];
    judge(
        SILENT,
        &json!({"abstention": true}),
        &unseen,
        &[
            "It is 85 Nm which is not stated in the documents.",
            "The relief valve (12 bar) is not mentioned in the documents.",
        ],
    );
}

#[test]
fn an_answer_beside_a_disclaimer_is_an_answer() {
    for answer in DISCLAIMED.iter().chain(WRAPPED) {
        let score = SILENT.score(&json!({"abstention": true}), answer);
        assert_eq!(score.cell, Cell::AnsweredUnanswerable, "{answer}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_stated_behind_an_abstention_takes_it_back_and_a_way_to_reach_somebody_does_not(
        silence in prop::sample::select(vec![
            "I do not know.", "The documents do not say.", "Das weiß ich nicht.", "Dazu steht nichts in den Dokumenten.",
        ]),
        value in 2_u32..5000,
        unit in prop::sample::select(vec!["bar", "Nm", "°C", "mm/s", "drops per minute", "Tropfen pro Minute", "€", "g"]),
    ) {
        let abstains = |behind: &str| {
            SILENT.score(&json!({"abstention": true}), &format!("{silence} {behind}")).outcome == Outcome::Pass
        };
        for answer in [format!("It is {value} {unit}."), format!("Es sind {value} {unit}."), format!("{value} {unit}!")] {
            prop_assert!(!abstains(&answer), "{silence} {answer}");
        }
        for referral in [
            format!("Ask the shift lead, extension {value}."),
            format!("Call the control room ({value}) within {value} minutes."),
            format!("Bitte die Leitwarte anrufen, Nebenstelle {value}."),
            format!("Fragen Sie den Schichtleiter, ob {value} {unit} reichen."),
        ] {
            prop_assert!(abstains(&referral), "{silence} {referral}");
        }
    }
}

#[test]
fn an_abstention_that_does_not_end_is_none() {
    let long = "I do not know. ".to_owned() + &"Ask the shift lead. ".repeat(30);
    let chained = "I do not know".to_owned() + &", really".repeat(60);
    let referred = "I do not know. Ask the shift lead".to_owned() + &", really".repeat(60);
    judge(
        SILENT,
        &json!({"abstention": true}),
        &["I do not know. Ask the shift lead. Ask the shift lead."],
        &[&long, &chained, &referred],
    );
}

#[test]
fn a_refused_prompt_is_wrong_and_no_false_answer() {
    let text = AnswerText::new(String::new());
    let answer = Answer {
        text: &text,
        finish: Some("refused"),
        ttft: None,
        e2e: None,
        given_docs: &[],
        is_cut: false,
        refused: Some("prompt-too-long"),
        confidence: None,
    };
    for (asked, cell) in [(ASKED, Cell::AnsweredWrong), (SILENT, Cell::UnansweredUnanswerable)] {
        let scorer = asked.prepare(&json!({"not_contains": ["seal"]})).expect("a sound expectation");
        let score = scorer.score(&answer);
        assert_eq!((score.outcome, score.cell), (Outcome::Fail, cell));
        assert_eq!(score.part.reason, "the runtime refused the prompt: prompt-too-long");
    }
}

#[test]
fn five_cells() {
    let right = json!({"contains_any": ["class B"]});
    let silent = json!({"abstention": true});
    for (asked, expect, answer, cell) in [
        (ASKED, &right, "class B", Cell::AnsweredRight),
        (ASKED, &right, "class A", Cell::AnsweredWrong),
        (ASKED, &right, "", Cell::AnsweredWrong),
        (ASKED, &right, "I do not know.", Cell::OverAbstained),
        (SILENT, &silent, "I do not know.", Cell::AbstainedRight),
        (SILENT, &silent, "Channel 5.", Cell::AnsweredUnanswerable),
        (SILENT, &silent, "I do not know, probably channel 5.", Cell::AnsweredUnanswerable),
    ] {
        assert_eq!(asked.score(expect, answer).cell, cell, "{answer}");
    }
}
