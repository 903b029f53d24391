//! Lines of logcat and of the kernel about processes that were killed to free memory. Names, numbers and the
//! killer's own words about the cause; nothing that a process logged itself.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in};
use super::{Capture, Fact, Measure};

/// Kills and events whose figures are kept; more are counted.
const MAX_KEPT: usize = 40;
/// Sizes after `to free` that are looked at.
const MAX_SIZES: usize = 8;
/// What is counted: the log's tag or words, and the channel.
const COUNTS: [(&str, &str); COUNTED] = [
    ("lowmemorykiller", "kills/lmkd"),
    ("killinfo", "kills/killinfo"),
    ("am_kill", "kills/activity-manager"),
    ("kernel", "kills/kernel"),
    ("Zygote", "kills/zygote-signal-9"),
    ("am_low_memory", "events/low-memory"),
];
const COUNTED: usize = 6;
const LMKD: usize = 0;
const KILLINFO: usize = 1;
const AM_KILL: usize = 2;
const KERNEL: usize = 3;
const ZYGOTE: usize = 4;
const AM_LOW_MEMORY: usize = 5;

pub(super) fn parse(text: &str) -> Capture {
    let mut log = Log::default();
    lines(text).for_each(|line| log.line(line));
    let mut capture = log.capture;
    if !log.seen {
        capture.read("kill/any", "", Measure::Count, "", Err(nothing_in(text)));
        return capture;
    }
    for ((name, channel), count) in COUNTS.iter().zip(log.counts) {
        capture.read(channel, name, Measure::Count, "", Ok(count.into()));
    }
    if let Some(uid) = log.uid.filter(|_| !log.several_users) {
        capture.fact("uid", Fact::Number(uid));
    }
    capture
}

#[derive(Default)]
struct Log {
    capture: Capture,
    /// A line that is one of a log was seen: what it does not tell did not happen.
    seen: bool,
    counts: [u32; COUNTED],
    kept: usize,
    uid: Option<i64>,
    several_users: bool,
}

impl Log {
    fn line(&mut self, line: &str) {
        let Some(message) = Message::read(line) else {
            self.seen |= line.starts_with("--------- beginning of ");
            return;
        };
        self.seen = true;
        let text = message.text;
        match message.tag {
            "lowmemorykiller" | "lmkd" if text.starts_with("Kill") => self.lmkd(&message),
            "killinfo" => self.killinfo(&message),
            "am_kill" => self.am_kill(&message),
            "am_low_memory" => {
                let running = number(text.trim_matches(['[', ']'])).and_then(not_negative);
                self.counts[AM_LOW_MEMORY] += 1;
                if self.counts[AM_LOW_MEMORY] as usize <= MAX_KEPT {
                    let channel =
                        ["events/low-memory/", &(self.counts[AM_LOW_MEMORY] - 1).to_string()].concat();
                    self.capture.read(&channel, message.tag, Measure::Count, text, running);
                }
            }
            "Zygote" if text.contains("exited due to signal 9") => self.counts[ZYGOTE] += 1,
            "kernel" => self.kernel(&message),
            _ => {}
        }
    }

    /// `Kill 'NAME' (PID), uid UID, oom_score_adj ADJ to free SIZE rss, SIZE swap; reason: WORDS`; older ones
    /// have `oom_adj` or `adj` and one size without a name.
    fn lmkd(&mut self, message: &Message<'_>) {
        self.counts[LMKD] += 1;
        let text = message.text;
        let Some(kill) = self.keep(COUNTS[LMKD].0, message) else { return };
        let (name, pid) = named_process(text);
        self.process(&kill, name, pid);
        let after = |key: &str| {
            let (_, rest) = text.split_once(key)?;
            rest.split([' ', ',']).next()
        };
        self.user(&kill, after("), uid "));
        let adjustment = after(" oom_score_adj ").or_else(|| after(" oom_adj ")).or_else(|| after(" adj "));
        self.put(&kill, "oom-score-adj", "oom_score_adj", Measure::State, adjustment);
        if let Some((_, cause)) = text.split_once("; reason: ") {
            self.capture.fact(&[&kill, "cause"].concat(), Fact::Word(cause.to_owned()));
        }
        let sizes = text.split_once(" to free ").map_or("", |(_, sizes)| sizes);
        let sizes = sizes.split(';').next().unwrap_or_default();
        let mut any = false;
        for size in sizes.split(", ").take(MAX_SIZES) {
            let Some((kibibytes, label)) = size.split_once("kB") else { continue };
            // `123kB on behalf of ...` of the kernel's own killer has no label either.
            let label =
                Some(label.trim()).filter(|label| !label.starts_with("on behalf") && !label.is_empty());
            let channel = label.unwrap_or("rss").replace([' ', '_'], "-");
            self.put(&kill, &channel, label.unwrap_or("to free"), Measure::Kibibyte, Some(kibibytes));
            any = true;
        }
        if !any {
            self.put(&kill, "rss", "rss", Measure::Kibibyte, None);
        }
    }

    /// `[PID,UID,ADJ,MIN_ADJ,RSS,...]`: what lmkd writes to the event log beside its line.
    fn killinfo(&mut self, message: &Message<'_>) {
        self.counts[KILLINFO] += 1;
        let Some(kill) = self.keep(message.tag, message) else { return };
        let mut words = message.text.trim_matches(['[', ']']).split(',');
        self.process(&kill, None, words.next());
        self.user(&kill, words.next());
        self.put(&kill, "oom-score-adj", "OomAdj", Measure::State, words.next());
        self.put(&kill, "rss", "TaskSize", Measure::Kibibyte, words.nth(1));
    }

    /// `[USER,PID,NAME,ADJ,CAUSE]`.
    fn am_kill(&mut self, message: &Message<'_>) {
        self.counts[AM_KILL] += 1;
        let Some(kill) = self.keep(message.tag, message) else { return };
        let text = message.text.strip_prefix('[').unwrap_or(message.text);
        let mut words = text.strip_suffix(']').unwrap_or(text).splitn(5, ',').skip(1);
        let (pid, name) = (words.next(), words.next());
        self.process(&kill, name, pid);
        self.put(&kill, "oom-score-adj", "OomAdj", Measure::State, words.next());
        if let Some(cause) = words.next() {
            self.capture.fact(&[&kill, "cause"].concat(), Fact::Word(cause.to_owned()));
        }
    }

    /// `Out of memory: Killed process PID (NAME) total-vm:SIZE, anon-rss:SIZE, ...`, with or without its head.
    fn kernel(&mut self, message: &Message<'_>) {
        let Some((head, rest)) = message.text.split_once("Killed process ") else { return };
        if !head.is_empty() && !head.ends_with("ut of memory: ") {
            return;
        }
        self.counts[KERNEL] += 1;
        let Some(kill) = self.keep("kernel", message) else { return };
        let pid = rest.split(' ').next();
        let name = rest.split_once(" (").map(|(_, rest)| rest);
        // The name may hold parentheses of its own.
        let name = name.and_then(|rest| rest.split_once(") total-vm:").or_else(|| rest.split_once(')')));
        let name = name.map(|(name, _)| name);
        self.process(&kill, name, pid);
        let after = |key: &str| {
            let (_, rest) = rest.split_once(key)?;
            rest.split([' ', ',']).next()
        };
        self.user(&kill, after(" UID:"));
        self.put(&kill, "oom-score-adj", "oom_score_adj", Measure::State, after(" oom_score_adj:"));
        for (key, channel) in [(" anon-rss:", "anon-rss"), (" file-rss:", "file-rss")] {
            let size = after(key).map(|size| size.strip_suffix("kB").unwrap_or(size));
            self.put(&kill, channel, channel, Measure::Kibibyte, size);
        }
    }

    /// The beginning of the names of one more kill, with who told of it and when; `None` if there are too many.
    fn keep(&mut self, source: &str, message: &Message<'_>) -> Option<String> {
        if self.kept == MAX_KEPT {
            self.capture.fact("truncated", Fact::Flag(true));
            return None;
        }
        let kill = ["kill/", &self.kept.to_string(), "/"].concat();
        self.kept += 1;
        self.capture.fact(&[&kill, "source"].concat(), Fact::Word(source.to_owned()));
        if !message.time.is_empty() {
            self.capture.fact(&[&kill, "time"].concat(), Fact::Word(message.time.to_owned()));
        }
        Some(kill)
    }

    fn process(&mut self, kill: &str, name: Option<&str>, pid: Option<&str>) {
        if let Some(name) = name {
            self.capture.fact(&[kill, "process"].concat(), Fact::Word(name.to_owned()));
        }
        if let Some(pid) = pid.and_then(|pid| pid.parse().ok()) {
            self.capture.fact(&[kill, "pid"].concat(), Fact::Number(pid));
        }
    }

    fn user(&mut self, kill: &str, uid: Option<&str>) {
        let Some(uid) = uid.and_then(|uid| uid.parse().ok()) else { return };
        self.capture.fact(&[kill, "uid"].concat(), Fact::Number(uid));
        self.several_users |= self.uid.is_some_and(|other| other != uid);
        self.uid = Some(uid);
    }

    fn put(&mut self, kill: &str, channel: &str, name: &str, unit: Measure, text: Option<&str>) {
        let value = text.ok_or(Reason::Absent).and_then(number);
        let value = if unit == Measure::Kibibyte { value.and_then(not_negative) } else { value };
        self.capture.read(&[kill, channel].concat(), name, unit, text.unwrap_or_default(), value);
    }
}

/// One line of a log.
pub(super) struct Message<'a> {
    pub(super) time: &'a str,
    pub(super) tag: &'a str,
    pub(super) text: &'a str,
}

impl<'a> Message<'a> {
    /// Lines of dmesg (`[ 12.3] text`), of a system log (`... kernel: text`) and of logcat in its formats `brief`
    /// (`I/tag( 12): text`), `time`, `threadtime` and without process numbers. The tag is what stands in its
    /// place, so that an app cannot log somebody else's death.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        if line.starts_with(['[', '<']) {
            let (head, text) = line.split_once("] ")?;
            let time = head.split_once('[')?.1.trim();
            if !time.contains(|char: char| char.is_ascii_digit()) {
                return None;
            }
            // The old killer within the kernel prints like the daemon.
            let (tag, text) = match text.strip_prefix("lowmemorykiller: ") {
                Some(text) => ("lowmemorykiller", text),
                None => ("kernel", text),
            };
            return Some(Self { time, tag, text });
        }
        let (head, text) = line.split_once(": ")?;
        let text = text.trim();
        let time = time(head);
        if let Some((before, tag)) = head.split_once('/')
            && before.ends_with(is_priority)
            && matches!(before.split(' ').count(), 1 | 3)
        {
            return Some(Self { time, tag: tag.split('(').next().unwrap_or_default().trim(), text });
        }
        if time.is_empty() {
            return head.ends_with(" kernel").then_some(Self { time, tag: "kernel", text });
        }
        let mut rest = head;
        loop {
            let (word, behind) = rest.split_once(' ')?;
            rest = behind.trim_start();
            if word.len() == 1 && word.ends_with(is_priority) {
                return Some(Self { time, tag: rest.trim_end(), text });
            }
        }
    }
}

/// Date and time at the beginning of a line, if there are any.
fn time(head: &str) -> &str {
    let mut blanks = head.match_indices(' ').map(|(place, _)| place);
    let end = blanks.nth(1).unwrap_or(head.len());
    if head.starts_with(|char: char| char.is_ascii_digit()) { &head[..end] } else { "" }
}

fn is_priority(char: char) -> bool {
    "VDIWEFS".contains(char)
}

/// `... 'NAME' (PID) ...`.
fn named_process(text: &str) -> (Option<&str>, Option<&str>) {
    let quoted = text.split_once('\'').and_then(|(_, rest)| rest.split_once("' ("));
    let Some((name, rest)) = quoted else { return (None, None) };
    (Some(name), rest.split(')').next())
}

fn not_negative(number: f64) -> Reading<f64> {
    if number < 0.0 { Err(Reason::Parse) } else { Ok(number) }
}

fn number(text: &str) -> Reading<f64> {
    text.trim().parse::<i64>().map(|number| number as f64).map_err(|_| Reason::Parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_what_stands_in_its_place() {
        for (line, tag, time) in [
            (
                "07-28 10:46:14.514   479   479 I lowmemorykiller: Kill",
                "lowmemorykiller",
                "07-28 10:46:14.514",
            ),
            ("09-07 01:54:50.195 I am_low_memory: 20", "am_low_memory", "09-07 01:54:50.195"),
            ("07-28 10:46:14.514 I/am_kill ( 1020): [0]", "am_kill", "07-28 10:46:14.514"),
            ("I/lowmemorykiller(  479): Kill", "lowmemorykiller", ""),
            ("I/lowmemorykiller: Kill", "lowmemorykiller", ""),
            ("<6>[   12.345678] lowmemorykiller: Killing", "lowmemorykiller", "12.345678"),
            ("[   12.345678] Out of memory: Killed", "kernel", "12.345678"),
            ("Nov 22 15:00:01 board kernel: Out of memory: Killed", "kernel", ""),
            (
                "07-28 10:46:14.514   479   479 I E/lowmemorykiller: Kill",
                "E/lowmemorykiller",
                "07-28 10:46:14.514",
            ),
            ("09-07 01:54:50.195 I E/lowmemorykiller: Kill", "E/lowmemorykiller", "09-07 01:54:50.195"),
            ("07-28 10:46:14.514 9 9 I app: lowmemorykiller: Kill", "app", "07-28 10:46:14.514"),
        ] {
            let message = Message::read(line).unwrap_or_else(|| panic!("a line of a log: {line}"));
            assert_eq!((message.tag, message.time), (tag, time), "{line}");
        }
        for line in ["", "when I say: hello", "lowmemorykiller: Kill", "[ro.x]: [y]", "[x] y", "a/b: c"] {
            assert!(Message::read(line).is_none(), "{line}");
        }
    }
}
