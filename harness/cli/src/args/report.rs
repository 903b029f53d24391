//! Arguments of `edgesoak report`.

use std::path::{Path, PathBuf};

use clap::ArgAction;

use super::sign_off::ReportAction;
use super::written::{ReportKind, Wanted};
use crate::failure::Failure;

/// What is reported, and how.
///
/// Its `--format` takes other words than that of all other commands, which is a global argument. A command's own argument
/// with the id of a global one stands in its place, and what was typed is handed up to the root: both must hold the same
/// type, a text.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Report {
    /// What else is done with a report.
    #[command(subcommand)]
    pub action: Option<ReportAction>,
    /// Run id, the start of one, or `latest` [default: latest]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// All that is stored of a release: of the baseline that was promoted under this name, else of this candidate
    #[arg(long, value_name = "NAME", conflicts_with = "run")]
    release: Option<String>,
    /// The baseline that stays, against which small steps cannot creep [default: the oldest]
    #[arg(long, value_name = "NAME", requires = "release")]
    pinned: Option<String>,
    /// One side against another: runs, RUN:CANDIDATE or baselines
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["run", "release"])]
    pub compare: Option<Vec<String>>,
    /// What is written; can be given several times [default: html]
    #[arg(id = "format", long = "format", value_name = "KIND", value_parser = ReportKind::words(),
        action = ArgAction::Append)]
    formats: Vec<String>,
    /// Where the first, the second ... of them is written, `-` for stdout [default: report.html, junit.xml, ... in the
    /// run's folder, of a release in OUT/releases/NAME, of a comparison in OUT/comparison; with `--redact`
    /// report.redacted.html ...]
    #[arg(long = "output", value_name = "FILE", action = ArgAction::Append)]
    places: Vec<PathBuf>,
    /// Take names out, so that it can be forwarded: devices, serial numbers, hosts, paths, people and tickets get pseudonyms
    #[arg(long, conflicts_with = "site")]
    pub redact: bool,
    /// Open the page in this desktop's browser
    #[arg(long)]
    pub open: bool,
    /// Bring a folder of pages up to date: every run, device, candidate and release, to be read from a file share
    #[arg(long, value_name = "DIR", conflicts_with_all = ["run", "compare", "format", "places", "open"])]
    pub site: Option<PathBuf>,
}

/// What a report is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// A stored run.
    Run(&'a str),
    /// All that is stored of a release, and the baseline that stays.
    Release(&'a str, Option<&'a str>),
    /// Two sides of a comparison: the one that is judged, and what it is held against.
    Compare(&'a str, &'a str),
    /// Everything that is stored, as pages in a folder.
    Site(&'a Path),
}

impl Report {
    /// What it is of.
    pub fn subject(&self) -> Subject<'_> {
        match (&self.release, self.compare.as_deref(), self.site.as_deref()) {
            (Some(release), ..) => Subject::Release(release, self.pinned.as_deref()),
            (_, Some([one, other]), _) => Subject::Compare(one, other),
            (.., Some(dir)) => Subject::Site(dir),
            _ => Subject::Run(self.run.as_deref().unwrap_or("latest")),
        }
    }

    /// What is written where: a page, where nothing else is asked for.
    pub fn wanted(&self) -> Result<Vec<Wanted>, Failure> {
        // A global `--format human` in front of the command's name arrives here, too: it asks for no report of its own.
        let mut kinds: Vec<ReportKind> =
            self.formats.iter().filter_map(|word| ReportKind::of_word(word)).collect();
        if kinds.is_empty() {
            kinds.push(ReportKind::Html);
        }
        if self.places.len() > kinds.len() {
            return Err(Failure::config("there are more `--output` than `--format`")
                .hint("each `--output` is the place of the `--format` with the same number")
                .reason("usage"));
        }
        let mut places = self.places.iter().cloned();
        Ok(kinds.into_iter().map(|kind| Wanted { kind, place: places.next() }).collect())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Arguments, Command, Format};

    fn typed(line: &str) -> Arguments {
        Arguments::parse_from(line.split(' '))
    }

    fn report(line: &str) -> Report {
        match typed(line).command {
            Command::Report(report) => report,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_report_has_words_of_its_own_for_formats() {
        let kinds = |line: &str| -> Vec<ReportKind> {
            let wanted = report(line).wanted().unwrap_or_else(|failure| panic!("{}", failure.render()));
            wanted.into_iter().map(|wanted| wanted.kind).collect()
        };
        assert_eq!(kinds("edgesoak report latest --format md"), [ReportKind::Md]);
        assert_eq!(
            kinds("edgesoak report --format junit --format json"),
            [ReportKind::Junit, ReportKind::Json]
        );
        assert_eq!(kinds("edgesoak report"), [ReportKind::Html]);
        assert_eq!(kinds("edgesoak --format json report"), [ReportKind::Json]);
        assert_eq!(kinds("edgesoak --format human report"), [ReportKind::Html]);
        assert!(Arguments::try_parse_from(["edgesoak", "report", "--format", "human"]).is_err());
    }

    #[test]
    fn every_other_command_keeps_its_two() {
        assert_eq!(typed("edgesoak doctor").shared.format(), Format::Human);
        assert_eq!(typed("edgesoak doctor --format json").shared.format(), Format::Json);
        assert_eq!(typed("edgesoak --format json doctor").shared.format(), Format::Json);
        assert!(Arguments::try_parse_from(["edgesoak", "doctor", "--format", "md"]).is_err());
        // A word that only a report knows asks for nothing on stdout.
        assert_eq!(typed("edgesoak report --format md").shared.format(), Format::Human);
    }

    #[test]
    fn one_thing_is_reported_at_a_time() {
        assert_eq!(report("edgesoak report").subject(), Subject::Run("latest"));
        assert_eq!(report("edgesoak report --compare a:x b").subject(), Subject::Compare("a:x", "b"));
        assert_eq!(report("edgesoak report --release 1.4").subject(), Subject::Release("1.4", None));
        let pinned = report("edgesoak report --release 1.4 --pinned 1.0");
        assert_eq!(pinned.subject(), Subject::Release("1.4", Some("1.0")));
        for both in ["r1 --compare a b", "r1 --release 1.4", "--release 1.4 --compare a b", "--pinned 1.0"] {
            let line = format!("edgesoak report {both}");
            assert!(Arguments::try_parse_from(line.split(' ')).is_err(), "{both}");
        }
        assert_eq!(report("edgesoak report --site d").subject(), Subject::Site(Path::new("d")));
        assert!(Arguments::try_parse_from("edgesoak report r1 --site d".split(' ')).is_err());
        assert!(Arguments::try_parse_from("edgesoak report --site d --format md".split(' ')).is_err());
    }

    #[test]
    fn places_belong_to_formats_in_their_order() {
        let wanted = report("edgesoak report --format junit --output a.xml --format md").wanted();
        let wanted = wanted.unwrap_or_else(|failure| panic!("{}", failure.render()));
        assert_eq!(wanted[0], Wanted { kind: ReportKind::Junit, place: Some("a.xml".into()) });
        assert_eq!(wanted[1], Wanted { kind: ReportKind::Md, place: None });
        assert!(report("edgesoak report --output a --output b").wanted().is_err());
    }
}
