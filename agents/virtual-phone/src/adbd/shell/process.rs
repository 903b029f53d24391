//! Starts a command with a terminal or a pair of sockets.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use rustix::io::ioctl_fionbio;
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use super::super::device::Shell;
use super::super::session::{SESSION_WORD, TERMINAL};
use super::request::{Request, Side};

/// A command that runs.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) child: Child,
    /// Our end of its input and output; does not block.
    pub(super) main: OwnedFd,
    /// Our end of its errors where they are apart; does not block.
    pub(super) errors: Option<OwnedFd>,
}

impl Process {
    pub(super) fn start(shell: &Shell, request: &Request) -> io::Result<Self> {
        let terminal = match request.ends {
            Side::Sockets => None,
            // A place without terminals gets sockets.
            Side::Terminal => terminal(false).ok(),
            Side::RawTerminal => terminal(true).ok(),
        };
        let mut command = Command::new(&shell.leader);
        command.arg(SESSION_WORD);
        if terminal.is_some() {
            command.arg(TERMINAL);
        }
        command.arg(&shell.program);
        if request.command.is_empty() {
            command.arg("-");
        } else {
            command.arg("-c").arg(&request.command);
        }
        command.current_dir(&shell.directory).env_clear().envs(shell.environment.iter().cloned());
        command.envs(request.term.iter().map(|term| ("TERM", term)));
        let (main, theirs) = terminal.map_or_else(pair, Ok)?;
        let mut errors = None;
        let their_errors = if request.packets && request.ends == Side::Sockets {
            let (ours, theirs) = pair()?;
            errors = Some(ours);
            theirs
        } else {
            theirs.try_clone()?
        };
        command
            .stdin(Stdio::from(theirs.try_clone()?))
            .stdout(Stdio::from(theirs))
            .stderr(Stdio::from(their_errors));
        ioctl_fionbio(&main, true)?;
        if let Some(errors) = &errors {
            ioctl_fionbio(errors, true)?;
        }
        // The command keeps their ends open for as long as it lives itself: it goes with this call.
        let child = command.spawn()?;
        Ok(Self { child, main, errors })
    }
}

fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let (ours, theirs) = UnixStream::pair()?;
    Ok((ours.into(), theirs.into()))
}

/// A new terminal: our end and theirs.
fn terminal(raw: bool) -> io::Result<(OwnedFd, OwnedFd)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let theirs = ioctl_tiocgptpeer(&ours, OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    if raw {
        let mut modes = tcgetattr(theirs.as_fd())?;
        modes.make_raw();
        tcsetattr(theirs.as_fd(), OptionalActions::Drain, &modes)?;
    }
    Ok((ours, theirs))
}
