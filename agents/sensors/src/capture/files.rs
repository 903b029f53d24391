//! Several small files printed one after another, in the ways in which people print them: `path:content` of
//! `grep`, a heading (`# cat path`, `==> path <==`, the path alone) with the content below it, `path content`.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, refusal};

/// A line of a file, or why the file said nothing.
pub(super) struct Said<'a> {
    /// The path as printed; empty where the output did not name one.
    pub path: &'a str,
    /// One line of the content.
    pub line: Reading<&'a str>,
    /// The line, or the refusal, as printed.
    pub raw: &'a str,
    /// How many lines of this file were of use before.
    pub before: usize,
}

impl<'a> Said<'a> {
    /// The last part of the path.
    pub fn file(&self) -> &'a str {
        file(self.path)
    }

    /// The part of the path before the file.
    pub fn dir(&self) -> &'a str {
        self.path.strip_suffix(self.file()).unwrap_or("").trim_end_matches('/')
    }
}

/// Whether a line can be a name or a list, such as a label or a governor, rather than somebody's message.
pub(super) fn is_plain(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" _-.,+/".contains(&byte))
        && line.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Where the walk through the text is.
struct Walk<'a, 'b> {
    knows: fn(&str) -> bool,
    take: &'b mut dyn FnMut(&Said<'a>) -> bool,
    path: &'a str,
    /// A heading was seen, its content not yet.
    waiting: bool,
    /// Lines came that were no content of the file.
    noise: bool,
    useful: usize,
    /// This text prints content behind the path, so that nothing behind a path means nothing.
    inline: bool,
}

/// Gives `take` every line of every file, and the reason of every file without a useful line. `knows` tells the
/// names of the files that matter; `take` answers whether the line was of use.
pub(super) fn each<'a>(text: &'a str, knows: fn(&str) -> bool, take: &mut dyn FnMut(&Said<'a>) -> bool) {
    let mut walk = Walk { knows, take, path: "", waiting: false, noise: false, useful: 0, inline: false };
    for line in lines(text) {
        let line = line.trim();
        if !line.is_empty() {
            walk.line(line);
        }
    }
    walk.turn("");
}

impl<'a> Walk<'a, '_> {
    fn line(&mut self, line: &'a str) {
        if let Some(heading) = heading(line) {
            let named = |word: &&str| word.starts_with('/') || (self.knows)(word);
            let path = heading.split_ascii_whitespace().find(named).unwrap_or("");
            self.turn(path.trim_end_matches(':'));
            self.waiting = (self.knows)(file(self.path));
        } else if let Some(reason) = refusal(line) {
            self.refused(line, reason);
        } else if let Some((path, content)) = self.split(line) {
            self.turn(path);
            self.waiting = (self.knows)(file(path));
            if !content.is_empty() {
                self.inline = true;
                self.content(content);
                self.settle();
            } else if self.inline && line.len() > path.len() {
                self.settle();
            }
        } else {
            self.content(line);
        }
    }

    fn content(&mut self, line: &'a str) {
        if (self.take)(&Said { path: self.path, line: Ok(line), raw: line, before: self.useful }) {
            self.waiting = false;
            self.useful += 1;
        } else {
            self.noise = true;
        }
    }

    /// Tells why the current file gave nothing, if it gave nothing.
    fn settle(&mut self) {
        if self.waiting {
            let reason = if self.noise { Reason::Parse } else { Reason::Sentinel };
            self.fail(self.path, reason, "");
            self.waiting = false;
        }
    }

    fn turn(&mut self, path: &'a str) {
        self.settle();
        (self.path, self.noise, self.useful) = (path, false, 0);
    }

    fn refused(&mut self, line: &'a str, reason: Reason) {
        let words = line.split([' ', '\t', ',', '\'', '"']).map(|word| word.trim_end_matches(':'));
        let path = words.rev().find(|word| (self.knows)(file(word)));
        match path {
            Some(path) => {
                if path == self.path {
                    self.waiting = false;
                }
                self.turn(path);
                self.fail(path, reason, line);
            }
            None if self.waiting => {
                self.fail(self.path, reason, line);
                self.waiting = false;
            }
            None => {}
        }
    }

    fn fail(&mut self, path: &'a str, reason: Reason, raw: &'a str) {
        (self.take)(&Said { path, line: Err(reason), raw, before: self.useful });
    }

    /// `path:content`, `path=content`, `path content`, `path`. Paths may hold colons, as `iio:device0` does.
    fn split(&self, line: &'a str) -> Option<(&'a str, &'a str)> {
        let word = line.split([' ', '\t']).next()?;
        let mut ends = word.match_indices([':', '=']).map(|(end, _)| end);
        if let Some(end) = ends.clone().find(|end| (self.knows)(file(&word[..*end]))) {
            return Some((&line[..end], line[end + 1..].trim()));
        }
        let rest = line[word.len()..].trim();
        if (self.knows)(file(word)) && (word.starts_with('/') || !rest.is_empty()) {
            return Some((word, rest));
        }
        if !word.starts_with('/') {
            return None;
        }
        // A file that does not matter: what it says must not be taken for more of the one before.
        let end = ends.rfind(|end| !word[end + 1..].contains('/')).unwrap_or(word.len());
        Some((&line[..end], line[end..].trim_start_matches([':', '=']).trim()))
    }
}

/// The text of a line that announces a file: a comment, a shell prompt, or what `head` writes above each file.
fn heading(line: &str) -> Option<&str> {
    if let Some(text) = line.strip_prefix("==>") {
        return text.strip_suffix("<==");
    }
    if let Some(text) = line.strip_prefix(['#', '$']) {
        return Some(text);
    }
    // One letter is looked for much faster than a prompt.
    if line.contains('$') { Some(line.split_once(":/ $ ")?.1) } else { None }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    fn listing(text: &str) -> String {
        let mut listing = String::new();
        each(text, |file| matches!(file, "temp" | "name"), &mut |said| {
            let useful = said.line.is_ok_and(|line| said.file() != "temp" || line.parse::<i64>().is_ok());
            write!(listing, "{}|{}={:?} ", said.dir(), said.file(), said.line).expect("a string grows");
            useful
        });
        listing
    }

    #[test]
    fn every_way_of_printing_gives_the_same() {
        let expected = "/s/iio:device0|name=Ok(\"one two\") /s|temp=Ok(\"41\") ";
        for text in [
            "/s/iio:device0/name:one two\n/s/temp:41\n",
            "/s/iio:device0/name: one two\n/s/temp=41\n",
            "/s/iio:device0/name one two\n/s/temp 41\n",
            "/s/iio:device0/name\none two\n\n/s/temp\n41\n",
            "/s/iio:device0/name:\none two\n/s/temp:\n41\n",
            "# cat /s/iio:device0/name\none two\n# /s/temp   exit code 0\n41\n",
            "==> /s/iio:device0/name <==\none two\n\n==> /s/temp <==\n41\n",
            "x1:/ $ cat /s/iio:device0/name\none two\n$ cat /s/temp\n41",
        ] {
            assert_eq!(listing(text), expected, "{text}");
        }
        assert_eq!(listing("name:x\nhwmon0/temp:5\n"), "|name=Ok(\"x\") hwmon0|temp=Ok(\"5\") ");
    }

    #[test]
    fn files_without_content_have_their_reason() {
        assert_eq!(listing("/s/temp\n/s/name\n"), "/s|temp=Err(Sentinel) /s|name=Err(Sentinel) ");
        assert_eq!(listing("/s/temp:\n"), "/s|temp=Err(Sentinel) ");
        assert_eq!(listing("/s/temp:hot\n"), "/s|temp=Ok(\"hot\") /s|temp=Err(Parse) ");
        for text in [
            "cat: /s/temp: Permission denied\n",
            "# cat /s/temp\ncat: /s/temp: Permission denied\n",
            "/s/temp:cat: /s/temp: Permission denied\n",
            "/system/bin/sh: can't open /s/temp: Permission denied\n",
            "ls: cannot access '/s/temp': Permission denied\n",
        ] {
            assert_eq!(listing(text), "/s|temp=Err(Denied) ", "{text}");
        }
        assert_eq!(listing("# cat /s/temp\nsh: cat: not found\n"), "/s|temp=Err(CommandMissing) ");
        assert_eq!(listing("sh: cat: not found\n"), "");
    }

    #[test]
    fn other_files_take_their_content_with_them() {
        assert_eq!(
            listing("/s/temp:41\n/s/other:7\n8\n"),
            "/s|temp=Ok(\"41\") /s|other=Ok(\"7\") /s|other=Ok(\"8\") "
        );
        assert_eq!(listing("# ls /s\ntemp\nname\n"), "|s=Ok(\"temp\") |s=Ok(\"name\") ");
    }
}
