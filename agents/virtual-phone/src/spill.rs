//! Faults that leave prompts behind: in logs, temporary files, crash reports and files of an app, as they are or
//! encoded. What searches for leaks must find each of them.

mod form;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use edgesoak_protocol::units::Nanos;

use crate::error::{PhoneError, nearest};
use form::Form;

/// Every fault begins so.
const BEGINS: &str = "prompt-in-";
/// Most of a prompt that is left behind, bytes.
const MOST: usize = 4096;

/// A place that can be told to take prompts.
struct Place {
    name: &'static str,
    /// Below the files of the system.
    file: &'static str,
    /// Whether a phone that is reached as devices are shows it.
    is_served: bool,
}

const PLACES: [Place; 10] = [
    served("log", "data/log/runtime.log"),
    served("logcat", "answers/logcat_-b_all_-d.txt"),
    served("crash-buffer", "answers/logcat_-b_crash_-d.txt"),
    served("dropbox", "answers/dumpsys_dropbox_--print.txt"),
    boxed("tombstone", "data/tombstones/tombstone_00"),
    boxed("anr", "data/anr/trace_00"),
    boxed("temp", "tmp/runtime-1.tmp"),
    boxed("shared-memory", "dev/shm/runtime.cache"),
    boxed("local-temp", "data/local/tmp/runtime.txt"),
    boxed("app-file", "sdcard/Android/data/org.example.runtime/files/history.json"),
];

const fn served(name: &'static str, file: &'static str) -> Place {
    Place { name, file, is_served: true }
}

const fn boxed(name: &'static str, file: &'static str) -> Place {
    Place { name, file, is_served: false }
}

/// What is left where, and from when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spill {
    place: usize,
    form: Form,
    from: Nanos,
}

/// Everything that a phone leaves behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Spills(Vec<Spill>);

impl Spills {
    /// Takes its own words out of those of all faults: `prompt-in-logcat`, `prompt-in-temp:base64`,
    /// `prompt-in-log@30s:hex`.
    pub(crate) fn read(words: &[String]) -> Result<(Self, Vec<String>), PhoneError> {
        let (own, others): (Vec<&String>, Vec<&String>) =
            words.iter().partition(|word| word.starts_with(BEGINS));
        let spills = own.into_iter().map(|word| spill(word)).collect::<Result<_, _>>()?;
        Ok((Self(spills), others.into_iter().cloned().collect()))
    }

    /// A place that a served phone does not show.
    pub(crate) fn unserved(&self) -> Option<&'static str> {
        self.0.iter().map(|spill| &PLACES[spill.place]).find(|place| !place.is_served).map(|place| place.name)
    }

    /// Leaves a prompt wherever it is due; `tree` holds the files of the system.
    pub(crate) fn leave(&self, at: Nanos, prompt: &str, tree: &Path) -> io::Result<()> {
        let prompt = &prompt[..prompt.floor_char_boundary(MOST)];
        let due = self.0.iter().filter(|spill| at.0 >= spill.from.0);
        for Spill { place, form, .. } in due {
            let path = tree.join(PLACES[*place].file);
            fs::create_dir_all(path.parent().unwrap_or(tree))?;
            let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
            let line = [b"generate: ".as_slice(), &form.of(prompt), b"\n"].concat();
            file.write_all(&line)?;
        }
        Ok(())
    }
}

fn spill(words: &str) -> Result<Spill, PhoneError> {
    let wrong = |problem: &str, hint| PhoneError::ReadingFault {
        words: words.chars().take(80).collect(),
        problem: problem.to_owned(),
        hint,
    };
    let (place, form) = words.split_once(':').map_or((words, "plain"), |(place, form)| (place, form));
    let (place, moment) = place.split_once('@').unwrap_or((place, "0s"));
    let name = place.strip_prefix(BEGINS).unwrap_or_default();
    let place = PLACES.iter().position(|place| place.name == name);
    let names = PLACES.iter().map(|place| place.name);
    let place =
        place.ok_or_else(|| wrong("is no fault", nearest(name, names).map(|it| format!("{BEGINS}{it}"))))?;
    let form = Form::of_word(form).ok_or_else(|| wrong("names a form that is none", None))?;
    let seconds = moment.strip_suffix('s').and_then(|seconds| seconds.parse::<u32>().ok());
    let seconds = seconds.ok_or_else(|| wrong("begins at no time like 30s", None))?;
    Ok(Spill { place, form, from: Nanos::from_secs(u64::from(seconds)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spills(words: &[&str]) -> Result<(Spills, Vec<String>), PhoneError> {
        Spills::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_prompt_is_left_where_and_when_it_was_asked_for() {
        let (spills, others) =
            spills(&["charger@5s:15W", "prompt-in-log@3s", "prompt-in-temp:hex"]).expect("words of faults");
        assert_eq!(others, ["charger@5s:15W"]);
        assert_eq!(spills.unserved(), Some("temp"));
        let dir = tempfile::tempdir().expect("a folder");
        for (second, prompt) in [(0, "one"), (4, "two")] {
            spills.leave(Nanos::from_secs(second), prompt, dir.path()).expect("written");
        }
        let read = |file: &str| fs::read_to_string(dir.path().join(file)).expect("there");
        assert_eq!(read("data/log/runtime.log"), "generate: two\n");
        assert_eq!(read("tmp/runtime-1.tmp"), "generate: 6f6e65\ngenerate: 74776f\n");
        Spills::default().leave(Nanos(0), "x", Path::new("/nonexistent")).expect("nothing to write");
    }

    #[test]
    fn misspelt_words_are_told() {
        for (word, problem) in [
            ("prompt-in-logcta", "prompt-in-logcat"),
            ("prompt-in-temp:rot13", "form"),
            ("prompt-in-temp@soon", "30s"),
        ] {
            let error = spills(&[word]).expect_err(word).to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
