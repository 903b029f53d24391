//! `dumpsys activity exit-info`: why processes of an app ended. Counts, codes and sizes; never the description,
//! which may quote what the app was doing.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{field, lines, nothing_in, rest_of};
use super::{Capture, Fact, Measure};

/// Records whose fields are kept. Android keeps 16 of a package; more come only from a dump of every package.
const MAX_RECORDS: usize = 40;
/// Causes that a release must not have, by their number: each is counted.
const COUNTED: [(i64, &str, &str); 7] = [
    (2, "exits/signaled", "SIGNALED"),
    (3, "exits/low-memory", "LOW_MEMORY"),
    (4, "exits/crash", "CRASH"),
    (5, "exits/crash-native", "CRASH_NATIVE"),
    (6, "exits/anr", "ANR"),
    (9, "exits/excessive-resources", "EXCESSIVE_RESOURCE_USAGE"),
    (14, "exits/freezer", "FREEZER"),
];

pub(super) fn parse(text: &str) -> Capture {
    let mut dump = Dump::default();
    lines(text).for_each(|line| dump.line(line.trim()));
    dump.finish(text)
}

#[derive(Default)]
struct Dump<'a> {
    capture: Capture,
    printed: bool,
    package: Option<&'a str>,
    uid: Option<i64>,
    packages: usize,
    uids: usize,
    records: usize,
    counts: [u32; COUNTED.len()],
    unread_causes: bool,
    record: Option<Record<'a>>,
}

#[derive(Default)]
struct Record<'a> {
    time: Option<&'a str>,
    process: Option<&'a str>,
    pid: Option<&'a str>,
    uid: Option<&'a str>,
    cause: Option<&'a str>,
    detail: Option<&'a str>,
    status: Option<&'a str>,
    importance: Option<&'a str>,
    pss: Option<&'a str>,
    rss: Option<&'a str>,
    /// The description was reached: what follows may be its further lines.
    ended: bool,
}

impl<'a> Dump<'a> {
    fn line(&mut self, line: &'a str) {
        if line.starts_with("ACTIVITY MANAGER PROCESS EXIT INFO") {
            self.printed = true;
        } else if let Some(package) = line.strip_prefix("package: ") {
            self.package = Some(package);
            self.packages += 1;
        } else if let Some(uid) = line.strip_prefix("Historical Process Exit for uid=") {
            self.uid = uid.parse().ok();
            self.uids += 1;
        } else if line.starts_with("ApplicationExitInfo #") {
            self.close();
            self.record = Some(Record::default());
        } else if let Some(record) = self.record.as_mut().filter(|record| !record.ended) {
            record.line(line);
        }
    }

    fn close(&mut self) {
        let Some(record) = self.record.take() else { return };
        match record.cause.map(code) {
            Some(Ok(cause)) => {
                if let Some(at) = COUNTED.iter().position(|(code, ..)| *code == cause) {
                    self.counts[at] += 1;
                }
            }
            _ => self.unread_causes = true,
        }
        if self.records < MAX_RECORDS {
            record.write(&mut self.capture, &["exit/", &self.records.to_string(), "/"].concat());
        } else {
            self.capture.fact("truncated", Fact::Flag(true));
        }
        self.records += 1;
    }

    fn finish(mut self, text: &str) -> Capture {
        self.close();
        let mut capture = self.capture;
        if !self.printed && self.records == 0 {
            capture.read("exit/any", "", Measure::Count, "", Err(nothing_in(text)));
            return capture;
        }
        // Of several packages none is "the" one; each record has its own user.
        if let Some(package) = self.package.filter(|_| self.packages == 1) {
            capture.fact("package", Fact::Word(package.to_owned()));
        }
        if let Some(uid) = self.uid.filter(|_| self.uids == 1) {
            capture.fact("uid", Fact::Number(uid));
        }
        capture.read("exits/total", "ApplicationExitInfo", Measure::Count, "", Ok(self.records as f64));
        for ((_, channel, name), count) in COUNTED.iter().zip(self.counts) {
            // An exit whose cause is unreadable may be any of them.
            let value = if self.unread_causes { Err(Reason::Parse) } else { Ok(f64::from(count)) };
            capture.read(channel, name, Measure::Count, "", value);
        }
        capture
    }
}

impl<'a> Record<'a> {
    fn line(&mut self, line: &'a str) {
        let mut line = line;
        if let Some(place) = line.find("description=") {
            line = &line[..place];
            self.ended = true;
        }
        if let Some(rest) = rest_of(line, "timestamp=") {
            let end = rest.find(" pid=").unwrap_or(rest.len());
            self.time = self.time.or(Some(&rest[..end]));
        }
        for (slot, key) in [
            (&mut self.process, "process="),
            (&mut self.pid, "pid="),
            (&mut self.uid, "packageUid="),
            (&mut self.status, "status="),
            (&mut self.importance, "importance="),
            (&mut self.pss, "pss="),
            (&mut self.rss, "rss="),
        ] {
            *slot = slot.or_else(|| field(line, key));
        }
        self.cause = self.cause.or_else(|| rest_of(line, "reason=").map(with_name));
        self.detail = self.detail.or_else(|| rest_of(line, "subreason=").map(with_name));
    }

    fn write(&self, capture: &mut Capture, channel: &str) {
        for (text, key) in [(self.process, "process"), (self.time, "time")] {
            if let Some(text) = text {
                capture.fact(&[channel, key].concat(), Fact::Word(text.to_owned()));
            }
        }
        for (text, key) in [(self.pid, "pid"), (self.uid, "uid")] {
            if let Some(number) = text.and_then(|text| text.parse().ok()) {
                capture.fact(&[channel, key].concat(), Fact::Number(number));
            }
        }
        let mut read = |key: &str, name: &str, unit, text: Option<&str>, number: fn(&str) -> Reading<f64>| {
            let value = text.ok_or(Reason::Absent).and_then(number);
            capture.read(&[channel, key].concat(), name, unit, text.unwrap_or_default(), value);
        };
        for (text, key) in [(self.cause, "reason"), (self.detail, "subreason")] {
            let name = text.and_then(|text| text.split_once(" (")).map(|(_, name)| name);
            let name = name.map_or(key, |name| name.strip_suffix(')').unwrap_or(name));
            read(key, name, Measure::State, text, state);
        }
        read("status", "status", Measure::State, self.status, state);
        read("importance", "importance", Measure::State, self.importance, state);
        read("pss", "pss", Measure::Kibibyte, self.pss, kibibytes);
        read("rss", "rss", Measure::Kibibyte, self.rss, kibibytes);
    }
}

/// `10 (USER REQUESTED)` at the beginning of a text; the name may hold blanks and parentheses of its own.
fn with_name(text: &str) -> &str {
    let number = text.find(' ').unwrap_or(text.len());
    if !text[number..].starts_with(" (") {
        return &text[..number];
    }
    text.find(") ").map_or(text, |end| &text[..=end])
}

fn code(text: &str) -> Reading<i64> {
    let number = text.split(' ').next().unwrap_or_default();
    number.parse().map_err(|_| Reason::Parse)
}

fn state(text: &str) -> Reading<f64> {
    code(text).map(|code| code as f64)
}

/// `3.9GB`, `512MB`, `0.00`: sizes in steps of 1024, in the language of the device. Zero is what Android writes
/// when the process ended before its memory was ever sampled.
fn kibibytes(text: &str) -> Reading<f64> {
    let end = text.find(|char: char| char.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let kibibytes = match unit.strip_suffix('B').unwrap_or(unit) {
        "" => 1.0 / 1024.0,
        "K" => 1.0,
        "M" => 1024.0,
        "G" => 1024.0 * 1024.0,
        "T" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(Reason::Parse),
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
        return Err(Reason::Parse);
    }
    match number.replace(',', ".").parse::<f64>() {
        Ok(0.0) => Err(Reason::Sentinel),
        Ok(number) => Ok(number * kibibytes),
        Err(_) => Err(Reason::Parse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_their_unit_and_zero_is_none() {
        assert_eq!(kibibytes("0.00"), Err(Reason::Sentinel));
        assert_eq!(kibibytes("0"), Err(Reason::Sentinel));
        assert_eq!(kibibytes("512"), Ok(0.5));
        assert_eq!(kibibytes("96KB"), Ok(96.0));
        assert_eq!(kibibytes("1.5GB"), Ok(1_572_864.0));
        assert_eq!(kibibytes("1,5G"), Ok(1_572_864.0));
        for broken in ["", "MB", "1.2.3MB", "infGB", "nan", "-5MB", "1e9KB", "5XB"] {
            assert_eq!(kibibytes(broken), Err(Reason::Parse), "{broken}");
        }
    }

    #[test]
    fn names_of_causes_may_hold_parentheses() {
        assert_eq!(with_name("4 (APP CRASH(EXCEPTION)) subreason=0"), "4 (APP CRASH(EXCEPTION))");
        assert_eq!(with_name("4 (APP CRASH(EXCEPTION))"), "4 (APP CRASH(EXCEPTION))");
        assert_eq!(with_name("4 status=0"), "4");
        assert_eq!(with_name(""), "");
    }
}
