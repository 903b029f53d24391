//! A file of the host on its way to a command on a device, without the library: that one copies 8 KiB at a time, and
//! every piece is a message of its own between server and device. Here the kernel passes the file on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::{Shutdown, SocketAddrV4, TcpStream};
use std::thread;

use super::frame::{FilePart, Frame, Order};
use super::server::{length_of, request};

/// Bytes that are passed on between two words about the progress.
const PIECE: u64 = 1 << 20;
/// Bytes of what a command prints that are passed on at once.
const PRINTED: usize = 64 << 10;

/// Whoever is told how it goes.
pub(super) type Tell<'a> = &'a (dyn Fn(Frame) -> io::Result<()> + Sync);

/// Why there is no stream.
enum Failed {
    /// Nothing was started.
    Refused(String),
    /// Nobody knows whether something was.
    Broke(String),
}

/// Runs the order's command with a file as standard input; the last frame.
pub(super) fn carry_file(server: SocketAddrV4, order: &Order, part: &FilePart, tell: Tell<'_>) -> Frame {
    let file = match open(part) {
        Ok(file) => file,
        Err(error) => return Frame::Refused(format!("reading the file on the host: {error}")),
    };
    let device = match service(server, &order.serial, &format!("exec:{}", order.command)) {
        Ok(device) => device,
        Err(Failed::Refused(why)) => return Frame::Refused(why),
        Err(Failed::Broke(why)) => return Frame::Broke(why),
    };
    let (sent, heard) = thread::scope(|scope| {
        let listening = scope.spawn(|| pass_on(&device, tell));
        let sent = send(&device, &order.input, file, tell);
        let sent = sent.or_else(|error| if is_unwanted(&error) { Ok(()) } else { Err(error) });
        if sent.is_err() {
            // The command would wait for the rest for ever.
            let _ = device.shutdown(Shutdown::Both);
        }
        (sent, listening.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
    });
    match sent {
        Err(error) => Frame::Broke(format!("sending the file: {error}")),
        Ok(()) => heard.map_or_else(|error| Frame::Broke(error.to_string()), |()| Frame::Ended),
    }
}

/// Whether nobody takes more. A command that did not want all of its input has said why: only what is heard counts.
fn is_unwanted(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
}

fn open(part: &FilePart) -> io::Result<io::Take<File>> {
    let mut file = File::open(&part.path)?;
    file.seek(SeekFrom::Start(part.from))?;
    Ok(file.take(part.bytes))
}

/// A service of a device as a stream of bytes.
fn service(server: SocketAddrV4, serial: &str, name: &str) -> Result<TcpStream, Failed> {
    let refused = |error: io::Error| Failed::Refused(error.to_string());
    let device = TcpStream::connect(server).map_err(refused)?;
    // What is to go at once waits for nothing.
    device.set_nodelay(true).map_err(refused)?;
    for wanted in [&format!("host:transport:{serial}"), name] {
        match ask(&device, wanted) {
            Ok(None) => {}
            // A device that went away in the middle of the request closes it, too; perhaps after it has begun.
            Ok(Some(why)) if why == "closed" => return Err(Failed::Broke(why)),
            Ok(Some(why)) => return Err(Failed::Refused(why)),
            Err(error) => return Err(Failed::Broke(error.to_string())),
        }
    }
    Ok(device)
}

/// Asks for something that has no answer but whether it was done; else why not.
fn ask(mut device: &TcpStream, wanted: &str) -> io::Result<Option<String>> {
    device.write_all(&request(wanted))?;
    let mut word = [0; 4];
    device.read_exact(&mut word)?;
    if word == *b"OKAY" {
        return Ok(None);
    }
    device.read_exact(&mut word)?;
    let mut why = vec![0; length_of(word)?];
    device.read_exact(&mut why)?;
    Ok(Some(String::from_utf8_lossy(&why).into_owned()))
}

/// Sends all of it; nothing says that no more comes, because that would end what the command still prints.
fn send(mut device: &TcpStream, before: &[u8], mut file: io::Take<File>, tell: Tell<'_>) -> io::Result<()> {
    device.write_all(before)?;
    let mut sent = 0;
    while file.limit() > 0 {
        let left = file.limit();
        let piece = io::copy(&mut file.by_ref().take(PIECE), &mut device)?;
        if piece == 0 {
            let text = format!("it has become {left} bytes shorter");
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
        }
        sent += piece;
        tell(Frame::Sent(sent))?;
    }
    Ok(())
}

/// Hands on what the command prints, to its end.
fn pass_on(mut device: &TcpStream, tell: Tell<'_>) -> io::Result<()> {
    let mut printed = vec![0; PRINTED];
    loop {
        match device.read(&mut printed) {
            Ok(0) => return Ok(()),
            Ok(read) => tell(Frame::Output(printed[..read].to_vec()))?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr, TcpListener};
    use std::path::Path;
    use std::sync::Mutex;

    use super::*;

    const BYTES: usize = 3 << 20;

    /// A server that takes a service from one client, reads what it is told to and prints a word.
    fn serve(service: &'static str, reads: usize) -> (SocketAddrV4, thread::JoinHandle<Vec<u8>>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let Ok(SocketAddr::V4(address)) = listener.local_addr() else { panic!("an address") };
        let device = thread::spawn(move || {
            let (mut client, _) = listener.accept().expect("a client");
            for expected in ["host:transport:S", service] {
                let mut digits = [0; 4];
                client.read_exact(&mut digits).expect("a request");
                let mut asked = vec![0; length_of(digits).expect("its length")];
                client.read_exact(&mut asked).expect("a request");
                if asked != expected.as_bytes() {
                    client.write_all(b"FAIL0006no way").expect("it listens");
                    return Vec::new();
                }
                client.write_all(b"OKAY").expect("it listens");
            }
            let mut got = vec![0; reads];
            let read = client.read_exact(&mut got);
            // Where the client has gone, nobody hears it.
            let _ = client.write_all(b"done");
            if read.is_err() { Vec::new() } else { got }
        });
        (address, device)
    }

    /// What became of an order for `cat`, and what was told meanwhile; the file is to have so many bytes.
    fn carried(server: SocketAddrV4, bytes: u64) -> (Frame, Vec<Frame>) {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("file");
        std::fs::write(&path, content()).expect("room");
        carried_from(&path, server, bytes)
    }

    fn carried_from(path: &Path, server: SocketAddrV4, bytes: u64) -> (Frame, Vec<Frame>) {
        let part = FilePart { path: path.to_str().expect("text").to_owned(), from: 1, bytes };
        let order = Order {
            server: server.to_string(),
            serial: "S".to_owned(),
            command: "cat".to_owned(),
            input: b"before".to_vec(),
            file: None,
        };
        let told = Mutex::new(Vec::new());
        let last = carry_file(server, &order, &part, &|frame| {
            told.lock().expect("no panic").push(frame);
            Ok(())
        });
        (last, told.into_inner().expect("no panic"))
    }

    fn content() -> Vec<u8> {
        (0..=BYTES).map(|n| u8::try_from(n % 251).expect("small")).collect()
    }

    #[test]
    fn a_stretch_of_a_file_follows_what_is_before_it() {
        let (server, device) = serve("exec:cat", BYTES + 6);
        let (last, told) = carried(server, BYTES as u64);
        assert_eq!(last, Frame::Ended);
        assert_eq!(device.join().expect("it ends"), [b"before", &content()[1..]].concat());
        assert!(told.contains(&Frame::Sent(BYTES as u64)) && told.contains(&Frame::Output(b"done".to_vec())));
    }

    #[test]
    fn a_command_that_ends_early_is_heard() {
        let (server, device) = serve("exec:cat", 10);
        let (last, told) = carried(server, BYTES as u64);
        device.join().expect("it ends");
        assert!(matches!(last, Frame::Ended | Frame::Broke(_)), "{last:?}");
        assert!(told.contains(&Frame::Output(b"done".to_vec())), "{told:?}");
    }

    #[test]
    fn a_file_that_became_shorter_ends_the_command() {
        let (server, device) = serve("exec:cat", BYTES + 100);
        let (last, _) = carried(server, BYTES as u64 + 50);
        assert_eq!(last, Frame::Broke("sending the file: it has become 50 bytes shorter".to_owned()));
        assert!(device.join().expect("it ends").is_empty(), "nothing takes less for the whole");
    }

    #[test]
    fn a_file_that_cannot_be_read_ends_the_command() {
        let (server, device) = serve("exec:cat", BYTES);
        // It can be opened, and not be read.
        let folder = tempfile::tempdir().expect("a directory");
        let (last, _) = carried_from(folder.path(), server, BYTES as u64);
        assert!(matches!(&last, Frame::Broke(why) if why.starts_with("sending the file: ")), "{last:?}");
        assert!(device.join().expect("it ends").is_empty(), "it waits for nothing more");
    }

    #[test]
    fn a_refusal_is_one_and_so_is_a_server_that_is_not_there() {
        let (server, device) = serve("exec:dog", 0);
        assert_eq!(carried(server, 1).0, Frame::Refused("no way".to_owned()));
        device.join().expect("it ends");
        assert!(matches!(carried(server, 1).0, Frame::Refused(_)));
    }
}
