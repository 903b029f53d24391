//! `edgesoak plan`: what a run would do, before hours are burnt.

use std::fmt::Write as _;

use edgesoak_matrix::{Matrix, MatrixErrors, Request};
use edgesoak_record::{Lab, Plan};

use crate::args::{Format, Selection, Shared};
use crate::command::print_json;
use crate::failure::Failure;
use crate::sentences::span;
use crate::terminal::say;

/// Prints the JSON schema of the matrix.
pub fn print_schema() -> Result<u8, Failure> {
    print_json(&edgesoak_matrix::schema())?;
    Ok(0)
}

/// Prints the plan.
pub fn print(shared: &Shared, selection: &Selection) -> Result<u8, Failure> {
    let plan = make(shared, selection)?;
    match shared.format {
        Format::Json => print_json(&plan)?,
        Format::Human => say(&render(&plan))?,
    }
    Ok(0)
}

/// Reads the matrix.
pub fn matrix(shared: &Shared) -> Result<Matrix, Failure> {
    edgesoak_matrix::load(&shared.matrix).map_err(diagnosed)
}

/// Makes the plan that the arguments ask for.
pub fn make(shared: &Shared, selection: &Selection) -> Result<Plan, Failure> {
    let request = Request {
        profile: selection.profile.as_deref(),
        devices: &selection.devices,
        lab: shared.lab.as_deref(),
        replicas: selection.replicas,
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

fn diagnosed(errors: MatrixErrors) -> Failure {
    Failure::diagnosed(&miette::Report::new(errors))
}

fn render(plan: &Plan) -> String {
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
            "  {}  {}{} ({}) | {} | {} in {} | soak {}",
            session.session,
            session.device.id,
            if session.device.is_virtual { " (virtual)" } else { "" },
            session.device.family,
            session.route.id,
            session.candidate.id,
            session.candidate.runtime,
            span(session.workload.duration.as_secs_f64()),
        );
    }
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
