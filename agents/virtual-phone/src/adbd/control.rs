//! A socket over which a hand reaches a device while it is served.
//!
//! One line in, one line out: words are answered with `ok`, or with `no:` and the reason.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// The longest line.
const MAX_LINE: u64 = 256;
/// Who says nothing for so long is not waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Lets `act` hear what is said over `listener`, in a thread that lives as long as the process.
///
/// # Errors
/// There is no thread.
pub fn obey<E: Display>(
    listener: UnixListener,
    act: impl Fn(&str) -> Result<(), E> + Send + 'static,
) -> io::Result<()> {
    let serve = move || {
        for caller in listener.incoming().flatten() {
            // Who breaks off in the middle of a line said nothing.
            let _ = serve(&caller, &act);
        }
    };
    thread::Builder::new().name("hand".to_owned()).spawn(serve).map(|_| ())
}

fn serve<E: Display>(caller: &UnixStream, act: &impl Fn(&str) -> Result<(), E>) -> io::Result<()> {
    caller.set_read_timeout(Some(PATIENCE))?;
    caller.set_write_timeout(Some(PATIENCE))?;
    let mut words = String::new();
    BufReader::new(caller).take(MAX_LINE).read_line(&mut words)?;
    let answer = match act(&words) {
        Ok(()) => "ok\n".to_owned(),
        Err(error) => format!("no: {error}\n"),
    };
    let mut caller = caller;
    caller.write_all(answer.as_bytes())
}

/// Says words over the control socket at `path`.
///
/// # Errors
/// Nobody listens there, or the words were refused.
pub fn say(path: &Path, words: &str) -> io::Result<()> {
    let mut stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(words.trim().as_bytes())?;
    stream.write_all(b"\n")?;
    let mut answer = String::new();
    BufReader::new(stream).take(MAX_LINE * 2).read_line(&mut answer)?;
    match answer.trim() {
        "ok" => Ok(()),
        refused => Err(io::Error::new(io::ErrorKind::InvalidInput, refused.to_owned())),
    }
}
