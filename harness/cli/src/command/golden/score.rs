//! `edgesoak golden score`: answers of a file against a set, its bars, a baseline and a second round.

mod words;

use std::path::Path;

use edgesoak_gates::answers::{Asked, Bars, Judged, Paired, Repeated, compare, judge, repeated};
use edgesoak_golden::{GoldenSet, MAX_ANSWER_FILE_BYTES, Split, score_file};
use edgesoak_record::answer::{ItemOutcome, ScoredAnswer};
use edgesoak_record::golden::AskedItem;
use edgesoak_record::verdict::{Outcome, Verdict};
use serde::Serialize;

use super::open;
use crate::args::{Format, Score, Shared};
use crate::bounded;
use crate::command::print_json;
use crate::failure::Failure;
use crate::terminal::{printable, say, tell};

/// What was found, for programs.
#[derive(Serialize)]
struct Scored<'a> {
    set: String,
    set_digest: Option<&'a String>,
    split: Split,
    judged: Judged,
    baseline: Option<Paired>,
    again: Option<Repeated>,
    answers: Vec<ScoredAnswer>,
}

/// Scores answers; the exit code is the verdict's.
pub fn score(shared: &Shared, asked: &Score) -> Result<u8, Failure> {
    let set = open::Place::of(shared, &asked.set).set()?;
    let split = Split::from(asked.split);
    let read = |path: &Path| of_split(&set, split, path);
    let answers = read(&asked.answers)?;
    let scored = Scored {
        set: set.manifest.reference(),
        set_digest: set.manifest.set_digest.as_ref(),
        split,
        judged: judged(&set, split, &answers),
        baseline: asked
            .baseline
            .as_deref()
            .map(read)
            .transpose()?
            .map(|baseline| compare(&outcomes(&answers), &outcomes(&baseline))),
        again: asked.again.as_deref().map(read).transpose()?.map(|again| repeated(&answers, &again)),
        answers,
    };
    let (verdict, reason) = concluded(&scored);
    match shared.format() {
        Format::Json => print_json(&scored)?,
        Format::Human => say(&printable(&words::told(&scored)))?,
    }
    tell(&format!("verdict={} exit={} reason={reason}", verdict.word(), verdict.exit_code()));
    Ok(verdict.exit_code())
}

fn outcomes(answers: &[ScoredAnswer]) -> Vec<ItemOutcome> {
    answers.iter().map(ItemOutcome::from).collect()
}

/// The scored answers to one part of the set.
fn of_split(set: &GoldenSet, split: Split, path: &Path) -> Result<Vec<ScoredAnswer>, Failure> {
    let bytes = bounded::bytes(path, MAX_ANSWER_FILE_BYTES)?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let mut answers = score_file(set, &name, &bytes).map_err(|errors| open::broken(path, &errors))?;
    answers.retain(|answer| answer.slices.get("split").map(String::as_str) == Some(split.word()));
    Ok(answers)
}

fn judged(set: &GoldenSet, split: Split, answers: &[ScoredAnswer]) -> Judged {
    let items: Vec<AskedItem> = set.items.iter().map(|item| set.asked(item)).collect();
    let gates = &set.manifest.gates;
    let bars = Bars {
        quality: gates.quality.as_ref().map(edgesoak_golden::Share::ratio),
        false_answers: gates.false_answers.as_ref().map(edgesoak_golden::Share::ratio),
    };
    judge(&Asked::of(split, &items, answers).with_bars(bars).by_slices(&set.manifest.slices))
}

/// The verdict of the bars and of the comparison: the worse of the two speaks.
fn concluded(scored: &Scored) -> (Verdict, String) {
    let of_bars = (scored.judged.verdict, scored.judged.reason.clone());
    let Some(paired) = &scored.baseline else { return of_bars };
    let verdict = match paired.outcome {
        Outcome::Pass => Verdict::Pass,
        Outcome::Fail => Verdict::Fail,
        Outcome::NotProven | Outcome::Info => Verdict::NotProven,
    };
    let severity = |verdict: Verdict| match verdict {
        Verdict::Fail => 3,
        Verdict::NotProven | Verdict::Infrastructure => 2,
        Verdict::Pass => 1,
        Verdict::Nothing => 0,
    };
    if severity(verdict) > severity(of_bars.0) {
        (verdict, paired.cause.unwrap_or("pass").to_owned())
    } else {
        of_bars
    }
}
