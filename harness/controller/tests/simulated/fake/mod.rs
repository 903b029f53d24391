//! A host and its devices without any of them: memory for disks, a clock that jumps, agents that are made up.

pub mod agent;
pub mod answering;
pub mod clock;
pub mod device;
pub mod disk;
pub mod instruments;
pub mod made;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use edgesoak_controller::{
    ControllerError, Randomness, Reach, ResumeRequest, RunReport, RunRequest, Sink, Terms, World,
};
use edgesoak_drivers::{DeviceAddress, Driver, DriverError};
use edgesoak_protocol::units::Nanos;
use edgesoak_record::Plan;
use edgesoak_record::host_entry::{History, HostEntry, HostEvent};
use edgesoak_record::plan::AddressPart;
use tokio::sync::watch;

use clock::JumpingClock;
use device::{Device, FakeDriver, Link};
use disk::MemoryDisk;
use instruments::{FakeInstruments, lab_file};

/// One host with its devices.
#[derive(Clone)]
pub struct Lab {
    pub disk: Arc<MemoryDisk>,
    pub devices: Arc<Mutex<BTreeMap<String, Arc<Device>>>>,
    pub share_processor: bool,
    pub terms: Terms,
    clock: Arc<JumpingClock>,
    /// They stand beside the device `beside`.
    pub instruments: Arc<FakeInstruments>,
}

/// The device that the instruments stand beside.
pub const BESIDE: &str = "beside";

struct Always;

impl Randomness for Always {
    fn suffix(&self) -> [u8; 2] {
        [0xab, 0xcd]
    }
}

impl Reach for Lab {
    fn open(&self, kind: &str, address: &DeviceAddress) -> Result<Box<dyn Driver>, DriverError> {
        if kind != "local" {
            return Err(DriverError::NotBuiltIn(kind.to_owned()));
        }
        let serial = address.parts.iter().find(|(key, _)| key == "serial").map(|(_, serial)| serial);
        let device = self.device(serial.unwrap_or(&address.device));
        Ok(Box::new(FakeDriver::new(device, (self.disk.clone(), self.clock.clone()), self.share_processor)))
    }
}

impl Lab {
    pub fn new() -> Self {
        let disk = Arc::new(MemoryDisk::default());
        disk.put("agents/edgesoak-agent", b"the agent");
        disk.put("agents/edgesoak-scripted-runner", b"the runner");
        disk.put("base/model.gguf", made::MODEL);
        disk.put("base/prompts.jsonl", made::PROMPTS);
        let (clock, device) = (Arc::<JumpingClock>::default(), Arc::<Device>::default());
        let instruments = FakeInstruments::new(device.clone(), disk.clone(), clock.clone()).into();
        let devices = Arc::new(Mutex::new([(BESIDE.to_owned(), device)].into()));
        Self { disk, devices, share_processor: true, terms: Terms::default(), clock, instruments }
    }

    pub fn device(&self, id: &str) -> Arc<Device> {
        self.devices.lock().expect("unpoisoned").entry(id.to_owned()).or_default().clone()
    }

    /// Whoever looks for a device under its id finds another one, which does not answer; it is reached by `serial` only.
    pub fn plug_elsewhere(&self, id: &str, serial: &str) {
        let moved = self.device(id);
        let mut devices = self.devices.lock().expect("unpoisoned");
        let gone = Arc::<Device>::default();
        gone.things().link = Link::Down;
        devices.insert(id.to_owned(), gone);
        devices.insert(serial.to_owned(), moved);
    }

    /// From now on every sleep takes this much longer.
    pub fn oversleep(&self, longer: Nanos) {
        self.clock.oversleep(longer);
    }

    /// Time goes by while nobody looks.
    pub fn pass(&self, span: Nanos) {
        self.clock.pass(span);
    }

    pub fn world(&self) -> World {
        World {
            clock: self.clock.clone(),
            disk: self.disk.clone(),
            randomness: Arc::new(Always),
            reach: Arc::new(self.clone()),
            instruments: self.instruments.clone(),
        }
    }

    pub async fn run(&self, plan: Plan, sinks: Vec<Box<dyn Sink>>) -> Result<RunReport, ControllerError> {
        self.run_until(plan, sinks, never()).await
    }

    pub async fn run_until(
        &self,
        plan: Plan,
        sinks: Vec<Box<dyn Sink>>,
        cancel: watch::Receiver<bool>,
    ) -> Result<RunReport, ControllerError> {
        let request = RunRequest {
            plan,
            lab: lab_file(),
            history: History::default(),
            out: "out".into(),
            base: "base".into(),
            cache: "cache".into(),
            agents_dir: "agents".into(),
            state_dir: "state".into(),
            terms: self.terms.clone(),
            version: "0".to_owned(),
        };
        edgesoak_controller::run(request, self.world(), sinks, cancel).await
    }

    pub async fn resume(&self) -> Result<RunReport, ControllerError> {
        self.resume_at(BTreeMap::new()).await
    }

    pub async fn resume_at(
        &self,
        addresses: BTreeMap<String, Vec<AddressPart>>,
    ) -> Result<RunReport, ControllerError> {
        // The run has its own copy of its inputs.
        self.disk.put("base/prompts.jsonl", b"changed since");
        let request = ResumeRequest {
            run_dir: self.run_dir(),
            lab: lab_file(),
            base: "base".into(),
            cache: "cache".into(),
            agents_dir: "agents".into(),
            state_dir: "state".into(),
            terms: self.terms.clone(),
            addresses,
        };
        edgesoak_controller::resume(request, self.world(), Vec::new(), never()).await
    }

    /// The only run of this lab.
    pub fn run_dir(&self) -> PathBuf {
        self.disk.only_dir_below("out/runs").expect("a run")
    }

    pub fn run_name(&self) -> String {
        self.run_dir().file_name().expect("named").to_string_lossy().into_owned()
    }

    pub fn copy_of(&self, session: &str) -> Vec<u8> {
        self.disk.get(&self.run_dir().join(session).join("device.journal")).unwrap_or_default()
    }

    /// Takes the host's journal back to before the first entry that `is_lost` picks.
    pub fn forget_from(&self, is_lost: impl Fn(&HostEvent) -> bool) {
        let entries = self.host_entries();
        let kept = entries.iter().take_while(|entry| !is_lost(&entry.event));
        let lines = kept.map(|entry| serde_json::to_string(entry).expect("JSON") + "\n");
        let path = self.run_dir().join("host.journal");
        self.disk.put(path.to_str().expect("text"), lines.collect::<String>().as_bytes());
    }

    pub fn host_entries(&self) -> Vec<HostEntry> {
        let bytes = self.disk.get(&self.run_dir().join("host.journal")).expect("a journal");
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).expect("an entry")).collect()
    }

    pub fn host_events(&self) -> Vec<HostEvent> {
        self.host_entries().into_iter().map(|entry| entry.event).collect()
    }
}

/// Nobody stops the run.
fn never() -> watch::Receiver<bool> {
    watch::channel(false).1
}
