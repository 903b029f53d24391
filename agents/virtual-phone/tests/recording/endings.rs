//! How sessions end before their time.

use edgesoak_protocol::journal::{FinishReason, Frame, RuntimeEnd};
use edgesoak_protocol::units::{Celsius, Ratio};
use edgesoak_virtual_phone::body::state::Down;
use edgesoak_virtual_phone::{PhoneError, Surroundings};

use crate::made::{Made, Read};

/// Reason, detail, and how the runtime ended.
fn end(read: &Read) -> (FinishReason, String, RuntimeEnd) {
    let Frame::Finished { reason, detail } = read.last() else { panic!("no end: {:?}", read.last()) };
    let exit = read.frames().find_map(|frame| match frame {
        Frame::RuntimeExited { end, .. } => Some(*end),
        _ => None,
    });
    (*reason, detail.clone(), exit.expect("the runtime exits"))
}

fn last_prompt(read: &Read) -> (String, u32) {
    let done = read.frames().filter_map(|frame| match frame {
        Frame::PromptDone { finish, decoded_tokens, .. } => Some((finish.clone(), *decoded_tokens)),
        _ => None,
    });
    done.last().expect("a prompt")
}

#[test]
fn a_limit_of_temperature_stops_the_prompt_in_flight() {
    let mut made = Made::soak(300);
    made.job.stop_at.temperature_celsius = Some(30.0);
    let read = made.read();
    let (reason, detail, exit) = end(&read);
    assert_eq!((reason, exit), (FinishReason::TemperatureLimit, RuntimeEnd::Exited(0)));
    assert!(detail.ends_with("the limit is 30.0 °C"), "{detail}");
    let (finish, decoded) = last_prompt(&read);
    let tokens = read.tokens();
    assert_eq!((finish.as_str(), decoded as usize), ("stopped", tokens[tokens.len() - 1].len()));
    assert!(read.recorded.took.as_secs_f64() < 300.0);
    assert_eq!(read.recorded.reason, Some(FinishReason::TemperatureLimit));
}

#[test]
fn a_limit_of_the_battery_holds_before_the_first_prompt_too() {
    let mut made = Made::soak(300);
    made.surroundings.charge = Ratio(0.3);
    made.job.stop_at.battery_percent = Some(30.0);
    let read = made.read();
    let Frame::Finished { reason, detail } = read.last() else { panic!("no end") };
    assert_eq!(*reason, FinishReason::BatteryLimit);
    assert_eq!(detail, "battery/level reads 30 %, the limit is 30 %");
    assert!(!read.frames().any(|frame| matches!(frame, Frame::PromptSubmitted { .. })));
}

#[test]
fn a_device_that_switches_itself_off_leaves_a_journal_without_an_end() {
    let surroundings = Surroundings { charge: Ratio(0.004), ..Surroundings::ROOM };
    let read = Made { surroundings, ..Made::soak(3_600) }.read();
    assert!(matches!(read.recorded.down, Some(Down::Battery { .. })), "{:?}", read.recorded.down);
    assert_eq!(read.recorded.reason, None);
    let is_end = |frame: &Frame| matches!(frame, Frame::Finished { .. } | Frame::RuntimeExited { .. });
    assert!(!read.frames().any(is_end));
    assert!(read.recorded.truth.is_some_and(|truth| truth.down.is_some()));
    let hot = Made { profile: "tensor-phone", ..Made::soak(600) };
    let read = hot.with_faults(&["thermal-shutdown@10s:25W"]).read();
    assert!(matches!(read.recorded.down, Some(Down::Heat { .. })), "{:?}", read.recorded.down);
}

#[test]
fn a_killed_runtime_says_nothing_more() {
    let read = Made::soak(60).with_faults(&["low-memory-kill@20s"]).read();
    let (reason, detail, exit) = end(&read);
    assert_eq!((reason, exit), (FinishReason::RuntimeDied, RuntimeEnd::Signalled(9)));
    assert_eq!(detail, "the runner was ended by signal 9 while decoding");
    assert_eq!(last_prompt(&read).0, "length", "the prompt in flight has no end");
    let mut pausing = Made::soak(60).with_faults(&["low-memory-kill@20s"]);
    pausing.job.workload.think_time_ms = 3_600_000;
    assert_eq!(end(&pausing.read()).1, "the runner was ended by signal 9 while resting");
}

#[test]
fn a_prompt_that_does_not_fit_is_the_runtimes_error() {
    let mut made = Made::soak(60);
    // The first item fits, the second does not.
    made.job.runner.ctx = 200;
    let read = made.read();
    let (reason, detail, _) = end(&read);
    assert_eq!(reason, FinishReason::RuntimeFailed);
    assert!(
        detail.contains("prompt-too-long") && detail.contains("364 tokens in a context of 200"),
        "{detail}"
    );
    // What a fault adds is cut to the context, as applications cut their history.
    let grown = Made::soak(60).with_faults(&["prompt-mix:50x"]).read();
    let longest = grown.frames().filter_map(|frame| match frame {
        Frame::PromptDone { prompt_tokens, .. } => Some(*prompt_tokens),
        _ => None,
    });
    assert_eq!(longest.max(), Some(1_024 - 64));
}

#[test]
fn what_cannot_be_recorded_is_refused_before_anything_is_written() {
    let wrong = |made: Made| made.bytes().map(|_| ()).expect_err("refused").to_string();
    assert!(wrong(Made::soak(1).with_faults(&["gremlins"])).contains("gremlins"));
    let mut npu = Made::soak(1);
    npu.candidate.accelerator = edgesoak_virtual_phone::Accelerator::Npu;
    assert!(wrong(npu).contains("needs a npu"));
    let surroundings = Surroundings { ambient: Celsius(99.0), ..Surroundings::ROOM };
    assert!(wrong(Made { surroundings, ..Made::soak(1) }).contains("99"));
    let error: PhoneError = Made::soak(1).with_faults(&["gremlins"]).bytes().expect_err("refused");
    assert_eq!((error.whose(), error.retry()), ("config", false));
}
