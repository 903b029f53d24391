//! The device's private directory.

use std::time::Duration;

use tokio::time::Instant;

use super::link::Link;
use super::run;
use super::server::in_words;
use crate::error::DriverError;

/// The usual place that a shell's user may write to, and run programs from.
pub(super) const ROOT: &str = "/data/local/tmp/edgesoak";

/// Makes the root, proves by running a file that programs can be run there, and says what the device is. Its linker may
/// warn of something before the program speaks. What a shell that died has left is removed when no call can need it.
const PREPARE: &str = r##"umask 077
mkdir -p ROOT && chmod 700 ROOT && cd ROOT || exit 1
for t in cat chmod dd grep head mkdir mv rm sha256sum stat tee uname; do
command -v $t >/dev/null || { echo "its shell has no $t"; exit 3; }
done
[ "$(echo ab | head -c 1 2>/dev/null)" = a ] || { echo 'its head cannot count bytes'; exit 3; }
s=/system/bin/sh; [ -x $s ] || s=/bin/sh
p=.proof-$$
echo "#!$s" >$p && echo 'echo it runs' >>$p && chmod 700 $p || { rm -f $p; exit 1; }
r=$(./$p 2>&1); rm -f $p
find . -maxdepth 1 -name '.err-*' -mtime +0 -exec rm -f {} \; 2>/dev/null
case "
$r" in
*"
it runs") ;;
*) echo "a program cannot be run there:" $r; exit 1;;
esac
echo "machine $(uname -m)"
echo "abi $(getprop ro.product.cpu.abi 2>/dev/null)""##;

/// The exit code of [`PREPARE`] where a tool is missing.
const TOO_OLD: i32 = 3;

/// Finds the device and prepares its root.
pub(super) async fn attach(link: &Link, deadline: Duration) -> Result<(), DriverError> {
    let until = Instant::now() + deadline;
    link.find(until).await?;
    let left = until.saturating_duration_since(Instant::now());
    let ran = run::lines(link, "attaching", &PREPARE.replace("ROOT", ROOT), left).await?;
    if !ran.succeeded() {
        let problem = ran.last_words();
        if ran.end.exit_code() == Some(TOO_OLD) {
            return Err(DriverError::TooOld { problem });
        }
        return Err(DriverError::PreparingRoot { path: ROOT.to_owned(), problem });
    }
    let text = String::from_utf8_lossy(&ran.output);
    let told =
        |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).map(in_words).unwrap_or_default();
    if let Some(abi) = abi(&told("machine "), &told("abi ")) {
        link.learn_abi(abi);
    }
    Ok(())
}

/// Which programs run there. A phone with a 64 bit kernel may have nothing else of 64 bit, which the ABI that it names
/// tells; an emulator may name the ABI of another processor than that of the programs that really run there.
fn abi(kernel: &str, named: &str) -> Option<&'static str> {
    const ARM32: &str = "armeabi-v7a";
    match (kernel, named) {
        ("armv8l" | "armv7l", _) | ("aarch64", "armeabi-v7a" | "armeabi") => Some(ARM32),
        ("aarch64" | "arm64", _) => Some("arm64-v8a"),
        ("x86_64" | "amd64", _) => Some("x86_64"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;
    use std::process::Command;

    use super::*;

    #[test]
    fn kernel_and_abi_name_the_processor() {
        for (kernel, named, expected) in [
            ("aarch64", "arm64-v8a", Some("arm64-v8a")),
            ("aarch64", "armeabi-v7a", Some("armeabi-v7a")),
            ("armv8l", "", Some("armeabi-v7a")),
            ("x86_64", "arm64-v8a", Some("x86_64")),
            ("aarch64", "", Some("arm64-v8a")),
            ("sparc", "", None),
            ("", "arm64-v8a", None),
        ] {
            assert_eq!(abi(kernel, named), expected, "{kernel} {named}");
        }
    }

    /// Runs the lines in this machine's shell, with the programs in `first` before its own.
    fn prepared(root: &Path, first: &Path) -> (Option<i32>, String) {
        let path = format!("{}:{}", first.display(), std::env::var("PATH").expect("a path"));
        let lines = PREPARE.replace("ROOT", root.to_str().expect("text"));
        let ran = Command::new("/bin/sh").args(["-c", &lines]).env("PATH", path).output().expect("a shell");
        (ran.status.code(), String::from_utf8_lossy(&ran.stdout).into_owned())
    }

    #[test]
    fn a_phone_is_prepared_and_one_without_the_tools_is_too_old() {
        let dir = tempfile::tempdir().expect("a directory");
        let (root, tools) = (dir.path().join("root"), dir.path().join("tools"));
        let (code, said) = prepared(&root, &tools);
        assert!(code == Some(0) && said.starts_with("machine "), "{code:?} {said}");
        assert_eq!(fs::read_dir(&root).expect("it was made").count(), 0, "nothing is left behind");
        fs::create_dir(&tools).expect("room");
        fs::write(tools.join("head"), "#!/bin/sh\necho \"head: Unknown option $1\" >&2\nexit 1\n")
            .expect("room");
        fs::set_permissions(tools.join("head"), fs::Permissions::from_mode(0o700)).expect("ours");
        assert_eq!(prepared(&root, &tools), (Some(TOO_OLD), "its head cannot count bytes\n".to_owned()));
    }
}
