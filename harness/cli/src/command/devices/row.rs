//! One device as it was found.

use edgesoak_controller::{DeviceState, Glance, Probe};
use edgesoak_drivers::UsbDevice;
use edgesoak_matrix::DeviceEntry;

/// One device, and what is known of it.
#[derive(Debug)]
pub struct Row {
    pub subject: Subject,
    pub state: DeviceState,
    /// What stands against it besides.
    pub also: Vec<DeviceState>,
    /// What it said of itself when it was asked through its shell.
    pub glance: Option<Glance>,
    /// What its agent said.
    pub probe: Option<Probe>,
}

/// Which device it is.
#[derive(Debug)]
pub enum Subject {
    /// One of the matrix.
    Listed(DeviceEntry),
    /// One that an adb server has.
    Attached { serial: String, server: String },
    /// One that only a USB port shows.
    Plugged(UsbDevice),
}

impl Row {
    /// A device of which nothing but its state is known.
    pub fn of(subject: Subject, state: DeviceState) -> Self {
        Self { subject, state, also: Vec::new(), glance: None, probe: None }
    }

    /// With a state that weighs more than what was found so far.
    pub fn outweighed_by(mut self, state: DeviceState) -> Self {
        let before = std::mem::replace(&mut self.state, state);
        if before != DeviceState::Ready {
            self.also.insert(0, before);
        }
        self
    }

    /// Its entry in the matrix.
    pub fn entry(&self) -> Option<&DeviceEntry> {
        if let Subject::Listed(entry) = &self.subject { Some(entry) } else { None }
    }

    /// Whether it is no hardware, by its entry or by its own word.
    pub fn is_virtual(&self) -> bool {
        self.entry().is_some_and(|entry| entry.is_virtual)
            || self.glance.as_ref().is_some_and(|glance| glance.identity.is_simulated)
            || self.probe.as_ref().is_some_and(|probe| probe.is_virtual)
    }

    /// Its name for people.
    pub fn name(&self) -> String {
        match &self.subject {
            Subject::Listed(entry) => entry.id.clone(),
            Subject::Attached { serial, .. } => serial.clone(),
            Subject::Plugged(usb) => usb.serial.clone().unwrap_or_else(|| format!("USB port {}", usb.port)),
        }
    }
}
