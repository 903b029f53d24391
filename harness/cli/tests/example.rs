//! The committed examples are what this build makes of the stored runs beside them.

mod world;

use std::path::{Path, PathBuf};
use std::process::Command;

use world::World;

const EXAMPLES: [&str; 2] = ["this-machine", "virtual-rack"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports/example")
}

/// A world that holds the journals of this example, and nothing else of it.
fn unpacked(name: &str) -> World {
    let world = World::new();
    let out = world.path().join("out");
    std::fs::create_dir(&out).expect("a folder");
    let archive = folder().join(format!("{name}.tar.gz"));
    let told = Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&out).status();
    assert!(told.expect("tar starts").success(), "{}", archive.display());
    world
}

/// The page that this build makes of an example.
fn page(name: &str) -> String {
    let world = unpacked(name);
    for command in ["store rebuild --out out", "report latest --out out --output page.html"] {
        let spoken = world.call(command);
        assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    }
    std::fs::read_to_string(world.path().join("page.html")).expect("a page")
}

#[test]
fn the_committed_pages_are_current() {
    for name in EXAMPLES {
        let made = page(name);
        let file = folder().join(format!("{name}.html"));
        if std::env::var_os("UPDATE_EXAMPLE").is_some() {
            std::fs::write(&file, &made).expect("the example can be written");
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == made, "{} is not current: run scripts/example", file.display());
    }
}

#[test]
fn the_stored_runs_tell_no_path_of_a_machine() {
    for name in EXAMPLES {
        let world = unpacked(name);
        let mut folders = vec![world.path().join("out")];
        let mut journals = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                journals += 1;
                let bytes = std::fs::read(&path).expect("a journal");
                let text = String::from_utf8_lossy(&bytes);
                for told in ["/root", "/home", "/tmp", "/Users"] {
                    assert!(!text.contains(told), "{} holds {told}", path.display());
                }
            }
        }
        assert!(journals >= 2, "{name}: {journals} journals");
    }
}
