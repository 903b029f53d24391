//! From arguments to an exit code.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use rustix::fs::Mode;

use super::arguments::{self, Options};
use super::error::InsideError;
use super::namespaces::Level;
use super::power::Power;
use super::root::{OUTLET, Parts};
use super::variant::Variant;
use super::{daemon, hardware, kernel, supervisor};
use crate::adbd;
use crate::complaint::complain;

const WORD: &str = "adbd";
const LEVELS: [Level; 3] = [Level::Hardware, Level::Boot, Level::Daemon];

const HELP: &str = "\
Attaches a virtual phone to this machine: an ADB server connects to it, and what is pushed really runs on it.

    edgesoak-virtual-phone adbd --port N --profile NAME [OPTIONS]

    --port N               where it listens, on 127.0.0.1; the serial is 127.0.0.1:N; 0 is any free port
    --profile NAME         its kind
    --seed N               which unit of its kind; 0 is the nominal one (0)
    --ambient CELSIUS      the air around it (23)
    --fault WORDS          what goes wrong, such as charger@120s:15W; may be repeated; counted from the first prompt
    --speed FACTOR         seconds of the phone in a second of this machine (1)
    --phone KIND           what a host has to cope with (current):
";

const REST: &str = "    --dir DIR              where its data stays when it is off; without it, nothing stays
    --link FAULT           what befalls its link from the start, such as 'drop-every 30'; may be repeated
    --run COMMAND          run a command of its shell instead of serving ADB, and end with it

It needs no administrator: it lives in namespaces of its own, made by unshare of util-linux. It has no network but its
loopback. It ends with SIGTERM, SIGINT or SIGHUP, and with stdin where that is a pipe; then nothing but DIR/data is left.
`adb reboot` kills what runs on it and boots it anew, as warm and as charged as it was.

    edgesoak-virtual-phone adbd --port 7001 --profile tensor-phone &
    adb connect 127.0.0.1:7001

exit codes: 0 it was ended, 1 this machine failed it, 2 usage, 3 it switched itself off
";

const LINK_HELP: &str = "\
Plants a fault of the link between a virtual phone and its host.

    edgesoak-virtual-phone link DIR FAULT

DIR is that of `adbd --dir`. FAULT is one of: drop, drop-after BYTES, drop-every SECONDS, stall [SECONDS],
restart [SECONDS], offline [SECONDS], slow BYTES (in a second), forbid, allow, heal.

    edgesoak-virtual-phone link /tmp/phone restart 10
";

const CHARGER_HELP: &str = "\
Plugs a charger into a virtual phone that is attached, or takes it off. Its link stays as it is.

    edgesoak-virtual-phone charger DIR WATTS
    edgesoak-virtual-phone charger DIR off

DIR is that of `adbd --dir`. WATTS is what the charger gives at most, such as 15W.
";

/// Whether a word on the command line is for [`main`].
#[must_use]
pub fn is_word(word: &str) -> bool {
    word == WORD || LEVELS.iter().any(|level| level.word() == word)
}

/// Is a phone that is attached, or one level of it. The arguments are those behind the word.
#[must_use]
pub fn main(word: &str, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let ended = match arguments::parse(arguments) {
        Ok(None) => {
            help();
            return ExitCode::SUCCESS;
        }
        Ok(Some(options)) => act(word, &options),
        Err(error) => Err(error),
    };
    finish(ended)
}

/// Plants a fault of the link of a phone that is attached. The arguments are those behind the word.
#[must_use]
pub fn link(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    reach(arguments, LINK_HELP, "link", "FAULT")
}

/// Moves the charger of a phone that is attached. The arguments are those behind the word.
#[must_use]
pub fn charger(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    reach(arguments, CHARGER_HELP, OUTLET, "WATTS")
}

/// Says words to a phone: the folder comes first.
fn reach(
    arguments: impl IntoIterator<Item = OsString>,
    help: &str,
    socket: &str,
    wanted: &'static str,
) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.iter().any(|word| word == "--help" || word == "-h") {
        print!("{help}");
        return ExitCode::SUCCESS;
    }
    let [dir, words @ ..] = &arguments[..] else {
        return finish(Err(lacking(socket, "DIR")));
    };
    if words.is_empty() {
        return finish(Err(lacking(socket, wanted)));
    }
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let place = Parts::of(Path::new(dir)).control().join(socket);
    let heard = adbd::say(&place, &words.join(" "));
    finish(heard.map(|()| 0).map_err(|source| match source.kind() {
        ErrorKind::InvalidInput => InsideError::ReadingArguments(source.to_string()),
        _ => InsideError::file("connecting to", &place)(source),
    }))
}

fn lacking(word: &str, what: &str) -> InsideError {
    InsideError::ReadingArguments(format!("{what} is missing; `{word} --help` says what it can be"))
}

fn finish(ended: Result<u8, InsideError>) -> ExitCode {
    let error = match ended {
        Ok(code) => return ExitCode::from(code),
        Err(error) => error,
    };
    complain(&error, error.exit_code())
}

fn act(word: &str, options: &Options) -> Result<u8, InsideError> {
    let level = LEVELS.into_iter().find(|level| level.word() == word);
    rustix::process::umask(Mode::from_raw_mode(mask(level)));
    let Some(level) = level else {
        return supervisor::supervise(options);
    };
    let Some(dir) = &options.dir else {
        return Err(InsideError::ReadingArguments("--dir is missing".to_owned()));
    };
    match level {
        Level::Hardware => hardware::live(options, dir),
        Level::Boot => kernel::boot(options, dir).map(Power::exit_code),
        Level::Daemon => match &options.run {
            Some(words) => daemon::run(words),
            None => daemon::serve(options).map(|()| 0),
        },
    }
}

/// Which permissions new files lack: outside of the phone those of everybody else, inside it is as on a phone.
const fn mask(level: Option<Level>) -> u32 {
    match level {
        None | Some(Level::Hardware) => 0o077,
        Some(Level::Boot) => 0o022,
        Some(Level::Daemon) => 0,
    }
}

fn help() {
    print!("{HELP}");
    for variant in Variant::all() {
        println!("      {:<20} {}", variant.name(), variant.meaning());
    }
    print!("{REST}");
}
