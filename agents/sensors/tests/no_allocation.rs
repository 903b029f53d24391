//! Reading a device again and again asks nothing of the allocator. Alone in its process, whose allocator it replaces.

mod allocations;
mod thirty;
mod tree;

use edgesoak_sensors::{Bank, FAST, SLOW};

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

#[test]
fn ticks_allocate_nothing_once_warm() {
    let tree = thirty::device(None);
    let mut bank = Bank::open(&tree.root());
    bank.watch_runtime(Some(std::process::id()));
    let mut values = Vec::new();
    for group in [FAST, SLOW] {
        bank.read(group, &mut values);
    }
    let from_sysfs = |spec: &&edgesoak_protocol::ChannelSpec| {
        spec.source.starts_with("/sys/") && spec.group == FAST && spec.missing.is_none()
    };
    assert_eq!(bank.specs().iter().filter(from_sysfs).count(), thirty::CHANNELS);
    let allocations = allocations::during(|| {
        for _ in 0..200 {
            bank.read(FAST, &mut values);
            bank.read(SLOW, &mut values);
        }
    });
    assert_eq!(allocations, 0);
    assert!(allocations::during(|| drop(vec![1, 2, 3])) > 0, "the tally counts");
}
