//! Where EdgeSoak keeps what is neither in the checkout nor in the output folder.

use std::env;
use std::path::PathBuf;

use crate::failure::Failure;

/// Folders of the host.
#[derive(Debug, Clone)]
pub struct Places {
    /// Model artifacts, by file name: `EDGESOAK_CACHE`, else `edgesoak` in the XDG cache folder.
    pub cache: PathBuf,
    /// Private directories of local devices: `EDGESOAK_STATE`, else `edgesoak` in the XDG state folder.
    pub state: PathBuf,
    /// Agent and runners: `EDGESOAK_AGENTS`, else beside this program.
    pub agents: PathBuf,
    /// The kernel's list of USB devices: `EDGESOAK_USB`, else `/sys/bus/usb/devices`.
    pub usb: PathBuf,
}

impl Places {
    /// Reads them from the environment.
    pub fn find() -> Result<Self, Failure> {
        let agents = match env::var_os("EDGESOAK_AGENTS") {
            Some(dir) => PathBuf::from(dir),
            None => {
                env::current_exe().ok().and_then(|exe| exe.parent().map(PathBuf::from)).ok_or_else(|| {
                    Failure::config("this program cannot tell where it lies")
                        .hint("set EDGESOAK_AGENTS to the folder with edgesoak-agent")
                })?
            }
        };
        Ok(Self {
            cache: folder("EDGESOAK_CACHE", "XDG_CACHE_HOME", ".cache")?,
            state: folder("EDGESOAK_STATE", "XDG_STATE_HOME", ".local/state")?,
            agents,
            usb: env::var_os("EDGESOAK_USB")
                .map_or_else(|| PathBuf::from("/sys/bus/usb/devices"), PathBuf::from),
        })
    }
}

fn folder(own: &str, xdg: &str, below_home: &str) -> Result<PathBuf, Failure> {
    if let Some(dir) = env::var_os(own) {
        return Ok(PathBuf::from(dir));
    }
    if let Some(dir) = env::var_os(xdg) {
        return Ok(PathBuf::from(dir).join("edgesoak"));
    }
    env::var_os("HOME").map(|home| PathBuf::from(home).join(below_home).join("edgesoak")).ok_or_else(|| {
        Failure::config(format!("neither {own}, {xdg} nor HOME is set"))
            .hint(format!("set {own} to a folder"))
    })
}
