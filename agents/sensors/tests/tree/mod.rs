//! Made-up devices: trees of small files, built from one text.

use std::fs;

use edgesoak_sensors::Root;

/// A tree that lives as long as the test.
pub struct Tree {
    dir: tempfile::TempDir,
}

impl Tree {
    /// `# /path` starts a file, `# /path/` a directory; the lines before the first path describe the device.
    pub fn from_capture(text: &str) -> Self {
        let tree = Self { dir: tempfile::tempdir().expect("a directory for the device") };
        let mut current: Option<(String, String)> = None;
        for line in text.lines().chain(["# "]) {
            match line.strip_prefix("# ") {
                Some(path) => {
                    if let Some((path, content)) = current.replace((path.to_owned(), String::new())) {
                        tree.put(&path, &content);
                    }
                }
                None => {
                    if let Some((_, content)) = &mut current {
                        content.push_str(line);
                        content.push('\n');
                    }
                }
            }
        }
        tree
    }

    /// Writes a file, or makes a directory where `path` ends with a slash.
    pub fn put(&self, path: &str, content: &str) {
        let at = self.dir.path().join(path.trim_start_matches('/'));
        if path.ends_with('/') {
            fs::create_dir_all(&at).expect("a directory");
            return;
        }
        fs::create_dir_all(at.parent().expect("below the root")).expect("a directory");
        fs::write(&at, content).expect("a small file");
    }

    pub fn root(&self) -> Root {
        Root::new(self.dir.path())
    }
}
