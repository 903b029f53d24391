//! A host of the lab: its disk, its clocks, and processes that come and go.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use edgesoak_controller::{Randomness, Reach, World};
use edgesoak_drivers::{DeviceAddress, Driver, DriverError};
use edgesoak_record::Lab;

use crate::bench::Bench;
use crate::clock::{Dawn, HostClock};
use crate::dice::Dice;
use crate::disk::{HostDisk, ProcessDisk};
use crate::fault::HostFault;
use crate::phone::Phone;
use crate::phone::driver::PhoneDriver;
use crate::plan;
use crate::process::Process;
use crate::truth::Truth;

pub type Phones = Arc<BTreeMap<String, Arc<Phone>>>;

pub struct Host {
    pub name: &'static str,
    pub disk: Arc<HostDisk>,
    pub phones: Phones,
    pub lab: Lab,
    pub dawn: Dawn,
    clock: Arc<HostClock>,
    seed: u64,
    /// The living process of each errand.
    processes: Mutex<BTreeMap<usize, Arc<Process>>>,
    started: Mutex<u32>,
}

impl Host {
    pub fn new(name: &'static str, phones: &Phones, truth: &Arc<Truth>, seed: u64, dawn: Dawn) -> Arc<Self> {
        let disk = HostDisk::new(truth.clone());
        disk.put("agents/edgesoak-agent", b"the agent");
        disk.put("agents/edgesoak-made-up", b"the runner");
        disk.put("base/model.gguf", plan::MODEL);
        disk.put("base/prompts.jsonl", plan::PROMPTS);
        Arc::new(Self {
            name,
            disk,
            phones: phones.clone(),
            lab: plan::lab(phones.values().map(Arc::as_ref)),
            dawn,
            clock: HostClock::new(dawn),
            seed,
            processes: Mutex::default(),
            started: Mutex::default(),
        })
    }

    /// Starts a process for an errand; it dies at this act.
    pub fn start(&self, errand: usize, dies_at: u64) -> (Arc<Process>, World) {
        let process = Arc::new(Process::new(dies_at));
        self.processes.lock().expect("unpoisoned").insert(errand, process.clone());
        let number = {
            let mut started = self.started.lock().expect("unpoisoned");
            *started += 1;
            *started
        };
        let disk = Arc::new(ProcessDisk { disk: self.disk.clone(), process: process.clone() });
        let dice = Dice::of(self.seed, &format!("{} process {number}", self.name));
        let bench = Bench {
            phones: self.phones.clone(),
            process: process.clone(),
            disk: self.disk.clone(),
            out: out(errand),
        };
        let world = World {
            clock: self.clock.clone(),
            disk: disk.clone(),
            randomness: Arc::new(Rolled(Mutex::new(dice.clone()))),
            reach: Arc::new(Ways { phones: self.phones.clone(), disk, dice: Mutex::new(dice) }),
            instruments: Arc::new(bench),
        };
        (process, world)
    }

    /// Something happens to it.
    pub fn suffer(&self, fault: &HostFault, dice: &mut Dice) {
        match fault {
            HostFault::Kill(errand) => {
                if let Some(process) = self.processes.lock().expect("unpoisoned").get(errand) {
                    process.kill();
                }
            }
            HostFault::PowerFailure => {
                self.processes.lock().expect("unpoisoned").values().for_each(|process| process.kill());
                self.disk.lose_power(dice);
                self.clock.reboot();
            }
            HostFault::Room(room) => self.disk.set_room(*room),
            HostFault::MediumFails(fails) => self.disk.fail(*fails),
            HostFault::ClockStep(seconds) => self.clock.step(*seconds),
        }
    }

    /// Nothing is wrong with it any more.
    pub fn heal(&self) {
        self.disk.set_room(None);
        self.disk.fail(false);
    }

    /// The run of an errand, if it was opened: its journal has a whole line.
    pub fn run_dir(&self, errand: usize) -> Option<PathBuf> {
        let runs = PathBuf::from(out(errand)).join("runs");
        let files = self.disk.files();
        let journals =
            files.iter().filter(|(path, _)| path.ends_with("host.journal") && path.starts_with(&runs));
        let opened = journals.filter(|(_, file)| file.bytes.contains(&b'\n')).map(|(path, _)| path);
        opened.filter_map(|path| path.parent().map(Path::to_owned)).next_back()
    }
}

/// Output folder of an errand.
pub fn out(errand: usize) -> String {
    format!("out-{errand}")
}

struct Rolled(Mutex<Dice>);

impl Randomness for Rolled {
    fn suffix(&self) -> [u8; 2] {
        let rolled = self.0.lock().expect("unpoisoned").roll();
        [rolled.to_le_bytes()[0], rolled.to_le_bytes()[1]]
    }
}

struct Ways {
    phones: Phones,
    disk: Arc<ProcessDisk>,
    dice: Mutex<Dice>,
}

impl Reach for Ways {
    fn open(&self, _: &str, address: &DeviceAddress) -> Result<Box<dyn Driver>, DriverError> {
        let seed = self.dice.lock().expect("unpoisoned").clone().roll();
        let dice = Mutex::new(Dice::of(seed, &address.device));
        Ok(Box::new(PhoneDriver {
            phone: self.phones[&address.device].clone(),
            disk: self.disk.clone(),
            dice,
        }))
    }
}
