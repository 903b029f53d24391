//! The face of the product: every argument, with its words.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use edgesoak_gates::explain_slowdown;
use edgesoak_record::Gate;

mod baseline;
mod export;
mod golden;
mod import;
mod judged_by;
mod key;
mod report;
mod select;
mod serve;
mod sign_off;
mod store;
mod written;

pub use baseline::BaselineAction;
pub use export::{Export, ExportKind};
pub use golden::{GoldenAction, Route, Score};
pub use import::Whose;
pub use judged_by::{GateSides, JudgedBy};
pub use key::{KeyAction, Keys};
pub use report::{Report, Subject};
pub use select::Select;
pub use serve::Serve;
pub use sign_off::{ReportAction, Sign, Verify};
pub use store::{Purge, StoreAction};
pub use written::{Outputs, ReportKind, Wanted};

/// Does this model still meet its bars after ten minutes of real work, on every device?
#[derive(Debug, Parser)]
#[command(name = "edgesoak", version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Where things lie and how to talk.
    #[command(flatten)]
    pub shared: Shared,
}

/// Arguments that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Shared {
    /// The device matrix
    #[arg(long, global = true, value_name = "FILE", default_value = "device_matrix.toml")]
    pub matrix: PathBuf,
    /// The lab's own hooks, kept outside the checkout
    #[arg(long, global = true, value_name = "FILE")]
    pub lab: Option<PathBuf>,
    /// Folder for runs, journals and reports
    #[arg(long, global = true, value_name = "DIR", default_value = "edgesoak-out")]
    pub out: PathBuf,
    /// Database [default: OUT/edgesoak.db]
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// How results are printed on stdout. A text, as `report` takes other words in its place.
    #[arg(long, global = true, value_name = "FORMAT", value_parser = Format::words(), default_value = "human",
        help = "How results are printed on stdout")]
    format: String,
}

impl Shared {
    /// The database's path.
    pub fn database(&self) -> PathBuf {
        self.db.clone().unwrap_or_else(|| self.out.join("edgesoak.db"))
    }

    /// How results are printed.
    pub fn format(&self) -> Format {
        Format::from_str(&self.format, false).unwrap_or(Format::Human)
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Sentences and tables
    Human,
    /// One JSON document
    Json,
}

impl Format {
    fn words() -> PossibleValuesParser {
        PossibleValuesParser::new(Self::value_variants().iter().filter_map(ValueEnum::to_possible_value))
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what a run would do: every effective setting, who set it, and how long it takes
    #[command(after_help = "Example:\n  edgesoak plan --profile soak --devices this-machine")]
    Plan {
        /// What to select.
        #[command(flatten)]
        selection: Selection,
        /// Print the JSON schema of the matrix instead
        #[arg(long)]
        schema: bool,
    },
    /// Run a profile on its devices, store everything, judge it and write the report
    #[command(after_help = "Examples:\n  edgesoak run --profile quick\n  \
        edgesoak run --profile soak --report junit=junit.xml\n\n\
        Ctrl-C ends the run honestly: agents are stopped, devices restored, what was measured is kept.")]
    Run {
        /// What to select.
        #[command(flatten)]
        selection: Selection,
        /// How it shares the lab.
        #[command(flatten)]
        sharing: Sharing,
        /// For machines that build.
        #[command(flatten)]
        outputs: Outputs,
        /// Take the verdict of an earlier run that is no older than this, such as `7d`, where plan, programs and OS builds
        /// are the same, instead of running again; it is marked as reused. Instead of the tier's
        #[arg(long, value_name = "AGE", value_parser = age, conflicts_with = "ab")]
        reuse: Option<Duration>,
    },
    /// Continue a run whose host was killed, or collect what its devices measured meanwhile
    #[command(after_help = "Example:\n  edgesoak resume latest")]
    Resume {
        /// What to resume.
        #[command(flatten)]
        run: RunName,
        /// How it shares the lab.
        #[command(flatten)]
        sharing: Sharing,
        /// For machines that build.
        #[command(flatten)]
        outputs: Outputs,
    },
    /// Judge stored data again, offline; the same data gives the same bytes
    #[command(after_help = "Examples:\n  edgesoak judge latest --format json\n  \
        edgesoak judge latest --policy origin/main\n\n\
        By what a run is judged is stored with it. What is named instead is said with the verdict and noted in the run's\n\
        journal; the stored verdict stays.")]
    Judge {
        /// What to judge.
        #[command(flatten)]
        run: RunName,
        /// By what else.
        #[command(flatten)]
        by: JudgedBy,
        /// Take the spread between runs from what is stored by now, instead of from what was when the run began
        #[arg(long)]
        refresh_history: bool,
    },
    /// Tell whether a candidate became slower: stored runs against a previous release, and against a pinned one
    #[command(after_help = "Examples:\n  edgesoak gate --candidate latest --baseline release-1.4\n  \
        edgesoak gate --candidate latest:new --baseline latest:old --pinned release-1.0\n  \
        edgesoak gate --candidate latest --baseline release-1.4 --tier release --report junit=junit.xml\n\n\
        A side is the name of a baseline, a run, or RUN:CANDIDATE where a run has several candidates; several are taken\n\
        together. Nothing is run: `edgesoak run --ab NEW OLD` runs both in turns.")]
    Gate {
        /// What is compared.
        #[command(flatten)]
        sides: GateSides,
        /// For machines that build.
        #[command(flatten)]
        outputs: Outputs,
    },
    /// Show the same of two sides; always ends with 0
    #[command(after_help = "Example:\n  edgesoak compare latest:new latest:old")]
    Compare {
        /// Run, RUN:CANDIDATE or baseline
        #[arg(value_name = "A")]
        candidate: String,
        /// What it is held against
        #[arg(value_name = "B")]
        baseline: String,
    },
    /// Tell which candidate each route gets: the smallest that clears every bar on every required family, from stored runs
    #[command(
        after_help = "Examples:\n  edgesoak select\n  edgesoak select --route policy_qa --tier release\n  \
        edgesoak select latest --format json\n\n\
        Without a run the newest sessions of each candidate on each route and device count, up to the age that the policy\n\
        allows. Nothing is run. Exit codes: 0 every route has a candidate, 1 nobody clears a route, 3 nobody was shown to."
    )]
    Select(Select),
    /// Look after the releases that others are held against
    #[command(
        after_help = "Examples:\n  edgesoak baseline promote release-1.4 latest --reason \"shipped\"\n  \
        edgesoak baseline list"
    )]
    Baseline {
        /// What to do with them.
        #[command(subcommand)]
        action: BaselineAction,
    },
    /// Look after golden sets: questions with known answers, sealed, and the answers to them
    #[command(after_help = "Examples:\n  edgesoak golden check pump-maintenance@1.0.0\n  \
        edgesoak golden score pump-maintenance@1.0.0 answers.jsonl")]
    Golden {
        /// What to do.
        #[command(subcommand)]
        action: GoldenAction,
    },
    /// Say what a gate means, or why a session slowed down: formula, settings, source, and what it rested on in a stored run
    #[command(after_help = "Examples:\n  edgesoak explain\n  edgesoak explain floor_tps\n  \
        edgesoak explain floor_tps latest\n  edgesoak explain slowdown latest")]
    Explain {
        /// The gate, or `slowdown`; without one, all are listed
        #[arg(value_name = "GATE", value_parser = topics())]
        topic: Option<Topic>,
        /// Show what it rested on in this run, too: its id, the start of one, or `latest`
        #[arg(value_name = "RUN")]
        run: Option<String>,
    },
    /// Write a report from stored data: a page for people, or what a CI reads, of a run, a release, a comparison, or all that
    /// is stored
    #[command(after_help = "Examples:\n  edgesoak report latest --output report.html\n  \
        edgesoak report --release release-1.4 --open\n  \
        edgesoak report --compare latest release-1.4 --format md --output -\n  \
        edgesoak report latest --format junit --output junit.xml --format bencher --output bencher.json\n  \
        edgesoak report --site /srv/share/edgesoak")]
    Report(Report),
    /// Show everything that is stored, and running sessions live, to browsers; read-only
    #[command(after_help = "Examples:\n  edgesoak serve\n  \
        edgesoak serve --listen 0.0.0.0:8765 --token-file token\n\n\
        Without encryption: put a proxy in front that has it. Ctrl-C ends it.")]
    Serve(Serve),
    /// Take in what another program measured: a file of rates, token times or minutes becomes a run that is judged like
    /// any other, and marked
    #[command(after_help = "Examples:\n  edgesoak import export.jsonl --device ios-phone-2\n  \
        edgesoak import soak.csv --device tablet-7 --route policy_qa --format json\n\n\
        The formats are recognised by themselves; docs/import.md describes them. The exit code says whether the file was\n\
        taken in; `edgesoak judge RUN` has the verdict's.")]
    Import {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Whose it is.
        #[command(flatten)]
        whose: Whose,
    },
    /// Write a stored run as files for other programs: tables for pandas or a spreadsheet, traces for Perfetto
    #[command(after_help = "Examples:\n  edgesoak export latest\n  \
        edgesoak export latest --as parquet --as perfetto --output exported\n\n\
        docs/export.md describes the files. No word of a prompt or an answer is in them. What the verdict says as OpenMetrics\n\
        is a report: `edgesoak report --format openmetrics`.")]
    Export(Export),
    /// List the devices of the matrix and those that are attached, their state, and what to do about it
    #[command(after_help = "Examples:\n  edgesoak devices --format json\n  \
        edgesoak devices --probe this-machine\n  edgesoak devices --adopt --into device_matrix.toml")]
    Devices {
        /// Show every telemetry channel of this device, with its quality or the reason why it cannot be read
        #[arg(long, value_name = "ID")]
        probe: Option<String>,
        /// How long `--probe` watches the channels to learn their quality, seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 5, requires = "probe",
            value_parser = clap::value_parser!(u64).range(0..=60))]
        watch: u64,
        /// Run the matrix' health check on these devices, or on all that are due, in quarantine or not, and keep what that
        /// showed
        #[arg(long, value_name = "ID", num_args = 0.., conflicts_with_all = ["probe", "adopt", "identify"])]
        check: Option<Vec<String>>,
        /// Let this device out of quarantine
        #[arg(long, value_name = "ID", conflicts_with_all = ["probe", "check", "adopt", "identify"],
            requires = "reason")]
        clear: Option<String>,
        /// Why it may be used again: what was done about it
        #[arg(long, value_name = "TEXT", requires = "clear")]
        reason: Option<String>,
        /// Print matrix entries, grouped by model, for attached devices that the matrix does not have
        #[arg(long, conflicts_with = "probe")]
        adopt: bool,
        /// Put the entries at the end of this matrix instead; nothing that stands there is changed
        #[arg(long, value_name = "FILE", requires = "adopt")]
        into: Option<PathBuf>,
        /// Switch the screen of this device on, to see which one it is; takes a serial number, too
        #[arg(long, value_name = "ID", conflicts_with_all = ["probe", "adopt"])]
        identify: Option<String>,
    },
    /// Make keys that sign golden sets and reports
    #[command(after_help = "Example:\n  edgesoak key new release-manager.key")]
    Key {
        /// What to do.
        #[command(subcommand)]
        action: KeyAction,
    },
    /// Look after the database
    #[command(after_help = "Example:\n  edgesoak store check\n  edgesoak store rebuild")]
    Store {
        /// What to do with it.
        #[command(subcommand)]
        action: StoreAction,
    },
    /// Check this host: programs, model, adb and USB, database, disk, clock
    #[command(after_help = "Example:\n  edgesoak doctor")]
    Doctor,
    /// Print shell completions
    #[command(after_help = "Example:\n  edgesoak completions bash > /etc/bash_completion.d/edgesoak")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Write the man pages into a folder
    #[command(after_help = "Example:\n  edgesoak man --dir man1")]
    Man {
        /// Where to write them
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
    },
}

/// Part of the matrix that a plan is made from.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Selection {
    /// Profile of the matrix [default: quick]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Devices to use, by id or pattern, instead of the profile's
    #[arg(long, value_name = "PATTERN", num_args = 1..)]
    pub devices: Vec<String>,
    /// Units of every virtual device: its own seed and those that follow it
    #[arg(long, value_name = "N")]
    pub replicas: Option<NonZeroU32>,
    /// Repeat each session this often, instead of as often as the profile says
    #[arg(long, value_name = "N", value_parser = repetitions())]
    pub runs: Option<NonZeroU32>,
    /// Leave out what does not fit into this time, such as `25m`, instead of the tier's: repetitions first, then rest and
    /// burst after the soak, then devices that are not required; never a part of a soak. `edgesoak plan` says what stays
    /// unproven
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub budget: Option<Duration>,
    /// Run these two candidates and no other, in turns on each device, as often as a first look of `edgesoak gate` needs
    #[arg(long, num_args = 2, value_names = ["CANDIDATE", "BASELINE"])]
    pub ab: Option<Vec<String>>,
}

impl Selection {
    /// The two candidates that are held against each other: candidate and baseline.
    pub fn pair(&self) -> Option<(&str, &str)> {
        match self.ab.as_deref() {
            Some([candidate, baseline]) => Some((candidate, baseline)),
            _ => None,
        }
    }
}

/// As many as a profile may have.
fn repetitions() -> impl TypedValueParser<Value = NonZeroU32> {
    clap::value_parser!(u32).range(1..=50).try_map(NonZeroU32::try_from)
}

/// How a run shares the lab with others, and what it keeps.
#[derive(Debug, Clone, clap::Args)]
pub struct Sharing {
    /// Wait this long for devices that another run uses, such as `90s`, `20min` or `2h`
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub wait: Option<Duration>,
    /// Sessions that go at once [default: as many as there are devices]
    #[arg(long, value_name = "N")]
    pub max_parallel: Option<NonZeroUsize>,
    /// Begin no further session once one did not complete; those that run go on to their end
    #[arg(long)]
    pub fail_fast: bool,
    /// Large files that are pushed through one USB hub at once
    #[arg(long, value_name = "N", default_value_t = edgesoak_controller::PUSHES_PER_HUB)]
    pub pushes_per_hub: NonZeroUsize,
    /// Keep the texts of answers to golden items; those of sensitive items are never kept
    #[arg(long)]
    pub store_outputs: bool,
}

/// What can be explained.
#[derive(Debug, Clone, Copy)]
pub enum Topic {
    /// A gate.
    Gate(Gate),
    /// Why a speed was lost.
    Slowdown,
}

/// Gates by name. The words are offered where one is misspelt, and by shells.
fn topics() -> impl TypedValueParser<Value = Topic> {
    let slowdown = explain_slowdown();
    let words = Gate::ALL.iter().map(|gate| PossibleValue::new(gate.word()).help(gate.meaning()));
    let words = words.chain([PossibleValue::new(slowdown.gate).help(slowdown.meaning)]);
    PossibleValuesParser::new(words).map(|word| Gate::from_word(&word).map_or(Topic::Slowdown, Topic::Gate))
}

/// Longest wait or budget: devices are nobody's for longer.
const MAX_WAIT_S: u64 = 24 * 3600;

/// Oldest verdict that may be reused.
const MAX_AGE_S: u64 = 90 * 24 * 3600;

/// A time that a person waits or plans with.
fn duration(text: &str) -> Result<Duration, String> {
    bounded(text, MAX_WAIT_S, "24 hours at most")
}

/// How old something may be.
fn age(text: &str) -> Result<Duration, String> {
    bounded(text, MAX_AGE_S, "90 days at most")
}

/// A number with its unit: `s`, `min` (or `m`), `h` or `d`.
fn bounded(text: &str, most: u64, too_long: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = match text[digits..].trim() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return Err("it needs a number and a unit, such as 90s, 20min, 2h or 7d".to_owned()),
    };
    let number: u64 =
        text[..digits].parse().map_err(|_| "it does not begin with a whole number".to_owned())?;
    let seconds = number.checked_mul(unit).filter(|seconds| *seconds <= most);
    seconds.map(Duration::from_secs).ok_or_else(|| too_long.to_owned())
}

/// A stored run.
#[derive(Debug, clap::Args)]
pub struct RunName {
    /// Run id, the start of one, or `latest`
    #[arg(value_name = "RUN", default_value = "latest")]
    pub name: String,
}

const EXIT_CODES: &str = "Exit codes:\n  \
    0  pass\n  \
    1  fail: a blocking gate failed\n  \
    2  usage or configuration error\n  \
    3  not proven, and not accepted by name in this tier\n  \
    4  infrastructure: no device, link lost, store unreadable; the only code worth a retry\n  \
    5  nothing was evaluated";

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn a_wait_has_a_unit_and_an_end() {
        let seconds = |text| duration(text).map(|wait| wait.as_secs());
        assert_eq!((seconds("90s"), seconds("20 min"), seconds("2h")), (Ok(90), Ok(1200), Ok(7200)));
        assert_eq!(seconds("25m"), Ok(1500));
        for bad in ["", "90", "min", "1.5h", "-1s", "25h", "99999999999999999999s", "2d", "1w"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
        assert_eq!(super::age("7d").map(|age| age.as_secs()), Ok(7 * 86_400));
        assert!(super::age("91d").is_err());
    }
}
