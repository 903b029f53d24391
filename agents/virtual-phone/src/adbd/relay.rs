//! Passes bytes between a stream and descriptors of this machine.

use std::io;
use std::os::fd::OwnedFd;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::net::{Shutdown, shutdown};
use rustix::termios::{Winsize, tcsetwinsize};

use super::shell::packet::{Action, HEADER_BYTES, Reader, STDERR, STDOUT, header};
use super::stream::{Had, Stream};

/// Bytes that are passed on at once.
const PIECE: usize = 64 << 10;

/// What lies on the side of the device.
#[derive(Debug)]
pub(super) struct Ends {
    /// For both directions; does not block.
    main: Option<OwnedFd>,
    /// A second source; does not block.
    errors: Option<OwnedFd>,
    /// What travels on the stream.
    framing: Framing,
    /// Whether the host has said that no more input comes.
    closing: bool,
}

/// What travels on a stream.
#[derive(Debug)]
pub(super) enum Framing {
    /// The bytes alone.
    Bytes,
    /// Packets of shell v2.
    Packets(Reader),
}

/// Why nothing is passed on any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The side of the device has said all.
    Dry,
    /// The host has closed the stream, and the device has what it wrote before; or the connection is gone.
    HostGone,
}

/// Passes bytes on until one of the two sides has no more.
pub(super) fn relay(stream: &Stream, mut ends: Ends) -> io::Result<Outcome> {
    let mut pending = Vec::new();
    let mut buffer = vec![0; PIECE];
    while ends.main.is_some() || ends.errors.is_some() {
        stream.waker.calm();
        while pending.is_empty() {
            match stream.take(&mut buffer)? {
                Had::Bytes(taken) => ends.hear(&buffer[..taken], &mut pending),
                Had::Nothing => break,
                Had::End => return Ok(Outcome::HostGone),
            }
        }
        if stream.is_lost() {
            return Ok(Outcome::HostGone);
        }
        // What a host that has closed the stream does not hear must not keep the device from reading the rest.
        let deaf = stream.is_closed();
        let (readable, writable) = ends.wait(stream, deaf || stream.is_writable(), !pending.is_empty())?;
        if writable || ends.closing || ends.main.is_none() {
            ends.write(&mut pending);
        }
        if readable {
            let said = ends.read(&mut buffer, stream.room());
            if !said.is_empty() && !deaf {
                match stream.write(&said) {
                    // It closed the stream just now: what it wrote before is still passed on.
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                    other => other?,
                }
            }
        }
    }
    Ok(Outcome::Dry)
}

impl Ends {
    pub(super) fn new(main: OwnedFd, errors: Option<OwnedFd>, framing: Framing) -> Self {
        Self { main: Some(main), errors, framing, closing: false }
    }

    /// Waits for the stream or for the device.
    fn wait(&self, stream: &Stream, read: bool, write: bool) -> io::Result<(bool, bool)> {
        let mut waited = vec![PollFd::new(&stream.waker, PollFlags::IN)];
        let mut of_main = PollFlags::empty();
        of_main.set(PollFlags::IN, read);
        of_main.set(PollFlags::OUT, write);
        // A descriptor that nobody asks about would still report its end, again and again.
        if let Some(main) = self.main.as_ref().filter(|_| !of_main.is_empty()) {
            waited.push(PollFd::new(main, of_main));
        }
        if let Some(errors) = self.errors.as_ref().filter(|_| read) {
            waited.push(PollFd::new(errors, PollFlags::IN));
        }
        match poll(&mut waited, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let told = |flags: PollFlags| waited.iter().skip(1).any(|fd| fd.revents().intersects(flags));
        let over = PollFlags::HUP | PollFlags::ERR;
        Ok((read && told(PollFlags::IN | over), write && told(PollFlags::OUT | over)))
    }

    /// Takes what came on the stream.
    fn hear(&mut self, bytes: &[u8], pending: &mut Vec<u8>) {
        let Framing::Packets(reader) = &mut self.framing else {
            pending.extend(bytes);
            return;
        };
        for action in reader.read(bytes, pending) {
            let Some(main) = &self.main else { continue };
            match action {
                Action::CloseStdin => self.closing = true,
                Action::Resize { rows, columns } => {
                    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
                    // Sockets have no size.
                    let _ = tcsetwinsize(main, size);
                }
            }
        }
    }

    /// Passes on what waits, as far as it goes.
    fn write(&mut self, pending: &mut Vec<u8>) {
        if let Some(main) = self.main.as_ref().filter(|_| !pending.is_empty()) {
            match rustix::io::write(main, pending) {
                Ok(written) => drop(pending.drain(..written)),
                Err(Errno::AGAIN | Errno::INTR) => {}
                // Whoever was to read it has closed its input, and may still have much to say.
                Err(_) => pending.clear(),
            }
        }
        if self.main.is_none() {
            pending.clear();
        }
        if self.closing && pending.is_empty() {
            self.closing = false;
            // A terminal cannot be closed in one direction.
            let _ = self.main.as_ref().map(|main| shutdown(main, Shutdown::Write));
        }
    }

    /// Reads from both sources what fits into a message, framed as the stream wants it.
    fn read(&mut self, buffer: &mut [u8], room: usize) -> Vec<u8> {
        let packets = matches!(self.framing, Framing::Packets(_));
        let heading = if packets { HEADER_BYTES } else { 0 };
        let most = room.saturating_sub(2 * heading).max(2) / if self.errors.is_some() { 2 } else { 1 };
        let most = most.min(buffer.len());
        let mut said = Vec::new();
        for (source, kind) in [(&mut self.main, STDOUT), (&mut self.errors, STDERR)] {
            let Some(open) = source else { continue };
            match rustix::io::read(&*open, &mut buffer[..most]) {
                Err(Errno::AGAIN | Errno::INTR) => {}
                // A terminal ends with an error.
                Ok(0) | Err(_) => *source = None,
                Ok(read) => {
                    if packets {
                        said.extend(header(kind, read));
                    }
                    said.extend(&buffer[..read]);
                }
            }
        }
        said
    }
}
