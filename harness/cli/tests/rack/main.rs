//! The hardware checklist: every device of a rack against every check, each a trial of its own.
//!
//! `EDGESOAK_RACK=rack.toml cargo test -p edgesoak --test rack` runs it on the devices of that matrix; without a rack
//! every check is ignored. `docs/lab_handbook.md` says what else is read from the environment and what each check means.

mod checks;
mod device;
mod phone;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};

use crate::checks::{CHECKS, Check, Needs};
use crate::device::Rack;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match std::env::var_os("EDGESOAK_RACK") {
        Some(matrix) => on_the_rack(Path::new(&matrix)),
        None => CHECKS.iter().map(without_a_rack).collect(),
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A check that nothing can be held against: shown as ignored, so that nobody believes it passed.
fn without_a_rack(check: &Check) -> Trial {
    Trial::test(format!("no-rack::{}", check.name), || Err("no rack: set EDGESOAK_RACK".into()))
        .with_ignored_flag(true)
}

/// One trial for each device and check. What does not apply to a device is ignored by name.
fn on_the_rack(matrix: &Path) -> Vec<Trial> {
    let rack = match Rack::read(matrix) {
        Ok(rack) => Arc::new(rack),
        Err(why) => return vec![Trial::test("rack", move || Err(why.into()))],
    };
    let mut trials = Vec::new();
    for index in 0..rack.devices.len() {
        for check in CHECKS {
            let rack = Arc::clone(&rack);
            let device = &rack.devices[index];
            let applies = match check.needs {
                Needs::Nothing => true,
                Needs::Adb => device.phone.is_some(),
                Needs::Hook => device.phone.is_some() && device.has_hook,
                Needs::Hands => device.phone.is_some() && std::env::var_os("EDGESOAK_RACK_HANDS").is_some(),
            };
            let name = format!("{}::{}", device.id, check.name);
            let trial = Trial::test(name, move || Ok((check.run)(&rack, &rack.devices[index])?));
            trials.push(trial.with_ignored_flag(!applies));
        }
    }
    trials
}
