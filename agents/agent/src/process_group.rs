//! The group in which Android's init counts adb's daemon and whatever it starts.
//!
//! Detaching gives a session of its own, and leaves it in that group. When the daemon is restarted, init may kill the whole
//! group. Where the system lets a shell do so, the agent therefore moves to a group above it; most do not.

use crate::settings::Panel;

const OWN: &str = "/proc/self/cgroup";
/// Where Android mounts the hierarchies in which init keeps such groups: the second version, and before it the counter
/// of processor time.
const MOUNTS: [(&str, &str); 2] = [("", "/sys/fs/cgroup"), ("cpuacct", "/acct")];
/// Groups above one's own that are tried.
const MOST_PARENTS: usize = 8;

/// Leaves the group, where this process is in one that init made for a service: the code and the text of a note.
pub(crate) fn leave(panel: &dyn Panel, pid: u32) -> Option<(&'static str, String)> {
    let (mount, group) = of_service(panel)?;
    let mut why = String::new();
    let mut place = group.as_str();
    for _ in 0..MOST_PARENTS {
        let Some((parent, _)) = place.rsplit_once('/') else { break };
        match panel.store(&[mount, parent, "/cgroup.procs"].concat(), &pid.to_string()) {
            Ok(()) => break,
            // The nearest one is the least of all changes, and its refusal what is told.
            Err(refused) if why.is_empty() => why = refused,
            Err(_) => {}
        }
        place = parent;
    }
    // What counts is where it is now.
    Some(match of_service(panel) {
        None => (
            "adb-group-left",
            ["the agent left ", &group, ", which a restart of adb's daemon kills"].concat(),
        ),
        Some((_, group)) => {
            let why = if why.is_empty() { "moving it changed nothing" } else { &why };
            let text = ["the agent stays in ", &group, " (", why, "): a restart of adb's daemon may kill it"];
            ("adb-group-kept", text.concat())
        }
    })
}

/// The mount and the path of the group `.../pid_N` that this process is in; systems other than Android have none.
fn of_service(panel: &dyn Panel) -> Option<(&'static str, String)> {
    let text = panel.look(OWN).ok()?;
    text.lines().find_map(|line| {
        let (_, named) = line.split_once(':')?;
        let (controllers, path) = named.split_once(':')?;
        let (_, mount) = MOUNTS.iter().find(|(name, _)| controllers.split(',').any(|one| one == *name))?;
        let number = path.rsplit_once('/')?.1.strip_prefix("pid_")?;
        number.parse::<u32>().ok()?;
        Some((*mount, path.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use edgesoak_sensors::Root;
    use tempfile::TempDir;

    use super::*;
    use crate::settings::fake::Fake;

    /// A tree in which this process is in these groups; those of `open` can be joined.
    fn tree(groups: &str, open: &[&str]) -> (TempDir, Root) {
        let dir = tempfile::tempdir().expect("a directory");
        fs::create_dir_all(dir.path().join("proc/self")).expect("made");
        fs::write(dir.path().join("proc/self/cgroup"), groups).expect("written");
        for group in open {
            let group = dir.path().join(group);
            fs::create_dir_all(&group).expect("made");
            fs::write(group.join("cgroup.procs"), "").expect("written");
        }
        let root = Root::recorded(dir.path());
        (dir, root)
    }

    fn joined(dir: &TempDir, group: &str) -> String {
        fs::read_to_string(dir.path().join(group).join("cgroup.procs")).expect("there")
    }

    #[test]
    fn the_nearest_group_that_can_be_joined_is_joined() {
        let (dir, root) = tree("0::/uid_0/pid_812\n", &["sys/fs/cgroup", "sys/fs/cgroup/uid_0"]);
        let (code, text) = leave(&root, 4711).expect("it is in a group of init");
        assert_eq!(joined(&dir, "sys/fs/cgroup/uid_0"), "4711");
        assert_eq!(joined(&dir, "sys/fs/cgroup"), "", "the nearest is enough");
        // No kernel stands behind these files: what the agent reads afterwards is what it tells.
        assert_eq!(code, "adb-group-kept");
        assert!(text.contains("/uid_0/pid_812 (moving it changed nothing)"), "{text}");
        let (dir, root) = tree("3:cpu,cpuacct:/uid_0/pid_812\n0::/\n", &["acct"]);
        leave(&root, 4711).expect("the older hierarchy");
        assert_eq!(joined(&dir, "acct"), "4711");
    }

    #[test]
    fn a_group_that_was_left_is_told() {
        let mut phone = Fake::saying(&[(OWN, "0::/uid_0/pid_812\n")]);
        phone.effects.push(("/sys/fs/cgroup/uid_0/cgroup.procs = 4711", OWN, "0::/uid_0\n"));
        let (code, text) = leave(&phone, 4711).expect("it was in a group of init");
        assert_eq!(code, "adb-group-left");
        assert_eq!(text, "the agent left /uid_0/pid_812, which a restart of adb's daemon kills");
    }

    #[test]
    fn a_refusal_is_told_and_an_ordinary_group_is_no_matter() {
        let (_dir, root) = tree("0::/uid_0/pid_812\n", &[]);
        let (code, text) = leave(&root, 4711).expect("it is in a group of init");
        assert_eq!(code, "adb-group-kept");
        assert!(text.contains("/sys/fs/cgroup/uid_0/cgroup.procs: "), "{text}");
        for groups in ["0::/\n", "0::/user.slice/user-1000.slice/session-2.scope\n", "0::/uid_0/pid_x\n", ""]
        {
            assert_eq!(leave(&tree(groups, &["sys/fs/cgroup"]).1, 4711), None, "{groups}");
        }
        assert_eq!(leave(&Root::recorded("/there/is/none"), 4711), None);
    }
}
