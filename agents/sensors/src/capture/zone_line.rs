//! What one line of a listing of thermal zones tells.

use edgesoak_protocol::{Reading, Reason};

use super::lines::refusal;

/// What a driver's error looks like behind the name of its file.
const FAILURES: [&str; 4] =
    ["Invalid argument", "No data available", "Input/output error", "Resource temporarily unavailable"];
/// Commands whose complaints begin with their name.
const COMMANDS: [&str; 8] = ["cat", "ls", "grep", "sh", "su", "adb", "head", "dumpsys"];
/// Longest type; the kernel's own have at most 19 letters.
const MAX_KIND: usize = 64;
/// Longest complaint of a driver, behind the name of its zone.
const MAX_COMPLAINT: usize = 40;

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Line<'a> {
    /// Something of one zone or cooling device: what is not told is empty.
    Of {
        /// `thermal_zone3`, `cooling_device0`.
        dir: &'a str,
        /// Its type.
        kind: &'a str,
        /// Its number as printed, or why there is none.
        found: Option<Reading<&'a str>>,
    },
    /// Why nothing of `thermal_zone*` can be read.
    OfAll(Reason),
}

/// Calls `then` with everything that the line tells, which is nothing for lines of other things.
pub(super) fn each<'a>(line: &'a str, mut then: impl FnMut(Line<'a>)) {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.trim_start().starts_with('#') {
        return;
    }
    if line.contains("--") && !line.trim().contains(char::is_whitespace) {
        let pairs = line.split(';').filter_map(|pair| pair.trim().split_once("--"));
        for (kind, digits) in
            pairs.filter(|(kind, digits)| is_kind(kind) && (digits.is_empty() || is_number(digits)))
        {
            then(Line::Of { dir: "", kind, found: Some(number(digits)) });
        }
    } else if let Some(line) = with_path(line).or_else(|| with_zone(line)).or_else(|| with_type(line)) {
        then(line);
    }
}

/// `…/thermal_zone0/temp:45000`, and complaints about such a path.
fn with_path(line: &str) -> Option<Line<'_>> {
    let (dir, rest) = directory(line)?;
    let (file, content) = rest.strip_prefix('/')?.split_once(':')?;
    let content = content.trim();
    let complaint = complaint(content);
    if dir.ends_with('*') {
        return complaint.map(Line::OfAll);
    }
    let wanted = if dir.starts_with('c') { "cur_state" } else { "temp" };
    let file = file.trim_end_matches(['\'', '"']);
    let kind = if file == "type" && complaint.is_none() { content } else { "" };
    let found = match complaint {
        _ if file != wanted => None,
        Some(reason) => Some(Err(reason)),
        None => Some(number(content)),
    };
    Some(Line::Of { dir, kind, found })
}

/// `thermal_zone0 type 45000`, `thermal_zone0: type: 45000`, `thermal_zone0 45000`, `thermal_zone0`.
fn with_zone(line: &str) -> Option<Line<'_>> {
    let line = line.trim_start();
    let (dir, rest) =
        directory(line).filter(|(dir, _)| line.starts_with(dir) && dir.starts_with("thermal_zone"))?;
    if dir.ends_with('*') {
        return None;
    }
    if rest.trim().is_empty() {
        return Some(Line::Of { dir, kind: "", found: None });
    }
    let rest = rest.strip_prefix(is_separator)?.trim_start_matches(is_separator);
    let (kind, last) = last_word(rest);
    if kind.is_empty() && !is_number(last) {
        // A type without a number: the zone's file was empty, or a line about it says why there is nothing.
        return Some(Line::Of { dir, kind: last, found: Some(Err(Reason::Sentinel)) });
    }
    let (first, behind) = rest.split_once(is_separator).unwrap_or((rest, ""));
    match complaint(behind.trim_start_matches(is_separator)) {
        Some(reason) => Some(Line::Of { dir, kind: first, found: Some(Err(reason)) }),
        None if is_kind(kind) || kind.is_empty() => Some(Line::Of { dir, kind, found: Some(number(last)) }),
        None => None,
    }
}

/// `type 45000`, `type: 45000`, `type;45000`; with nothing behind the separator, the zone's file was empty.
fn with_type(line: &str) -> Option<Line<'_>> {
    let line = line.trim_start();
    let (kind, last) = last_word(line);
    if is_number(last) {
        return is_kind(kind).then_some(Line::Of { dir: "", kind, found: Some(Ok(last)) });
    }
    let (kind, behind) = line.split_once(is_separator)?;
    if !is_kind(kind) || COMMANDS.contains(&kind) {
        return None;
    }
    let rest = behind.trim_start_matches(is_separator);
    // A heading ends with its colon; a line that a program wrote has the blank where the number was to stand.
    let empty = rest.is_empty() && !(line.ends_with(':') && behind.is_empty());
    let reason =
        if empty { Reason::Sentinel } else { complaint(rest).filter(|_| rest.len() <= MAX_COMPLAINT)? };
    Some(Line::Of { dir: "", kind, found: Some(Err(reason)) })
}

/// The first directory of a zone or cooling device in a line, and what stands behind it.
fn directory(line: &str) -> Option<(&str, &str)> {
    let (start, stem) = match (line.find("thermal_zone"), line.find("cooling_device")) {
        (Some(zone), _) => (zone, "thermal_zone"),
        (None, Some(device)) => (device, "cooling_device"),
        (None, None) => return None,
    };
    let number =
        line[start + stem.len()..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'*').count();
    let end = start + stem.len() + number;
    (number > 0).then_some((&line[start..end], &line[end..]))
}

/// Why a device or shell gives no number.
fn complaint(text: &str) -> Option<Reason> {
    let failed = || FAILURES.iter().any(|failure| text.contains(failure)).then_some(Reason::Failed);
    refusal(text).or_else(failed)
}

fn number(text: &str) -> Reading<&str> {
    if text.is_empty() { Err(Reason::Sentinel) } else { Ok(text) }
}

fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || letter == ':' || letter == ';'
}

/// The last word and what stands before it, both without separators around them.
fn last_word(text: &str) -> (&str, &str) {
    let text = text.trim_matches(is_separator);
    match text.rsplit_once(is_separator) {
        Some((before, last)) => (before.trim_end_matches(is_separator), last),
        None => ("", text),
    }
}

/// A number, or what C and Java print instead of one.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits.eq_ignore_ascii_case("nan") || all(whole) && all(fraction)
}

/// Whether a text can be the type of a zone: one word, or two as some laptops have.
fn is_kind(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (1..=2).contains(&words)
        && text.len() <= MAX_KIND
        && !text.contains(['/', '=', '[', '{', '('])
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<Line<'_>> {
        let mut told = Vec::new();
        each(line, |line| told.push(line));
        told
    }

    fn of<'a>(dir: &'a str, kind: &'a str, found: Reading<&'a str>) -> Vec<Line<'a>> {
        vec![Line::Of { dir, kind, found: Some(found) }]
    }

    #[test]
    fn a_type_and_a_number() {
        for line in ["cpu 45000", "cpu: 45000", "cpu;45000", "cpu\t45000\r", " cpu : 45000 ", "cpu;45000;"] {
            assert_eq!(told(line), of("", "cpu", Ok("45000")), "{line:?}");
        }
        assert_eq!(told("INT3400 Thermal 20000"), of("", "INT3400 Thermal", Ok("20000")));
        assert_eq!(told("soc_a 30.4"), of("", "soc_a", Ok("30.4")));
        assert_eq!(told("modem NaN"), of("", "modem", Ok("NaN")));
        for line in ["modem ", "modem: ", "modem;"] {
            assert_eq!(told(line), of("", "modem", Err(Reason::Sentinel)), "{line:?}");
        }
        assert_eq!(told("modem: Permission denied"), of("", "modem", Err(Reason::Denied)));
        assert_eq!(told("modem Invalid argument"), of("", "modem", Err(Reason::Failed)));
    }

    #[test]
    fn a_numbered_zone() {
        for line in ["thermal_zone10 tsens5 309", "thermal_zone10: tsens5: 309", "thermal_zone10;tsens5;309"]
        {
            assert_eq!(told(line), of("thermal_zone10", "tsens5", Ok("309")), "{line:?}");
        }
        assert_eq!(told("thermal_zone1 41000"), of("thermal_zone1", "", Ok("41000")));
        assert_eq!(told("thermal_zone1 modem "), of("thermal_zone1", "modem", Err(Reason::Sentinel)));
        assert_eq!(
            told("thermal_zone1 modem Permission denied"),
            of("thermal_zone1", "modem", Err(Reason::Denied))
        );
        assert_eq!(told("thermal_zone7"), vec![Line::Of { dir: "thermal_zone7", kind: "", found: None }]);
    }

    #[test]
    fn files_with_paths() {
        let path = "/sys/class/thermal/thermal_zone3/";
        let text = format!("{path}temp:45000");
        assert_eq!(told(&text), of("thermal_zone3", "", Ok("45000")));
        let text = format!("{path}temp:");
        assert_eq!(told(&text), of("thermal_zone3", "", Err(Reason::Sentinel)));
        let text = format!("{path}type:pkg: a");
        assert_eq!(told(&text), vec![Line::Of { dir: "thermal_zone3", kind: "pkg: a", found: None }]);
        for (end, reason) in [
            ("temp: Permission denied", Reason::Denied),
            ("temp: No such file or directory", Reason::Absent),
            ("temp': Invalid argument", Reason::Failed),
        ] {
            let text = format!("cat: {path}{end}");
            assert_eq!(told(&text), of("thermal_zone3", "", Err(reason)), "{text}");
        }
        assert_eq!(
            told("ls: /sys/class/thermal/thermal_zone*/temp: Permission denied"),
            [Line::OfAll(Reason::Denied)]
        );
        assert_eq!(told("x/cooling_device2/cur_state:3"), of("cooling_device2", "", Ok("3")));
    }

    #[test]
    fn logs_of_one_line() {
        let told = told("mtktscpu--49000;mtktspa---127000;junk;x--y;mtktsabb--;");
        let found: Vec<_> = told
            .iter()
            .map(|line| match line {
                Line::Of { kind, found, .. } => (*kind, *found),
                Line::OfAll(reason) => panic!("{reason}"),
            })
            .collect();
        let none = Some(Err(Reason::Sentinel));
        let known = [("mtktscpu", Some(Ok("49000"))), ("mtktspa", Some(Ok("-127000"))), ("mtktsabb", none)];
        assert_eq!(found, known);
    }

    #[test]
    fn lines_of_other_things() {
        for line in [
            "",
            "# cat x 1",
            "Zones:",
            "/sys/class/thermal:",
            "gpu_busy",
            "cooling_device0",
            "uptime since boot 300",
            "/a/path 300",
            "key=value 3",
            "cat: /sys/kernel/gpu: No such file or directory",
            "cat: Permission denied",
            "300 300",
            "----",
            "--------1",
            "version 5.15.189-x",
        ] {
            assert_eq!(told(line), [], "{line:?}");
        }
    }
}
