//! The instruments of a host, with shell one-liners and pseudo terminals in their place.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use edgesoak_instruments::{HostInstruments, InstrumentError, Instruments as _, MeterStream, Position};
use edgesoak_record::lab::{Hook, Meter, MeterFormat, MeterScope, MeterSource, Notify, Probe};
use edgesoak_record::units::{Celsius, Millis};

fn shell(script: &str) -> Vec<String> {
    ["/bin/sh", "-c", script].map(str::to_owned).to_vec()
}

fn meter(source: MeterSource, format: MeterFormat) -> Meter {
    Meter { source, format, scope: MeterScope::Board, gain_error: None }
}

async fn listen(source: MeterSource, format: MeterFormat) -> MeterStream {
    HostInstruments.listen(&meter(source, format)).await.expect("it starts")
}

/// Watts of the next `count` readings, and how many lines were bad meanwhile.
async fn watts(stream: &mut MeterStream, count: usize) -> (Vec<f64>, u32) {
    let (mut watts, mut bad) = (Vec::new(), 0);
    while watts.len() < count {
        let heard = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("it goes on");
        let heard = heard.expect("it lives");
        bad += heard.bad_lines;
        watts.extend(heard.readings.iter().map(|reading| reading.watts.expect("a value")));
    }
    (watts, bad)
}

#[tokio::test]
async fn a_program_is_read_until_it_ends_and_its_end_is_told() {
    let script =
        "echo '{\"watts\": 1.5}'; echo nonsense; echo '{\"milliwatts\": 2500}'; echo no shunt >&2; exit 7";
    let mut stream = listen(MeterSource::Command(shell(script)), MeterFormat::Ndjson).await;
    assert_eq!(watts(&mut stream, 2).await, (vec![1.5, 2.5], 1));
    let error = stream.next().await.expect_err("it ended");
    let InstrumentError::Ended { end, words, .. } = &error else { panic!("{error}") };
    assert_eq!((end.as_str(), words.as_str()), ("code 7", "no shunt"));
    assert!(error.retry());
}

#[tokio::test]
async fn last_words_are_heard_however_late_they_are_read() {
    for _ in 0..20 {
        let script = "exec 1>&-; echo no shunt >&2; exit 7";
        let mut stream = listen(MeterSource::Command(shell(script)), MeterFormat::Ndjson).await;
        let error = stream.next().await.expect_err("it ended");
        let InstrumentError::Ended { words, .. } = &error else { panic!("{error}") };
        assert_eq!(words, "no shunt");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_the_lab_file_s_fault() {
    let command = vec!["/nowhere/read-shunt".to_owned()];
    let meter = meter(MeterSource::Command(command), MeterFormat::Ndjson);
    let error = HostInstruments.listen(&meter).await.expect_err("it is not there");
    assert_eq!((error.whose(), error.retry()), ("config", false));
}

#[tokio::test]
async fn a_program_ends_with_its_listener() {
    let folder = tempfile::tempdir().expect("a folder");
    let alive = folder.path().join("alive");
    let script = format!("while :; do touch {0}; echo '{{\"watts\": 1}}'; sleep 0.02; done", alive.display());
    let mut stream = listen(MeterSource::Command(shell(&script)), MeterFormat::Ndjson).await;
    watts(&mut stream, 2).await;
    drop(stream);
    // A touch may have been on its way.
    for _ in 0..250 {
        let _ = std::fs::remove_file(&alive);
        tokio::time::sleep(Duration::from_millis(80)).await;
        if !alive.exists() {
            return;
        }
    }
    panic!("it goes on without a listener");
}

#[tokio::test]
async fn a_growing_table_is_read_from_its_end_with_the_header_from_its_beginning() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("power.csv");
    std::fs::write(&path, "t,mW\n1,9000\n2,9000\n3,15").expect("written");
    let source = MeterSource::Serial { path: path.clone(), baud: 9600 };
    let mut stream = listen(source, MeterFormat::Csv).await;
    let mut file = OpenOptions::new().append(true).open(&path).expect("open");
    // The line that was being written when the stream began is read whole.
    file.write_all(b"00\n4,2000\n5,2").expect("written");
    file.flush().expect("flushed");
    assert_eq!(watts(&mut stream, 2).await, (vec![1.5, 2.0], 0));
    file.write_all(b"500\n").expect("written");
    assert_eq!(watts(&mut stream, 1).await, (vec![2.5], 0));
}

#[tokio::test]
async fn a_serial_line_is_read_as_it_comes_and_its_end_is_told() {
    let terminal = rustix::pty::openpt(rustix::pty::OpenptFlags::RDWR | rustix::pty::OpenptFlags::NOCTTY);
    let terminal = terminal.expect("a pseudo terminal");
    rustix::pty::grantpt(&terminal).expect("granted");
    rustix::pty::unlockpt(&terminal).expect("unlocked");
    let name = rustix::pty::ptsname(&terminal, Vec::new()).expect("a name");
    let path = PathBuf::from(name.to_str().expect("text"));
    let mut stream = listen(MeterSource::Serial { path, baud: 115_200 }, MeterFormat::Ndjson).await;
    let mut terminal = File::from(terminal);
    terminal.write_all(b"{\"watts\": 3.25}\r\n{\"volts\": 5, \"amperes\": 0.5}\r\n").expect("written");
    assert_eq!(watts(&mut stream, 2).await, (vec![3.25, 2.5], 0));
    drop(terminal);
    let error = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("it is noticed");
    assert!(matches!(error, Err(InstrumentError::Reading { .. })), "{error:?}");
}

#[tokio::test]
async fn what_is_no_line_of_bytes_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for path in [folder.path().to_owned(), folder.path().join("none")] {
        let meter = meter(MeterSource::Serial { path, baud: 9600 }, MeterFormat::Ndjson);
        let error = HostInstruments.listen(&meter).await.expect_err("refused");
        assert!(matches!(error, InstrumentError::Opening { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_room_has_one_temperature_and_a_probe_that_has_none_says_why() {
    let read = async |script: &str| HostInstruments.ambient(&Probe { command: shell(script) }).await;
    assert_eq!(read("echo 22.75").await.expect("a number"), Celsius(22.75));
    let error = read("echo unplugged; exit 0").await.expect_err("a word");
    assert!(
        matches!(&error, InstrumentError::NoTemperature { found, .. } if found == "unplugged"),
        "{error}"
    );
    let error = read("echo bus is gone >&2; exit 3").await.expect_err("a failure");
    assert!(error.to_string().ends_with("ended with code 3: bus is gone"), "{error}");
}

/// A program that keeps its arguments, one call a line.
fn keeper(folder: &Path) -> PathBuf {
    let program = folder.join("hub");
    std::fs::write(&program, format!("#!/bin/sh\necho \"$*\" >> {}/calls\n", folder.display()))
        .expect("written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("executable");
    program
}

#[tokio::test]
async fn a_switch_passes_its_arguments_as_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = keeper(folder.path()).display().to_string();
    let hook =
        Hook { off: vec![program.clone(), "$(off); 1".to_owned()], on: vec![program, "on".to_owned()] };
    HostInstruments.switch(&hook, Position::Off).await.expect("off");
    HostInstruments.switch(&hook, Position::On).await.expect("on");
    let calls = std::fs::read_to_string(folder.path().join("calls")).expect("calls");
    assert_eq!(calls, "$(off); 1\non\n");
    let broken = Hook { off: shell("exit 1"), on: shell("kill -9 $$") };
    for position in [Position::Off, Position::On] {
        let error = HostInstruments.switch(&broken, position).await.expect_err("it failed");
        assert!(matches!(error, InstrumentError::Ended { .. }), "{error}");
    }
}

#[tokio::test]
async fn what_a_person_is_told_is_one_argument_and_no_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = keeper(folder.path()).display().to_string();
    let notify = |command| Notify { command, wait: Millis(600_000) };
    let text = "EdgeSoak: please unplug $(reboot); `a` 'b' \"c\" --help";
    HostInstruments.tell(&notify(vec![program]), text).await.expect("told");
    let calls = std::fs::read_to_string(folder.path().join("calls")).expect("calls");
    assert_eq!(calls, format!("{text}\n"));
    let error =
        HostInstruments.tell(&notify(shell("echo nobody >&2; exit 3")), text).await.expect_err("it failed");
    assert!(error.to_string().ends_with("code 3: nobody"), "{error}");
}
