//! Commands over the real ADB server.

use std::io::Write;
use std::process::Stdio;

use edgesoak_virtual_phone::adbd::{Access, Features};

use crate::bench::{Bench, until};
use crate::server::{Server, ended};

#[test]
fn a_current_device_tells_output_errors_and_exit_codes_apart() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let said = server.on(&bench, &["shell", "echo out; echo err >&2; exit 7"]);
    assert_eq!((said.code, said.text().as_str(), said.err.as_str()), (Some(7), "out\n", "err\n"));
    assert_eq!(server.on(&bench, &["shell", "kill -9 $$"]).code, Some(137));
    assert_eq!(server.on(&bench, &["shell", "exec >&- 2>&-; sleep 0.2; exit 5"]).code, Some(5));
    let said = server.done(&bench, &["shell", "printf 'a\\r\\nb\\n\\377'"]);
    assert_eq!(said.out, b"a\r\nb\n\xff");
}

#[test]
fn an_old_device_mixes_both_and_loses_the_code() {
    let bench = Bench::new(Features::Old, Access::Granted);
    let Some(server) = Server::with(&bench) else { return };
    let said = server.on(&bench, &["shell", "echo out; echo err >&2; exit 7"]);
    assert_eq!((said.code, said.text().as_str()), (Some(0), "out\r\nerr\r\n"));
    let said = server.done(&bench, &["exec-out", "printf 'a\\nb'; head -c 100000 /dev/zero"]);
    assert_eq!((said.out.len(), &said.out[..3]), (100_003, &b"a\nb"[..]));
}

#[test]
fn a_current_device_leaves_bytes_alone_without_packets() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let said = server.done(&bench, &["shell", "-x", "echo out; echo err >&2; exit 7"]);
    assert_eq!(said.text(), "out\nerr\n");
    let said = server.done(&bench, &["exec-out", "head -c 3000000 /dev/zero"]);
    assert_eq!(said.out.len(), 3_000_000);
}

#[test]
fn input_reaches_a_command_and_its_end_too() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let serial = bench.serial();
    let arguments = ["-s", &serial, "shell", "sha256sum"];
    let mut child = server.spawn(&arguments, Stdio::piped());
    let mut stdin = child.stdin.take().expect("it has an input");
    stdin.write_all(&vec![b'x'; 2_000_000]).expect("adb reads it");
    drop(stdin);
    let said = ended(child, &arguments);
    let digest = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        digest.starts_with("be8889d3b8893c11d290b8dcf682164c326a90e6998f6bddb25d9a3a02daf666"),
        "{digest}"
    );
}

#[test]
fn a_command_leads_a_session_and_may_have_a_terminal() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let said = server.done(&bench, &["shell", "cut -d' ' -f1,6 /proc/$$/stat"]).text();
    let (process, session) = said.trim().split_once(' ').expect("two numbers");
    assert_eq!(process, session);
    assert_eq!(server.on(&bench, &["shell", "-T", "tty"]).text(), "not a tty\n");
    let said = server.done(&bench, &["shell", "-tt", "stty size < /dev/tty; tty; echo $TERM"]).text();
    assert!(said.contains("/dev/pts/"), "{said}");
    let said = server.on(&bench, &["shell", "-tt", "exit 9"]);
    assert_eq!(said.code, Some(9), "{said:?}");
}

#[test]
fn a_lost_host_is_told_to_the_shell_alone() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let (mark, left) = (bench.path("mark"), bench.path("left"));
    let command = format!(
        "trap 'echo hup > {mark}; exit' HUP; setsid sleep 600 & echo $! > {left}; while :; do sleep 0.05; done",
        mark = mark.display(),
        left = left.display()
    );
    let serial = bench.serial();
    let mut child = server.spawn(&["-s", &serial, "shell", &command], Stdio::null());
    until("the command runs", || std::fs::read_to_string(&left).is_ok_and(|text| text.ends_with('\n')));
    bench.link.plant(edgesoak_virtual_phone::adbd::LinkFault::Drop);
    until("the shell was told", || mark.exists());
    let _ = child.wait();
    let pid = std::fs::read_to_string(&left).expect("it was written");
    let pid = rustix::process::Pid::from_raw(pid.trim().parse().expect("a process")).expect("not 0");
    rustix::process::test_kill_process(pid).expect("what left the session lives on");
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("it is ours");
}
