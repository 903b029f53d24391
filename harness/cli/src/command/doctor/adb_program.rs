//! The adb programs of this host: two of them are one too many.

use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::finding::Finding;
use super::program::{ended, may_run};

const MAX_BYTES: u64 = 4096;

/// An adb on the search path.
#[derive(Debug)]
pub struct Found {
    path: PathBuf,
    /// What it is, or why it does not say.
    pub version: Result<Version, String>,
}

/// What an adb calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Of the protocol between it and its server.
    pub protocol: u16,
    /// Of the program.
    release: String,
}

/// Every adb on the search path, in its order; one that is reached by several names counts once.
pub fn on_path() -> Vec<Found> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for path in std::env::split_paths(&path).map(|dir| dir.join("adb")).filter(|path| may_run(path)) {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !seen.contains(&real) {
            seen.push(real);
            let version = ask(&path).unwrap_or_else(|error| Err(error.to_string()));
            found.push(Found { path, version });
        }
    }
    found
}

/// `adb version` speaks to no server.
fn ask(path: &PathBuf) -> io::Result<Result<Version, String>> {
    let mut command = Command::new(path);
    let command = command.arg("version").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let status = ended(&mut child)?;
    let mut said = Vec::new();
    if let (Some(_), Some(stdout)) = (status, child.stdout.take()) {
        stdout.take(MAX_BYTES).read_to_end(&mut said)?;
    }
    let said = String::from_utf8_lossy(&said);
    Ok(match status {
        None => Err("it hangs".to_owned()),
        Some(status) if !status.success() => Err(status.to_string()),
        Some(_) => version(&said).ok_or_else(|| "it does not tell its version".to_owned()),
    })
}

/// Reads `Android Debug Bridge version 1.0.41` and, on a line of its own, `Version 29.0.6-debian`.
fn version(said: &str) -> Option<Version> {
    let bridge = said.lines().find_map(|line| line.strip_prefix("Android Debug Bridge version "))?;
    let protocol = bridge.split_whitespace().next()?.rsplit('.').next()?.parse().ok()?;
    let release = said.lines().find_map(|line| line.strip_prefix("Version ")).unwrap_or("unknown");
    Some(Version { protocol, release: release.trim().to_owned() })
}

/// What there is to say about them.
pub fn all(found: &[Found], is_needed: bool) -> Vec<Finding> {
    if found.is_empty() {
        return vec![if is_needed {
            Finding::bad(
                "adb",
                "there is no adb, and the matrix has devices behind it",
                "scripts/prerequisites --adb installs it",
            )
        } else {
            Finding::good("adb", "not installed; only devices behind adb need it")
        }];
    }
    let mut findings: Vec<Finding> = found.iter().map(|found| one(found, is_needed)).collect();
    let versions: Vec<&Version> = found.iter().filter_map(|found| found.version.as_ref().ok()).collect();
    if versions.iter().any(|version| *version != versions[0]) {
        let paths: Vec<String> = found.iter().map(|found| found.path.display().to_string()).collect();
        findings.push(Finding::doubtful(
            "adb",
            format!("several versions on the search path: {}", paths.join(", ")),
            "who calls first decides which server runs, and one that speaks another version stops it with all its links: \
             keep one on this host",
        ));
    }
    findings
}

fn one(found: &Found, is_needed: bool) -> Finding {
    let path = found.path.display();
    match &found.version {
        Ok(version) => {
            Finding::good("adb", format!("{path}: {}, speaks version {}", version.release, version.protocol))
        }
        Err(why) => {
            let (words, hint) =
                (format!("{path} does not work: {why}"), "scripts/prerequisites --adb installs one");
            if is_needed { Finding::bad("adb", words, hint) } else { Finding::doubtful("adb", words, hint) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN: &str =
        "Android Debug Bridge version 1.0.41\nVersion 29.0.6-debian\nInstalled as /usr/lib/adb\n";

    fn found(path: &str, version: Result<Version, String>) -> Found {
        Found { path: PathBuf::from(path), version }
    }

    #[test]
    fn a_version_is_read() {
        let read = version(DEBIAN).expect("a version");
        assert_eq!((read.protocol, read.release.as_str()), (41, "29.0.6-debian"));
        assert_eq!(version("Android Debug Bridge version 1.0.32\n").expect("an old one").protocol, 32);
        for odd in ["", "Android Debug Bridge version \n", "adb 1.0.41", "Android Debug Bridge version 1.0.x"]
        {
            assert_eq!(version(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn several_versions_are_a_warning() {
        let of = |protocol, release: &str| Ok(Version { protocol, release: release.to_owned() });
        let lines = |found: &[Found], is_needed| {
            all(found, is_needed).iter().map(Finding::lines).collect::<String>() + "--\n"
        };
        let told = [
            lines(&[], false),
            lines(&[], true),
            lines(&[found("/usr/bin/adb", of(41, "29.0.6-debian"))], true),
            lines(
                &[found("/usr/bin/adb", of(41, "29.0.6-debian")), found("/opt/sdk/adb", of(41, "36.0.0"))],
                true,
            ),
            lines(&[found("/usr/bin/adb", Err("it hangs".to_owned()))], true),
            lines(&[found("/usr/bin/adb", Err("it hangs".to_owned()))], false),
        ];
        insta::assert_snapshot!("programs", told.concat());
    }
}
