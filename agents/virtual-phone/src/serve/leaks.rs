//! Faults that need a process and a disk: a runtime that calls out, and one that writes prompts into its log.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use edgesoak_protocol::units::Nanos;

use super::error::ServeError;

/// The log, below the folder.
pub(super) const LOG: &str = "data/log/runtime.log";
const CALLS_OUT: &str = "egress-attempt";
const LOGS_PROMPTS: &str = "prompt-in-log";
/// Most of a prompt that such a log takes, bytes.
const LOGGED: usize = 200;

/// When what leaks, counted from the first prompt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Leaks {
    calls_out: Option<Nanos>,
    logs_prompts: Option<Nanos>,
}

impl Leaks {
    /// Takes its own words out of those of all faults: `egress-attempt@30s`, `prompt-in-log`.
    pub(super) fn read(words: &[String]) -> Result<(Self, Vec<String>), ServeError> {
        let (mut leaks, mut others) = (Self::default(), Vec::new());
        for word in words {
            let (name, moment) = word.split_once('@').unwrap_or((word, "0s"));
            let place = match name {
                CALLS_OUT => &mut leaks.calls_out,
                LOGS_PROMPTS => &mut leaks.logs_prompts,
                _ => {
                    others.push(word.clone());
                    continue;
                }
            };
            let seconds = moment.strip_suffix('s').and_then(|seconds| seconds.parse::<u32>().ok());
            let seconds = seconds.ok_or_else(|| {
                ServeError::ReadingArguments(format!("{name} begins at {moment}, which is no time like 30s"))
            })?;
            *place = Some(Nanos::from_secs(u64::from(seconds)));
        }
        Ok((leaks, others))
    }

    /// Whether the runtime calls out now; once.
    pub(super) fn calls_out(&mut self, at: Nanos) -> bool {
        self.calls_out.take_if(|from| at.0 >= from.0).is_some()
    }

    /// Writes the beginning of a prompt into the log, where the time has come.
    pub(super) fn log(&self, at: Nanos, prompt: &str, tree: &Path) -> Result<(), ServeError> {
        if self.logs_prompts.is_none_or(|from| at.0 < from.0) {
            return Ok(());
        }
        let path = tree.join(LOG);
        let text = prompt[..prompt.floor_char_boundary(LOGGED)].escape_debug();
        let parent = path.parent().unwrap_or(tree);
        fs::create_dir_all(parent)
            .and_then(|()| OpenOptions::new().create(true).append(true).mode(0o600).open(&path))
            .and_then(|mut log| writeln!(log, "generate: {text}"))
            .map_err(ServeError::file("writing", &path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaks_are_faults_with_a_moment() {
        let words = ["charger@5s:15W", "egress-attempt@3s", "prompt-in-log"].map(str::to_owned);
        let (mut leaks, others) = Leaks::read(&words).expect("words of faults");
        assert_eq!(others, ["charger@5s:15W"]);
        assert!(!leaks.calls_out(Nanos::from_secs(2)));
        assert!(leaks.calls_out(Nanos::from_secs(3)));
        assert!(!leaks.calls_out(Nanos::from_secs(4)), "once is enough");
        let dir = tempfile::tempdir().expect("a folder");
        leaks.log(Nanos(0), "what about\nthe valve?", dir.path()).expect("written");
        let log = fs::read_to_string(dir.path().join(LOG)).expect("a log");
        assert_eq!(log, "generate: what about\\nthe valve?\n");
        assert!(Leaks::read(&["egress-attempt@soon".to_owned()]).is_err());
        Leaks::default().log(Nanos(0), "x", Path::new("/nonexistent")).expect("nothing to write");
    }
}
