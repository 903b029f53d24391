//! The site of everything that is stored, through the binary.

mod world;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use world::{Spoken, World, agents_with};

const DEVICES: &str = r#"
[family.phones]
title = "Phones that are not there"

[[device]]
id = "virtual:tensor"
family = "phones"
driver = "virtual"
address = { profile = "tensor-phone", seed = 3, ambient = "23 C" }
stop_at = { temperature = "110 C" }

[[device]]
id = "virtual:scanner"
family = "phones"
driver = "virtual"
address = { profile = "sdm660-scanner", seed = 4, ambient = "28 C" }
stop_at = { temperature = "110 C" }

[profile.rack]
tier = "smoke"
devices = ["virtual:*"]
"#;

const MODEL: &str = "edgesoak-described-model = 1\nname = \"student\"\nweights_bytes = 200_000_000\n\
    kv_bytes_per_token = 20_000\nflop_per_token = 7e8\nresident_bytes = 90_000_000\n";

const QUARANTINED: &str = r#"{
  "device": "virtual:scanner",
  "whose": "lab",
  "why": "</b><script>alert(1)</script> could not be undone",
  "since": 1767323045000000000,
  "run": "20260102-030405-soak-0af3"
}"#;

/// Something that goes well; of virtual devices no run proves anything.
fn call(world: &World, arguments: &str) -> Spoken {
    let spoken = world.call_with(arguments, agents_with(&["edgesoak-virtual-phone"]));
    let expected = if arguments.starts_with("run ") { 3 } else { 0 };
    assert_eq!(spoken.exit, Some(expected), "{}", spoken.transcript());
    spoken
}

/// A world with two runs on two virtual devices, of which the first was promoted, a session that was imported for a device with
/// a hostile name, and two devices in quarantine.
fn world() -> World {
    let world = World::new();
    let matrix = world.matrix().replace("duration = \"2 s\"", "duration = \"240 s\"");
    let matrix = matrix.replace("[candidate.scripted]", "[candidate.scripted]\nfamilies = [\"host\"]");
    let sha256 = edgesoak_record::hex(&Sha256::digest(MODEL));
    let student = format!(
        "\n[candidate.student]\nfamilies = [\"phones\"]\nroutes = [\"policy_qa\"]\nruntime = \"scripted-runner\"\n\
         artifact = {{ path = \"student.toml\", sha256 = \"{sha256}\" }}\nplacement = \"cpu\"\n\
         options = {{ threads = 4 }}\n"
    );
    world.write("student.toml", MODEL);
    world.write("device_matrix.toml", &(matrix + DEVICES + &student));
    call(&world, "run --profile rack");
    call(&world, "baseline promote release-1.0 latest --reason shipped");
    call(&world, "run --profile rack");
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../interchange/tests/captures");
    fs::copy(captures.join("neutral_rates.csv"), world.path().join("rates.csv")).expect("room");
    call(&world, "import rates.csv --device <img/src=x> --family phones --route policy_qa");
    let ward = world.path().join(".local/state/edgesoak/quarantine");
    fs::create_dir_all(&ward).expect("room");
    fs::write(ward.join("virtual:scanner.json"), QUARANTINED).expect("room");
    fs::write(ward.join("<b>.json"), "{").expect("room");
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
    assert!(spoken.stdout.contains("3 runs: 3 reports made, 0 kept; 0 pages removed"), "{}", spoken.stdout);
    let dir = world.path().join("site");
    let first = files(&dir);
    let pages = || first.iter().filter(|(path, _)| *path != "site.json");
    for (path, bytes) in pages() {
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
    let scanner = page("devices/virtual-scanner");
    assert!(scanner.contains("could not be undone") && scanner.contains("Floor on policy_qa"));
    assert!(scanner.contains("◇ virtual") && scanner.contains("student"));
    assert!(page("devices/-b-").contains("is damaged"));
    assert!(page("devices/-img-src-x-").contains("⇥ imported"));
    assert!(page("releases/release-1-0").contains("shipped"));
    assert!(page("index").contains("release-1.0"));
    let (path, report) = first.iter().find(|(path, _)| path.starts_with("runs/")).expect("a report");
    let runs = fs::read_dir(world.path().join("edgesoak-out/runs")).expect("runs");
    let stored = runs.map(|run| fs::read(run.expect("a run").path().join("report.html")).expect("a report"));
    assert!(stored.into_iter().any(|stored| stored == *report), "{path} is the report of its run");

    let spoken = world.call("report --site site");
    assert!(spoken.stdout.contains("3 runs: 0 reports made, 3 kept; 0 pages removed"), "{}", spoken.stdout);
    assert_eq!(files(&dir), first, "the same data give the same bytes");

    fs::write(dir.join("mine.txt"), "mine").expect("room");
    call(&world, "store purge --run latest");
    let spoken = call(&world, "report --site site");
    // The imported run goes, and with it the pages of its device and its candidate.
    assert!(spoken.stdout.contains("2 runs: 0 reports made, 2 kept; 3 pages removed"), "{}", spoken.stdout);
    assert!(dir.join("mine.txt").exists(), "what is not of the site stays");
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
