//! Truths that must be taken and lies that must be refused.

use proptest::prelude::*;

use super::*;

const NOW: u64 = 1_000_000;

fn stream(max_new: u32) -> Stream {
    Stream::new(Asked { prompt: 3, submit_ns: 100, max_new, wanted: Wanted::Length })
}

fn first(t_ns: u64) -> Event {
    Event::FirstToken { id: 3, t_ns, prompt_n: 7 }
}

fn tokens(t_ns: &[u64], k: u32) -> Event {
    Event::Tokens { id: 3, t_ns: t_ns.to_vec(), k }
}

fn done(decode_n: u32, finish: Finish) -> Event {
    Event::Done {
        id: 3,
        prompt_n: 7,
        prefill_ms: 0.2,
        decode_n,
        decode_ms: 0.5,
        finish,
        text: None,
        confidence: None,
    }
}

/// Whether the last of these events is believed; all before it must be.
fn believed(stream: &mut Stream, events: &[Event]) -> bool {
    let (last, before) = events.split_last().expect("at least one event");
    for event in before {
        stream.hear(event, NOW).expect("a true event");
    }
    stream.hear(last, NOW).is_ok()
}

#[test]
fn a_true_prompt_becomes_frames() {
    let mut stream = stream(4);
    stream.hear(&first(200), NOW).expect("true");
    let heard = stream.hear(&tokens(&[250, 310], 1), NOW).expect("true");
    let batch =
        Frame::TokenBatch { prompt: 3, first_index: 1, t0_ns: 250, delta_ns: vec![60], tokens_per_stamp: 1 };
    assert_eq!(heard, Heard::Tokens(batch));
    stream.hear(&tokens(&[400], 1), NOW).expect("true");
    let heard = stream.hear(&done(4, Finish::Length), NOW).expect("true");
    assert!(matches!(heard, Heard::Done(Frame::PromptDone { engine_prefill_ns: 200_000, .. })));
    assert_eq!(stream.stamps(), (&[200, 250, 310, 400][..], 1));
}

#[test]
fn callbacks_of_several_tokens_count_them() {
    let events = [first(200), tokens(&[300, 400], 4), done(8, Finish::Length)];
    assert!(believed(&mut stream(8), &events), "1 + 4 + 3: the last callback may be short");
    let events = [first(200), tokens(&[300, 400], 4)];
    assert!(!believed(&mut stream(5), &events), "a whole callback too many");
    assert!(!believed(&mut stream(20), &[first(200), tokens(&[300], 4), tokens(&[400], 2)]));
    assert!(!believed(&mut stream(20), &[first(200), tokens(&[300], 0)]));
}

#[test]
fn times_that_cannot_be_are_lies() {
    assert!(!believed(&mut stream(9), &[first(100)]), "not after the submit");
    assert!(!believed(&mut stream(9), &[first(NOW + 1)]), "in the future");
    assert!(!believed(&mut stream(9), &[first(200), tokens(&[200], 1)]), "not rising");
    assert!(!believed(&mut stream(9), &[first(200), tokens(&[300, 290], 1)]), "backwards");
}

#[test]
fn counts_that_do_not_match_are_lies() {
    assert!(!believed(&mut stream(9), &[tokens(&[200], 1)]), "no first token");
    assert!(!believed(&mut stream(9), &[first(200), first(300)]));
    assert!(!believed(&mut stream(9), &[first(200), tokens(&[], 1)]));
    assert!(!believed(&mut stream(2), &[first(200), tokens(&[300, 400], 1)]), "more than asked for");
    assert!(!believed(&mut stream(3), &[first(200), tokens(&[300], 1), done(3, Finish::Length)]));
    assert!(!believed(&mut stream(1), &[Event::FirstToken { id: 4, t_ns: 200, prompt_n: 7 }]));
    let other = Event::Done {
        id: 3,
        prompt_n: 8,
        prefill_ms: 0.0,
        decode_n: 1,
        decode_ms: 0.0,
        finish: Finish::Length,
        text: None,
        confidence: None,
    };
    assert!(!believed(&mut stream(1), &[first(200), other]));
}

#[test]
fn a_prompt_ends_early_only_when_asked() {
    assert!(!believed(&mut stream(2), &[first(200), done(1, Finish::Length)]));
    assert!(!believed(&mut stream(2), &[first(200), done(1, Finish::Eos)]));
    assert!(!believed(&mut stream(2), &[first(200), done(1, Finish::Stopped)]));
    let mut asked = stream(2);
    asked.stop_asked();
    assert!(believed(&mut asked, &[first(200), done(1, Finish::Stopped)]));
    let mut before = stream(2);
    before.stop_asked();
    assert!(believed(&mut before, &[done(0, Finish::Stopped)]), "stopped before its first token");
}

#[test]
fn an_answer_ends_where_the_model_ends_it() {
    let mut question = Stream::new(Asked { prompt: 3, submit_ns: 100, max_new: 9, wanted: Wanted::Text });
    assert!(believed(&mut question, &[first(200), tokens(&[300], 1), done(2, Finish::Eos)]));
    let mut question = Stream::new(Asked { prompt: 3, submit_ns: 100, max_new: 9, wanted: Wanted::Text });
    assert!(!believed(&mut question, &[first(200), tokens(&[300], 1), done(2, Finish::Length)]));
}

#[test]
fn engine_times_are_finite_and_fit_into_the_prompt() {
    for ms in [-1.0, f64::NAN, f64::INFINITY, 2e6] {
        let event = Event::Done {
            id: 3,
            prompt_n: 7,
            prefill_ms: ms,
            decode_n: 1,
            decode_ms: 0.0,
            finish: Finish::Length,
            text: None,
            confidence: None,
        };
        assert!(!believed(&mut stream(1), &[first(200), event]), "{ms}");
    }
}

proptest! {
    #[test]
    fn whatever_is_said_what_is_believed_is_consistent(
        times in prop::collection::vec(prop::collection::vec(0_u64..2000, 0..5), 0..8),
        k in 0_u32..4,
        max_new in 1_u32..12,
    ) {
        let mut stream = stream(max_new);
        for (index, batch) in times.iter().enumerate() {
            let event = match (index, batch.first()) {
                (0, Some(t)) => first(*t),
                _ => tokens(batch, k),
            };
            if stream.hear(&event, 1500).is_err() {
                break;
            }
            let (stamps, per_stamp) = stream.stamps();
            prop_assert!(stamps.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(stamps.iter().all(|t| (101..=1500).contains(t)));
            prop_assert!((stamps.len() - 1) as u64 * u64::from(per_stamp) < u64::from(max_new + per_stamp));
        }
    }
}
