//! What the host wants to be run, and how it wants to talk to it.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::super::device::Features;

/// The longest word for a terminal.
const MAX_TERM: usize = 64;

/// A command to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Request {
    /// What the shell is given; empty for a shell that reads commands.
    pub(super) command: OsString,
    /// Where its input comes from and its output goes.
    pub(super) ends: Side,
    /// Whether input, output, errors and the exit code are told apart.
    pub(super) packets: bool,
    /// What `TERM` is.
    pub(super) term: Option<String>,
}

/// What a command has for input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// A terminal that passes bytes on as they are.
    RawTerminal,
    /// A terminal for a person.
    Terminal,
    /// A pair of sockets.
    Sockets,
}

impl Request {
    /// `shell:COMMAND`, without packets. A current device gives a command a terminal that leaves bytes alone.
    pub(in super::super) fn legacy(features: Features, command: &[u8]) -> Self {
        let raw = features == Features::Current && !command.is_empty();
        Self {
            command: OsString::from_vec(command.to_vec()),
            ends: if raw { Side::RawTerminal } else { Side::Terminal },
            packets: false,
            term: Some("dumb".to_owned()),
        }
    }

    /// `exec:COMMAND`: bytes in, bytes out.
    pub(in super::super) fn exec(command: &[u8]) -> Self {
        let command = OsString::from_vec(command.to_vec());
        Self { command, ends: Side::Sockets, packets: false, term: None }
    }

    /// `shell,ARGUMENTS:COMMAND`; none where `kind` is something else. Arguments that nobody knows are for later
    /// devices.
    pub(in super::super) fn with_arguments(kind: &str, command: &[u8]) -> Option<Self> {
        let arguments = kind.strip_prefix("shell,")?;
        let mut request = Self::legacy(Features::Current, command);
        for argument in arguments.split(',') {
            match argument {
                "v2" => request.packets = true,
                "pty" => request.ends = Side::Terminal,
                "raw" => {
                    request.ends = Side::Sockets;
                    request.term = None;
                }
                _ => {
                    let term = argument.strip_prefix("TERM=").filter(|term| term.len() <= MAX_TERM);
                    request.term = term.map(str::to_owned).or(request.term);
                }
            }
        }
        if !request.packets && request.ends == Side::Sockets {
            // Without packets only the end of a terminal tells a command that its host is gone.
            request.ends = Side::RawTerminal;
        } else if request.packets && request.ends == Side::RawTerminal {
            request.ends = Side::Sockets;
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::{Features, Request, Side};

    fn of(kind: &str, command: &str) -> (Side, bool, Option<String>) {
        let request = Request::with_arguments(kind, command.as_bytes()).expect("it is a shell");
        assert_eq!(request.command, command);
        (request.ends, request.packets, request.term)
    }

    #[test]
    fn arguments_choose_ends_and_packets() {
        assert_eq!(of("shell,v2,raw", "id"), (Side::Sockets, true, None));
        assert_eq!(of("shell,v2,TERM=xterm,pty", "id"), (Side::Terminal, true, Some("xterm".to_owned())));
        assert_eq!(of("shell,v2,TERM=xterm,raw", "id"), (Side::Sockets, true, None));
        assert_eq!(of("shell,v2", "id"), (Side::Sockets, true, Some("dumb".to_owned())));
        assert_eq!(of("shell,v2", ""), (Side::Terminal, true, Some("dumb".to_owned())));
        assert_eq!(of("shell,raw", "id"), (Side::RawTerminal, false, None));
        assert_eq!(of("shell,v2,newer=1,raw", "a:b,c"), (Side::Sockets, true, None));
        assert_eq!(Request::with_arguments("shellfish", b"id"), None);
    }

    #[test]
    fn an_old_device_gives_every_command_a_terminal_for_people() {
        assert_eq!(Request::legacy(Features::Old, b"id").ends, Side::Terminal);
        assert_eq!(Request::legacy(Features::Current, b"id").ends, Side::RawTerminal);
        assert_eq!(Request::legacy(Features::Current, b"").ends, Side::Terminal);
    }
}
