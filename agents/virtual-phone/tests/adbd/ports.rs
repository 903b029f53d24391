//! Ports that lead to the device, and back to the host.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::thread;

use crate::bench::{Bench, until};
use crate::server::Server;

/// Somebody who sends back what he hears, to one caller.
fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it has a number").port();
    thread::spawn(move || {
        let (mut caller, _) = listener.accept()?;
        let mut copy = caller.try_clone()?;
        std::io::copy(&mut caller, &mut copy)
    });
    port
}

fn round(port: u16, length: usize) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("somebody listens");
    let sent: Vec<u8> = (0..length).map(|n| (n % 251).to_le_bytes()[0]).collect();
    let (mut half, copy) = (stream.try_clone().expect("a second handle"), sent.clone());
    let writer = thread::spawn(move || half.write_all(&copy));
    let mut heard = vec![0; length];
    stream.read_exact(&mut heard).expect("all comes back");
    writer.join().expect("no panic").expect("all is sent");
    assert!(heard == sent, "what came back is what was sent");
}

#[test]
fn a_port_of_the_host_leads_to_the_device() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let port = server.done(&bench, &["forward", "tcp:0", &format!("tcp:{}", echo())]).text();
    round(port.trim().parse().expect("a port"), 1_000_000);
    let nobody = server.done(&bench, &["forward", "tcp:0", "localabstract:nobody-listens-here"]).text();
    let port: u16 = nobody.trim().parse().expect("a port");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    assert_eq!(stream.read(&mut [0; 8]).unwrap_or(0), 0, "nobody is there");
}

#[test]
fn sockets_with_names_are_reached_too() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let path = bench.path("socket");
    let named = format!("edgesoak-bench-{}", bench.address.port());
    let address = SocketAddr::from_abstract_name(&named).expect("it is a name");
    let listeners = [UnixListener::bind(&path), UnixListener::bind_addr(&address)];
    let targets = [format!("localfilesystem:{}", path.display()), format!("localabstract:{named}")];
    for (listener, target) in listeners.into_iter().zip(targets) {
        let listener = listener.expect("the name is free");
        let echo = thread::spawn(move || {
            let (mut caller, _) = listener.accept()?;
            let mut copy = caller.try_clone()?;
            std::io::copy(&mut caller, &mut copy)
        });
        let port = server.done(&bench, &["forward", "tcp:0", &target]).text();
        round(port.trim().parse().expect("a port"), 100_000);
        assert_eq!(echo.join().expect("no panic").expect("it can be read"), 100_000);
    }
}

#[test]
fn a_port_of_the_device_leads_to_the_host() {
    let bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let target = format!("tcp:{}", echo());
    let port: u16 = server
        .done(&bench, &["reverse", "tcp:0", &target])
        .text()
        .trim()
        .parse()
        .expect("a port of the device");
    let listed = server.done(&bench, &["reverse", "--list"]).text();
    assert!(listed.contains(&format!("tcp:{port} {target}")), "{listed}");
    round(port, 1_000_000);
    let said = server.on(&bench, &["reverse", "--no-rebind", &format!("tcp:{port}"), "tcp:1"]);
    assert!(said.err.contains("cannot rebind existing socket"), "{said:?}");
    server.done(&bench, &["reverse", "--remove", &format!("tcp:{port}")]);
    until("nobody listens", || TcpStream::connect(("127.0.0.1", port)).is_err());
    let said = server.on(&bench, &["reverse", "--remove", &format!("tcp:{port}")]);
    assert!(said.err.contains("not found"), "{said:?}");
    let path = bench.path("reversed");
    for _ in 0..2 {
        // The second time the socket of the first lies there.
        let target = format!("tcp:{}", echo());
        server.done(&bench, &["reverse", &format!("localfilesystem:{}", path.display()), &target]);
        // To the host and back: the real server may die of a forward that goes while it still connects.
        let mut stream = UnixStream::connect(&path).expect("somebody listens");
        stream.write_all(b"x").expect("it is taken");
        let mut back = [0];
        stream.read_exact(&mut back).expect("it comes back");
        assert_eq!(&back, b"x");
        server.done(&bench, &["reverse", "--remove-all"]);
        until("nobody listens", || UnixStream::connect(&path).is_err());
    }
    let named = format!("localabstract:edgesoak-reversed-{}", bench.address.port());
    server.done(&bench, &["reverse", &named, &target]);
    server.done(&bench, &["reverse", "--remove-all"]);
    assert_eq!(server.done(&bench, &["reverse", "--list"]).text().trim(), "");
}

#[test]
fn a_reversed_port_goes_with_its_connection() {
    let mut bench = Bench::current();
    let Some(server) = Server::with(&bench) else { return };
    let port: u16 = server
        .done(&bench, &["reverse", "tcp:0", "tcp:1"])
        .text()
        .trim()
        .parse()
        .expect("a port of the device");
    bench.link.plant(edgesoak_virtual_phone::adbd::LinkFault::Drop);
    until("nobody listens", || TcpStream::connect(("127.0.0.1", port)).is_err());
    bench.end().expect("the service ends well");
}
