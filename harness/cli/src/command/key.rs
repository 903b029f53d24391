//! `edgesoak key`: keys that sign and verify.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use edgesoak_signing::SecretKey;
use serde_json::json;

use crate::args::{Format, KeyAction, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::terminal::{printable, say};

/// Makes a pair of keys.
pub fn make(shared: &Shared, action: &KeyAction) -> Result<u8, Failure> {
    let KeyAction::New { file } = action;
    let key =
        SecretKey::from_random(random().map_err(|error| {
            Failure::infrastructure("cannot read the system's randomness").because(&error)
        })?);
    let mut public = file.clone().into_os_string();
    public.push(".pub");
    let public = PathBuf::from(public);
    // The public one first: a secret key without its other half is of no use.
    write_new(&public, 0o644, &key.public().line())?;
    if let Err(failure) = write_new(file, 0o600, &key.line()) {
        let _ = std::fs::remove_file(&public);
        return Err(failure);
    }
    let id = key.public().id();
    match shared.format() {
        Format::Json => print_json(&json!({ "key_id": id, "secret": file, "public": public }))?,
        Format::Human => say(&printable(&format!(
            "key {id}: {} signs, and whoever can read it can sign; {} verifies\n",
            file.display(),
            public.display()
        )))?,
    }
    Ok(0)
}

fn random() -> io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Never over a file that is there: it may be the only copy of a key.
fn write_new(path: &Path, mode: u32, line: &str) -> Result<(), Failure> {
    let open = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let written = open.and_then(|mut file| file.write_all(line.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| {
        Failure::config(format!("cannot write the new key {}", path.display()))
            .because(&error)
            .hint("name a file that is not there yet, in a folder that is")
            .reason("key")
    })
}
