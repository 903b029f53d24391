//! The services of a device, by name.

use std::io;
use std::thread::Scope;

use super::connection::Connection;
use super::device::Features;
use super::reverse;
use super::shell::{self, Request};
use super::socket;
use super::stream::Stream;
use super::sync;

/// The refusal of a device as people buy it.
const NO_ROOT: &[u8] = b"adbd cannot run as root in production builds\n";
const NOT_ROOT: &[u8] = b"adbd not running as root\n";

/// Serves what the host asked for; the caller says afterwards that the stream is closed.
pub(super) fn serve<'s>(
    connection: &'s Connection<'_>,
    scope: &'s Scope<'s, '_>,
    stream: &Stream,
    name: &[u8],
) {
    let Some((kind, rest)) = split(name) else { return };
    // A service that fails ends its stream, and says no more than that.
    let _ = match (kind, connection.device.features) {
        ("shell", features) => shell::serve(connection, stream, &Request::legacy(features, rest)),
        ("exec", _) => shell::serve(connection, stream, &Request::exec(rest)),
        ("sync", features) => sync::serve(stream, features),
        ("reverse", _) => reverse::serve(connection, scope, stream, rest),
        ("reboot", _) => reboot(connection, stream, rest),
        ("root", _) => say(stream, NO_ROOT),
        ("unroot", _) => say(stream, NOT_ROOT),
        ("remount", _) => say(stream, b"Not running as root. Try \"adb root\" first.\n"),
        ("reconnect", _) => {
            let said = say(stream, b"done");
            connection.hang_up();
            said
        }
        (kind, Features::Current) if kind.starts_with("shell,") => Request::with_arguments(kind, rest)
            .map_or(Ok(()), |request| shell::serve(connection, stream, &request)),
        (kind, _) => socket::serve(stream, kind, rest),
    };
}

/// The name of a service up to its first colon, and what follows.
fn split(name: &[u8]) -> Option<(&str, &[u8])> {
    let end = name.iter().position(|byte| *byte == b':');
    let (kind, rest) = end.map_or((name, &[][..]), |end| (&name[..end], &name[end + 1..]));
    Some((std::str::from_utf8(kind).ok()?, rest))
}

fn say(stream: &Stream, text: &[u8]) -> io::Result<()> {
    stream.accept()?;
    stream.write(text)
}

fn reboot(connection: &Connection<'_>, stream: &Stream, mode: &[u8]) -> io::Result<()> {
    stream.accept()?;
    // The host waits for the end of the stream, and has it before the device is gone.
    connection.strike_out(stream.local);
    connection.device.on_reboot.call(&String::from_utf8_lossy(mode));
    Ok(())
}
