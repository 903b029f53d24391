//! How answers leave the session's process without touching a disk: over a socket that only processes of the same
//! user can talk to. `follow` asks for them and passes them on, `taken` has them forgotten.
//!
//! The socket has an abstract name, which no file system sees; Android does not let a shell make socket files
//! everywhere. Whoever else takes the name, or connects to it, is known by his user: the kernel tells each side.
//!
//! ```text
//! question  word u8 | count u32          `g` give answer number `count`, `t` the first `count` are taken
//! answer    given u32 | taken u32 | for `g` the record of the answer, or nothing
//! ```

use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use edgesoak_protocol::journal::{FRAME_PREFIX, MAX_PAYLOAD, whole_frames};
use edgesoak_protocol::probe;
use edgesoak_sensors::clocks;
use rustix::net::sockopt::socket_peercred;
use rustix::process::{Uid, geteuid};

use crate::answers::Answers;
use crate::device::Handed;
use crate::digest::sha256_hex;
use crate::error::AgentError;
use crate::job_file;
use crate::layout::{Home, SessionDir, SessionName};

const GIVE: u8 = b'g';
const TAKEN: u8 = b't';
/// Whoever says nothing, or reads nothing, for so long is sent away: the next one waits.
const PATIENCE: Duration = Duration::from_secs(5);
/// No record is longer.
const MOST_BYTES: u64 = FRAME_PREFIX as u64 + MAX_PAYLOAD as u64;
const STACK_BYTES: usize = 128 << 10;
/// Before the next caller is looked for, where the system has no descriptor left.
const PAUSE: Duration = Duration::from_millis(100);

/// The name under which a session hands its answers over. Its salt is in it, so that nobody else can guess the name.
fn address(dir: &SessionDir, salt: &str) -> io::Result<SocketAddr> {
    let told = [dir.path().as_os_str().as_encoded_bytes(), b"\0", salt.as_bytes()].concat();
    SocketAddr::from_abstract_name(format!("edgesoak-answers-{}", &sha256_hex(&told)[..40]))
}

/// Takes the name.
pub(crate) fn bind(dir: &SessionDir, salt: &str) -> Result<UnixListener, AgentError> {
    address(dir, salt)
        .and_then(|address| UnixListener::bind_addr(&address))
        .map_err(AgentError::io("opening a socket for", dir.path()))
}

/// Serves callers, one after another, for as long as this process lives.
pub(crate) fn serve(listener: UnixListener, answers: Arc<Answers>) -> io::Result<()> {
    let run = move || {
        loop {
            match listener.accept() {
                // Who goes away in the middle is asked nothing.
                Ok((caller, _)) => drop(attend(caller, &answers)),
                Err(_) => thread::sleep(PAUSE),
            }
        }
    };
    thread::Builder::new().name("answers".to_owned()).stack_size(STACK_BYTES).spawn(run).map(drop)
}

fn attend(mut caller: UnixStream, answers: &Answers) -> io::Result<()> {
    let peer = socket_peercred(caller.as_fd())?.uid;
    // What root wants to see it can see anyway; a daemon of adb may have become root meanwhile.
    if peer != geteuid() && peer != Uid::ROOT {
        return Ok(());
    }
    caller.set_read_timeout(Some(PATIENCE))?;
    caller.set_write_timeout(Some(PATIENCE))?;
    let mut question = [0; 5];
    caller.read_exact(&mut question)?;
    let [word, count @ ..] = question;
    let count = u32::from_le_bytes(count);
    if word == TAKEN {
        answers.take(count);
    }
    let counts = answers.counts();
    caller.write_all(&[counts.given.to_le_bytes(), counts.taken.to_le_bytes()].concat())?;
    let mut record = Vec::new();
    if word == GIVE && answers.write(count, clocks::mono_ns(), &mut record) {
        let written = caller.write_all(&record);
        record.fill(0);
        written?;
    }
    Ok(())
}

/// Says how many of the first answers are taken; 0 only asks. `None` where nobody hands answers over.
pub(crate) fn taken(home: &Home, name: &SessionName, count: u32) -> Option<probe::Answers> {
    ask(home, name, (TAKEN, count)).map(|(_, counts)| counts)
}

/// The answer at one place.
pub(crate) fn record(home: &Home, name: &SessionName, index: u32) -> Handed {
    ask(home, name, (GIVE, index)).map_or(Handed::OutOfReach, |(session, _)| handed_over(session))
}

/// What a session says behind its counts.
fn handed_over(session: impl Read) -> Handed {
    let mut record = Vec::new();
    // Read to its end before it is passed on: that may be slow, and others wait for the session.
    let read = session.take(MOST_BYTES).read_to_end(&mut record);
    match read {
        Ok(0) => Handed::Forgotten,
        Ok(_) if whole_frames(&record) == (record.len(), 1) => Handed::Record(record),
        // It was cut off in the middle.
        _ => Handed::OutOfReach,
    }
}

/// Puts a question to the session; `None` where nobody answers it.
fn ask(home: &Home, name: &SessionName, question: (u8, u32)) -> Option<(UnixStream, probe::Answers)> {
    let dir = home.session(name);
    let (job, _) = job_file::read(home, &dir, name).ok()?;
    connect(&dir, &job.answering?.salt, question).ok()
}

fn connect(
    dir: &SessionDir,
    salt: &str,
    (word, count): (u8, u32),
) -> io::Result<(UnixStream, probe::Answers)> {
    let owner = fs::metadata(dir.path())?.uid();
    let mut session = UnixStream::connect_addr(&address(dir, salt)?)?;
    if socket_peercred(session.as_fd())?.uid.as_raw() != owner {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    session.set_read_timeout(Some(PATIENCE))?;
    session.set_write_timeout(Some(PATIENCE))?;
    let mut question = vec![word];
    question.extend(count.to_le_bytes());
    session.write_all(&question)?;
    let mut counts = [[0; 4]; 2];
    for count in &mut counts {
        session.read_exact(count)?;
    }
    let [given, taken] = counts.map(u32::from_le_bytes);
    Ok((session, probe::Answers { given, taken }))
}

#[cfg(test)]
mod tests {
    use edgesoak_protocol::journal::{Answer, AnswerText};

    use super::*;

    /// What a session with two answers, one of them taken, says to these bytes; whether it heard a question.
    fn said(question: &[u8]) -> (Vec<u8>, bool) {
        let answers = Answers::default();
        for (index, text) in (0..).zip(["first", "second"]) {
            let (item, text) = ("one".to_owned(), AnswerText::new(text.to_owned()));
            let (finish, documents) = ("eos".to_owned(), Vec::new());
            answers.keep(Answer { index, prompt: index, item, finish, documents, is_cut: false, text });
        }
        answers.take(1);
        let (mut ours, theirs) = UnixStream::pair().expect("a pair");
        ours.write_all(question).expect("there is room");
        ours.shutdown(std::net::Shutdown::Write).expect("it is open");
        let heard = attend(theirs, &answers).is_ok();
        let mut answer = Vec::new();
        ours.read_to_end(&mut answer).expect("readable");
        (answer, heard)
    }

    #[test]
    fn questions_are_answered_and_nonsense_is_not() {
        let counts = |given: u32, taken: u32| [given.to_le_bytes(), taken.to_le_bytes()].concat();
        assert_eq!(said(b"t\x02\0\0\0"), (counts(2, 2), true));
        assert_eq!(said(b"t\xff\xff\xff\xff"), (counts(2, 2), true), "no more than there are");
        for forgotten_or_none in [&b"g\0\0\0\0"[..], b"g\x02\0\0\0", b"x\0\0\0\0"] {
            assert_eq!(said(forgotten_or_none), (counts(2, 1), true));
        }
        let (given, _) = said(b"g\x01\0\0\0");
        assert_eq!(whole_frames(&given[8..]), (given.len() - 8, 1));
        assert!(given.windows(6).any(|part| part == b"second"));
        for cut in [&b""[..], b"g", b"g\x01\0\0"] {
            assert_eq!(said(cut), (Vec::new(), false));
        }
    }

    #[test]
    fn an_answer_that_came_in_part_is_asked_for_again() {
        let (given, _) = said(b"g\x01\0\0\0");
        let record = &given[8..];
        assert_eq!(handed_over(record), Handed::Record(record.to_vec()));
        assert_eq!(handed_over(&b""[..]), Handed::Forgotten);
        for cut in 1..record.len() {
            assert_eq!(handed_over(&record[..cut]), Handed::OutOfReach, "cut at {cut}");
        }
    }

    #[test]
    fn the_name_of_a_session_is_its_own_and_tells_nothing() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let home = Home::open(dir.path()).expect("opens");
        let session = |name| home.session(&SessionName::parse(name).expect("a name"));
        let named = |name, salt| {
            address(&session(name), salt).expect("an address").as_abstract_name().map(<[u8]>::to_vec)
        };
        let name = named("run/one", "5a").expect("abstract");
        assert!(name.len() < 60 && !String::from_utf8_lossy(&name).contains("run"));
        for other in [named("run/two", "5a"), named("run/one", "5b")] {
            assert_ne!(other.as_ref(), Some(&name));
        }
    }
}
