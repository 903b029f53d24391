//! The worker: one process, one command for one device at a time, through the adb server.
//!
//! The library that speaks to the server waits without end for a device that stalls, so it runs where it can be
//! killed. A worker ends when its standard input does: nothing outlives the program that started it.

use std::io::{self, Read, Write};
use std::net::SocketAddrV4;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use adb_client::server_device::ADBServerDevice;
use adb_client::{ADBDeviceExt, RustADBError};

use super::frame::{Frame, Order};
use super::stream::carry_file;

/// The body of a worker process: frames on standard input and output, until standard input ends.
#[must_use]
pub fn adb_worker() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve() -> io::Result<()> {
    let (mut stdin, mut buffer) = (io::stdin().lock(), Vec::new());
    // Replaced by each order; the old one ends the input of the command before.
    let mut input: Option<Sender<Given>> = None;
    while let Some(frame) = Frame::read(&mut stdin, &mut buffer)? {
        match frame {
            Frame::Order(order) => {
                let (sender, given) = mpsc::channel();
                input = Some(sender.clone());
                thread::Builder::new().spawn(move || {
                    let frame = carry_out(&order, given, sender);
                    // A reader that went away has ended this process' input, too.
                    let _ = frame.write(&mut io::stdout().lock());
                })?;
            }
            Frame::Input(bytes) => {
                // What comes after the command's end is for nobody.
                let _ = input.as_ref().map(|input| input.send(Given::Bytes(bytes)));
            }
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
    }
    Ok(())
}

/// What wakes the command's input.
enum Given {
    Bytes(Vec<u8>),
    /// The device has closed the connection.
    Over,
}

fn carry_out(order: &Order, given: Receiver<Given>, over: Sender<Given>) -> Frame {
    let Ok(server) = order.server.parse::<SocketAddrV4>() else {
        return Frame::Refused(format!("{} is no address of an adb server", order.server));
    };
    if let Some(file) = &order.file {
        return carry_file(server, order, file, &|frame| frame.write(&mut io::stdout().lock()));
    }
    let mut device = ADBServerDevice::new(order.serial.clone(), Some(server));
    let mut input = Input { given, over: false, pending: io::Cursor::new(order.input.clone()) };
    let ended = device.exec(&order.command, &mut input, Box::new(Output(over)));
    // A command that did not want all of its input has more to say than that.
    input.wait_for_the_end();
    match ended {
        Ok(()) => Frame::Ended,
        Err(error) if was_refused(&error) => Frame::Refused(error.to_string()),
        Err(error) => Frame::Broke(error.to_string()),
    }
}

fn was_refused(error: &RustADBError) -> bool {
    match error {
        // A device that went away in the middle of the request closes it, too; perhaps after it has begun.
        RustADBError::ADBRequestFailed(why) => why != "closed",
        RustADBError::IOError(error) => error.kind() == io::ErrorKind::ConnectionRefused,
        _ => false,
    }
}

/// The command's standard input. It only ends with the command: its end would end the connection, and with it what the
/// command still prints.
struct Input {
    given: Receiver<Given>,
    over: bool,
    pending: io::Cursor<Vec<u8>>,
}

impl Input {
    fn wait_for_the_end(&mut self) {
        while !self.over {
            self.over = !matches!(self.given.recv(), Ok(Given::Bytes(_)));
        }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.over {
            let read = self.pending.read(buffer)?;
            if read > 0 {
                return Ok(read);
            }
            match self.given.recv() {
                Ok(Given::Bytes(bytes)) => self.pending = io::Cursor::new(bytes),
                Ok(Given::Over) | Err(_) => self.over = true,
            }
        }
        Ok(0)
    }
}

/// Where the library writes what the command prints; dropped by it at the end of the connection.
struct Output(Sender<Given>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Frame::Output(bytes.to_vec()).write(&mut io::stdout().lock())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // If nobody reads the input any more, it needs no end.
        let _ = self.0.send(Given::Over);
    }
}
