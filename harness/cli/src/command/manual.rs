//! `edgesoak completions` and `edgesoak man`.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Arguments;
use crate::failure::Failure;

/// Prints the completions of one shell.
pub fn completions(shell: Shell) -> u8 {
    clap_complete::generate(shell, &mut Arguments::command(), "edgesoak", &mut io::stdout());
    0
}

/// Writes one man page per command.
pub fn pages(dir: &Path) -> Result<u8, Failure> {
    fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(Arguments::command(), dir)).map_err(
        |error| {
            Failure::config(format!("cannot write man pages to {}", dir.display()))
                .because(&error)
                .hint("choose a folder that you may write to")
        },
    )?;
    Ok(0)
}
