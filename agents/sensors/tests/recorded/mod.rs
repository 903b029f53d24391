//! Made-up devices as recorded folders, and the same folders with programs that answer.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use edgesoak_sensors::Root;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// Every made-up device.
pub const DEVICES: [&str; 18] = [
    "battery_hal",
    "faked",
    "honeywell",
    "jetson",
    "mtk_tablet",
    "not_ready",
    "old_handset",
    "oneplus",
    "pixel",
    "pixel_emulated",
    "pixel_without_service",
    "raspberry_pi_3",
    "raspberry_pi_5",
    "samsung",
    "samsung_sdhms",
    "xiaomi",
    "zebra",
    "linux",
];

/// A device's folder that lives as long as the test.
pub struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    /// `# /path` starts a file, `= /path OUTPUT` copies one of the outputs; what stands before the first of them
    /// describes the device.
    pub fn of(device: &str) -> Self {
        let text = fs::read_to_string(Path::new(HERE).join("recorded").join(device).with_extension("txt"))
            .expect("a description");
        let folder = Self::empty();
        let mut current: Option<(&str, String)> = None;
        for line in text.lines() {
            if let Some(path) = line.strip_prefix("# /") {
                folder.finish(current.replace((path, String::new())));
            } else if let Some(copy) = line.strip_prefix("= /") {
                folder.finish(current.take());
                let (path, output) = copy.split_once(' ').expect("a path and an output");
                let output =
                    fs::read_to_string(Path::new(HERE).join("outputs").join(output)).expect("an output");
                folder.put(path, &output);
            } else if let Some((_, content)) = &mut current {
                content.push_str(line);
                content.push('\n');
            }
        }
        folder.finish(current);
        folder
    }

    /// A device that has nothing.
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().expect("a directory") }
    }

    fn finish(&self, file: Option<(&str, String)>) {
        if let Some((path, content)) = file {
            self.put(path, &content);
        }
    }

    /// Writes a file.
    pub fn put(&self, path: &str, content: &str) {
        let at = self.dir.path().join(path);
        fs::create_dir_all(at.parent().expect("below the folder")).expect("a directory");
        fs::write(&at, content).expect("a small file");
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.dir.path().join(path)).expect("it was there");
    }

    /// The folder as it was recorded.
    pub fn root(&self) -> Root {
        Root::recorded(self.dir.path())
    }

    /// The same files beside programs that answer what was recorded.
    pub fn live(&self) -> Root {
        Root::live_at(self.dir.path(), self.programs())
    }

    fn programs(&self) -> PathBuf {
        let bin = self.dir.path().join("bin");
        fs::create_dir_all(&bin).expect("a directory");
        let answers = fs::read_dir(self.dir.path().join("commands")).into_iter().flatten();
        for answer in answers {
            let name = answer.expect("an entry").file_name().into_string().expect("a plain name");
            let end = name.find(['_', '.']).expect("a file of a command");
            // Links to one program that nobody writes to while another test starts a process.
            let link = bin.join(&name[..end]);
            if !link.exists() {
                symlink(Path::new(HERE).join("recorded/answer.sh"), &link).expect("a link");
            }
        }
        bin
    }
}
