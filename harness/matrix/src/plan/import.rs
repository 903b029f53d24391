//! What holds for sessions that another program measured: device, route, bars and policy, as if they had been planned.

use edgesoak_record::canonical;
use edgesoak_record::nearest::{nearest, suggest};
use edgesoak_record::plan::{Beside, Candidate, Device, Route, StopAt, Workload};
use edgesoak_record::units::Millis;
use edgesoak_record::{Plan, PlannedSession};

use crate::effective::{fill, lay};
use crate::language;
use crate::matrix::Matrix;
use crate::node::Table;
use crate::plan::device::whole;
use crate::plan::{Identity, bars, device, policy, request, settings, workload};
use crate::problem::{Problem, quote};
use crate::report::{MatrixErrors, Report};

/// Family of a device that the matrix does not have, where none is named.
const UNLISTED: &str = "unlisted";
/// Route of a session where none is named and the matrix has several.
const NO_ROUTE: &str = "imported";
/// Profile of an imported plan: nothing was run for it.
const PROFILE: &str = "import";

/// Whose sessions are imported.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportRequest<'a> {
    /// Device by its id; it need not be in the matrix.
    pub device: &'a str,
    /// Family of a device that is not in the matrix.
    pub family: Option<&'a str>,
    /// Route whose bars hold; `None` takes the only one, or no bars where there are several.
    pub route: Option<&'a str>,
    /// Profile whose tier and start conditions hold; `None` takes `quick`, or the only one.
    pub profile: Option<&'a str>,
}

/// What holds for imported sessions.
#[derive(Debug)]
pub struct ImportTarget<'m> {
    matrix: &'m Matrix,
    profile: Table,
    device: Device,
    route: Route,
    /// Length of the soak that the route asks for.
    pub asked: Option<Millis>,
    /// Why the device has no family of the matrix, with what was probably meant.
    pub remark: Option<String>,
}

impl Matrix {
    /// Resolves whose sessions are imported and what holds for them. Nothing is run: a device that no driver reaches will
    /// do, and so does one that the matrix does not have.
    ///
    /// # Errors
    /// An unknown route, family or profile, and a family that contradicts the matrix.
    pub fn import_target(&self, wanted: &ImportRequest<'_>) -> Result<ImportTarget<'_>, MatrixErrors> {
        let mut reports = Vec::new();
        let profile = request::profile(self, wanted.profile, &mut reports).map(|(_, profile)| profile);
        let device = self.imported_device(wanted, profile.as_ref(), &mut reports);
        let route = self.imported_route(wanted.route, &mut reports);
        match (profile, device, route) {
            (Some(profile), Some((device, remark)), Some((id, route))) if reports.is_empty() => {
                let asked = route.as_ref().and_then(|route| self.asked(route, &profile));
                let route = imported_route(id, route.as_ref(), &device.family);
                Ok(ImportTarget { matrix: self, profile, device, route, asked, remark })
            }
            _ => Err(MatrixErrors::new(self.path.to_string_lossy().into_owned(), reports, &self.sources)),
        }
    }

    fn imported_device(
        &self,
        wanted: &ImportRequest<'_>,
        profile: Option<&Table>,
        reports: &mut Vec<Report>,
    ) -> Option<(Device, Option<String>)> {
        let devices = self.effective_devices();
        let known = devices.iter().find(|device| device.text("id") == Some(wanted.device));
        let family =
            |id: &str| Some(fill(&language::family::section(), self.root.table("family")?.table(id)?));
        if let Some(known) = known {
            let id = known.text("family")?;
            if wanted.family.is_some_and(|wanted| wanted != id) {
                let complaint =
                    format!("device {} belongs to family `{id}` in the matrix", quote(wanted.device));
                reports.push(Report::at(Problem::Contradiction { complaint }, known.at, "this device"));
                return None;
            }
            return Some((device::of(known, &family(id)?, profile?)?, None));
        }
        if let Some(id) = wanted.family {
            let Some(family) = family(id) else {
                let known = self.families().iter().map(|family| family.id.as_str());
                let problem =
                    Problem::UnknownReference { kind: "family", id: quote(id).trim_matches('`').to_owned() };
                reports.push(Report::nowhere(problem).help(suggest(id, known)));
                return None;
            };
            return Some((unlisted(wanted.device, id, Some(&family)), None));
        }
        let near = nearest(wanted.device, devices.iter().filter_map(|device| device.text("id")));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let remark =
            format!("{} is not in the matrix, and belongs to no family of it{near}", quote(wanted.device));
        Some((unlisted(wanted.device, UNLISTED, None), Some(remark)))
    }

    /// The route of this name, or the only one; with its id alone where there are several and none was named.
    fn imported_route(
        &self,
        wanted: Option<&str>,
        reports: &mut Vec<Report>,
    ) -> Option<(String, Option<Table>)> {
        let routes: Vec<(&str, &Table)> = self.root.children("route").collect();
        let filled =
            |(id, route): (&str, &Table)| (id.to_owned(), Some(fill(&language::route::section(), route)));
        match (wanted, routes.as_slice()) {
            (None, [only]) => Some(filled(*only)),
            (None, _) => Some((NO_ROUTE.to_owned(), None)),
            (Some(id), routes) => {
                let found = routes.iter().find(|(known, _)| *known == id).map(|route| filled(*route));
                if found.is_none() {
                    let problem = Problem::UnknownReference {
                        kind: "route",
                        id: quote(id).trim_matches('`').to_owned(),
                    };
                    reports.push(
                        Report::nowhere(problem).help(suggest(id, routes.iter().map(|(known, _)| *known))),
                    );
                }
                found
            }
        }
    }

    /// Length of the soak of a route, with the profile's override.
    fn asked(&self, route: &Table, profile: &Table) -> Option<Millis> {
        let id = route.text("workload")?;
        let written = self.root.table("workload")?.table(id)?;
        let over = profile.table("override").and_then(|overrides| overrides.table(id));
        let joined = over.map_or_else(|| written.clone(), |over| lay(written, over));
        fill(&language::workload::section(), &joined).amount("duration").map(|amount| Millis(whole(amount)))
    }
}

fn imported_route(id: String, route: Option<&Table>, family: &str) -> Route {
    let limits = route.and_then(|route| bars::effective(route, family));
    Route {
        title: route.and_then(|route| route.text("title")).unwrap_or("No route").to_owned(),
        local_only: route.and_then(|route| route.bool("local_only")).unwrap_or(false),
        golden_set: None,
        routing: None,
        owed: Vec::new(),
        bars: limits.map(|limits| bars::of(&limits)).unwrap_or_default(),
        id,
    }
}

/// A device that nothing here reaches.
fn unlisted(id: &str, family: &str, facts: Option<&Table>) -> Device {
    Device {
        id: id.to_owned(),
        family: family.to_owned(),
        family_title: facts.and_then(|facts| facts.text("title")).unwrap_or("Not in the matrix").to_owned(),
        driver: PROFILE.to_owned(),
        is_virtual: id.starts_with("virtual:"),
        address: Vec::new(),
        power: "battery".to_owned(),
        hardware_heat: facts.and_then(|facts| facts.bool("hardware_heat")).unwrap_or(true),
        memory_budget: None,
        evidence: facts.and_then(|facts| facts.text("evidence")).map(str::to_owned),
        expect: Vec::new(),
        stop_at: StopAt::default(),
        beside: Beside::default(),
    }
}

impl ImportTarget<'_> {
    /// Whether the sessions count as those of a simulated device.
    #[must_use]
    pub fn is_virtual(&self) -> bool {
        self.device.is_virtual
    }

    /// The plan of these sessions: what would have been planned, had they been ours.
    ///
    /// # Errors
    /// If the digest of the plan cannot be taken.
    pub fn plan(&self, measured: Vec<(Workload, Candidate)>) -> Result<Plan, MatrixErrors> {
        let mut sessions: Vec<PlannedSession> = Vec::with_capacity(measured.len());
        for (number, (workload, candidate)) in (1_u32..).zip(measured) {
            let same = sessions.iter().filter(|session| session.candidate.id == candidate.id);
            let repeat = u32::try_from(same.count()).unwrap_or(u32::MAX).saturating_add(1);
            sessions.push(PlannedSession {
                session: format!("s{number:02}"),
                repeat,
                device: self.device.clone(),
                route: self.route.clone(),
                workload,
                candidate,
                start_gate: workload::start_gate(&self.profile),
                golden: None,
                canaries: false,
            });
        }
        let matrix = self.matrix;
        let tier = policy::tier(matrix, &self.profile);
        let policy = policy::of(matrix, &tier, &sessions);
        let mut settings = Vec::new();
        policy::settings(&tier, &policy, matrix, &matrix.sources, &mut settings);
        settings::table("profile", &self.profile, &matrix.sources, &mut settings);
        let identity = canonical::digest(&Identity { policy: &policy, sessions: &sessions });
        let digests = identity.and_then(|identity| Ok((identity, canonical::digest(&policy)?)));
        let (identity, policy_digest) = digests.map_err(|source| {
            let report = Report::nowhere(Problem::Digest { source });
            MatrixErrors::new(matrix.path.to_string_lossy().into_owned(), vec![report], &matrix.sources)
        })?;
        Ok(Plan {
            schema: 1,
            id: identity.chars().take(12).collect(),
            profile: PROFILE.to_owned(),
            policy,
            policy_digest,
            sessions,
            settings,
            expected_s: 0.0,
            cut: None,
            memory: std::collections::BTreeMap::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MATRIX: &str = r#"
        schema = 1
        family.f = { title = "F" }
        family.g = { title = "G", hardware_heat = false }
        workload.w = { duration = "10 min", prompts = "p.jsonl" }
        route.r = { title = "R", workload = "w", bars = { floor_tps = "9 tokens/s" }, bars_for.f = { floor_tps = "7 tokens/s" } }
        profile.quick = { tier = "pr", override.w = { duration = "60 s" } }
        profile.soak = { tier = "merge" }
        [[device]]
        id = "phone"
        family = "f"
        driver = "local"
    "#;

    fn matrix(folder: &std::path::Path, text: &str) -> Matrix {
        let path = folder.join("matrix.toml");
        std::fs::write(&path, text).expect("written");
        crate::load(&path).expect("the language is right")
    }

    #[test]
    fn a_device_takes_the_bars_of_its_family_and_a_stranger_those_of_the_route() {
        let folder = tempfile::tempdir().expect("a folder");
        let matrix = matrix(folder.path(), MATRIX);
        let target = |device, family, profile| {
            let request = ImportRequest { device, family, route: None, profile };
            matrix.import_target(&request).expect("a target")
        };
        let known = target("phone", None, None);
        assert_eq!((known.device.family.as_str(), known.route.bars[0].limit), ("f", 7.0));
        assert_eq!((known.asked, known.remark.as_deref()), (Some(Millis(60_000)), None));
        let stranger = target("phome", None, Some("soak"));
        assert_eq!((stranger.device.family.as_str(), stranger.route.bars[0].limit), ("unlisted", 9.0));
        assert_eq!(stranger.asked, Some(Millis(600_000)));
        assert!(stranger.remark.expect("a remark").contains("did you mean `phone`"));
        let named = target("tablet", Some("g"), None);
        assert!(!named.device.hardware_heat && named.remark.is_none());
    }

    #[test]
    fn unknown_names_are_told_with_what_was_meant() {
        let folder = tempfile::tempdir().expect("a folder");
        let matrix = matrix(folder.path(), MATRIX);
        let base = ImportRequest { device: "phone", ..ImportRequest::default() };
        for wrong in [
            ImportRequest { route: Some("rr"), ..base },
            ImportRequest { profile: Some("soaked"), ..base },
            ImportRequest { family: Some("g"), ..base },
            ImportRequest { device: "x", family: Some("ff"), ..base },
        ] {
            assert_eq!(matrix.import_target(&wrong).expect_err("wrong").findings().len(), 1, "{wrong:?}");
        }
    }
}
