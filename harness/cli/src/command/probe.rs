//! `edgesoak devices --probe ID`: every channel of one device, how good it is, or why it cannot be read.

use edgesoak_controller::{ProbeRequest, probe_device};
use edgesoak_matrix::DeviceEntry;

use crate::args::{Format, Shared};
use crate::command::{plan, print_json, probe_table};
use crate::failure::Failure;
use crate::places::Places;
use crate::terminal::{printable, say};

/// Watches the device for a while and prints what it can tell about itself.
pub fn show(shared: &Shared, device: &str, watch_s: u64) -> Result<u8, Failure> {
    let matrix = plan::matrix(shared)?;
    let Some(entry) = matrix.devices().iter().find(|entry| entry.id == device) else {
        let known: Vec<&str> = matrix.devices().iter().map(|entry| entry.id.as_str()).collect();
        let message = format!("the matrix has no device `{}`", printable(device));
        return Err(Failure::config(message).hint(format!("known devices: {}", known.join(", "))));
    };
    let places = Places::find()?;
    let runtime = super::host_threads()?;
    let probe = runtime.block_on(probe_device(&request(entry, &places, watch_s))).map_err(|error| {
        let hint = error.hint().unwrap_or_else(|| "run `edgesoak doctor`".to_owned());
        Failure::infrastructure(format!("cannot probe {}", entry.id)).because(&error).hint(hint)
    })?;
    match shared.format() {
        Format::Json => print_json(&probe)?,
        Format::Human => say(&printable(&probe_table::render(entry, &probe)))?,
    }
    Ok(0)
}

/// What the controller is asked.
pub fn request(entry: &DeviceEntry, places: &Places, watch_s: u64) -> ProbeRequest {
    ProbeRequest {
        device: entry.id.clone(),
        driver: entry.driver.clone(),
        address: entry.address.iter().map(|part| (part.key.clone(), part.value.clone())).collect(),
        agents_dir: places.agents.clone(),
        state_dir: places.state.clone(),
        watch_s,
    }
}
