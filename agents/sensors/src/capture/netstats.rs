//! `dumpsys netstats`: what each user of the device moved since boot, from the kernel's live map. The histories
//! in the same dump lag by hours and are not read.

use edgesoak_protocol::{Reading, Reason};

use super::lines::{lines, nothing_in};
use super::{Capture, Fact, MAX_READINGS, Measure};

const MAP: &str = "mAppUidStatsMap:";
/// Columns beside the user, by their printed name: channel and unit.
const COLUMNS: [(&str, &str, Measure); 4] = [
    ("rxBytes", "/rx-bytes", Measure::Byte),
    ("rxPackets", "/rx-packets", Measure::Count),
    ("txBytes", "/tx-bytes", Measure::Byte),
    ("txPackets", "/tx-packets", Measure::Count),
];
const MAX_USERS: usize = MAX_READINGS / COLUMNS.len();
/// Words of the heading that are looked at.
const MAX_WORDS: usize = 8;

pub(super) fn parse(text: &str) -> Capture {
    let mut map = Map::default();
    lines(text).for_each(|line| map.line(line.trim()));
    map.finish(text)
}

#[derive(Default)]
struct Map<'a> {
    capture: Capture,
    place: Place,
    heading: Heading,
    /// Parallel to `rows`, so that looking for a user reads little memory.
    users: Vec<u32>,
    rows: Vec<Row<'a>>,
    /// Where the user of the next row is, if the map is dumped again.
    next: usize,
    deleted: i64,
}

/// Where in the dump the lines are.
#[derive(Default, PartialEq)]
enum Place {
    #[default]
    Elsewhere,
    /// Behind the map's name.
    Named,
    /// Behind the heading of its columns.
    Rows,
}

/// Which word of a row is what.
#[derive(Default)]
struct Heading {
    words: usize,
    user: usize,
    columns: [Option<usize>; COLUMNS.len()],
}

struct Row<'a> {
    raw: &'a str,
    values: [Reading<u64>; COLUMNS.len()],
}

impl<'a> Map<'a> {
    fn line(&mut self, line: &'a str) {
        if let Some(status) = line.strip_prefix(MAP) {
            // The list of states names the map too: `mAppUidStatsMap: OK` begins nothing.
            if status.is_empty() {
                self.place = Place::Named;
            } else {
                self.capture.fact("map_status", Fact::Word(status.trim().to_owned()));
            }
        } else if line.starts_with('m') && line.contains("Map") && line.ends_with(':') {
            self.place = Place::Elsewhere;
        } else if self.place != Place::Elsewhere {
            self.within(line);
        }
    }

    fn within(&mut self, line: &'a str) {
        if line.contains("deleted while dumping") {
            self.deleted += 1;
        } else if let Some(heading) = Heading::read(line) {
            self.heading = heading;
            self.place = Place::Rows;
        } else if self.place == Place::Rows {
            self.row(line);
        }
    }

    fn row(&mut self, line: &'a str) {
        let mut words = [""; MAX_WORDS];
        let mut count = 0;
        for word in line.split_ascii_whitespace() {
            if count == self.heading.words {
                return;
            }
            words[count] = word;
            count += 1;
        }
        let Ok(user) = words[self.heading.user].parse::<u32>() else { return };
        if count < 2 {
            return;
        }
        let values = self.heading.columns.map(|place| {
            let word = place.map(|place| words[place]).ok_or(Reason::Absent)?;
            word.parse().map_err(|_| Reason::Parse)
        });
        // A map that is dumped again has its users in the same order.
        let at = Some(self.next).filter(|at| self.users.get(*at) == Some(&user));
        if let Some(at) = at.or_else(|| self.users.iter().position(|known| *known == user)) {
            self.next = at + 1;
            self.rows[at].merge(&Row { raw: line, values });
        } else if self.users.len() < MAX_USERS {
            self.users.push(user);
            self.rows.push(Row { raw: line, values });
        } else {
            self.capture.fact("truncated", Fact::Flag(true));
        }
    }

    fn finish(self, text: &str) -> Capture {
        let mut capture = self.capture;
        let printed = self.heading.words > 0;
        capture.fact("map_printed", Fact::Flag(printed));
        if !printed {
            // A dump without the map is what older versions of Android print.
            let reason = match nothing_in(text) {
                Reason::Parse => Reason::Absent,
                reason => reason,
            };
            capture.read("network/uid/any", MAP, Measure::Byte, "", Err(reason));
            return capture;
        }
        capture.fact("rows", Fact::Number(i64::try_from(self.rows.len()).unwrap_or(i64::MAX)));
        capture.fact("deleted_while_dumping", Fact::Number(self.deleted));
        for (user, row) in self.users.iter().zip(&self.rows) {
            let channel = ["network/uid/", &user.to_string()].concat();
            for ((name, tail, unit), value) in COLUMNS.iter().zip(row.values) {
                capture.read(
                    &[&channel, *tail].concat(),
                    name,
                    *unit,
                    row.raw,
                    value.map(|value| value as f64),
                );
            }
        }
        capture
    }
}

impl Heading {
    fn read(line: &str) -> Option<Self> {
        if !line.contains(COLUMNS[0].0) {
            return None;
        }
        let mut heading = Self::default();
        let mut user = None;
        for (place, word) in line.split_ascii_whitespace().take(MAX_WORDS).enumerate() {
            heading.words = place + 1;
            if word == "uid" {
                user = Some(place);
            } else if let Some(column) = COLUMNS.iter().position(|(name, ..)| *name == word) {
                heading.columns[column] = Some(place);
            }
        }
        heading.user = user?;
        Some(heading)
    }
}

impl<'a> Row<'a> {
    /// A map that changes while it is dumped is dumped again from its beginning. Counters only grow: the larger
    /// one is the later one.
    fn merge(&mut self, row: &Row<'a>) {
        for (value, again) in self.values.iter_mut().zip(row.values) {
            let later = match (&value, &again) {
                (Ok(value), Ok(again)) => again > value,
                (Err(_), Ok(_)) => true,
                (_, Err(_)) => false,
            };
            if later {
                *value = again;
                self.raw = row.raw;
            }
        }
    }
}
