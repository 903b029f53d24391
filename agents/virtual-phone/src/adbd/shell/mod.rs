//! `shell:` and `exec:`: a command in a session of its own.

pub(super) mod packet;
mod process;
mod request;

use std::io;
use std::process::{Child, ExitStatus};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};

pub(super) use request::Request;

use self::packet::Reader;
use self::process::Process;
use super::connection::Connection;
use super::relay::{Ends, Framing, Outcome, relay};
use super::stream::{Had, Stream};

/// The longest pause between two looks at a process that has closed its output.
const GLANCE: Duration = Duration::from_millis(50);

/// Runs a command for as long as the host listens.
pub(super) fn serve(connection: &Connection<'_>, stream: &Stream, request: &Request) -> io::Result<()> {
    let started = Process::start(&connection.device.shell, request)?;
    let Process { mut child, main, errors } = started;
    let framing = if request.packets { Framing::Packets(Reader::default()) } else { Framing::Bytes };
    let ended = stream.accept().and_then(|()| relay(stream, Ends::new(main, errors, framing)));
    let ended = match ended {
        Ok(Outcome::Dry) if request.packets => wait(&mut child, stream),
        Ok(Outcome::Dry) => Ok(None),
        Ok(Outcome::HostGone) => {
            hang_up(&child);
            Ok(None)
        }
        Err(error) => {
            hang_up(&child);
            Err(error)
        }
    };
    let status = ended.as_ref().ok().copied().flatten();
    connection.orphans.adopt(child);
    if let Some(status) = status {
        stream.write(&packet::exit(status))?;
    }
    ended.map(|_| ())
}

/// Waits for a process whose output has ended; none where the host goes before.
fn wait(child: &mut Child, stream: &Stream) -> io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        stream.waker.calm();
        while matches!(stream.take(&mut [0; 4096])?, Had::Bytes(_)) {}
        if stream.is_closed() {
            hang_up(child);
            return Ok(None);
        }
        let time = Timespec::try_from(pause).map_err(io::Error::other)?;
        let _ = poll(&mut [PollFd::new(&stream.waker, PollFlags::IN)], Some(&time));
        pause = (pause * 2).min(GLANCE);
    }
}

/// Tells a shell that its host is gone. Its children are not told, as on a phone.
fn hang_up(child: &Child) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended by itself.
        let _ = kill_process(pid, Signal::HUP);
    }
}
