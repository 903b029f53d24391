//! The battery pack of a device, which may be another one than in its last session: it comes from a charger or a shelf, and
//! the device has been opened.

use std::path::PathBuf;

use edgesoak_protocol::probe::Probe;

use super::Session;
use crate::setback::Setback;

/// The agent's name for a digest of the pack's serial number.
const FACT: &str = "battery_pack";
/// Longest digest.
const MAX_DIGEST: usize = 64;

impl Session {
    /// Compares the pack with that of the last session on this device. With another one it rests from now on, as after a
    /// session.
    pub(super) async fn know_pack(&self, probe: &Probe) -> Result<(), Setback> {
        let Some(pack) = probe.facts.get(FACT).filter(|pack| is_digest(pack)) else { return Ok(()) };
        let (disk, path) = (&self.context.world.disk, self.pack_file());
        let before = disk.read(&path, MAX_DIGEST as u64).ok();
        if before.as_deref() == Some(pack.as_bytes()) {
            return Ok(());
        }
        if before.is_some() {
            let text = "it has another battery pack than in its last session, and rests from now on";
            self.note("pack-swapped", text).await.map_err(|error| Setback::host_disk(&error))?;
            self.stamp_rest();
        }
        // Without it, a later swap is not seen, but by what no single pack does.
        let _ = disk
            .create_dirs(&self.context.places.state_dir.join("packs"))
            .and_then(|()| disk.write_atomically(&path, pack.as_bytes()));
        Ok(())
    }

    fn pack_file(&self) -> PathBuf {
        self.context.places.state_dir.join("packs").join(&self.planned.device.id)
    }
}

/// Whatever else a device tells is not kept.
fn is_digest(text: &str) -> bool {
    (1..=MAX_DIGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
