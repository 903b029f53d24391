//! What is left when connections have ended: nothing. Alone in its process, so that it can count.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use edgesoak_virtual_phone::adbd::{
    self, Access, Device, Features, Identity, Link, LinkFault, OnReboot, Shell,
};

const NEW: u32 = 0x0100_0001;

fn message(letters: [u8; 4], first: u32, second: u32, payload: &[u8]) -> Vec<u8> {
    let word = u32::from_le_bytes(letters);
    let sum = payload.iter().map(|byte| u32::from(*byte)).sum();
    let length = u32::try_from(payload.len()).expect("it is short");
    let words = [word, first, second, length, sum, !word];
    words.iter().flat_map(|word| word.to_le_bytes()).chain(payload.iter().copied()).collect()
}

/// Threads, descriptors and children of this process.
fn census() -> [usize; 3] {
    let count = |path: &str| fs::read_dir(path).expect("it can be listed").count();
    let children: usize = fs::read_dir("/proc/self/task")
        .expect("it can be listed")
        .flatten()
        .map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default())
        .map(|children| children.split_whitespace().count())
        .sum();
    [count("/proc/self/task"), count("/proc/self/fd"), children]
}

/// A host; a device that restarts is tried again.
fn connect(address: SocketAddr) -> TcpStream {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        match TcpStream::connect(address) {
            Ok(host) => return host,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The census when it has not changed for a while.
fn quiet() -> [usize; 3] {
    let end = Instant::now() + Duration::from_secs(20);
    let mut last = (census(), Instant::now());
    while last.1.elapsed() < Duration::from_secs(1) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
        let is = census();
        if is != last.0 {
            last = (is, Instant::now());
        }
    }
    last.0
}

fn settled(want: [usize; 3]) -> [usize; 3] {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let is = census();
        if is == want || Instant::now() > end {
            return is;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn nothing_outlives_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has a number");
    let link = Link::new(Access::Granted).expect("a cable");
    let mut shell = Shell::new("/bin/sh");
    shell.leader = env!("CARGO_BIN_EXE_edgesoak-virtual-phone").into();
    shell.environment = vec![("PATH".into(), "/bin:/usr/bin".into())];
    let text = |text: &str| text.to_owned();
    let device = Device {
        identity: Identity { product: text("leaks"), model: text("leaks"), device: text("leaks") },
        features: Features::Current,
        shell,
        link: link.clone(),
        on_reboot: OnReboot::new(|_| {}),
    };
    let served = std::thread::spawn(move || adbd::serve(listener, &device));
    // What the system keeps for itself after a first time is no leak.
    meet(&link, address, 0);
    let idle = quiet();
    assert_eq!((idle[0], idle[2]), (3, 0), "the test in its two threads, and a served device");
    for round in 0..30 {
        meet(&link, address, round);
    }
    assert_eq!(settled(idle), idle, "threads, descriptors and children");
    link.stop();
    served.join().expect("no panic").expect("it ends well");
    drop(link);
    // The listener and the cable are gone too.
    let end = [idle[0] - 1, idle[1] - 2, 0];
    assert_eq!(settled(end), end);
}

/// A host comes, asks for much, and is lost.
fn meet(link: &Link, address: SocketAddr, round: u32) {
    let mut host = connect(address);
    let mut say = |bytes: Vec<u8>| host.write_all(&bytes).expect("the device hears");
    say(message(*b"CNXN", NEW, 1 << 20, b"host::\0"));
    let services = [
        "shell,v2,raw:sleep 600",
        "shell,v2,pty:sleep 600",
        "shell:cat",
        "exec:cat /dev/zero",
        "sync:",
        "reverse:forward:tcp:0;tcp:1",
        // Its output stays open in a process that nobody told.
        "shell,v2,raw:sleep 1 & exec sleep 600",
    ];
    for (number, service) in (1..).zip(services) {
        say(message(*b"OPEN", number, 0, format!("{service}\0").as_bytes()));
    }
    // Sent into a stream that waits for the rest of a file.
    say(message(*b"WRTE", 5, 5, b"SEND\x14\0\0\0/proc/self/none,0644"));
    let mut some = [0; 512];
    host.read_exact(&mut some).expect("the device answers");
    match round % 4 {
        0 => drop(host),
        1 => link.plant(LinkFault::Drop),
        2 => {
            link.plant(LinkFault::Stall(None));
            std::thread::sleep(Duration::from_millis(20));
            link.plant(LinkFault::Drop);
            link.plant(LinkFault::Heal);
        }
        _ => link.plant(LinkFault::Restart(Duration::from_millis(10))),
    }
    std::thread::sleep(Duration::from_millis(30));
}
