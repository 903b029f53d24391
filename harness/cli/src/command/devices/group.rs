//! Devices that are not in the matrix yet, grouped into families: pure.

use std::collections::{BTreeMap, BTreeSet};

use edgesoak_controller::Identity;

/// Longest part of a name that comes from a device; an id has 64 characters.
const MAX_SLUG: usize = 40;
const MAX_TITLE: usize = 80;
/// What nothing that a device says about itself is about hardware begins with.
const VIRTUAL: &str = "virtual:";

/// A device to be adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    pub serial: String,
    /// Its adb server, where it is not the usual one.
    pub server: Option<String>,
    pub identity: Identity,
}

/// What the matrix has already.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Ids of devices.
    pub devices: BTreeSet<String>,
    /// Families: id and title.
    pub families: Vec<(String, String)>,
    /// Families of devices that said what they are.
    pub identities: Vec<(Identity, String)>,
}

/// Devices of one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub title: String,
    pub family: String,
    /// The matrix has no such family.
    pub is_new: bool,
    /// Each with the id that it gets.
    pub devices: Vec<(String, Newcomer)>,
}

/// Groups devices by maker, model and chip: two chips in phones of one name are two families.
pub fn group(newcomers: Vec<Newcomer>, known: &Known) -> Vec<Group> {
    let mut models: BTreeMap<(String, Option<String>, bool), Vec<Newcomer>> = BTreeMap::new();
    for newcomer in newcomers {
        let identity = &newcomer.identity;
        let key = (model(identity), identity.soc.as_deref().map(plain), identity.is_simulated);
        models.entry(key).or_default().push(newcomer);
    }
    let chips = |name: &str| models.keys().filter(|(model, ..)| model == name).count();
    let ambiguous: BTreeSet<String> =
        models.keys().map(|(name, ..)| name).filter(|name| chips(name) > 1).cloned().collect();
    let mut taken = known.devices.clone();
    let mut families: BTreeSet<String> = known.families.iter().map(|(id, _)| id.clone()).collect();
    let mut groups = Vec::new();
    for ((name, soc, is_simulated), newcomers) in models {
        let title = soc.as_ref().map_or_else(|| name.clone(), |soc| format!("{name} ({soc})"));
        let wanted = match soc.as_deref().filter(|_| ambiguous.contains(&name)) {
            Some(soc) => format!("{name} {soc}"),
            None => name.clone(),
        };
        let family = known_family(&newcomers[0].identity, (&title, &slug(&wanted)), known);
        let is_new = family.is_none();
        let family = family.unwrap_or_else(|| free(&families, |n| numbered(&slug(&wanted), n)));
        families.insert(family.clone());
        let devices = newcomers.into_iter().map(|newcomer| {
            let prefix = if is_simulated { VIRTUAL } else { "" };
            let base = slug(newcomer.identity.model.as_deref().map_or(&name, |model| model));
            let id = free(&taken, |n| format!("{prefix}{base}-{:02}", n + 1));
            taken.insert(id.clone());
            (id, newcomer)
        });
        let devices = devices.collect();
        groups.push(Group { title, family, is_new, devices });
    }
    groups
}

/// The family of a device of the same kind, else one that is called as this one would be.
fn known_family(identity: &Identity, (title, slug): (&str, &str), known: &Known) -> Option<String> {
    let same = |other: &Identity| {
        (&other.maker, &other.model, &other.soc, other.is_simulated)
            == (&identity.maker, &identity.model, &identity.soc, identity.is_simulated)
    };
    let by_kind = known.identities.iter().find(|(other, _)| identity.model.is_some() && same(other));
    let by_name =
        || known.families.iter().find(|(id, of_matrix)| id == slug || of_matrix.eq_ignore_ascii_case(title));
    by_kind.map(|(_, family)| family.clone()).or_else(|| by_name().map(|(id, _)| id.clone()))
}

/// Maker and model, the maker once.
fn model(identity: &Identity) -> String {
    let model = plain(identity.model.as_deref().unwrap_or("unknown model"));
    match identity.maker.as_deref().map(plain) {
        Some(maker) if !model.to_lowercase().starts_with(&maker.to_lowercase()) => {
            let mut letters = maker.chars();
            // Some makers write themselves small.
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            plain(&format!("{first}{} {model}", letters.as_str()))
        }
        _ => model,
    }
}

/// Letters, digits and a few signs: a device's words become a line of a file that people read.
fn plain(text: &str) -> String {
    let keep = |c: char| c.is_ascii_alphanumeric() || " ._-()+/".contains(c);
    let kept: String = text.chars().map(|c| if keep(c) { c } else { ' ' }).take(MAX_TITLE).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name for ids.
fn slug(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let joined = parts.collect::<Vec<_>>().join("-").to_ascii_lowercase();
    let cut: String = joined.chars().take(MAX_SLUG).collect();
    let cut = cut.trim_end_matches('-');
    if cut.is_empty() { "phone".to_owned() } else { cut.to_owned() }
}

fn numbered(base: &str, n: usize) -> String {
    if n == 0 { base.to_owned() } else { format!("{base}-{}", n + 1) }
}

/// The first name that nobody has.
fn free(taken: &BTreeSet<String>, name: impl Fn(usize) -> String) -> String {
    let mut n = 0;
    loop {
        let name = name(n);
        if !taken.contains(&name) {
            return name;
        }
        n += 1;
    }
}

#[cfg(test)]
mod tests;
