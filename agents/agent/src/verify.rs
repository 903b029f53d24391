//! `verify`: what lies on the device, by digest.

use edgesoak_protocol::probe::{FoundFile, VerifiedFile};

use crate::device::Device;
use crate::layout::Home;

/// The state of one file below the home.
pub(crate) fn verify(device: &dyn Device, home: &Home, relative: &str) -> VerifiedFile {
    let path = relative.to_owned();
    let found = home
        .file(relative)
        .map_err(|error| error.to_string())
        .and_then(|file| device.fingerprint(home, &file, &mut || true).map_err(|error| error.to_string()));
    match found {
        Ok(found) => {
            let found = FoundFile { sha256: found.sha256, bytes: found.bytes, mode: found.mode };
            VerifiedFile { path, found: Some(found), missing: None }
        }
        Err(why) => VerifiedFile { path, found: None, missing: Some(why) },
    }
}
