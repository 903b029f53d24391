//! What the kernel shows of USB ports, and what `edgesoak` makes of devices.

use std::path::Path;

/// A device on a USB port, as the kernel shows it.
pub fn plug(list: &Path, port: &str, files: &[(&str, &str)], interfaces: &[(&str, &str)]) {
    let put = |path: &Path, text: &str| {
        std::fs::create_dir_all(path.parent().expect("below the list")).expect("room");
        std::fs::write(path, format!("{text}\n")).expect("room");
    };
    for (name, text) in files {
        put(&list.join(port).join(name), text);
    }
    for (index, (class, name)) in interfaces.iter().enumerate() {
        let place = list.join(format!("{port}:1.{index}"));
        for (file, digits) in [("Class", 0..2), ("SubClass", 2..4), ("Protocol", 4..6)] {
            put(&place.join(format!("bInterface{file}")), &class[digits]);
        }
        put(&place.join("interface"), name);
    }
}

/// The lines that say how a device is, without those that hold this machine's readings, and without numbers of processes.
pub fn states(text: &str) -> String {
    let kept = |line: &&str| {
        !line.starts_with(' ')
            || ["  what to do:", "  also:", "  not known:"].iter().any(|head| line.starts_with(head))
    };
    let told = text.lines().filter(kept).fold(String::new(), |told, line| told + line + "\n");
    let mut parts = told.split(PROOF);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| told + PROOF + "N" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
}

/// Name of the file by which a driver proves that programs run; a number follows.
const PROOF: &str = ".proof-";
