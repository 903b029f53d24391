//! A run of made-up devices with hostile names, written as everything that there is, and read back.

#[expect(dead_code, reason = "made for reports, which show more of a run")]
#[path = "../../../reports/tests/made_up/mod.rs"]
mod made_up;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use edgesoak_interchange::{Export, Target, read};
use edgesoak_record::{Quantity, Run, RunVerdict};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

const HOSTILE: &str = "=cmd|' /C calc'!A0,\"</script>\u{202e}\r\n\u{1b}[2J";

/// Quantities of the made-up run that the neutral format has columns for.
const KEPT: [Quantity; 5] = [
    Quantity::Temperature,
    Quantity::Power,
    Quantity::ClockCurrent,
    Quantity::ChargeLevel,
    Quantity::ChargeStatus,
];

/// The made-up run; names that devices tell are hostile ones.
fn hostile() -> (Run, RunVerdict) {
    let (mut run, verdict) = made_up::example();
    for record in &mut run.sessions {
        HOSTILE.clone_into(&mut record.planned.device.id);
        for channel in record.channels.iter_mut().take(3) {
            channel.name = format!("{HOSTILE}{}", channel.name);
        }
        for prompt in record.prompts.iter_mut().take(3) {
            HOSTILE.clone_into(&mut prompt.item);
        }
    }
    (run, verdict)
}

fn exported(target: Target, run: &Run, verdict: &RunVerdict, folder: &Path) -> Vec<PathBuf> {
    let mut export = Export::begin(target, folder, run, verdict).expect("a folder");
    run.sessions.iter().for_each(|record| export.session(record).expect("room"));
    export.finish().expect("room").into_iter().map(|file| file.path).collect()
}

fn samples(run: &Run) -> usize {
    let channels = run.sessions.iter().flat_map(|record| &record.channels);
    channels.map(|channel| channel.samples.len()).sum()
}

#[test]
fn equal_runs_give_equal_bytes_whatever_they_are_called() {
    let (run, verdict) = hostile();
    let folder = tempfile::tempdir().expect("a folder");
    for target in Target::ALL {
        let bytes = |name: &str| -> BTreeMap<String, Vec<u8>> {
            let files = exported(target, &run, &verdict, &folder.path().join(name));
            let read = |path: &PathBuf| {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                (name, fs::read(path).expect("a file"))
            };
            files.iter().map(read).collect()
        };
        let first = bytes("first");
        assert!(first.values().all(|bytes| !bytes.is_empty()), "{}", target.word());
        assert_eq!(first, bytes("second"), "{}", target.word());
        // What a search for secrets looks for stands in the files as it is.
        let name = HOSTILE.split('"').next().expect("a piece").as_bytes();
        let holds = |bytes: &Vec<u8>| bytes.windows(name.len()).any(|window| window == name);
        assert!(first.values().any(holds), "{}", target.word());
    }
}

#[test]
fn parquet_holds_typed_columns_with_units() {
    let (run, verdict) = hostile();
    let folder = tempfile::tempdir().expect("a folder");
    let files = exported(Target::Parquet, &run, &verdict, folder.path());
    let file = files.iter().find(|path| path.ends_with("samples.parquet")).expect("samples");
    let reader = SerializedFileReader::new(File::open(file).expect("a file")).expect("Parquet");
    let about = reader.metadata().file_metadata();
    assert_eq!(usize::try_from(about.num_rows()).expect("a count"), samples(&run));
    let said = about.key_value_metadata().expect("what is said of the columns");
    let units = said.iter().find(|pair| pair.key == "edgesoak.units").and_then(|pair| pair.value.as_deref());
    assert_eq!(units, Some(r#"{"t_mono_ns":"ns","t_s":"s"}"#));
    let ours = run.sessions.iter().flat_map(|record| {
        let channels = record.channels.iter().map(move |channel| (record, channel));
        channels.flat_map(|(record, channel)| {
            channel.samples.iter().map(move |sample| (&record.planned.session, channel, sample))
        })
    });
    for (row, (session, channel, sample)) in reader.into_iter().zip(ours) {
        let row = row.expect("a row");
        let cells: BTreeMap<&str, &Field> =
            row.get_column_iter().map(|(name, field)| (name.as_str(), field)).collect();
        assert_eq!(cells["session"], &Field::Str(session.clone()));
        assert_eq!(cells["channel"], &Field::Str(channel.name.clone()));
        assert_eq!(cells["t_mono_ns"], &Field::Long(i64::try_from(sample.t.0).expect("a time")));
        let (value, reason) = match sample.value {
            Ok(value) => (Field::Double(value), Field::Null),
            Err(reason) => (Field::Null, Field::Str(reason.word().to_owned())),
        };
        assert_eq!((cells["value"], cells["reason"]), (&value, &reason));
        assert_eq!(cells["unit"], &Field::Str(channel.unit.symbol().to_owned()));
    }
}

#[test]
fn what_is_written_in_our_format_is_read_as_it_was_measured() {
    let (run, verdict) = hostile();
    let folder = tempfile::tempdir().expect("a folder");
    let files = exported(Target::Neutral, &run, &verdict, folder.path());
    assert_eq!(files.len(), run.sessions.len());
    for (record, path) in run.sessions.iter().zip(&files) {
        let scored: Vec<_> = record.prompts.iter().filter(|prompt| prompt.phase == "soaking").collect();
        let Some(first) = scored.first() else { continue };
        let found = read(path).expect("the neutral format").recordings;
        let [found] = &found[..] else { panic!("one session") };
        assert_eq!(found.prompts.len(), scored.len());
        assert!(found.is_virtual && record.planned.device.is_virtual, "a simulated device stays one");
        for (read, prompt) in found.prompts.iter().zip(&scored) {
            let times: Vec<u64> =
                read.stamps.iter().map(|stamp| first.submit.0.saturating_add_signed(stamp.at)).collect();
            assert_eq!(times, prompt.token_times.iter().map(|time| time.0).collect::<Vec<_>>());
            assert_eq!(first.submit.0.saturating_add_signed(read.submit), prompt.submit.0);
        }
        let mut ours: Vec<usize> = record
            .channels
            .iter()
            .filter(|channel| KEPT.contains(&channel.quantity) || channel.name == "runtime/rss_anon")
            .filter(|channel| !channel.samples.is_empty())
            .map(|channel| channel.samples.len())
            .collect();
        let mut read: Vec<usize> = found.series.iter().map(|series| series.readings.len()).collect();
        ours.sort_unstable();
        read.sort_unstable();
        assert_eq!(read, ours, "telemetry comes along");
    }
}

#[test]
fn a_session_that_never_ran_is_a_row_without_readings() {
    let (mut run, verdict) = made_up::example();
    for record in &mut run.sessions {
        (record.journal, record.runtime, record.close) = (None, None, None);
        record.prompts.clear();
        record.channels.clear();
        record.phases.clear();
    }
    let folder = tempfile::tempdir().expect("a folder");
    for target in Target::ALL {
        exported(target, &run, &verdict, &folder.path().join(target.word()));
    }
    let lines = |name: &str| {
        let text = fs::read_to_string(folder.path().join("csv").join(name)).expect("a table");
        text.split_terminator("\r\n").count()
    };
    assert_eq!((lines("sessions.csv"), lines("samples.csv")), (run.sessions.len() + 1, 1));
}
