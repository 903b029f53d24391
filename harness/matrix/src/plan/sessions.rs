//! Devices x routes x candidates that fit, in order.

use edgesoak_record::PlannedSession;
use edgesoak_record::plan::{Device, Route, Setting};

use crate::effective::{fill, lay};
use crate::language;
use crate::matrix::Matrix;
use crate::node::Table;
use crate::plan::inputs::Inputs;
use crate::plan::items::Parts;
use crate::plan::request::{Chosen, Wanted};
use crate::plan::{bars, candidate, device, golden, items, policy, routing, settings, workload};
use crate::problem::Problem;
use crate::report::Report;
use crate::rules;
use crate::source::Sources;

/// Most sessions of a plan.
const MOST: usize = 1000;

/// Collects sessions and everything that is wrong with them.
pub(super) struct Builder<'a> {
    matrix: &'a Matrix,
    sources: &'a Sources,
    profile: &'a Table,
    wanted: Wanted<'a>,
    inputs: Inputs<'a>,
    built: Built,
}

/// What came of it.
pub(super) struct Built {
    pub sessions: Vec<PlannedSession>,
    pub settings: Vec<Setting>,
    pub reports: Vec<Report>,
    /// Why there is no session, if there is none.
    pub idle: String,
}

/// One combination before it is repeated.
struct Combination<'t> {
    device: &'t Table,
    family: Table,
    route_id: &'t str,
    route: Table,
    bars: Table,
    workload_id: String,
    workload: Table,
    candidate_id: &'t str,
    candidate: Table,
}

impl Combination<'_> {
    /// What of it cannot go together.
    fn misfits(&self, wanted: &Wanted<'_>) -> Vec<Report> {
        let parts = Parts {
            workload: (&self.workload_id, &self.workload),
            bars: &self.bars,
            candidate: (self.candidate_id, &self.candidate),
            device: self.device,
        };
        items::misfits(&parts, wanted)
    }
}

impl<'a> Builder<'a> {
    pub fn new(matrix: &'a Matrix, sources: &'a Sources, profile: &'a Table, wanted: Wanted<'a>) -> Self {
        let built = Built {
            sessions: Vec::new(),
            settings: Vec::new(),
            reports: Vec::new(),
            idle: "none of its devices has a route with a candidate that fits".to_owned(),
        };
        Builder { matrix, sources, profile, wanted, inputs: Inputs::new(matrix.base()), built }
    }

    pub fn add_devices(&mut self, chosen: &[Chosen<'_>]) {
        settings::table("profile", self.profile, self.sources, &mut self.built.settings);
        for Chosen { device, by_name } in chosen {
            let mut combinations = self.combinations(device);
            self.keep_pairs(&mut combinations);
            if combinations.is_empty() {
                self.without_session(device, *by_name);
            }
            // Candidates alternate, and every second time backwards (A B B A): a steady drift of the device's
            // surroundings meets them alike.
            for repeat in 1..=self.wanted.runs {
                for combination in &combinations {
                    self.add(combination, repeat);
                }
                combinations.reverse();
            }
        }
    }

    pub fn finish(self) -> Built {
        let mut built = self.built;
        // The same refusal would be told for every session that meets it.
        let mut seen = Vec::new();
        built.reports.retain(|report| {
            let key = (report.problem.to_string(), report.at);
            let new = !seen.contains(&key);
            if new {
                seen.push(key);
            }
            new
        });
        built
    }

    fn combinations<'t>(&mut self, device: &'t Table) -> Vec<Combination<'t>>
    where
        'a: 't,
    {
        let root = &self.matrix.root;
        let family_id = device.text("family").unwrap_or_default();
        let mut found = Vec::new();
        let routes = root.children("route").filter(|(id, _)| candidate::serves(self.profile, id));
        for (route_id, route) in routes {
            for (candidate_id, candidate) in root.children("candidate") {
                let enough = self.built.sessions.len() + found.len() > MOST;
                let is_meant = self.wanted.has(candidate_id)
                    && (candidate::is_wanted(self.profile, candidate_id)
                        || self.wanted.canary == Some(candidate_id))
                    && candidate::fits(candidate, route_id, family_id);
                if enough || !is_meant {
                    continue;
                }
                found.extend(self.combine(device, (route_id, route), (candidate_id, candidate)));
            }
        }
        found
    }

    /// A candidate that has nothing to be held against on a route does not run there.
    fn keep_pairs(&mut self, combinations: &mut Vec<Combination<'_>>) {
        if self.wanted.pair.is_none() {
            return;
        }
        let routes: Vec<&str> = combinations.iter().map(|combination| combination.route_id).collect();
        combinations
            .retain(|combination| routes.iter().filter(|route| **route == combination.route_id).count() == 2);
        "no route of its devices takes both candidates".clone_into(&mut self.built.idle);
    }

    fn combine<'t>(
        &mut self,
        device: &'t Table,
        (route_id, route): (&'t str, &Table),
        (candidate_id, candidate): (&'t str, &Table),
    ) -> Option<Combination<'t>> {
        let root = &self.matrix.root;
        let family_id = device.text("family")?;
        let family = fill(&language::family::section(), root.table("family")?.table(family_id)?);
        let route = fill(&language::route::section(), route);
        let workload_id = route.text("workload")?.to_owned();
        let workload = self.workload(device, &workload_id)?;
        Some(Combination {
            device,
            family,
            route_id,
            bars: policy::owed_bars(
                self.matrix,
                &bars::effective(&route, family_id)?,
                candidate.get("export_of").is_some(),
            ),
            route,
            workload_id,
            workload,
            candidate_id,
            candidate: fill(&language::candidate::section(), candidate),
        })
    }

    /// The workload with the profile's overrides; a simulated device keeps its own, for it costs no real time.
    fn workload(&mut self, device: &Table, id: &str) -> Option<Table> {
        let written = self.matrix.root.table("workload")?.table(id)?;
        let over = self.profile.table("override").and_then(|overrides| overrides.table(id));
        let joined = match over.filter(|_| !device::is_simulated(device)) {
            Some(over) => lay(written, over),
            None => written.clone(),
        };
        rules::workload(id, &joined, &mut self.built.reports);
        let mut filled = fill(&language::workload::section(), &joined);
        if device.text("id").is_some_and(|id| self.wanted.without_probe.contains(id)) {
            filled.entries.retain(|entry| entry.name != "recovery_probe");
        }
        Some(filled)
    }

    /// A device that was named in full must have something to do; one that a pattern caught is listed.
    fn without_session(&mut self, device: &Table, by_name: bool) {
        let id = device.text("id").unwrap_or_default();
        let family = device.text("family").unwrap_or_default();
        let complaint = match self.wanted.pair {
            None => format!("no candidate of a route fits family `{family}`"),
            Some(_) => format!("no route takes both candidates in family `{family}`"),
        };
        if by_name {
            let problem = Problem::Contradiction {
                complaint: format!("device `{id}` has nothing to run: {complaint}"),
            };
            self.built.reports.push(Report::at(problem, device.at, "this device"));
        } else {
            let origin = self.sources.line(device.at.file, device.at.start);
            let setting =
                Setting { key: format!("device.{id}"), value: format!("no session: {complaint}"), origin };
            self.built.settings.push(setting);
        }
    }

    fn add(&mut self, combination: &Combination<'_>, repeat: u32) {
        let count = self.built.sessions.len() + 1;
        if count > MOST {
            if count == MOST + 1 {
                let problem = Problem::TooMany { what: "sessions", found: count, limit: MOST };
                self.built.reports.push(Report::at(problem, self.profile.at, "this profile"));
            }
            return;
        }
        let name = format!("s{count:02}");
        self.built.reports.extend(combination.misfits(&self.wanted));
        let Some(session) = self.session(&name, combination, repeat) else { return };
        self.settings(&session, combination);
        self.built.sessions.push(session);
    }

    fn session(&mut self, name: &str, combination: &Combination<'_>, repeat: u32) -> Option<PlannedSession> {
        let device: Device = device::of(combination.device, &combination.family, self.profile)?;
        if let Some(path) = combination.candidate.table("artifact").and_then(|artifact| artifact.get("path"))
        {
            self.inputs.present(path, &mut self.built.reports);
        }
        let workload = workload::of(
            (&combination.workload_id, &combination.workload),
            combination.candidate.text("runtime")?,
            device.hardware_heat,
            &mut self.inputs,
            &mut self.built.reports,
        )?;
        let routing = routing::of(&combination.route, &mut self.inputs, &mut self.built.reports).ok()?;
        let golden = golden::of(
            self.profile,
            (combination.route_id, &combination.route),
            &mut self.inputs,
            &mut self.built.reports,
        )
        .ok()?;
        Some(PlannedSession {
            session: name.to_owned(),
            repeat,
            device,
            route: Route {
                id: combination.route_id.to_owned(),
                title: combination.route.text("title")?.to_owned(),
                local_only: combination.route.bool("local_only")?,
                golden_set: combination.route.text("golden_set").map(str::to_owned),
                routing,
                bars: bars::of(&combination.bars),
            },
            workload,
            candidate: candidate::of(combination.candidate_id, &combination.candidate)?,
            start_gate: workload::start_gate(self.profile),
            golden,
            canaries: self.wanted.canaries,
        })
    }

    fn settings(&mut self, session: &PlannedSession, combination: &Combination<'_>) {
        let name = &session.session;
        let Combination {
            device,
            family,
            route_id,
            route,
            bars,
            workload_id,
            workload,
            candidate_id,
            candidate,
        } = combination;
        let settings = &mut self.built.settings;
        let mut put = |kind: &str, id: &str, table: &Table| {
            settings::table(&format!("session.{name}.{kind}.{id}"), table, self.sources, settings);
        };
        put("device", device.text("id").unwrap_or_default(), device);
        put("family", device.text("family").unwrap_or_default(), family);
        // The bars of other families do not hold here.
        let own = route.entries.iter().filter(|entry| !matches!(entry.name.as_str(), "bars" | "bars_for"));
        put("route", route_id, &Table { entries: own.cloned().collect(), ..Table::empty(route.at) });
        put("route", &format!("{route_id}.bars"), bars);
        put("workload", workload_id, workload);
        put("candidate", candidate_id, candidate);
        let mut usual = |key, value| settings.push(Setting { key, value, origin: "default".to_owned() });
        for (key, value) in session.workload.settle.iter().flat_map(workload::settle_settings) {
            usual(format!("session.{name}.workload.{workload_id}.settle.{key}"), value);
        }
        let asked = session.golden.as_ref().and_then(|golden| golden.items);
        if let Some(items) = asked.filter(|_| self.profile.get("golden_items").is_none()) {
            usual(format!("session.{name}.golden_items"), items.to_string());
        }
        let window = session.device.beside.charge_window.filter(|_| device.get("charge_window").is_none());
        if let Some(window) = window {
            usual(format!("session.{name}.device.{}.charge_window", session.device.id), window.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_override_holds_for_hardware_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("matrix.toml");
        let text = r#"
            schema = 1
            family.f = { title = "F" }
            workload.w = { duration = "10 min", prompts = "p.jsonl" }
            profile.quick = { tier = "pr", override.w = { duration = "60 s" } }
            [[device]]
            id = "here"
            family = "f"
            driver = "local"
            [[device]]
            id = "virtual:phone"
            family = "f"
            driver = "virtual"
            address = { profile = "p" }
        "#;
        std::fs::write(&path, text).expect("written");
        let matrix = crate::load(&path).expect("the language is right");
        let profile = matrix.extended_profile("quick").expect("a profile");
        let without_probe = &std::collections::BTreeSet::new();
        let wanted = Wanted {
            pair: None,
            runs: 1,
            canary: None,
            without_probe,
            canaries: false,
            owes_regression: false,
        };
        let mut builder = Builder::new(&matrix, &matrix.sources, &profile, wanted);
        let devices = matrix.effective_devices();
        let durations: Vec<_> = devices
            .iter()
            .map(|device| builder.workload(device, "w").expect("a workload").amount("duration"))
            .collect();
        assert_eq!(durations, [Some(60_000.0), Some(600_000.0)]);
    }
}
