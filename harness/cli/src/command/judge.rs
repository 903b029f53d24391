//! `edgesoak judge`: stored data again, offline. By what was stored with them the same data give the same bytes, and
//! nothing is written; what is named instead is said, and noted in the run's journal.

use edgesoak_record::policy::PolicySource;
use edgesoak_record::{Run, RunVerdict};
use edgesoak_store::Store;
use serde::Serialize;

use crate::args::{Format, JudgedBy, Shared};
use crate::command::named_policy::NamedPolicy;
use crate::command::print_json;
use crate::failure::Failure;
use crate::sentences;
use crate::stored::{self, JudgedRun};
use crate::terminal::{printable, say, tell};

/// What a run was judged by that is not stored with it.
#[derive(Debug, Default, Serialize)]
struct Instead {
    /// Where the policy was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicySource>,
    /// Routes that its matrix does not have: they were held to the bars that were planned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes_as_planned: Vec<String>,
    /// The spread between runs is that of what is stored by now.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    history_refreshed: bool,
}

impl Instead {
    fn words(&self) -> Vec<String> {
        let policy = self.policy.as_ref().map(|policy| format!("judged by the policy of {}", policy.title()));
        let routes = self.routes_as_planned.join(", ");
        let routes = (!routes.is_empty()).then(|| format!("held to the bars that were planned: {routes}"));
        let history =
            self.history_refreshed.then(|| "with the spread between runs that is stored by now".to_owned());
        [policy, routes, history].into_iter().flatten().collect()
    }
}

/// A verdict with what it was reached by.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    instead: &'a Instead,
    #[serde(flatten)]
    verdict: &'a RunVerdict,
}

/// Judges a stored run; the exit code is the verdict's.
pub fn judge(shared: &Shared, name: &str, by: &JudgedBy, refresh_history: bool) -> Result<u8, Failure> {
    let (store, id) = stored::find(shared, name)?;
    let outline = store.load_outline(&id).map_err(|error| stored::unreadable(shared, &error))?;
    let named = NamedPolicy::read(shared, by, &outline.plan.policy.tier)?;
    let is_over = outline.closed;
    let (changed, instead) = changed(shared, &store, outline, named, refresh_history)?;
    let JudgedRun { verdict, .. } =
        stored::judge_as(&store, changed).map_err(|error| stored::unreadable(shared, &error))?;
    let words = instead.words();
    // A run that is not over writes its journal itself.
    if is_over && !words.is_empty() {
        note(shared, &id, &words.join(", "), &verdict)?;
    }
    match shared.format() {
        Format::Json => print_json(&Document { instead: &instead, verdict: &verdict })?,
        Format::Human => {
            let words = if words.is_empty() { String::new() } else { format!("  {}\n", words.join("\n  ")) };
            say(&(printable(&words) + &sentences::verdict(&verdict)))?;
        }
    }
    tell(&sentences::last_line(&verdict));
    Ok(verdict.exit)
}

/// The run under what was named, and what that was.
fn changed(
    shared: &Shared,
    store: &Store,
    mut run: Run,
    named: Option<NamedPolicy>,
    refresh_history: bool,
) -> Result<(Run, Instead), Failure> {
    let mut instead = Instead { history_refreshed: refresh_history, ..Instead::default() };
    let (own, failed) = ([run.id.clone()], |error| stored::unreadable(shared, &error));
    if let Some(NamedPolicy { matrix, source, .. }) = named {
        instead.routes_as_planned = matrix.judge_by(&mut run.plan, &source.tier);
        instead.policy = Some(source);
        stored::recount_waivers(store, &mut run).map_err(failed)?;
    }
    if refresh_history {
        run.history.between_run_sigma = store.history(&run.plan, &own).map_err(failed)?.between_run_sigma;
    }
    Ok((run, instead))
}

/// Keeps beside the journals that the run was judged by something else, and what came of it.
fn note(shared: &Shared, id: &str, words: &str, verdict: &RunVerdict) -> Result<(), Failure> {
    let dir = shared.out.join("runs").join(id);
    let text = format!("{words}: {}", sentences::last_line(verdict));
    edgesoak_controller::record_note(&dir, "judged-again", &text).map_err(|error| {
        Failure::infrastructure("cannot note beside the journals by what the run was judged")
            .because(&error)
            .hint("name the folder of the run with --out")
    })?;
    let mut store = stored::open_for_writing(shared)?;
    store.ingest_run(&dir).map_err(|error| stored::unreadable(shared, &error))?;
    Ok(())
}
