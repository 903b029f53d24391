//! Who may import whom: the house plan against what `cargo metadata` says.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Our crates that each of our crates may depend on; everything else is forbidden.
const PLAN: &[(&str, &[&str])] = &[
    ("edgesoak-protocol", &[]),
    ("edgesoak-gguf", &[]),
    ("edgesoak-sensors", &["edgesoak-protocol"]),
    ("edgesoak-prompts", &["edgesoak-protocol", "edgesoak-gguf"]),
    ("edgesoak-runtimes", &["edgesoak-protocol"]),
    ("edgesoak-gguf-runner", &["edgesoak-protocol"]),
    ("edgesoak-scripted-runner", &["edgesoak-protocol"]),
    ("edgesoak-lookup-runner", &["edgesoak-protocol", "edgesoak-prompts", "edgesoak-runtimes"]),
    ("edgesoak-agent", &["edgesoak-protocol", "edgesoak-sensors", "edgesoak-prompts", "edgesoak-runtimes"]),
    (
        "edgesoak-virtual-phone",
        &["edgesoak-protocol", "edgesoak-sensors", "edgesoak-prompts", "edgesoak-runtimes", "edgesoak-agent"],
    ),
    ("edgesoak-record", &["edgesoak-protocol"]),
    ("edgesoak-matrix", &["edgesoak-record", "edgesoak-gguf"]),
    ("edgesoak-drivers", &[]),
    ("edgesoak-instruments", &["edgesoak-record"]),
    (
        "edgesoak-controller",
        &[
            "edgesoak-record",
            "edgesoak-matrix",
            "edgesoak-drivers",
            "edgesoak-instruments",
            "edgesoak-protocol",
            "edgesoak-golden",
        ],
    ),
    ("edgesoak-store", &["edgesoak-record", "edgesoak-protocol"]),
    ("edgesoak-signing", &["edgesoak-record"]),
    ("edgesoak-golden", &["edgesoak-record", "edgesoak-signing"]),
    ("edgesoak-gates", &["edgesoak-record", "edgesoak-golden"]),
    ("edgesoak-interchange", &["edgesoak-record", "edgesoak-protocol"]),
    ("edgesoak-reports", &["edgesoak-record"]),
    (
        "edgesoak",
        &[
            "edgesoak-record",
            "edgesoak-matrix",
            "edgesoak-drivers",
            "edgesoak-controller",
            "edgesoak-store",
            "edgesoak-signing",
            "edgesoak-golden",
            "edgesoak-gates",
            "edgesoak-interchange",
            "edgesoak-reports",
        ],
    ),
];

/// Crates of others that must not be reached, at any depth, from ours.
const NEVER: &[(&str, &[&str])] = &[
    ("edgesoak-agent", &["tokio", "rusqlite", "async-trait"]),
    ("edgesoak-gguf-runner", &["tokio", "rusqlite"]),
    ("edgesoak-store", &["tokio"]),
    ("edgesoak-controller", &["rusqlite"]),
    ("edgesoak-signing", &["tokio", "rusqlite", "chrono"]),
    ("edgesoak-golden", &["tokio", "rusqlite", "chrono"]),
    ("edgesoak-gates", &["tokio", "rusqlite", "chrono"]),
    ("edgesoak-instruments", &["rusqlite", "edgesoak-drivers"]),
    ("edgesoak-interchange", &["tokio", "rusqlite"]),
    ("edgesoak-reports", &["tokio", "rusqlite"]),
    ("edgesoak-matrix", &["tokio", "rusqlite"]),
];

fn metadata() -> cargo_metadata::Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .expect("cargo metadata answers")
}

#[test]
fn every_crate_imports_only_what_the_house_plan_allows() {
    let plan: BTreeMap<&str, BTreeSet<&str>> =
        PLAN.iter().map(|(name, allowed)| (*name, allowed.iter().copied().collect())).collect();
    let metadata = metadata();
    let ours: BTreeSet<&str> =
        metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    assert_eq!(ours, plan.keys().copied().collect(), "the plan names exactly the crates of the workspace");
    let mut forbidden = Vec::new();
    for package in metadata.workspace_packages() {
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            if ours.contains(name)
                && name != package.name.as_str()
                && !plan[package.name.as_str()].contains(name)
            {
                forbidden.push(format!("{} -> {name} ({:?})", package.name, dependency.kind));
            }
        }
    }
    assert!(forbidden.is_empty(), "imports against the house plan: {forbidden:#?}");
}

#[test]
fn nothing_reaches_what_its_layer_must_not_contain() {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().expect("a resolved graph");
    let names: BTreeMap<_, _> = metadata.packages.iter().map(|p| (&p.id, p.name.as_str())).collect();
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    for (package, never) in NEVER {
        let root = metadata.packages.iter().find(|p| p.name.as_str() == *package).expect("a crate of ours");
        let mut reached = BTreeSet::new();
        let mut open = vec![&root.id];
        while let Some(id) = open.pop() {
            if !reached.insert(id) {
                continue;
            }
            let normal = nodes[id].deps.iter().filter(|dependency| {
                dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
            });
            open.extend(normal.map(|dependency| &dependency.pkg));
        }
        let reached: BTreeSet<&str> = reached.iter().map(|id| names[id]).collect();
        for name in *never {
            assert!(!reached.contains(name), "{package} reaches {name}");
        }
    }
}
