//! From arguments to an exit code, and the life of a rack in between.

use std::ffi::OsString;
use std::process::{Child, ExitCode};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::arguments::{self, Options};
use super::error::RackError;
use super::phone::{Place, places};
use super::server;
use super::tell::{self, News};
use crate::complaint::complain;
use crate::inside;
use crate::serve::Ending;

/// Time between two looks at whether somebody wants an end.
const LOOK: Duration = Duration::from_millis(50);
/// A phone that is not up after so long does not come up.
const PATIENCE: Duration = Duration::from_secs(30);

const HELP: &str = "\
A rack of virtual phones: an adb server lists them as it lists phones on cables, and a run on them is a run on devices.

    edgesoak-virtual-phone rack [OPTIONS]

    --phones N             how many, 1 to 40 (6)
    --first-port N         where the first one listens, on 127.0.0.1; the others follow (7001)
    --server HOST:PORT     the adb server of this machine that is to connect to them, usually 127.0.0.1:5037;
                           without it, the lines to connect them are printed
    --difficult            each in its own way: old, not allowed, full, not executable, with sensors that are denied
    --dir DIR              where their data stays; without it, nothing stays

The rack lives until Ctrl-C. Then the phones are gone, and the server forgets them. Nothing that they show proves
anything about hardware, and every report about them says (virtual).

    edgesoak-virtual-phone rack --server 127.0.0.1:5037
";

/// Is a rack. The arguments are those behind the word.
#[must_use]
pub fn rack(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let ended = match arguments::parse(arguments) {
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(Some(options)) => live(&options),
        Err(error) => Err(error),
    };
    let Err(error) = ended else { return ExitCode::SUCCESS };
    complain(&error, error.exit_code())
}

fn live(options: &Options) -> Result<(), RackError> {
    inside::try_out()?;
    let ending = Ending::listen().map_err(inside::InsideError::from)?;
    let places = places(options.phones, options.first_port, options.is_difficult);
    let (sender, news) = channel();
    let mut phones = Phones(Vec::new());
    for place in &places {
        phones.0.push(place.start(options.dir.as_deref(), sender.clone())?);
    }
    wait_until_up(&places, &news, &ending)?;
    // It goes before the phones do: a server keeps a phone that only vanishes, as one that is offline.
    let known = if ending.is_wanted() { None } else { Some(introduce(options, &places)?) };
    if known.is_some() {
        watch(&places, &news, &ending);
    }
    println!("The rack is being taken down.");
    drop(known);
    Ok(())
}

/// Phones that a server was asked to connect to; it is asked to forget them in the end, however that comes about.
struct Known<'a> {
    server: Option<&'a str>,
    serials: Vec<String>,
}

impl Drop for Known<'_> {
    fn drop(&mut self) {
        for serial in &self.serials {
            // A server that is gone has forgotten them already.
            let _ = self.server.map(|server| server::disconnect(server, serial));
        }
    }
}

/// The processes; with them, all that lives in them ends.
struct Phones(Vec<Child>);

impl Drop for Phones {
    fn drop(&mut self) {
        for phone in &mut self.0 {
            phone.stdin = None;
        }
        for phone in &mut self.0 {
            // One that cannot be waited for has been.
            let _ = phone.wait();
        }
    }
}

fn wait_until_up(places: &[Place], news: &Receiver<(usize, News)>, ending: &Ending) -> Result<(), RackError> {
    let until = Instant::now() + PATIENCE;
    let mut is_up = vec![false; places.len()];
    while !ending.is_wanted() {
        let Some(missing) = is_up.iter().position(|up| !up) else { break };
        match news.recv_timeout(LOOK) {
            Ok((index, News::Up)) => is_up[index] = true,
            Ok((index, News::Off)) => return Err(RackError::Waiting(places[index].serial())),
            Err(_) if Instant::now() >= until => return Err(RackError::Waiting(places[missing].serial())),
            Err(_) => {}
        }
    }
    Ok(())
}

fn introduce<'a>(options: &'a Options, places: &[Place]) -> Result<Known<'a>, RackError> {
    let mut known = Known { server: options.server.as_deref(), serials: Vec::new() };
    println!("A virtual rack of {}:\n\n{}", places.len(), tell::table(places));
    if let Some(server) = known.server {
        for place in places {
            // One that it does not answer about in time it may still connect to.
            known.serials.push(place.serial());
            println!("{server}: {}", server::connect(server, &place.serial())?);
        }
    } else {
        println!("To connect them:\n");
        for place in places {
            println!("    adb connect {}", place.serial());
        }
    }
    let matrix = tell::matrix(places, options.server.as_deref());
    println!("\nFor device_matrix.toml:\n\n{matrix}\nCtrl-C takes the rack down.");
    Ok(known)
}

/// Says what becomes of the phones until somebody wants an end, or none is left.
fn watch(places: &[Place], news: &Receiver<(usize, News)>, ending: &Ending) {
    let mut left = places.len();
    while !ending.is_wanted() && left > 0 {
        match news.recv_timeout(LOOK) {
            Ok((index, what)) => {
                println!("{}", tell::news(&places[index], what));
                left -= usize::from(what == News::Off);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// What a server is asked that knows of some phones and refuses the rest.
    fn asked_of(server: &TcpListener, answers: &[&str]) -> Vec<String> {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = server.accept().expect("it is asked");
            let mut length = [0; 4];
            stream.read_exact(&mut length).expect("a length");
            let length = u64::from_str_radix(&String::from_utf8_lossy(&length), 16).expect("a number");
            let mut request = String::new();
            (&stream).take(length).read_to_string(&mut request).expect("a request");
            stream.write_all(answer.as_bytes()).expect("it listens");
            asked.push(request);
        }
        asked
    }

    #[test]
    fn phones_that_were_connected_are_forgotten_when_another_fails() {
        let server = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = server.local_addr().expect("bound").to_string();
        let line = ["--phones", "3", "--server", &address].map(OsString::from);
        let options = arguments::parse(line).expect("right").expect("no help");
        let places = places(options.phones, options.first_port, options.is_difficult);
        let asked = thread::spawn(move || {
            asked_of(&server, &["OKAY0000", "FAIL0004nope", "OKAY0000", "FAIL0004none"])
        });
        let refused = introduce(&options, &places).map(|_| ()).expect_err("one fails");
        assert!(refused.to_string().contains("127.0.0.1:7002: nope"), "{refused}");
        let expected = ["connect:127.0.0.1:7001", "connect:127.0.0.1:7002"];
        let expected = expected.into_iter().chain(["disconnect:127.0.0.1:7001", "disconnect:127.0.0.1:7002"]);
        let expected: Vec<String> = expected.map(|request| format!("host:{request}")).collect();
        assert_eq!(asked.join().expect("it ends"), expected);
    }
}
