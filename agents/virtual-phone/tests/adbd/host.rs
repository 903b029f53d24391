//! A host of literal bytes: it says what it is told to, right or wrong.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::bench::Bench;

/// From this version on nobody adds up bytes.
pub const NEW: u32 = 0x0100_0001;
/// The version before.
pub const OLD: u32 = 0x0100_0000;

/// The end of a connection that a host has.
#[derive(Debug)]
pub struct Host {
    stream: TcpStream,
}

/// A message as it came: the four letters, two numbers, and bytes.
pub type Heard = (String, u32, u32, Vec<u8>);

impl Host {
    /// Connects, and says nothing yet.
    pub fn new(bench: &Bench) -> Self {
        let stream = TcpStream::connect(bench.address).expect("the device listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time is set");
        Self { stream }
    }

    /// A host that is welcome.
    pub fn welcome(bench: &Bench, version: u32) -> Self {
        let mut host = Self::new(bench);
        host.say(*b"CNXN", version, 1 << 20, b"host::features=shell_v2\0");
        let (letters, _, _, banner) = host.hear();
        assert_eq!(letters, "CNXN");
        assert!(banner.starts_with(b"device::"), "{banner:?}");
        host
    }

    /// Says something, with a true sum.
    pub fn say(&mut self, letters: [u8; 4], first: u32, second: u32, payload: &[u8]) {
        let sum = payload.iter().map(|byte| u32::from(*byte)).sum();
        let length = u32::try_from(payload.len()).expect("it is short");
        self.say_header(letters, [first, second, length, sum]);
        self.push(payload);
    }

    /// Says the head of a message, whatever follows.
    pub fn say_header(&mut self, letters: [u8; 4], words: [u32; 4]) {
        let word = u32::from_le_bytes(letters);
        let [first, second, length, sum] = words;
        let bytes: Vec<u8> =
            [word, first, second, length, sum, !word].iter().flat_map(|word| word.to_le_bytes()).collect();
        self.push(&bytes);
    }

    /// Says bytes. A device that has hung up does not hear them.
    pub fn push(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// The next message.
    pub fn hear(&mut self) -> Heard {
        self.try_hear().expect("the device says something")
    }

    /// The next message, or why there is none.
    pub fn try_hear(&mut self) -> io::Result<Heard> {
        let mut header = [0; 24];
        self.stream.read_exact(&mut header)?;
        let word = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().expect("four bytes"));
        let mut payload = vec![0; word(12) as usize];
        self.stream.read_exact(&mut payload)?;
        assert_eq!(word(20), !word(0));
        if word(16) != 0 {
            assert_eq!(word(16), payload.iter().map(|byte| u32::from(*byte)).sum::<u32>());
        }
        Ok((String::from_utf8_lossy(&header[..4]).into_owned(), word(4), word(8), payload))
    }

    /// Whether the sum of the next message is there; the message itself.
    pub fn hear_sum(&mut self) -> (u32, Vec<u8>) {
        let mut header = [0; 24];
        self.stream.read_exact(&mut header).expect("the device says something");
        let word = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().expect("four bytes"));
        let mut payload = vec![0; word(12) as usize];
        self.stream.read_exact(&mut payload).expect("the device says something");
        (word(16), payload)
    }

    /// Whether the device hangs up.
    pub fn is_cut_off(&mut self) -> bool {
        loop {
            match self.try_hear() {
                Ok(_) => {}
                Err(error) => {
                    return matches!(
                        error.kind(),
                        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
                    );
                }
            }
        }
    }

    /// Opens a stream, and has its number at the device.
    pub fn open(&mut self, number: u32, name: &str) -> u32 {
        self.say(*b"OPEN", number, 0, format!("{name}\0").as_bytes());
        let (letters, theirs, ours, _) = self.hear();
        assert_eq!((letters.as_str(), ours), ("OKAY", number), "{name}");
        theirs
    }

    /// Hears a stream to its end, and acknowledges every piece.
    pub fn drain(&mut self, number: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let (letters, theirs, ours, payload) = self.hear();
            assert_eq!(ours, number);
            match letters.as_str() {
                "WRTE" => {
                    bytes.extend(payload);
                    self.say(*b"OKAY", number, theirs, b"");
                }
                "OKAY" => {}
                "CLSE" => return bytes,
                other => panic!("{other} on a stream"),
            }
        }
    }
}
