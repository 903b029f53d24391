//! An adb server to whom phones are plugged by USB: what stands between it and its callers adds their ports to its list.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use crate::attached::{Phone, Server};

/// The question whose answer shows ports.
const LIST: &[u8] = b"host:devices-l";

/// Address of a server that has these phones at these ports. It serves as long as this process lives.
pub fn plugged(server: &Server, phones: &[(&Phone, &str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it has one").to_string();
    let (server, ports) = (server.address(), ports(phones));
    thread::spawn(move || {
        for caller in listener.incoming().flatten() {
            let (server, ports) = (server.clone(), ports.clone());
            // Who goes away in the middle of a question has no further one.
            thread::spawn(move || serve(caller, &server, &ports).ok());
        }
    });
    address
}

/// Serial numbers and what is added to their lines.
type Ports = Vec<(String, String)>;

fn ports(phones: &[(&Phone, &str)]) -> Ports {
    phones.iter().map(|(phone, port)| (phone.serial.clone(), format!(" usb:{port}"))).collect()
}

fn serve(mut caller: TcpStream, server: &str, ports: &Ports) -> io::Result<()> {
    let mut server = TcpStream::connect(server)?;
    let question = framed(&mut caller)?;
    write_framed(&mut server, b"", &question)?;
    if question == LIST {
        let mut state = [0; 4];
        server.read_exact(&mut state)?;
        let answer = String::from_utf8_lossy(&framed(&mut server)?).into_owned();
        return write_framed(&mut caller, &state, with_ports(&answer, ports).as_bytes());
    }
    let (mut from_caller, mut to_server) = (caller.try_clone()?, server.try_clone()?);
    let upward = thread::spawn(move || pass(&mut from_caller, &mut to_server));
    pass(&mut server, &mut caller)?;
    upward.join().unwrap_or(Ok(()))
}

/// Passes everything on, and the end of it.
fn pass(from: &mut TcpStream, to: &mut TcpStream) -> io::Result<()> {
    io::copy(from, to)?;
    to.shutdown(Shutdown::Write)
}

fn with_ports(answer: &str, ports: &Ports) -> String {
    let lines = answer.lines().map(|line| {
        let port = ports.iter().find(|(serial, _)| line.split(' ').next() == Some(serial));
        line.to_owned() + port.map_or("", |(_, added)| added) + "\n"
    });
    lines.collect()
}

/// Text behind four hexadecimal digits that say how long it is.
fn framed(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut digits = [0; 4];
    from.read_exact(&mut digits)?;
    let bytes = std::str::from_utf8(&digits).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
    let mut text = vec![0; bytes.ok_or(io::ErrorKind::InvalidData)?];
    from.read_exact(&mut text)?;
    Ok(text)
}

fn write_framed(to: &mut TcpStream, before: &[u8], text: &[u8]) -> io::Result<()> {
    to.write_all(&[before, format!("{:04x}", text.len()).as_bytes(), text].concat())
}
