//! Sockets of a runtime, on a real kernel. Nothing leaves the machine: both ends of each connection are its own.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};

use edgesoak_protocol::job::{Job, Setting};
use edgesoak_protocol::journal::{FinishReason, Frame};

use crate::device::Device;

/// The machine's own address on the network; `None` where it has none.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address for documents. Connecting a datagram socket sends nothing.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// Runs a session whose runtime connects to a listener at this address: what is noted of its sockets, and the port.
fn noted(address: IpAddr) -> (String, String, u16) {
    let listener = TcpListener::bind((address, 0)).expect("an address of this machine");
    let called = listener.local_addr().expect("bound").to_string();
    let (frames, code, text) = session(&Device::job("calls", &["--connect", &called]));
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::Egress { .. })));
    (code, text, listener.local_addr().expect("bound").port())
}

/// Runs a session to its end: its frames, and the first note of whether anything left.
fn session(job: &Job) -> (Vec<Frame>, String, String) {
    let (frames, reason, detail) = Device::new().run(job);
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let mut notes = frames.iter().filter_map(|frame| match frame {
        Frame::Note { code, text } if code.starts_with("egress-") => Some((code.clone(), text.clone())),
        _ => None,
    });
    let (code, text) = notes.next().expect("it is always noted");
    drop(notes);
    (frames, code, text)
}

/// A job of a route from which nothing may leave.
fn local_only(session: &str, runner_args: &[&str]) -> Job {
    Job { local_only: true, ..Device::job(session, runner_args) }
}

#[test]
fn a_runtime_that_tries_nothing_is_proven_to() {
    let (frames, code, text) = session(&local_only("quiet", &[]));
    if code == "egress-none-seen" {
        return println!("skipped: this system does not cut off: {text}");
    }
    assert_eq!(code, "egress-proven-a", "{text}");
    assert!(text.contains("until its last process had ended"), "{text}");
    assert!(!frames.iter().any(|frame| matches!(frame, Frame::Egress { .. })));
}

/// A phone of which only some things are known, and what was noted at the end of a session on it.
fn phone(rows_at_begin: &str, rows_at_end: &str, settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let device = Device::phone();
    let table = |rows: &str| format!("Inter-| Receive | Transmit\n face |bytes|bytes\n{rows}");
    let net = device.system.join("proc/net");
    fs::create_dir_all(&net).expect("made");
    fs::write(net.join("dev"), table(rows_at_begin)).expect("written");
    let settings =
        settings.iter().map(|(name, value)| Setting { name: (*name).into(), value: (*value).into() });
    let job = Job { settings: settings.collect(), ..local_only("radios", &[]) };
    device.start(&job);
    device.runner_pid("radios");
    fs::write(net.join("dev"), table(rows_at_end)).expect("written");
    let (frames, reason, detail) = device.finish("radios");
    assert_eq!(reason, FinishReason::Completed, "{detail}");
    let notes = frames.into_iter().filter_map(|frame| match frame {
        Frame::Note { code, text } if code.starts_with("egress-") => Some((code, text)),
        _ => None,
    });
    notes.collect()
}

const WLAN: &str = " wlan0: 9 9 0 0 0 0 0 0 77 5 0 0 0 0 0 0\n";
const RADIOS_OFF: [(&str, &str); 2] = [("airplane", "on"), ("wifi", "off")];

#[test]
fn a_phone_whose_radios_are_off_and_silent_is_proven_to_send_nothing() {
    let notes = phone(WLAN, WLAN, &RADIOS_OFF);
    let codes: Vec<&str> = notes.iter().map(|(code, _)| code.as_str()).collect();
    // Its process is not in the tree of this phone, so that its sockets cannot be looked at.
    assert!(codes.starts_with(&["egress-unchecked", "egress-proven-b"]), "{notes:?}");
}

#[test]
fn a_phone_that_sends_or_could_send_proves_nothing() {
    let busy = WLAN.replace(" 5 ", " 8 ");
    for (at_end, settings, why) in [
        (&busy[..], &RADIOS_OFF[..], "1 of its interfaces sent packets: wlan0 3"),
        (WLAN, &RADIOS_OFF[..1], "its radios were not off at the begin: wifi is on"),
        ("", &RADIOS_OFF[..], "what its interfaces sent cannot be read: absent"),
    ] {
        let notes = phone(WLAN, at_end, settings);
        assert!(notes.iter().any(|(code, text)| code == "egress-radios" && text.ends_with(why)), "{notes:?}");
        assert!(!notes.iter().any(|(code, _)| code.starts_with("egress-proven")), "{notes:?}");
    }
}

#[test]
fn a_runtime_that_is_cut_off_is_told_by_what_it_tries() {
    // An address for documents: nobody has it.
    let (frames, code, text) = session(&local_only("tries", &["--connect", "192.0.2.1:443"]));
    if code == "egress-none-seen" {
        return println!("skipped: this system does not cut off: {text}");
    }
    assert_eq!(code, "egress-attempts", "{text}");
    assert!(
        text.starts_with("1 tried to leave the device: connect (inet, tcp) to 192.0.2.1 port 443 by runner "),
        "{text}"
    );
    let attempts: Vec<_> = frames
        .iter()
        .filter_map(|frame| if let Frame::Egress { attempt } = frame { Some(attempt) } else { None })
        .collect();
    let [attempt] = attempts[..] else { panic!("{attempts:?}") };
    let pid = frames.iter().find_map(|frame| match frame {
        Frame::RuntimeStarted { pid, .. } => Some(*pid),
        _ => None,
    });
    assert_eq!((Some(attempt.pid), &attempt.parents[..]), (pid, &[][..]));
}

#[test]
fn what_stays_on_the_loopback_is_no_egress() {
    let (code, text, _) = noted(Ipv4Addr::LOCALHOST.into());
    assert_eq!(code, "egress-none-seen", "{text}");
    assert!(text.contains("at most 1 at once"), "the connection itself was seen: {text}");
}

#[test]
fn a_connection_to_an_address_of_the_network_is_seen_without_the_address() {
    let Some(address) = own_address() else {
        println!("skipped: this machine has no address but the loopback");
        return;
    };
    let (code, text, port) = noted(address);
    assert_eq!(code, "egress-sockets", "{text}");
    assert!(text.starts_with("1 remote endpoint ") && text.ends_with(&format!(": tcp {port} (1)")), "{text}");
    assert!(!text.contains(&address.to_string()), "{text}");
}
