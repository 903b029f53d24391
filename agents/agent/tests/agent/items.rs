//! Items are answered to their own end, and counted by nobody before the host.

use edgesoak_protocol::job::TemplateSource;
use edgesoak_protocol::journal::{FinishReason, Frame, Phase};

use crate::device::Device;

#[test]
fn items_end_by_themselves_and_prompts_may_not() {
    let device = Device::new();
    let mut job = Device::job("items", &["--eos-after", "3"]);
    job.workload.is_of_items = true;
    job.workload.output_tokens = 160;
    let (frames, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let ends: Vec<(&str, u32)> = frames
        .iter()
        .filter_map(|frame| match frame {
            Frame::PromptDone { finish, decoded_tokens, .. } => Some((finish.as_str(), *decoded_tokens)),
            _ => None,
        })
        .collect();
    assert!(ends.len() >= 3, "warming, then several items: {ends:?}");
    assert!(ends.iter().all(|end| *end == ("eos", 3)), "{ends:?}");
    assert!(frames.iter().any(|frame| matches!(frame, Frame::PhaseBegan { phase: Phase::Soaking })));
}

#[test]
fn the_question_alone_is_sent_where_there_is_no_template() {
    let device = Device::new();
    let mut bare = Device::job("bare", &[]);
    bare.workload.template = TemplateSource::Question;
    let (frames, reason, detail) = device.run(&bare);
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let bytes = |frames: &[Frame]| {
        frames.iter().find_map(|frame| match frame {
            Frame::PromptSubmitted { prompt_bytes, .. } => Some(*prompt_bytes),
            _ => None,
        })
    };
    let (templated, ..) = device.run(&Device::job("templated", &[]));
    assert!(bytes(&frames) < bytes(&templated), "{:?} and {:?}", bytes(&frames), bytes(&templated));
    let verified = |what: &str| {
        frames.iter().any(|frame| matches!(frame, Frame::Verified { what: named, .. } if named == what))
    };
    assert!(verified("prompts") && !verified("template"));
}
