//! Sessions that would not find the memory they are expected to take.

use edgesoak_controller::ControllerError;
use edgesoak_record::memory::{MemoryOutlook, MemoryPart, MemoryPrediction, MemoryUse};
use edgesoak_record::session::{CloseState, SessionClose};
use edgesoak_record::units::Bytes;

use crate::fake::Lab;
use crate::fake::made::plan;

fn said(close: &SessionClose) -> (CloseState, &str, &str) {
    (close.state, &close.cause, &close.whose)
}

fn predicted(mib: u64) -> MemoryOutlook {
    let part = MemoryPart { what: MemoryUse::KvCache, bytes: Bytes(mib << 20), basis: String::new() };
    MemoryOutlook::Predicted(MemoryPrediction::of(vec![part]))
}

#[tokio::test]
async fn a_session_over_its_budget_never_reaches_its_device_and_others_go_on() {
    let lab = Lab::new();
    let (small, large) = (lab.device("small"), lab.device("large"));
    let mut planned = plan(&["small", "large"]);
    for session in &mut planned.sessions {
        session.device.memory_budget = Some(Bytes(100 << 20));
    }
    planned.memory = [("s01".to_owned(), predicted(101)), ("s02".to_owned(), predicted(100))].into();
    let report = lab.run(planned, Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "memory-over-budget", "config"));
    let detail = "101 MiB predicted (KV cache 101 MiB) for model, and the memory_budget of host is 100 MiB";
    assert_eq!(report.closes[0].1.detail, detail);
    assert!(small.things().files.is_empty(), "nothing was pushed");
    assert_eq!(said(&report.closes[1].1), (CloseState::Completed, "", ""));
    assert!(!large.things().files.is_empty());
    assert!(matches!(lab.resume().await, Err(ControllerError::RunIsClosed { .. })), "nothing is left to do");
}

#[tokio::test]
async fn a_device_with_less_memory_than_predicted_gets_no_model() {
    let lab = Lab::new();
    let device = lab.device("this-machine");
    let mut planned = plan(&["this-machine"]);
    planned.memory = [("s01".to_owned(), predicted(1025))].into();
    let report = lab.run(planned, Vec::new()).await.expect("runs");
    assert_eq!(said(&report.closes[0].1), (CloseState::NotRun, "memory-short", "config"));
    let close = &report.closes[0].1;
    assert!(close.detail.ends_with("the device has 1024 MiB in all"), "{}", close.detail);
    assert!(!device.things().files.keys().any(|path| path.starts_with("store/")), "only the agent is there");
}
