//! `edgesoak plan`: what a run would do, before hours are burnt.

mod memory;

use std::fmt::Write as _;

use edgesoak_gates::regression;
use edgesoak_matrix::{Matrix, MatrixErrors, Pair, Request};
use edgesoak_record::host_entry::{BetweenRunSigma, History};
use edgesoak_record::plan::{ChargeWindow, PlannedSession};
use edgesoak_record::{Lab, Plan, Policy};
use edgesoak_store::ChargeTaken;

use crate::args::{Format, Selection, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::places::Places;
use crate::sentences::{not_run, span};
use crate::stored;
use crate::terminal::say;

/// Prints the JSON schema of the matrix.
pub fn print_schema() -> Result<u8, Failure> {
    print_json(&edgesoak_matrix::schema())?;
    Ok(0)
}

/// Prints the plan.
pub fn print(shared: &Shared, selection: &Selection) -> Result<u8, Failure> {
    let plan = make(shared, selection)?;
    match shared.format() {
        Format::Json => print_json(&plan)?,
        Format::Human => {
            let text = render(&plan, &charges(shared, &plan)?);
            let shows = selection.pair().map(|pair| detectable(shared, &plan, pair)).transpose()?;
            say(&(text + &shows.unwrap_or_default()))?;
        }
    }
    Ok(0)
}

/// Reads the matrix.
pub fn matrix(shared: &Shared) -> Result<Matrix, Failure> {
    edgesoak_matrix::load(&shared.matrix).map_err(diagnosed)
}

/// Makes the plan that the arguments ask for.
pub fn make(shared: &Shared, selection: &Selection) -> Result<Plan, Failure> {
    let places = Places::find().ok();
    let request = Request {
        profile: selection.profile.as_deref(),
        devices: &selection.devices,
        lab: shared.lab.as_deref(),
        replicas: selection.replicas,
        runs: selection.runs,
        pair: selection.pair().map(|(candidate, baseline)| Pair { candidate, baseline }),
        budget: selection.budget,
        cache: places.as_ref().map(|places| places.cache.as_path()),
    };
    matrix(shared)?.plan(&request).map_err(diagnosed)
}

/// Reads the lab's own file, if there is one.
pub fn lab(shared: &Shared) -> Result<Lab, Failure> {
    shared
        .lab
        .as_deref()
        .map_or_else(|| Ok(Lab::default()), |path| edgesoak_matrix::load_lab(path).map_err(diagnosed))
}

/// What is wrong with a matrix, with its lines.
pub fn diagnosed(errors: MatrixErrors) -> Failure {
    Failure::diagnosed(&miette::Report::new(errors))
}

/// How many sessions a charge lasts for, a line per job that has a charge window.
fn charges(shared: &Shared, plan: &Plan) -> Result<Vec<String>, Failure> {
    let windowed = plan.sessions.iter().filter(|session| session.repeat == 1);
    let windowed: Vec<_> =
        windowed.filter_map(|session| Some((session, session.device.beside.charge_window?))).collect();
    let has_history = shared.database().exists() && !windowed.is_empty();
    let store = has_history.then(|| stored::open_for_reading(shared)).transpose()?;
    let line = |(session, window): &(&PlannedSession, ChargeWindow)| {
        let taken = store.as_ref().map(|store| store.charge_taken(session)).transpose();
        let taken = taken.map_err(|error| stored::unreadable(shared, &error))?.flatten();
        let job = format!("{}  starts at {window} of charge", session.session);
        Ok(format!("{job}; {}", runs_per_charge(*window, taken.as_ref())))
    };
    windowed.iter().map(line).collect()
}

fn runs_per_charge(window: ChargeWindow, taken: Option<&ChargeTaken>) -> String {
    let width = window.high - window.low;
    match taken {
        None => "runs per charge: unknown, as no earlier run of it tells".to_owned(),
        // Most devices tell their charge in whole per cent.
        Some(taken) if taken.percent < 1.0 => {
            format!("runs per charge: {width:.0} or more, as run {} took less than 1 %", taken.run)
        }
        Some(taken) => {
            let runs = (width / taken.percent).floor();
            format!("runs per charge: {runs:.0}, as run {} took {:.0} %", taken.run, taken.percent)
        }
    }
}

/// What a comparison on each device can show at each look, before any hour is burnt.
fn detectable(shared: &Shared, plan: &Plan, pair: (&str, &str)) -> Result<String, Failure> {
    let store = shared.database().exists().then(|| stored::open_for_reading(shared)).transpose()?;
    let history = store.map(|store| store.history(plan, &[])).transpose();
    let history = history.map_err(|error| stored::unreadable(shared, &error))?.unwrap_or_default();
    let mut devices: Vec<&str> = plan.sessions.iter().map(|session| session.device.id.as_str()).collect();
    devices.dedup();
    let Policy { regression_margin: margin, regression_runs, .. } = &plan.policy;
    let mut text = format!("\nWhat these runs can show (up to {:.1} % may be lost)\n", margin * 100.0);
    for device in devices {
        for look in regression::detectable(spread(&history, device, pair), *margin, &regression_runs.looks)
            .unwrap_or_default()
        {
            let origin = if look.is_prior { "assumed, as history knows none" } else { "from history" };
            let _ = writeln!(
                text,
                "  {device}  {} runs of either side: passes from {} on, fails from {} on, four times in five (spread {:.1} %, {origin})",
                look.runs,
                percent(look.passes_from),
                percent(look.fails_from),
                look.sigma * 100.0
            );
        }
    }
    Ok(text)
}

/// What is known of a device's spread: that of either candidate, whichever more runs tell, as the comparison takes it.
fn spread<'a>(history: &'a History, device: &str, pair: (&str, &str)) -> Option<&'a BetweenRunSigma> {
    let fits = |known: &&BetweenRunSigma| {
        known.device == device && [pair.0, pair.1].contains(&known.candidate.as_str())
    };
    history.between_run_sigma.iter().filter(fits).max_by_key(|known| known.runs)
}

fn percent(part: f64) -> String {
    format!("{:+.1} %", part * 100.0)
}

fn render(plan: &Plan, charges: &[String]) -> String {
    let mut text = format!(
        "Plan {}: profile {}, tier {}, {} session{}, about {}\n\n",
        plan.id,
        plan.profile,
        plan.policy.tier,
        plan.sessions.len(),
        if plan.sessions.len() == 1 { "" } else { "s" },
        span(plan.expected_s),
    );
    for session in &plan.sessions {
        let _ = writeln!(
            text,
            "  {}  {}{} ({}) | {} | {} in {} | soak {}{}",
            session.session,
            session.device.id,
            if session.device.is_virtual { " (virtual)" } else { "" },
            session.device.family,
            session.route.id,
            session.candidate.id,
            session.candidate.runtime,
            span(session.workload.duration.as_secs_f64()),
            asked(session),
        );
    }
    if let Some(cut) = &plan.cut {
        let (budget, whole) = (span(cut.budget_s), span(cut.whole_s));
        let _ = writeln!(
            text,
            "\nLeft out to fit into {budget}, as all of it takes about {whole}: this stays unproven"
        );
        text.push_str(&not_run(&cut.not_run));
    }
    if !charges.is_empty() {
        text.push_str("\nCharge\n");
    }
    for charge in charges {
        let _ = writeln!(text, "  {charge}");
    }
    text.push_str(&memory::section(plan));
    let key_width = plan.settings.iter().map(|setting| setting.key.chars().count()).max().unwrap_or(0);
    let value_width =
        plan.settings.iter().map(|setting| setting.value.chars().count()).max().unwrap_or(0).min(48);
    text.push_str("\nSettings\n");
    for setting in &plan.settings {
        let _ = writeln!(
            text,
            "  {:key_width$}  {:value_width$}  {}",
            setting.key, setting.value, setting.origin
        );
    }
    text
}

/// The golden items of a session, in words; nothing where none are asked.
fn asked(session: &PlannedSession) -> String {
    let Some(golden) = &session.golden else { return String::new() };
    let answers = golden.answers.map(|answers| format!(", {answers} answers")).unwrap_or_default();
    format!(" | {} of {}{answers}", golden.round.word(), golden.set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_candidate_borrows_the_spread_of_the_one_it_is_held_against() {
        let known = |candidate: &str, runs| BetweenRunSigma {
            device: "d".to_owned(),
            candidate: candidate.to_owned(),
            sigma: 0.01,
            runs,
            days: 3,
        };
        let history =
            History { between_run_sigma: vec![known("other", 40), known("old", 9)], ..History::default() };
        assert_eq!(spread(&history, "d", ("new", "old")).map(|known| known.runs), Some(9));
        assert_eq!(spread(&history, "e", ("new", "old")), None);
    }

    #[test]
    fn runs_per_charge_are_told_only_from_an_earlier_run() {
        let window = ChargeWindow { low: 50.0, high: 90.0 };
        let said = |percent| runs_per_charge(window, Some(&ChargeTaken { run: "r".to_owned(), percent }));
        assert_eq!(said(6.0), "runs per charge: 6, as run r took 6 %");
        assert_eq!(said(40.0), "runs per charge: 1, as run r took 40 %");
        assert_eq!(said(41.0), "runs per charge: 0, as run r took 41 %");
        assert_eq!(said(0.0), "runs per charge: 40 or more, as run r took less than 1 %");
        assert!(runs_per_charge(window, None).contains("no earlier run"));
    }
}
