//! The runs of a day as folders, for whoever judges them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::day::Day;

/// Writes `<folder>/runs/<run>` as the hosts have them, and `<folder>/errands.json`: the run of each errand, by number.
pub fn write(day: &Day, folder: &Path) -> io::Result<()> {
    let mut runs = BTreeMap::new();
    for errand in &day.errands {
        let Some(dir) = errand.host.run_dir(errand.number) else { continue };
        let run = dir.file_name().expect("named").to_owned();
        let target = folder.join("runs").join(&run);
        for (path, file) in errand.host.disk.files() {
            let Ok(below) = path.strip_prefix(&dir) else { continue };
            let path = target.join(below);
            fs::create_dir_all(path.parent().expect("below the run"))?;
            fs::write(path, &file.bytes)?;
        }
        runs.insert(errand.number.to_string(), run.to_string_lossy().into_owned());
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("errands.json"), serde_json::to_vec_pretty(&runs)?)
}
