//! Rules between keys: what goes together and what does not.

use edgesoak_record::gate::Gate;

use crate::language::device::ADDRESS_KEYS;
use crate::node::{At, Node, Table, Value};
use crate::problem::{Problem, quote};
use crate::report::Report;

/// Longest chain of profiles that extend each other: nobody follows a longer one, and following costs its square.
const LONGEST_CHAIN: usize = 16;

/// Checks every table of the matrix.
pub(crate) fn check(root: &Table, reports: &mut Vec<Report>) {
    for device in root.elements("device") {
        address(device, reports);
        charging(device, reports);
    }
    for (id, workload) in root.children("workload") {
        self::workload(id, workload, reports);
    }
    for (id, route) in root.children("route") {
        routing(id, route, reports);
    }
    for (id, candidate) in root.children("candidate") {
        export(root, id, candidate, reports);
        if let Some(artifact) = candidate.table("artifact") {
            one_of(artifact, &format!("the artifact of candidate `{id}`"), ["cache", "path"], reports);
        }
    }
    if let Some(policy) = root.table("policy") {
        self::policy(policy, reports);
    }
}

/// Either a prompt cycle or items.
pub(crate) fn workload(id: &str, workload: &Table, reports: &mut Vec<Report>) {
    one_of(workload, &format!("workload `{id}`"), ["prompts", "items"], reports);
}

/// Commands must name a program, and a meter is one thing or another.
pub(crate) fn lab(lab: &Table, reports: &mut Vec<Report>) {
    for (id, meter) in lab.children("meter") {
        one_of(meter, &format!("meter `{id}`"), ["command", "serial"], reports);
        if let (Some(baud), Some(_)) = (meter.entry("baud"), meter.entry("command")) {
            contradict(
                format!("meter `{id}` is a command, which has no `baud`"),
                baud.key_at,
                "this key",
                reports,
            );
        }
    }
    let children = ["hook", "probe", "meter"].into_iter().flat_map(|kind| lab.children(kind));
    let tables = children.map(|(_, table)| table).chain(lab.table("notify"));
    for entry in tables.flat_map(|table| &table.entries) {
        if let (Value::List(arguments), Some(at)) = (&entry.node.value, entry.node.at)
            && arguments.is_empty()
        {
            contradict(format!("`{}` names no program", entry.name), at, "an empty list", reports);
        }
    }
}

fn address(device: &Table, reports: &mut Vec<Report>) {
    let Some(driver) = device.text("driver") else { return };
    let named =
        device.table("address").is_some_and(|a| a.get("profile").is_some() || a.was_refused("profile"));
    if driver == "virtual" && !named && !device.was_refused("address") {
        let problem = Problem::MissingKey {
            key: "profile".to_owned(),
            place: "a virtual device's `address`".to_owned(),
        };
        let help = "it says which phone is simulated: `address = { profile = \"tensor-phone\" }`";
        reports.push(Report::at(problem, device.at, "no profile").help(help));
    }
    let Some(address) = device.table("address") else { return };
    for entry in &address.entries {
        let owner = ADDRESS_KEYS.iter().find(|(key, _)| *key == entry.name).map(|(_, owner)| *owner);
        if let Some(owner) = owner.filter(|owner| *owner != driver) {
            let complaint =
                format!("`{}` is part of an address of driver `{owner}`, not `{driver}`", entry.name);
            contradict(complaint, entry.key_at, "this key", reports);
        }
    }
}

/// A charger of whatever kind is switched off for the session: what a setting says beside it would be undone.
fn charging(device: &Table, reports: &mut Vec<Report>) {
    let setting = device.table("settings").and_then(|settings| settings.entry("charging"));
    if let (Some(charger), Some(setting)) = (device.entry("charger"), setting) {
        let problem = Problem::Contradiction {
            complaint: "`charger` and the setting `charging` both say who takes the device off its charger"
                .to_owned(),
        };
        reports.push(Report::at(problem, setting.key_at, "and this").and(charger.key_at, "this"));
    }
}

/// A route whose queries may leave is not one that keeps them all, and needs queries of which it is known what they are.
fn routing(id: &str, route: &Table, reports: &mut Vec<Report>) {
    let Some(entry) = route.entry("routing") else { return };
    if route.bool("local_only") == Some(true) {
        let complaint = format!("route `{id}` is `local_only`, and `routing` sends queries out");
        contradict(complaint, entry.key_at, "this key", reports);
    }
    if route.get("golden_set").is_none() && !route.was_refused("golden_set") {
        let place = format!("route `{id}`, which has `routing`");
        let problem = Problem::MissingKey { key: "golden_set".to_owned(), place };
        let help =
            "a golden set knows which queries are sensitive: without one nothing is shown of where they go";
        reports.push(Report::at(problem, entry.key_at, "this needs it").help(help));
    }
}

/// An export is held against a model that is none, by a rule that somebody wrote.
fn export(root: &Table, id: &str, candidate: &Table, reports: &mut Vec<Report>) {
    let Some(entry) = candidate.entry("export_of") else { return };
    let Some(baseline) = entry.node.as_text() else { return };
    let known = root.table("candidate").and_then(|candidates| candidates.table(baseline));
    if baseline == id || known.is_some_and(|known| known.get("export_of").is_some()) {
        let complaint = format!("candidate `{id}` is an export of `{baseline}`, which is an export itself");
        let report = Report::at(Problem::Contradiction { complaint }, entry.key_at, "this key");
        reports.push(report.help("name the model that all its exports were made from"));
    }
    let policy = root.table("policy");
    if policy.is_none_or(|policy| policy.get("export").is_none() && !policy.was_refused("export")) {
        let problem = Problem::MissingKey { key: "export".to_owned(), place: "`policy`".to_owned() };
        let help = "it says what an export may lose: `[policy.export]`, `largest_drop = \"2 %\"`";
        reports.push(Report::at(problem, entry.key_at, "this needs it").help(help));
    }
}

fn policy(policy: &Table, reports: &mut Vec<Report>) {
    for waiver in policy.elements("waiver") {
        one_of(waiver, "a waiver", ["device", "family"], reports);
        let of_regression =
            waiver.get("gate").is_some_and(|node| matches!(node.value, Value::Gate(Gate::Regression)));
        if let Some(uses) = waiver.entry("max_uses").filter(|_| of_regression) {
            // Uses are counted in stored verdicts, and a comparison leaves none.
            let complaint = "uses of a waiver for `regression` are not counted; `expires` ends it".to_owned();
            contradict(complaint, uses.key_at, "this key", reports);
        }
    }
    let Some(runs) = policy.table("regression_runs") else { return };
    let looks: Vec<u64> = runs.list("looks").iter().filter_map(whole).collect();
    let Some(at) = runs.get("looks").and_then(|node| node.at) else { return };
    if looks.is_empty() || !looks.is_sorted_by(|a, b| a < b) {
        contradict("`looks` must be numbers of runs that rise".to_owned(), at, "these", reports);
    }
}

fn whole(node: &Node) -> Option<u64> {
    match node.value {
        Value::Integer(number) => Some(number),
        _ => None,
    }
}

fn one_of(table: &Table, place: &str, keys: [&str; 2], reports: &mut Vec<Report>) {
    let [one, other] = keys;
    match (table.entry(one), table.entry(other)) {
        (None, None) if keys.iter().any(|key| table.was_refused(key)) => {}
        (None, None) => {
            contradict(format!("{place} needs `{one}` or `{other}`"), table.at, "neither is here", reports);
        }
        (Some(first), Some(second)) => {
            let problem = Problem::Contradiction {
                complaint: format!("{place} has `{one}` and `{other}`; it takes one"),
            };
            reports.push(Report::at(problem, second.key_at, "and this").and(first.key_at, "this"));
        }
        _ => {}
    }
}

fn contradict(complaint: String, at: At, label: &str, reports: &mut Vec<Report>) {
    reports.push(Report::at(Problem::Contradiction { complaint }, at, label));
}

/// Profiles that extend each other in a circle or over too many steps, and profiles that end up without a tier.
pub(crate) fn profiles(root: &Table, reports: &mut Vec<Report>) {
    for (id, profile) in root.children("profile") {
        let mut path = vec![id];
        let mut current = profile;
        let has_tier = |profile: &Table| profile.get("tier").is_some() || profile.was_refused("tier");
        let mut tier = has_tier(current);
        let mut whole = true;
        while let Some(parent) = current.text("extends") {
            // A circle is told once: by the first of its profiles.
            if path.contains(&parent) {
                if parent == id && path.iter().all(|other| id <= *other) {
                    circle(profile, &path, parent, reports);
                }
                whole = false;
                break;
            }
            let Some(next) = root.table("profile").and_then(|profiles| profiles.table(parent)) else {
                whole = false;
                break;
            };
            path.push(parent);
            if path.len() > LONGEST_CHAIN {
                too_long(profile, path.len(), reports);
                whole = false;
                break;
            }
            current = next;
            tier |= has_tier(current);
        }
        if whole && !tier {
            let place = format!("profile {}", quote(id));
            let problem = Problem::MissingKey { key: "tier".to_owned(), place };
            let help = "a profile names its policy tier, or extends one that does: `pr`, `merge`, `nightly`, `release` or your own";
            reports.push(Report::at(problem, profile.at, "no tier").help(help));
        }
    }
}

fn circle(profile: &Table, path: &[&str], back: &str, reports: &mut Vec<Report>) {
    let Some(at) = profile.get("extends").and_then(|node| node.at) else { return };
    let path = format!("{} -> {back}", path.join(" -> "));
    reports.push(Report::at(Problem::Cycle { key: "extends", path }, at, "leads back here"));
}

fn too_long(profile: &Table, found: usize, reports: &mut Vec<Report>) {
    let Some(at) = profile.get("extends").and_then(|node| node.at) else { return };
    let problem = Problem::TooMany { what: "profiles in a chain of `extends`", found, limit: LONGEST_CHAIN };
    reports.push(Report::at(problem, at, "leads on"));
}
