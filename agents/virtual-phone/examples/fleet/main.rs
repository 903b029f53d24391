//! Records the model table: `fleet DIR` writes `DIR/s1/device.journal` and so on, and prints one line of JSON for each
//! row with its truth. `fleet DIR FIRST COUNT` records so many units of every healthy kind of device instead, by their
//! seeds, its rows in turn, and `fleet DIR settled RULE NAME...` the rows of these names, their soaks extended by a
//! rule, as jobs have it in JSON, until the device has settled.

mod line;

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use edgesoak_protocol::job::{Job, SettleRule};
use edgesoak_virtual_phone::fleet::{Fleet, Row};

const USAGE: &str = "usage: fleet DIR [FIRST COUNT | settled RULE NAME...]";
/// Before a rule and the names of rows.
const SETTLED: &str = "settled";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, which @ ..] = arguments.as_slice() else { return Err(USAGE.into()) };
    let dir = Path::new(dir);
    let run = dir.file_name().and_then(|name| name.to_str()).ok_or("DIR is named after the run")?;
    let fleet = Fleet::built_in()?;
    let settle: Option<SettleRule> = match which {
        [word, rule, ..] if word == SETTLED => Some(serde_json::from_str(rule)?),
        _ => None,
    };
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
        [word, _, names @ ..] if word == SETTLED => {
            let of_name = |name: &String| {
                let row = fleet.rows.iter().find(|row| row.name == *name);
                row.map(|row| (row, 0)).ok_or_else(|| format!("the table has no row {name}").into())
            };
            names.iter().map(of_name).collect()
        }
        [first, count] => {
            let (first, count) = (first.parse::<usize>()?, count.parse::<usize>()?);
            let healthy: Vec<&Row> = fleet.rows.iter().filter(|row| row.fault.is_none()).collect();
            let kinds = healthy.chunk_by(|one, next| one.profile == next.profile);
            let turns = kinds
                .flat_map(|rows| (first..first.saturating_add(count)).zip(rows.iter().cycle().skip(first)));
            turns.map(|(seed, row)| Ok((*row, u64::try_from(seed)?))).collect()
        }
        _ => Err(USAGE.into()),
    }
}
