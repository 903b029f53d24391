//! Records the model table: `fleet DIR` writes `DIR/s1/device.journal` and so on, and prints one line of JSON for each
//! row with its truth. `fleet DIR FIRST COUNT` records units of the healthy rows in turn instead, by their seeds, and
//! `fleet DIR settled NAME...` the rows of these names, their soaks extended until the device has settled.

mod line;

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use edgesoak_protocol::job::{Job, SettleRule};
use edgesoak_virtual_phone::fleet::{Fleet, Row};

const USAGE: &str = "usage: fleet DIR [FIRST COUNT | settled NAME...]";
/// Before the names of rows.
const SETTLED: &str = "settled";

/// As jobs have it for every device with a thermal sensor.
const SETTLE: SettleRule = SettleRule {
    max_drift: 0.05,
    max_rise_kelvin: 1.5,
    tau_seconds: 400.0,
    step_ms: 300_000,
    max_soak_ms: 1_800_000,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, which @ ..] = arguments.as_slice() else { return Err(USAGE.into()) };
    let dir = Path::new(dir);
    let run = dir.file_name().and_then(|name| name.to_str()).ok_or("DIR is named after the run")?;
    let fleet = Fleet::built_in()?;
    let settle = which.first().filter(|word| *word == SETTLED).map(|_| SETTLE);
    for (number, (row, seed)) in (1..).zip(chosen(&fleet, which)?) {
        let session = format!("s{number:02}");
        let folder = dir.join(&session);
        fs::create_dir_all(&folder)?;
        let job = Job { settle: settle.clone(), ..row.job(run, &session) };
        let mut journal = File::create(folder.join("device.journal"))?;
        let recorded = row.record(&job, seed, &mut journal)?;
        println!("{}", line::of(row, &session, seed, &recorded));
    }
    Ok(())
}

/// Rows with the seeds of their units.
fn chosen<'a>(fleet: &'a Fleet, which: &[String]) -> Result<Vec<(&'a Row, u64)>, Box<dyn Error>> {
    match which {
        [] => Ok(fleet.rows.iter().map(|row| (row, 0)).collect()),
        [word, names @ ..] if word == SETTLED => {
            let of_name = |name: &String| {
                let row = fleet.rows.iter().find(|row| row.name == *name);
                row.map(|row| (row, 0)).ok_or_else(|| format!("the table has no row {name}").into())
            };
            names.iter().map(of_name).collect()
        }
        [first, count] => {
            let (first, count) = (first.parse::<u64>()?, count.parse::<u64>()?);
            let healthy = fleet.rows.iter().filter(|row| row.fault.is_none()).cycle();
            let turn = usize::try_from(first)? % fleet.rows.len();
            Ok(healthy.skip(turn).zip(first..first.saturating_add(count)).collect())
        }
        _ => Err(USAGE.into()),
    }
}
