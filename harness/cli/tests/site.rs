//! The site of everything that is stored, through the binary.

mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use world::World;

const QUARANTINED: &str = r#"{
  "device": "this-machine",
  "whose": "lab",
  "why": "</b><script>alert(1)</script> could not be undone",
  "since": 1767323045000000000,
  "run": "20260102-030405-soak-0af3"
}"#;

/// A world with two runs, of which one was promoted, and two devices in quarantine.
fn world() -> World {
    let world = World::new();
    for _ in 0..2 {
        let run = world.call("run --profile smoke");
        assert_eq!(run.exit, Some(0), "{}", run.transcript());
    }
    let promoted = world.call("baseline promote release-1.0 latest --reason shipped");
    assert_eq!(promoted.exit, Some(0), "{}", promoted.transcript());
    let ward = world.path().join(".local/state/edgesoak/quarantine");
    fs::create_dir_all(&ward).expect("room");
    fs::write(ward.join("this-machine.json"), QUARANTINED).expect("room");
    fs::write(ward.join("<img src=x>.json"), "{").expect("room");
    world
}

/// Every file of a folder by its path from there.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(dir: &Path, from: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = format!("{from}{}", path.file_name().expect("a name").to_string_lossy());
            if path.is_dir() {
                walk(&path, &format!("{name}/"), found);
            } else {
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(dir, "", &mut found);
    found
}

/// Where the links of a page lead, from the root of the site.
fn links<'a>(path: &str, page: &'a str) -> Vec<&'a str> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let outward = hrefs.filter(|href| !href.starts_with('#'));
    outward
        .map(|href| if path.contains('/') { href.strip_prefix("../").unwrap_or(href) } else { href })
        .collect()
}

#[test]
fn the_site_is_brought_up_to_date_and_every_link_leads_somewhere() {
    let world = world();
    let spoken = world.call("report --site site");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    assert!(spoken.stdout.contains("2 runs: 2 reports made, 0 kept; 0 pages removed"), "{}", spoken.stdout);
    let dir = world.path().join("site");
    let first = files(&dir);
    for (path, bytes) in first.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = std::str::from_utf8(bytes).expect("a page");
        assert!(!page.contains("<script>alert") && !page.contains("<img"), "{path}");
        for link in links(path, page) {
            assert!(first.contains_key(link), "{link} on {path} is dead");
        }
    }
    let page = |begin: &str| {
        let (_, bytes) = first.iter().find(|(path, _)| path.starts_with(begin)).expect("a page");
        String::from_utf8(bytes.clone()).expect("a page")
    };
    assert!(page("devices/this-machine").contains("could not be undone"));
    assert!(page("devices/-img").contains("is damaged"));
    assert!(page("releases/release-1-0").contains("shipped"));
    assert!(page("index").contains("release-1.0"));
    let (path, report) = first.iter().find(|(path, _)| path.starts_with("runs/")).expect("a report");
    let runs = fs::read_dir(world.path().join("edgesoak-out/runs")).expect("runs");
    let stored = runs.map(|run| fs::read(run.expect("a run").path().join("report.html")).expect("a report"));
    assert!(stored.into_iter().any(|stored| stored == *report), "{path} is the report of its run");

    let spoken = world.call("report --site site --format json");
    assert_eq!(
        (spoken.json()["reports_made"].as_u64(), spoken.json()["pages_removed"].as_u64()),
        (Some(0), Some(0))
    );
    assert_eq!(files(&dir), first, "the same data give the same bytes");
}

#[test]
fn what_is_purged_goes_and_what_is_not_of_the_site_stays() {
    let world = world();
    assert_eq!(world.call("report --site site").exit, Some(0));
    let dir = world.path().join("site");
    fs::write(dir.join("mine.txt"), "mine").expect("room");
    let purged = world.call("store purge --older-than 0s");
    assert_eq!(purged.exit, Some(0), "{}", purged.transcript());
    let spoken = world.call("report --site site");
    assert_eq!(spoken.exit, Some(0), "{}", spoken.transcript());
    assert!(!files(&dir).keys().any(|path| path.starts_with("runs/")), "{}", spoken.stdout);
    assert!(dir.join("mine.txt").exists());

    fs::create_dir(world.path().join("papers")).expect("room");
    fs::write(world.path().join("papers/index.html"), "mine").expect("room");
    insta::assert_snapshot!("site-foreign", world.call("report --site papers").transcript());
    assert_eq!(files(&world.path().join("papers")).len(), 1);
}

#[test]
fn without_a_run_there_is_no_site() {
    let world = World::new();
    let spoken = world.call("report --site site");
    assert_eq!(spoken.exit, Some(2), "{}", spoken.transcript());
    assert!(!world.path().join("site").exists());
}
