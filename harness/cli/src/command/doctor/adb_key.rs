//! The key by which devices know this host.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::finding::Finding;

/// The key of this user. Its server may have been started by another one, who has another key.
pub fn of_host(server_runs: bool) -> Finding {
    match std::env::var_os("HOME") {
        Some(home) => at(&PathBuf::from(home).join(".android/adbkey"), server_runs),
        None => Finding::doubtful("adb key", "HOME is not set", "adb keeps its key in HOME/.android: set it"),
    }
}

fn at(path: &Path, server_runs: bool) -> Finding {
    let shown = path.display();
    match path.metadata() {
        Ok(facts) if facts.permissions().mode() & 0o077 != 0 => Finding::doubtful(
            "adb key",
            format!("{shown} can be read by others"),
            "who has it can use every device that trusts this host: chmod 600",
        ),
        Ok(_) => Finding::good("adb key", shown.to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && server_runs => Finding::doubtful(
            "adb key",
            format!("there is no {shown}, and a server runs: another user started it, with another key"),
            "devices trust a key, not a host: start the server as the user that devices have allowed",
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::good("adb key", format!("{shown} will be made by the first start of the server"))
        }
        Err(error) => Finding::doubtful("adb key", format!("{shown}: {error}"), "let this user read it"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_key_is_there_private_and_of_this_user() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("adbkey");
        let told =
            |server_runs| at(&path, server_runs).lines().replace(&*home.path().to_string_lossy(), "HOME");
        let mut all = vec![told(false), told(true)];
        fs::write(&path, "key").expect("room");
        for mode in [0o600, 0o644] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("ours");
            all.push(told(true));
        }
        insta::assert_snapshot!("keys", all.concat());
    }
}
