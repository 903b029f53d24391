//! How sessions ended on a device.

use edgesoak_record::session::CloseState;
use edgesoak_store::{DeviceEnd, Store};

use crate::made;

#[test]
fn the_last_ends_on_a_device_come_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("edgesoak.db")).expect("a database");
    let plan = made::plan(1);
    let planned = &plan.sessions[0];
    let ends = [CloseState::Completed, CloseState::NotRun, CloseState::Interrupted];
    for (state, number) in ends.into_iter().zip(1..) {
        let run = format!("run-{number}");
        store.apply_host(&run, 1, &made::opening(&run, &plan, number)).expect("a run");
        store.apply_host(&run, 2, &made::closed(&planned.session, state)).expect("an end");
    }
    store.apply_host("run-4", 1, &made::opening("run-4", &plan, 4)).expect("a run that goes on");

    let told = |most| -> Vec<(String, bool)> {
        let ends: Vec<DeviceEnd> = store.device_ends(&planned.device.id, most).expect("read");
        assert!(ends.iter().all(|end| end.profile == "quick"), "{ends:?}");
        ends.into_iter().map(|end| (end.run, end.completed)).collect()
    };
    let expected = [("run-3".to_owned(), false), ("run-2".to_owned(), false), ("run-1".to_owned(), true)];
    assert_eq!(told(9), expected);
    assert_eq!(told(2), expected[..2]);
    assert_eq!(store.device_ends("another", 9).expect("read"), []);
}
