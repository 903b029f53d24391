//! The part of the made-up agent that answers items: it keeps answers until they are taken.

use edgesoak_protocol::job::{Answering, Job};
use edgesoak_protocol::journal::{Answer, AnswerText, Entry, FinishReason, Frame, Phase, write_answer};
use edgesoak_protocol::probe::Answers;

use super::agent::write_journal;
use super::device::Things;

/// What the model of these devices says, whatever it is asked.
pub const SAYS: &str = "A seal may lose 10 drops per minute [d-1].";

/// Ids that are asked, in order, the hot ones first.
pub fn asked(things: &Things, name: &str) -> Option<Vec<String>> {
    let (job, _) = things.files.get(&format!("sessions/{name}/job.json"))?;
    let Answering { items, hot, .. } = serde_json::from_slice::<Job>(job).ok()?.answering?;
    let (lines, _) = things.files.get(&format!("sessions/{name}/{}", items.path))?;
    let id = |line: &str| {
        let item: serde_json::Value = serde_json::from_str(line).expect("an item");
        item["id"].as_str().expect("its id").to_owned()
    };
    let ids: Vec<String> = std::str::from_utf8(lines).expect("text").lines().map(id).collect();
    Some(ids[..hot as usize].iter().chain(&ids).cloned().collect())
}

pub fn are_taken(things: &Things, name: &str) -> bool {
    let given = |asked: Vec<String>| (0..).zip(asked).filter(|(place, _)| !things.skips.contains(place));
    asked(things, name).is_none_or(|asked| given(asked).all(|(place, _)| place < things.taken))
}

/// Half a second to the first token, another half to the last.
pub fn frames(things: &Things, name: &str) -> Vec<Frame> {
    let mut frames = Vec::new();
    for (index, item) in (0..).zip(asked(things, name).unwrap_or_default()) {
        if things.skips.contains(&index) {
            continue;
        }
        let prompt = 100 + index;
        frames.push(Frame::PromptSubmitted {
            prompt,
            item,
            phase: Phase::Answering,
            retrieve_ns: 0,
            render_ns: 0,
            prompt_sha256: String::new(),
            prompt_bytes: 1,
            submit_ns: 1_000_000_000,
        });
        frames.push(Frame::TokenBatch {
            prompt,
            first_index: 0,
            t0_ns: 1_500_000_000,
            delta_ns: vec![250_000_000; 2],
            tokens_per_stamp: 1,
        });
        frames.push(Frame::Answered {
            prompt,
            index,
            sha256: String::new(),
            bytes: 1,
            is_cut: false,
            documents: vec!["d-1".to_owned()],
            refused: things.refuses.map(str::to_owned),
            // No part of one for every other answer: a device can say anything.
            confidence_millionths: Some(if index % 2 == 0 { 812_500 } else { 1_812_500 }),
        });
    }
    frames
}

/// The answer behind its frame, until it is taken; whether there was one.
pub fn write_kept(things: &Things, name: &str, entry: &Entry, stream: &mut Vec<u8>) -> bool {
    let Frame::Answered { index, prompt, documents, .. } = &entry.frame else { return false };
    let is_withheld = things.withholds.is_some_and(|(place, left)| place == *index && left > 0);
    if is_withheld || *index < things.taken || things.forgets_from.is_some_and(|from| *index >= from) {
        return false;
    }
    let item = asked(things, name).expect("it asks")[*index as usize].clone();
    let mut answer = Answer {
        index: *index,
        prompt: *prompt,
        item,
        finish: "eos".to_owned(),
        documents: documents.clone(),
        is_cut: false,
        text: AnswerText::new(SAYS.to_owned()),
    };
    if let Some(twist) = things.twists {
        twist(&mut answer);
    }
    write_answer(stream, entry.t_mono_ns, &answer);
    true
}

pub fn taken(things: &mut Things, name: &str, count: &str) -> (i32, Vec<u8>) {
    things.taken = things.taken.max(count.parse().expect("a number"));
    if are_taken(things, name) {
        write_journal(things, name, Some(things.ends.unwrap_or(FinishReason::Completed)));
    }
    let given = asked(things, name).map_or(0, |asked| u32::try_from(asked.len()).expect("few"));
    (0, serde_json::to_vec(&Answers { given, taken: things.taken }).expect("JSON"))
}
