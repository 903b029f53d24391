//! Reboots and ends.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::phone::{Place, files, until};

/// What a command says at every boot, until it has booted twice.
const TWICE: &str = "cd /data/local/tmp; cat /proc/sys/kernel/random/boot_id >> boots; cut -d. -f1 /proc/uptime >> up; \
    dumpsys battery | grep 'Charge counter' >> charge; ls /proc | grep -c '^[0-9]*$' >> processes; \
    [ $(wc -l < boots) -lt 2 ] || exit 5; setsid sleep 600 & sleep 2; reboot; sleep 600";

#[test]
fn a_reboot_is_a_new_system_on_the_same_body() {
    let Some(place) = Place::new() else { return };
    let ended = place.run(&["--speed", "60"], TWICE);
    assert_eq!(ended.status.code(), Some(5), "{ended:?}");
    let told = |name: &str| fs::read_to_string(place.pushed().join(name)).expect(name);
    let pair = |name: &str| {
        let text = told(name);
        let mut lines = text.lines().map(str::to_owned);
        [lines.next(), lines.next()].map(|line| line.expect("one line of each boot"))
    };
    let [first, second] = pair("boots");
    assert_ne!(first, second, "another boot");
    let up = pair("up").map(|up| up.parse::<u32>().expect("seconds"));
    assert!(up[1] < 120, "its clock begins anew: {up:?}");
    let charge = pair("charge").map(|line| line.rsplit(' ').next().and_then(|word| word.parse::<i64>().ok()));
    let [Some(first), Some(second)] = charge else { panic!("{charge:?}") };
    assert!(second < first, "two minutes were drawn from the battery: {first} to {second}");
    let [first, second] = pair("processes");
    assert_eq!(first, second, "nothing runs on");
}

#[test]
fn a_phone_that_is_switched_off_stays_off() {
    let Some(place) = Place::new() else { return };
    assert_eq!(place.run(&[], "reboot -p; sleep 600").status.code(), Some(0));
    assert_eq!(
        place.run(&[], "exit 7").status.code(),
        Some(7),
        "what ran instead of a system tells its own end"
    );
}

#[test]
fn nothing_but_data_is_left() {
    let Some(place) = Place::new() else { return };
    place.says(&[], "echo kept > /data/local/tmp/file");
    let names: Vec<_> =
        fs::read_dir(place.dir()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names, ["data"]);
    assert_eq!(files(place.dir()), [place.pushed().join("file")]);
    assert_eq!(place.says(&[], "cat /data/local/tmp/file"), "kept");
}

#[test]
fn two_phones_do_not_share_a_folder() {
    let Some(place) = Place::new() else { return };
    let mut first = place.serve(&[]);
    let second = place.run(&[], "true");
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another phone lives there"), "{second:?}");
    assert!(place.dir().join("control/link").exists(), "the first one is untouched");
    first.child.stdin = None;
    assert_eq!(first.end(), Some(0));
}

/// Processes of a phone that was killed: their numbers inside say nothing here, so that a file must tell.
#[test]
fn a_phone_does_not_outlive_its_supervisor() {
    let Some(place) = Place::new() else { return };
    let beat = place.pushed().join("beat");
    let command = "setsid sh -c 'while :; do echo x >> /data/local/tmp/beat; sleep 0.02; done' & sleep 600";
    let mut child =
        place.command(&["--run", command]).stdin(Stdio::piped()).spawn().expect("the phone can be executed");
    let beats = || fs::metadata(&beat).map_or(0, |file| file.len());
    until(|| beats() > 4);
    child.kill().expect("it lives");
    child.wait().expect("it ends");
    let mut last = beats();
    until(|| {
        sleep(Duration::from_millis(200));
        let now = beats();
        std::mem::replace(&mut last, now) == now
    });
}

#[test]
fn a_signal_ends_it() {
    let Some(place) = Place::new() else { return };
    let mut served = place.serve(&[]);
    let killed = Command::new("kill").arg(served.child.id().to_string()).status().expect("a signal");
    assert!(killed.success());
    assert_eq!(served.end(), Some(0));
    std::net::TcpStream::connect(&served.serial).expect_err("nobody listens any more");
}

#[test]
fn heat_switches_it_off_with_a_word() {
    let Some(place) = Place::new() else { return };
    let ended = place.run(&["--ambient", "60", "--speed", "200"], "sleep 600");
    assert_eq!(ended.status.code(), Some(3), "{ended:?}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("it switched itself off"), "{ended:?}");
}
