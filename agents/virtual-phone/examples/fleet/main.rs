//! Records the model table: `fleet DIR` writes `DIR/s1/device.journal` and so on, and prints one line of JSON for each
//! row with its truth. `fleet DIR FIRST COUNT` records units of the healthy rows in turn instead, by their seeds.

mod line;

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use edgesoak_virtual_phone::fleet::{Fleet, Row};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (dir, units) = match arguments.as_slice() {
        [dir] => (Path::new(dir), None),
        [dir, first, count] => (Path::new(dir), Some((first.parse::<u64>()?, count.parse::<u64>()?))),
        _ => return Err("usage: fleet DIR [FIRST COUNT]".into()),
    };
    let run = dir.file_name().and_then(|name| name.to_str()).ok_or("DIR is named after the run")?;
    let fleet = Fleet::built_in()?;
    let rows: Vec<(&Row, u64)> = match units {
        None => fleet.rows.iter().map(|row| (row, 0)).collect(),
        Some((first, count)) => {
            let healthy = fleet.rows.iter().filter(|row| row.fault.is_none()).cycle();
            let turn = usize::try_from(first)? % fleet.rows.len();
            healthy.skip(turn).zip(first..first.saturating_add(count)).collect()
        }
    };
    for (number, (row, seed)) in (1..).zip(rows) {
        let session = format!("s{number:02}");
        let folder = dir.join(&session);
        fs::create_dir_all(&folder)?;
        let job = row.job(run, &session);
        let mut journal = File::create(folder.join("device.journal"))?;
        let recorded = row.record(&job, seed, &mut journal)?;
        println!("{}", line::of(row, &session, seed, &recorded));
    }
    Ok(())
}
