//! What goes between this program and its workers: a length, a kind and bytes.

use std::io::{self, Read, Write};

/// Largest frame, bytes. What a device prints comes in pieces of 64 KiB.
pub(super) const MAX_FRAME: usize = 1 << 20;
const HEAD: usize = 5;

/// One message. The first three go to a worker, the others come from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    /// Run this; the first frame and the only one of its kind.
    Order(Order),
    /// More of the command's standard input.
    Input(Vec<u8>),
    /// Some of what the command printed.
    Output(Vec<u8>),
    /// So many bytes of the order's file are on their way.
    Sent(u64),
    /// The connection ended by itself. Whether the command did is told by what it printed.
    Ended,
    /// The adb server refused, or is not there: nothing was started.
    Refused(String),
    /// The connection broke: nobody knows how far the command came.
    Broke(String),
}

/// A command for one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order {
    /// Address and port of the adb server.
    pub(super) server: String,
    /// The device.
    pub(super) serial: String,
    /// What the device's shell gets.
    pub(super) command: String,
    /// What its standard input begins with.
    pub(super) input: Vec<u8>,
    /// A file of the host as the rest of its standard input; without one, what [`Frame::Input`] brings.
    pub(super) file: Option<FilePart>,
}

/// A stretch of a file of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FilePart {
    pub(super) path: String,
    pub(super) from: u64,
    pub(super) bytes: u64,
}

impl Frame {
    /// The frame as bytes.
    ///
    /// # Errors
    /// `InvalidInput` for more than [`MAX_FRAME`].
    pub(super) fn encode(&self) -> io::Result<Vec<u8>> {
        let (kind, payload) = match self {
            Self::Order(order) => (b'o', order.encode()),
            Self::Input(bytes) => (b'i', bytes.clone()),
            Self::Output(bytes) => (b'p', bytes.clone()),
            Self::Sent(bytes) => (b's', bytes.to_le_bytes().to_vec()),
            Self::Ended => (b'e', Vec::new()),
            Self::Refused(text) => (b'r', text.clone().into_bytes()),
            Self::Broke(text) => (b'b', text.clone().into_bytes()),
        };
        let too_long = || io::Error::new(io::ErrorKind::InvalidInput, "too long for one frame");
        let length =
            u32::try_from(payload.len()).ok().filter(|_| payload.len() <= MAX_FRAME).ok_or_else(too_long)?;
        let mut bytes = Vec::with_capacity(HEAD + payload.len());
        bytes.extend(length.to_le_bytes());
        bytes.push(kind);
        bytes.extend(payload);
        Ok(bytes)
    }

    /// Takes one frame off the front of `buffer`, if it is whole.
    ///
    /// # Errors
    /// `InvalidData` for a frame that nobody writes.
    pub(super) fn take(buffer: &mut Vec<u8>) -> io::Result<Option<Self>> {
        let Some((&[a, b, c, d, kind], rest)) = buffer.split_first_chunk::<HEAD>() else { return Ok(None) };
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).map_err(io::Error::other)?;
        if length > MAX_FRAME {
            return Err(nonsense());
        }
        let Some(payload) = rest.get(..length) else { return Ok(None) };
        let frame = Self::decode(kind, payload)?;
        buffer.drain(..HEAD + length);
        Ok(Some(frame))
    }

    fn decode(kind: u8, payload: &[u8]) -> io::Result<Self> {
        let text = || String::from_utf8(payload.to_vec()).map_err(|_| nonsense());
        Ok(match kind {
            b'o' => Self::Order(Order::decode(payload).ok_or_else(nonsense)?),
            b'i' => Self::Input(payload.to_vec()),
            b'p' => Self::Output(payload.to_vec()),
            b's' => Self::Sent(u64::from_le_bytes(payload.try_into().map_err(|_| nonsense())?)),
            b'e' if payload.is_empty() => Self::Ended,
            b'r' => Self::Refused(text()?),
            b'b' => Self::Broke(text()?),
            _ => return Err(nonsense()),
        })
    }

    /// Reads the next frame; `None` at the end of the stream.
    pub(super) fn read(from: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<Option<Self>> {
        let mut piece = [0; 8 << 10];
        loop {
            if let Some(frame) = Self::take(buffer)? {
                return Ok(Some(frame));
            }
            match from.read(&mut piece)? {
                0 => return Ok(None),
                read => buffer.extend(&piece[..read]),
            }
        }
    }

    /// Writes the frame and flushes.
    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&self.encode()?)?;
        to.flush()
    }
}

impl Order {
    fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let path = self.file.as_ref().map_or("", |file| &file.path);
        let texts = [&self.server, &self.serial, &self.command, path].map(str::as_bytes);
        for part in texts.into_iter().chain([self.input.as_slice()]) {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        if let Some(file) = &self.file {
            bytes.extend(file.from.to_le_bytes());
            bytes.extend(file.bytes.to_le_bytes());
        }
        bytes
    }

    fn decode(mut bytes: &[u8]) -> Option<Self> {
        let rest = &mut bytes;
        let (server, serial, command, path) = (text(rest)?, text(rest)?, text(rest)?, text(rest)?);
        let input = part(rest)?.to_vec();
        let file = if path.is_empty() {
            None
        } else {
            Some(FilePart { path, from: number(rest)?, bytes: number(rest)? })
        };
        rest.is_empty().then_some(Self { server, serial, command, input, file })
    }
}

fn number(bytes: &mut &[u8]) -> Option<u64> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(u64::from_le_bytes(*number))
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    String::from_utf8(part(bytes)?.to_vec()).ok()
}

fn part<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(number(bytes)?).ok()?;
    let (part, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(part)
}

fn nonsense() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a frame that makes no sense")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frames() -> impl Strategy<Value = Frame> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..200);
        let file = prop::option::of(("[a-z/]{1,20}", any::<u64>(), any::<u64>()));
        let texts = (".{0,20}", ".{0,20}", ".{0,80}");
        let order = (texts, bytes(), file).prop_map(|((server, serial, command), input, file)| {
            let file = file.map(|(path, from, bytes)| FilePart { path, from, bytes });
            Frame::Order(Order { server, serial, command, input, file })
        });
        prop_oneof![
            order,
            bytes().prop_map(Frame::Input),
            bytes().prop_map(Frame::Output),
            any::<u64>().prop_map(Frame::Sent),
            Just(Frame::Ended),
            ".{0,40}".prop_map(Frame::Refused),
            ".{0,40}".prop_map(Frame::Broke),
        ]
    }

    proptest! {
        #[test]
        fn frames_come_back_however_the_stream_is_cut(
            sent in prop::collection::vec(frames(), 0..8),
            piece in 1usize..40,
        ) {
            let bytes: Vec<u8> = sent.iter().flat_map(|frame| frame.encode().expect("small")).collect();
            let (mut buffer, mut came) = (Vec::new(), Vec::new());
            for piece in bytes.chunks(piece) {
                buffer.extend(piece);
                while let Some(frame) = Frame::take(&mut buffer).expect("our own") {
                    came.push(frame);
                }
            }
            prop_assert_eq!(came, sent);
            prop_assert!(buffer.is_empty());
        }

        #[test]
        fn nonsense_is_refused_and_never_kept(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut buffer = bytes.clone();
            if let Ok(Some(frame)) = Frame::take(&mut buffer) {
                let encoded = frame.encode().expect("it was small");
                prop_assert_eq!(&bytes[..encoded.len()], &encoded[..]);
            }
        }
    }

    #[test]
    fn a_frame_that_claims_to_be_huge_is_refused_before_it_comes() {
        let mut buffer = vec![0xff, 0xff, 0xff, 0x7f, b'p'];
        assert_eq!(Frame::take(&mut buffer).expect_err("huge").kind(), io::ErrorKind::InvalidData);
        assert!(Frame::Output(vec![0; MAX_FRAME + 1]).encode().is_err());
    }
}
