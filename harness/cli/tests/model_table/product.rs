//! Rows of the table through the binary: what `run` and `judge` say, the report, the JUnit XML and the database, against
//! the table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use edgesoak_record::RunVerdict;
use edgesoak_record::plan::{Bar, Settle};
use edgesoak_record::verdict::{GateResult, SessionVerdict};
use rusqlite::{Connection, OpenFlags};

use super::errors::Errors;
use super::fleet::{Line, Part, record};
use super::world::{Spoken, World, agents_with};
use super::{all_bars, cases, judged, matrix, surprise, views};

/// Of each faulty row its healthy twin, which says the bars. The first speaks for the whole run.
const ROWS: [&str; 7] = [
    "tensor-phone/1b-gpu cpu-fallback",
    "tensor-phone/1b-gpu",
    "tensor-phone/350m-cpu",
    "tensor-phone/350m-cpu thermal-shutdown@200s:25W",
    "sdm660-scanner/350m-cpu",
    "sdm660-scanner/350m-cpu faked-battery@120s",
    "sdm660-scanner/350m-cpu leak-per-prompt:4096KiB",
];

/// The rows with their bars.
fn rows() -> (Vec<Line>, Vec<Vec<Bar>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let rule = settle_rule(&folder.path().join("any"));
    let run_dir = folder.path().join("rows");
    let mut lines = record(&run_dir, Part::Settled { rule: &rule, names: &ROWS });
    let bars = all_bars(&judged::stored(&run_dir, &lines), &lines);
    for line in &mut lines {
        // Ten minutes cannot show it; a soak that goes on until the device has settled can.
        line.red.retain(|red| red.cause != "not_settled");
    }
    (lines, bars)
}

/// The rule that the product plans for a soak like those of the table, as its jobs have it.
fn settle_rule(run_dir: &Path) -> String {
    let any = record(run_dir, Part::Units { first: 0, count: 1 });
    let planned = matrix::world(&any[..1], &[Vec::new()]).call("plan --profile table --format json");
    let settle = planned.json()["sessions"][0]["workload"]["settle"].clone();
    let settle: Settle =
        serde_json::from_value(settle).unwrap_or_else(|error| panic!("{error}: {}", planned.stderr));
    let rule = serde_json::json!({
        "max_drift": settle.max_drift,
        "max_rise_kelvin": settle.max_rise,
        "tau_seconds": settle.tau_s,
        "step_ms": settle.step,
        "max_soak_ms": settle.max_soak,
    });
    rule.to_string()
}

fn run(world: &World) -> Spoken {
    let agents = agents_with(&["edgesoak-virtual-phone"]);
    world.call_with("run --profile table --lab lab.toml --report junit=junit.xml --format json", agents)
}

fn judge(world: &World) -> (Spoken, RunVerdict) {
    let spoken = world.call("judge latest --format json");
    let verdict = serde_json::from_str(&spoken.stdout)
        .unwrap_or_else(|error| panic!("no verdict ({error}): {}", spoken.transcript()));
    (spoken, verdict)
}

/// Sessions in the order of the rows.
fn of_rows(verdict: &RunVerdict) -> Vec<&SessionVerdict> {
    let of = |number: usize| {
        let device = matrix::device(number);
        let mut sessions = verdict.sessions.iter().filter(|session| session.device == device);
        sessions.next().unwrap_or_else(|| panic!("{device} has no session"))
    };
    (0..ROWS.len()).map(of).collect()
}

#[test]
fn the_product_says_everywhere_what_the_table_says() {
    let (lines, bars) = rows();
    let world = matrix::world(&lines, &bars);
    let ran = run(&world);
    assert_eq!(ran.exit, Some(1), "{}", ran.transcript());
    let (again, verdict) = judge(&world);
    let mut errors = Errors::default();
    let mut surprises = Vec::new();
    for (line, session) in lines.iter().zip(of_rows(&verdict)) {
        surprises.extend(surprise(line, &judged::reds(session)));
        errors.compare(line, session);
    }
    surprises.extend(errors.beyond());
    assert!(surprises.is_empty(), "{}\n{}", surprises.join("\n"), ran.stderr);

    let first = lines[0].planted.as_ref().expect("a fault");
    assert_eq!((verdict.reason.as_str(), verdict.exit), (first.gate.as_str(), 1));
    assert_eq!(again.exit, Some(1));
    assert_eq!(again.last_line(), ran.last_line());

    let page = world.path().join(ran.json()["report"].as_str().expect("a path"));
    let page = fs::read_to_string(page).expect("a report");
    for session in &verdict.sessions {
        reported(&page, session);
    }
    stored(&world, &verdict);
    cases::compare(&world, "junit.xml", &verdict);
    let readings = views::compare(&world.path().join("edgesoak-out/edgesoak.db"), &verdict);
    assert!(readings > 100_000, "{readings} readings");
    same_again(&matrix::world(&lines, &bars), &verdict);
}

/// The section of the report about a device says what the verdict says, in words.
fn reported(page: &str, session: &SessionVerdict) {
    let device = format!("<bdi>{}</bdi>", session.device);
    let is_about = |part: &&str| part.split_once("</h2>").is_some_and(|(head, _)| head.contains(&device));
    let section = page.split("<section class=\"session\"").skip(1).find(is_about);
    let section = section.unwrap_or_else(|| panic!("the report has no section about {}", session.device));
    let (head, body) = section.split_once("</h2>").expect("a heading");
    let word = session.verdict.word().replace('_', " ");
    assert!(head.contains(&format!(">{word}</span>")) && head.contains("◇ virtual"), "{word}: {head}");
    assert!(body.contains(&format!("<bdi>{} (virtual): ", session.device)), "{}", session.sentence);
    for slowdown in &session.slowdowns {
        assert!(body.contains(&slowdown.sentence), "{}: {}", session.device, slowdown.sentence);
    }
    let table = body.split_once("<table class=\"gates\">").expect("gates").1;
    let table = table.split_once("</table>").expect("its end").0;
    let rows: BTreeMap<&str, &str> = table.split("<tr").filter_map(|row| Some((code(row)?, row))).collect();
    for gate in session.gates.iter().filter(|gate| gate.blocking) {
        let row = rows.get(gate.gate.word()).unwrap_or_else(|| panic!("no {} in {table}", gate.gate));
        let outcome = format!("<span class=\"unseen\">, {}</span>", gate.outcome.word().replace('_', " "));
        assert!(row.contains(&outcome) && row.contains('◇'), "{outcome}: {row}");
        if let Some(cause) = &gate.cause {
            let cause = format!("<bdi>{}</bdi>", cause.replace('_', " "));
            assert!(row.contains(&cause), "{cause}: {row}");
        }
    }
}

/// The stable word in a row of the report.
fn code(row: &str) -> Option<&str> {
    Some(row.split_once("<small><code>")?.1.split_once("</code>")?.0)
}

/// The rows of the database say what the verdict says.
fn stored(world: &World, verdict: &RunVerdict) {
    let path = world.path().join("edgesoak-out/edgesoak.db");
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
    let run: (String, u8, String) = database
        .query_row(
            "SELECT verdict, exit_code, reason FROM verdict WHERE run_id = ?1",
            [&verdict.run],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .expect("a verdict");
    assert_eq!(run, (verdict.verdict.word().to_owned(), verdict.exit, verdict.reason.clone()));
    for session in &verdict.sessions {
        let key = [&verdict.run, &session.session];
        let words = "SELECT verdict, sentence FROM session_verdict WHERE run_id = ?1 AND session = ?2";
        let found: (String, String) =
            database.query_row(words, key, |row| Ok((row.get(0)?, row.get(1)?))).expect("a session");
        assert_eq!(found, (session.verdict.word().to_owned(), session.sentence.clone()));
        let words = "SELECT gate, outcome, cause, blocking FROM gate_result \
                     WHERE run_id = ?1 AND session = ?2 ORDER BY position";
        let mut query = database.prepare(words).expect("a query");
        let found = query
            .query_map(key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .expect("gates")
            .collect::<Result<Vec<GateWords>, _>>();
        let told: Vec<GateWords> = session.gates.iter().map(gate_words).collect();
        assert_eq!(found.expect("rows"), told, "{}", session.device);
    }
}

type GateWords = (String, String, Option<String>, bool);

fn gate_words(gate: &GateResult) -> GateWords {
    (gate.gate.word().to_owned(), gate.outcome.word().to_owned(), gate.cause.clone(), gate.blocking)
}

/// The same devices with the same seeds in another world: all that is judged is the same again.
fn same_again(world: &World, verdict: &RunVerdict) {
    let ran = run(world);
    assert_eq!(ran.exit, Some(i32::from(verdict.exit)), "{}", ran.stderr);
    let again = judge(world).1;
    for (first, second) in of_rows(verdict).into_iter().zip(of_rows(&again)) {
        assert_eq!(first.verdict, second.verdict, "{}", second.sentence);
        assert_eq!(first.gates.len(), second.gates.len(), "{}", first.device);
        for (first, second) in first.gates.iter().zip(&second.gates) {
            assert_eq!((gate_words(first), first.n), (gate_words(second), second.n));
            let pairs = figures(first).into_iter().zip(figures(second));
            let differ: Vec<_> = pairs.filter(|(first, second)| !is_close(*first, *second)).collect();
            assert!(differ.is_empty(), "{}: {differ:?}", first.gate);
        }
    }
}

/// Without the bounds, and so without the sentences: they are drawn with the name of the run as seed.
fn figures(gate: &GateResult) -> Vec<Option<f64>> {
    let evidence = gate.evidence.iter().flat_map(|part| [Some(part.from_s), Some(part.to_s)]);
    [gate.measured, gate.limit].into_iter().chain(evidence).collect()
}

/// Equal but for the last digits: the clocks of the devices began elsewhere.
fn is_close(first: Option<f64>, second: Option<f64>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => (first - second).abs() <= 1e-9 * first.abs().max(1.0),
        _ => first.is_none() && second.is_none(),
    }
}
