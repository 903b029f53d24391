//! Records the model table: `fleet DIR` writes `DIR/s1/device.journal` and so on, and prints one line of JSON for each
//! row with its truth. `fleet DIR FIRST COUNT` records so many units of every healthy kind of device instead, by their
//! seeds, its rows in turn, and `fleet DIR settled RULE NAME...` the rows of these names, their soaks extended by a
//! rule, as jobs have it in JSON, until the device has settled. `fleet DIR planted SEED FAULT...` records every healthy row
//! without a fault and with each of these, where it can have it, and a rest and a burst after the soak. `fleet DIR drawn FIRST
//! COUNT [RULE]` records so many devices that nobody built, by their seeds, and what becomes of them after hours.

mod drawn;
mod line;

use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use drawn::Drawn;
use edgesoak_protocol::job::{Job, Phases, Recovery, SettleRule};
use edgesoak_virtual_phone::PhoneError;
use edgesoak_virtual_phone::fleet::{Fleet, Row};

const USAGE: &str = "usage: fleet DIR [FIRST COUNT | settled RULE NAME... | planted SEED FAULT... | drawn FIRST COUNT [RULE]]";
/// Before a rule and the names of rows.
const SETTLED: &str = "settled";
/// Before a seed and the words of faults.
const PLANTED: &str = "planted";
/// Before the first seed and their number.
const DRAWN: &str = "drawn";
/// The rest and the burst after a soak with planted faults, as jobs have them.
const RECOVERY: Recovery = Recovery { rest_ms: 120_000, burst_ms: 20_000 };

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, which @ ..] = arguments.as_slice() else { return Err(USAGE.into()) };
    let dir = Path::new(dir);
    let run = dir.file_name().and_then(|name| name.to_str()).ok_or("DIR is named after the run")?;
    let fleet = Fleet::built_in()?;
    let settle: Option<SettleRule> = match which {
        [word, rule, ..] if word == SETTLED => Some(serde_json::from_str(rule)?),
        [word, _, _, rule] if word == DRAWN => Some(serde_json::from_str(rule)?),
        _ => None,
    };
    let recovery = which.first().filter(|word| *word == PLANTED).map(|_| RECOVERY);
    let job = |row: &Row, session: &str| {
        let planned = row.job(run, session);
        let phases = Phases { recovery: recovery.clone(), ..planned.phases.clone() };
        Job { settle: settle.clone(), phases, ..planned }
    };
    let journal = |session: &str| {
        let folder = dir.join(session);
        fs::create_dir_all(&folder).and_then(|()| File::create(folder.join("device.journal")))
    };
    if let [word, first, count, ..] = which
        && word == DRAWN
    {
        let (first, count): (u64, u64) = (first.parse()?, count.parse()?);
        for (seed, session) in (first..first + count).zip((1..).map(|number| format!("s{number:02}"))) {
            let drawn = Drawn::of(&fleet, seed)?;
            let (row, on) = (&drawn.row, (&drawn.profile, drawn.surroundings));
            let recorded = row.record_on(on, &job(row, &session), seed, &mut journal(&session)?)?;
            println!("{}", line::of(row, &session, seed, &recorded, drawn.rests(seed)?));
        }
        return Ok(());
    }
    for (number, (row, seed)) in (1..).zip(chosen(&fleet, which)?) {
        let session = format!("s{number:02}");
        match row.record(&job(&row, &session), seed, &mut journal(&session)?) {
            // A row that cannot have this fault is left out.
            Err(PhoneError::PlacingCandidate(_)) if recovery.is_some() => {
                fs::remove_dir_all(dir.join(&session))?;
            }
            recorded => println!("{}", line::of(&row, &session, seed, &recorded?, [None; 2])),
        }
    }
    Ok(())
}

/// Every healthy row, and with each of these faults.
fn planted(fleet: &Fleet, faults: &[String]) -> Vec<Row> {
    let healthy = || fleet.rows.iter().filter(|row| row.fault.is_none());
    let with = |row: &Row, fault: &String| Row {
        name: format!("{} {fault}", row.name),
        fault: Some(fault.clone()),
        ..row.clone()
    };
    healthy()
        .flat_map(|row| [row.clone()].into_iter().chain(faults.iter().map(|fault| with(row, fault))))
        .collect()
}

/// Rows with the seeds of their units.
fn chosen(fleet: &Fleet, which: &[String]) -> Result<Vec<(Row, u64)>, Box<dyn Error>> {
    match which {
        [] => Ok(fleet.rows.iter().map(|row| (row.clone(), 0)).collect()),
        [word, _, names @ ..] if word == SETTLED => {
            let of_name = |name: &String| {
                let row = fleet.rows.iter().find(|row| row.name == *name);
                row.map(|row| (row.clone(), 0)).ok_or_else(|| format!("the table has no row {name}").into())
            };
            names.iter().map(of_name).collect()
        }
        [word, seed, faults @ ..] if word == PLANTED => {
            let seed = seed.parse()?;
            Ok(planted(fleet, faults).into_iter().map(|row| (row, seed)).collect())
        }
        [first, count] => {
            let (first, count) = (first.parse::<usize>()?, count.parse::<usize>()?);
            let healthy: Vec<&Row> = fleet.rows.iter().filter(|row| row.fault.is_none()).collect();
            let kinds = healthy.chunk_by(|one, next| one.profile == next.profile);
            let turns = kinds
                .flat_map(|rows| (first..first.saturating_add(count)).zip(rows.iter().cycle().skip(first)));
            turns.map(|(seed, row)| Ok(((*row).clone(), u64::try_from(seed)?))).collect()
        }
        _ => Err(USAGE.into()),
    }
}
