//! What a selection comes to: route by route, and as a whole.

use edgesoak_record::policy::PolicySource;
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::{Outcome, Verdict};
use edgesoak_record::{Policy, Tried};
use serde::Serialize;

use super::approval::ExportHeld;
use super::choice::{Choice, Considered, Miss, Standing, Wanted, select};
use super::measured::{Field, Measured};
use super::next;

/// Which candidate each route gets; `edgesoak select` prints it as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Selection {
    /// `Pass` where every route has a candidate.
    pub verdict: Verdict,
    /// Exit code that goes with it.
    pub exit: u8,
    /// A stable word for the cause.
    pub reason: String,
    /// The cause in one sentence of plain English.
    pub sentence: String,
    /// The tier whose policy it was judged by.
    pub tier: String,
    /// Where that policy was read, if it is not that of the newest run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicySource>,
    /// One per route.
    pub routes: Vec<RouteChoice>,
    /// Sessions that it rests on.
    pub rests_on: Vec<SessionUsed>,
    /// Sessions of what a candidate was before its artifact or its settings changed: they count for nothing.
    pub outdated: Vec<SessionUsed>,
    /// What to do next, one sentence each.
    pub next_actions: Vec<String>,
}

/// What a route gets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RouteChoice {
    /// `Pass` where a candidate was shown to clear it.
    pub verdict: Verdict,
    /// A stable word for the cause.
    pub reason: String,
    /// The cause in one sentence.
    pub sentence: String,
    /// The candidate that clears it.
    pub chosen: Option<String>,
    /// Only simulated devices were measured: they prove nothing about hardware.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// Families on which every bar must be cleared.
    pub families: Vec<String>,
    /// Its candidates.
    #[serde(flatten)]
    pub choice: Choice,
    /// Exports among them, family by family.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exports: Vec<ExportHeld>,
}

/// A session by what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionUsed {
    /// Run id.
    pub run: String,
    /// Session within the run.
    pub session: String,
    /// When the run was opened, since the Unix epoch.
    pub opened: Nanos,
    /// Device id.
    pub device: String,
    /// Simulated device.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// Measured by another program.
    #[serde(rename = "imported")]
    pub is_imported: bool,
    /// Family id.
    pub family: String,
    /// Route id.
    pub route: String,
    /// Candidate id.
    pub candidate: String,
    /// SHA-256 of its artifact.
    pub artifact_sha256: String,
}

impl SessionUsed {
    fn of(session: &Measured<'_>) -> Self {
        Self {
            run: session.run.id.clone(),
            session: session.verdict.session.clone(),
            opened: session.run.opened,
            device: session.verdict.device.clone(),
            is_virtual: session.verdict.is_virtual,
            is_imported: session.verdict.is_imported,
            family: session.family().to_owned(),
            route: session.route().to_owned(),
            candidate: session.candidate().id.clone(),
            artifact_sha256: session.candidate().sha256.clone(),
        }
    }
}

/// Gives each of these routes, or each that was measured where none is asked for, the smallest candidate that clears it by
/// this policy. Where routes were `tried` is owed too: what came of a session decides nothing about who must be shown there.
#[must_use]
pub fn conclude(
    policy: &Policy,
    source: Option<PolicySource>,
    asked: &[String],
    (measured, tried): (&[Measured<'_>], &[Tried]),
) -> Selection {
    let field = Field::of(measured, tried);
    let routes = if asked.is_empty() { field.routes() } else { asked.to_vec() };
    let wanted: Vec<Wanted> = routes.iter().map(|route| field.wanted(route, policy)).collect();
    let exports: Vec<ExportHeld> = wanted.iter().flat_map(|wanted| field.exports(wanted, policy)).collect();
    let choices = select(&field.offers(), &wanted, &field.trials(), &exports);
    let choices = choices.into_iter().zip(&wanted).map(|(choice, wanted)| {
        let of_route = exports.iter().filter(|export| export.route == wanted.route).cloned();
        RouteChoice::of(choice, wanted, of_route.collect())
    });
    let routes: Vec<RouteChoice> = choices.collect();
    let (verdict, reason, sentence) = overall(&routes);
    Selection {
        verdict,
        exit: verdict.exit_code(),
        reason,
        sentence,
        tier: policy.tier.clone(),
        policy: source,
        next_actions: next::actions(&routes, &field),
        routes,
        rests_on: field.counted.iter().map(SessionUsed::of).collect(),
        outdated: field.outdated.iter().map(SessionUsed::of).collect(),
    }
}

impl RouteChoice {
    fn of(choice: Choice, wanted: &Wanted, exports: Vec<ExportHeld>) -> Self {
        let chosen = choice.chosen().map(str::to_owned);
        let is_virtual = !wanted.on_hardware && !choice.considered.is_empty();
        let families: Vec<String> = wanted.families.iter().map(|family| family.family.clone()).collect();
        let (verdict, reason, sentence) = match &chosen {
            Some(chosen) => won(chosen, &choice, &families, is_virtual),
            None => lost(&choice),
        };
        Self { verdict, reason, sentence, chosen, is_virtual, families, choice, exports }
    }
}

type Conclusion = (Verdict, String, String);

fn won(chosen: &str, choice: &Choice, families: &[String], is_virtual: bool) -> Conclusion {
    let count = choice.considered.len();
    let families = families.join(", ");
    let head = match count {
        1 => format!("`{chosen}` clears every bar on {families}"),
        _ => format!("`{chosen}` is the smallest of {count} candidates that clears every bar on {families}"),
    };
    if is_virtual {
        let sentence = format!("{head}, on simulated devices alone, which prove nothing about hardware.");
        return (Verdict::NotProven, "virtual_only".to_owned(), sentence);
    }
    (Verdict::Pass, "pass".to_owned(), format!("{head}."))
}

/// Why nobody has a route: a candidate that failed nowhere might still be shown to clear it.
fn lost(choice: &Choice) -> Conclusion {
    let unproven =
        choice.considered.iter().find(|one| worst(one).is_some_and(|miss| miss.outcome != Outcome::Fail));
    let speaking = unproven.or_else(|| choice.considered.first());
    let Some((one, miss)) = speaking.and_then(|one| Some((one, worst(one)?))) else {
        let sentence = format!("No session of route `{}` tells anything.", choice.route);
        return (Verdict::Nothing, "not_measured".to_owned(), sentence);
    };
    let (verdict, head) = match miss.outcome {
        Outcome::Fail => (Verdict::Fail, "Nobody clears every bar"),
        _ => (Verdict::NotProven, "Nobody was shown to clear every bar"),
    };
    let place = if miss.family.is_empty() { String::new() } else { format!(" on {}", miss.family) };
    let sentence = format!("{head}: `{}`{place}: {}.", one.offer.candidate, miss.why);
    (verdict, miss.cause.clone(), sentence)
}

/// What keeps a candidate back most: a bar that it misses, else the first thing that was not shown.
fn worst(considered: &Considered) -> Option<&Miss> {
    let Standing::Misses(misses) = &considered.standing else { return None };
    misses.iter().min_by_key(|miss| miss.outcome != Outcome::Fail)
}

/// The route that speaks for all: a failure, then what was not proven or not measured at all, then a pass.
fn overall(routes: &[RouteChoice]) -> Conclusion {
    let first = |wanted: &[Verdict]| routes.iter().find(|route| wanted.contains(&route.verdict));
    let nothing_at_all = routes.iter().all(|route| route.verdict == Verdict::Nothing);
    let have = routes.iter().filter(|route| route.verdict == Verdict::Pass).count();
    let words = |route: &RouteChoice| match routes.len() {
        1 => route.sentence.clone(),
        all => format!("{have} of {all} routes have a candidate. {}: {}", route.choice.route, route.sentence),
    };
    if nothing_at_all {
        let sentence = "No session that was measured tells anything about a route.".to_owned();
        return (Verdict::Nothing, "not_measured".to_owned(), sentence);
    }
    if let Some(route) = first(&[Verdict::Fail]) {
        return (Verdict::Fail, route.reason.clone(), words(route));
    }
    if let Some(route) = first(&[Verdict::NotProven, Verdict::Nothing]) {
        return (Verdict::NotProven, route.reason.clone(), words(route));
    }
    let sentence = match routes {
        [one] => one.sentence.clone(),
        _ => format!("Every one of {} routes has a candidate.", routes.len()),
    };
    (Verdict::Pass, "pass".to_owned(), sentence)
}
