//! What is written for people and for machines that build.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, ValueEnum};

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportKind {
    /// One self-contained page
    Html,
    /// Markdown, for the summary of a job or a comment on a change
    Md,
    /// One JSON document with every verdict and figure
    Json,
    /// JUnit XML: a suite per device, route and candidate, a case per gate
    Junit,
    /// OpenMetrics text, for metrics reports of GitLab and for Prometheus
    Openmetrics,
    /// Workflow commands of GitHub: what did not pass, beside the change
    Annotations,
    /// Bencher Metric Format, JSON
    Bencher,
    /// Benchmark entries, JSON: figures of which more is better
    Bigger,
    /// Benchmark entries, JSON: figures of which less is better
    Smaller,
}

impl ReportKind {
    /// The kind of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::from_str(word, false).ok()
    }

    /// The words, for an argument that takes one. It stays a text: see [`super::Report`].
    pub fn words() -> PossibleValuesParser {
        let kinds = Self::value_variants().iter();
        PossibleValuesParser::new(kinds.filter_map(ValueEnum::to_possible_value))
    }
}

/// A report that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// As what.
    pub kind: ReportKind,
    /// Where: `-` is stdout; `None` is a name of the kind's own in the folder of what is told.
    pub place: Option<PathBuf>,
}

/// What is written beside a verdict.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Outputs {
    /// Write what `edgesoak report --format KIND` writes, too, where FILE says (`-` for stdout); can be given several times.
    /// A FILE of `junit` holds one error until there is a verdict
    #[arg(long = "report", value_name = "KIND[=FILE]", value_parser = wanted(), action = ArgAction::Append)]
    pub reports: Vec<Wanted>,
    /// Part of a command that speaks for itself: nothing on stdout.
    #[arg(skip)]
    pub is_part: bool,
}

/// `junit`, or `junit=FILE`.
fn wanted() -> impl TypedValueParser<Value = Wanted> {
    clap::builder::NonEmptyStringValueParser::new().try_map(|text| {
        let (word, place) =
            text.split_once('=').map_or((text.as_str(), None), |(word, place)| (word, Some(place)));
        match (ReportKind::of_word(word), place) {
            (None, _) => Err(format!("`{word}` is none of {}", known_words())),
            (_, Some("")) => Err("a file name is missing behind `=`".to_owned()),
            (Some(kind), place) => Ok(Wanted { kind, place: place.map(PathBuf::from) }),
        }
    })
}

fn known_words() -> String {
    let values = ReportKind::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    values.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Asked {
        #[command(flatten)]
        outputs: Outputs,
    }

    fn asked(word: &str) -> Result<Wanted, String> {
        let asked = Asked::try_parse_from(["run", "--report", word]).map_err(|error| error.to_string())?;
        asked.outputs.reports.into_iter().next().ok_or_else(|| "nothing was read".to_owned())
    }

    #[test]
    fn a_kind_stands_before_its_place() {
        let wanted = |kind, place: Option<&str>| Ok(Wanted { kind, place: place.map(PathBuf::from) });
        assert_eq!(asked("junit"), wanted(ReportKind::Junit, None));
        assert_eq!(asked("md=-"), wanted(ReportKind::Md, Some("-")));
        assert_eq!(asked("html=a=b.html"), wanted(ReportKind::Html, Some("a=b.html")));
        assert!(asked("junit=").is_err_and(|why| why.contains("a file name is missing")));
        assert!(asked("pdf=x").is_err_and(|why| why.contains("`pdf` is none of html, md, json, junit")));
    }
}
