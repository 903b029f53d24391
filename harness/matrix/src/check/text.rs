//! Texts of a certain form: ids, paths, digests, dates.

use edgesoak_record::Gate;
use edgesoak_record::nearest::suggest;
use edgesoak_record::plan::Threads;
use toml::value::{Date, Datetime};

use super::Checker;
use crate::node::{At, Value};
use crate::problem::{Problem, quote};
use crate::report::Report;
use crate::shape::Shape;
use crate::source::is_obeyed;

/// Longest id.
const LONGEST_ID: usize = 64;
/// Longest path.
const LONGEST_PATH: usize = 400;
/// Most threads.
const MOST_THREADS: u32 = 1024;

impl Checker<'_> {
    pub(super) fn text(&mut self, shape: &Shape, key: &str, text: &str, at: At) -> Option<Value> {
        let keep = || Some(Value::Text(text.to_owned()));
        match shape {
            Shape::Text(most) => self.complain_if(plain(text, *most), key, text, at).and_then(|()| keep()),
            Shape::Id(kind) => {
                self.names.defined.push((*kind, text.to_owned(), at));
                self.id(key, text, at).then(keep).flatten()
            }
            Shape::Reference(kind) => {
                self.names.used.push((*kind, text.to_owned(), at));
                keep()
            }
            Shape::Path => self.complain_if(relative(text), key, text, at).and_then(|()| keep()),
            Shape::FileName => self.complain_if(file_name(text), key, text, at).and_then(|()| keep()),
            Shape::Digest => self.complain_if(digest(text), key, text, at).and_then(|()| keep()),
            Shape::GoldenSet => self.complain_if(golden_set(text), key, text, at).and_then(|()| keep()),
            Shape::Glob => {
                self.complain_if(glob(text), key, text, at)?;
                self.names.globs.push((text.to_owned(), at));
                keep()
            }
            Shape::Gate => self.gate(text, at),
            Shape::Threads => self.threads(key, text, at),
            _ => {
                let found = toml::de::DeValue::String(text.into());
                self.wrong_type("another kind of value", key, &found, at);
                None
            }
        }
    }

    fn complain_if(&mut self, complaint: Option<&'static str>, key: &str, text: &str, at: At) -> Option<()> {
        let Some(complaint) = complaint else { return Some(()) };
        let problem =
            Problem::BadText { key: key.to_owned(), found: quote(text), complaint: complaint.to_owned() };
        self.report(Report::at(problem, at, "this text"));
        None
    }

    /// Ids become names of files and columns of reports.
    pub(super) fn id(&mut self, key: &str, text: &str, at: At) -> bool {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._:-".contains(c);
        let complaint = if text.is_empty() || text.len() > LONGEST_ID {
            Some("must have from 1 to 64 characters")
        } else if !text.chars().all(allowed) {
            Some("may hold lower-case letters, digits and `._:-` only")
        } else if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            Some("must begin with a letter or a digit")
        } else {
            None
        };
        self.complain_if(complaint, key, text, at).is_some()
    }

    fn gate(&mut self, text: &str, at: At) -> Option<Value> {
        let gate = Gate::from_word(text);
        if gate.is_none() {
            let problem =
                Problem::UnknownReference { kind: "gate", id: quote(text).trim_matches('`').to_owned() };
            let help = suggest(text, Gate::ALL.iter().map(|gate| gate.word()));
            self.report(Report::at(problem, at, "not the name of a gate").help(help));
        }
        gate.map(Value::Gate)
    }

    fn threads(&mut self, key: &str, text: &str, at: At) -> Option<Value> {
        let less = match text {
            "cores" => Some(0),
            _ => text.strip_prefix("cores-").filter(|n| n.len() <= 4).and_then(|n| n.parse::<u32>().ok()),
        };
        let Some(less) = less.filter(|less| *less <= MOST_THREADS) else {
            self.complain_if(Some("must be a number, `cores`, or `cores-1`"), key, text, at)?;
            return None;
        };
        Some(Value::Threads(Threads::CoresLess(less)))
    }

    pub(super) fn exact_threads(&mut self, number: Option<i128>, key: &str, at: At) -> Option<Value> {
        let number = self.integer(number, (1, u64::from(MOST_THREADS)), key, at)?;
        Some(Value::Threads(Threads::Exactly(u32::try_from(number).ok()?)))
    }

    pub(super) fn date(&mut self, when: Datetime, key: &str, at: At) -> Option<Value> {
        let Datetime { date: Some(Date { year, month, day }), time: None, offset: None } = when else {
            let text = when.to_string();
            self.complain_if(Some("must be a date without a time, like 2027-03-31"), key, &text, at)?;
            return None;
        };
        Some(Value::Text(format!("{year:04}-{month:02}-{day:02}")))
    }
}

fn plain(text: &str, most: usize) -> Option<&'static str> {
    if text.trim().is_empty() {
        return Some("is empty");
    }
    if text.chars().count() > most {
        return Some("is too long");
    }
    text.chars().any(|c| is_obeyed(c) || c == '\n' || c == '\r').then_some("holds control characters")
}

/// Below the matrix' folder on every system: no root, no drive, no way up.
pub(crate) fn relative(text: &str) -> Option<&'static str> {
    if let Some(complaint) = plain(text, LONGEST_PATH) {
        return Some(complaint);
    }
    if text.starts_with('/') || text.contains('\\') || text.get(1..2) == Some(":") {
        return Some("must be a path relative to the matrix, with `/` between folders");
    }
    if text.split('/').any(|part| part == "..") {
        return Some("must stay below the folder of the matrix: no `..`");
    }
    let odd = text.split('/').any(|part| part.is_empty() || part == ".");
    odd.then_some("must name folders and a file, with a single `/` between them")
}

fn file_name(text: &str) -> Option<&'static str> {
    relative(text).or_else(|| text.contains('/').then_some("must be a file name, without folders"))
}

fn digest(text: &str) -> Option<&'static str> {
    if text.len() != 64 {
        return Some("must have 64 hex digits");
    }
    let lower_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (!text.bytes().all(lower_hex)).then_some("must be lower-case hex digits")
}

fn glob(text: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._:-*?".contains(c);
    if text.is_empty() || text.len() > LONGEST_ID {
        return Some("must have from 1 to 64 characters");
    }
    (!text.chars().all(allowed)).then_some("may hold the characters of an id, `*` and `?` only")
}

/// `name@version` or `name@version:slice`.
fn golden_set(text: &str) -> Option<&'static str> {
    let word = |text: &str| {
        !text.is_empty()
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
    };
    let version = |text: &str| {
        let parts: Vec<_> = text.split('.').collect();
        parts.len() <= 3
            && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let complaint = Some("must be `name@1.0` or `name@1.0:slice`");
    if text.len() > 128 {
        return complaint;
    }
    let Some((name, rest)) = text.split_once('@') else { return complaint };
    let (number, slice) = rest.split_once(':').map_or((rest, None), |(number, slice)| (number, Some(slice)));
    let good = word(name) && version(number) && slice.is_none_or(word);
    if good { None } else { complaint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_matrix() {
        for good in ["a", "a/b.jsonl", "a.b/c-d"] {
            assert_eq!(relative(good), None, "{good}");
        }
        for bad in ["", " ", "/a", "../a", "a/../b", "a//b", "./a", "a/", "C:a", "C:\\a", "a\\b", "a\nb"] {
            assert!(relative(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn golden_sets_have_a_name_and_a_version() {
        for good in ["pump@1.0", "pump-maintenance@1.0.2:intent"] {
            assert_eq!(golden_set(good), None, "{good}");
        }
        for bad in ["pump", "pump@", "@1", "pump@1.x", "pump@1.0:", "pump@1.0:a/b", "pump@1.0.0.0"] {
            assert!(golden_set(bad).is_some(), "{bad}");
        }
    }
}
