//! Sinks that fail, panic or sleep cost nobody else anything.

use std::error::Error;
use std::sync::{Arc, Condvar, Mutex};

use edgesoak_controller::{RunEvent, Sink};
use edgesoak_record::host_entry::{HostEntry, HostEvent};
use edgesoak_record::session::CloseState;

use crate::fake::Lab;
use crate::fake::made::plan;

/// Keeps what it was told.
struct Keeper(Arc<Mutex<Vec<RunEvent>>>);

impl Sink for Keeper {
    fn name(&self) -> &'static str {
        "keeper"
    }

    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.0.lock().expect("unpoisoned").push(event.clone());
        Ok(())
    }
}

/// Fails at its third event.
struct Failing {
    told: Arc<Mutex<u32>>,
    panics: bool,
}

impl Sink for Failing {
    fn name(&self) -> &'static str {
        if self.panics { "panicking" } else { "failing" }
    }

    fn accept(&mut self, _: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        let told = {
            let mut told = self.told.lock().expect("unpoisoned");
            *told += 1;
            *told
        };
        assert!(told < 3 || !self.panics, "a sink panics");
        if told < 3 { Ok(()) } else { Err("no room".into()) }
    }
}

/// Takes nothing until the run's journal is collected by somebody else.
struct Slow {
    collected: Arc<(Mutex<bool>, Condvar)>,
    kept: Arc<Mutex<Vec<HostEntry>>>,
}

impl Sink for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        let (collected, changed) = &*self.collected;
        drop(changed.wait_while(collected.lock().expect("unpoisoned"), |collected| !*collected));
        if let RunEvent::Host(entry) = event {
            self.kept.lock().expect("unpoisoned").push(entry.clone());
        }
        Ok(())
    }
}

/// Tells when a journal was collected.
struct Bell(Arc<(Mutex<bool>, Condvar)>);

impl Sink for Bell {
    fn name(&self) -> &'static str {
        "bell"
    }

    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        if matches!(event, RunEvent::Collected { .. }) {
            *self.0.0.lock().expect("unpoisoned") = true;
            self.0.1.notify_all();
        }
        Ok(())
    }
}

#[tokio::test]
async fn one_sinks_failure_is_reported_once_and_costs_nobody_else() {
    let lab = Lab::new();
    let kept = Arc::default();
    let (told, panic_told) = (Arc::default(), Arc::default());
    let sinks: Vec<Box<dyn Sink>> = vec![
        Box::new(Failing { told: Arc::clone(&told), panics: false }),
        Box::new(Failing { told: Arc::clone(&panic_told), panics: true }),
        Box::new(Keeper(Arc::clone(&kept))),
    ];
    let report = lab.run(plan(&["this-machine"]), sinks).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed);
    assert_eq!(report.sink_failures, ["failing: no room", "panicking: it panicked"]);
    assert_eq!((*told.lock().expect("unpoisoned"), *panic_told.lock().expect("unpoisoned")), (3, 3));

    let kept = kept.lock().expect("unpoisoned");
    let host: Vec<&HostEntry> = kept
        .iter()
        .filter_map(|event| if let RunEvent::Host(entry) = event { Some(entry) } else { None })
        .collect();
    assert!(host.iter().copied().eq(&lab.host_entries()), "sinks see what is on disk, in its order");
    let frames = kept.iter().filter(|event| matches!(event, RunEvent::Frame { .. })).count();
    assert_eq!(frames, 12);
    let collected = kept.iter().position(|event| matches!(event, RunEvent::Collected { .. }));
    let last_frame = kept.iter().rposition(|event| matches!(event, RunEvent::Frame { .. }));
    assert!(collected > last_frame);
}

#[tokio::test]
async fn a_slow_sink_holds_up_neither_the_copy_nor_the_run_and_misses_no_host_entry() {
    let mut lab = Lab::new();
    // A device with a processor of its own is not held up for sinks to become idle.
    lab.share_processor = false;
    lab.device("phone").things().notes = 6000;
    let collected = Arc::new((Mutex::new(false), Condvar::new()));
    let kept = Arc::default();
    let sinks: Vec<Box<dyn Sink>> = vec![
        Box::new(Slow { collected: Arc::clone(&collected), kept: Arc::clone(&kept) }),
        Box::new(Bell(collected)),
    ];
    let report = lab.run(plan(&["phone"]), sinks).await.expect("runs");
    assert_eq!(report.closes[0].1.state, CloseState::Completed);
    assert_eq!(report.sink_failures, [""; 0]);
    let kept = kept.lock().expect("unpoisoned");
    assert_eq!(*kept, lab.host_entries());
    assert!(matches!(kept.last().map(|entry| &entry.event), Some(HostEvent::RunClosed { .. })));
}
