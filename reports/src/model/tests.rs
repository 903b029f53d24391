use std::borrow::Cow;
use std::convert::Infallible;

use edgesoak_record::answer::Cell;
use edgesoak_record::comparison::Reference;
use edgesoak_record::examined::WrongItem;
use edgesoak_record::memory::{MemoryPart, MemoryUse};
use edgesoak_record::session::Note;
use edgesoak_record::units::Bytes;
use edgesoak_record::verdict::Doubt;
use edgesoak_record::{Gate, MemoryOutlook, MemoryPrediction, Outcome, Run, RunVerdict, Verdict};

use super::Page;
use crate::background::{Background, Earlier};
use crate::made_up::{self, gates::gate};
use crate::words::gate::Mood;

fn page(run: &Run, verdict: &RunVerdict) -> Page {
    let whole = |record| Ok::<_, Infallible>(Cow::Borrowed(record));
    let Ok(page) = Page::of(run, verdict, &Background::default(), whole);
    page
}

fn example() -> Page {
    let (run, verdict) = made_up::example();
    page(&run, &verdict)
}

#[test]
fn the_matrix_is_worst_first_with_a_number_in_every_cell() {
    let matrix = example().matrix;
    let devices: Vec<&str> = matrix.rows.iter().map(|row| row.device.as_str()).collect();
    assert_eq!(devices, ["made-up-scanner-1", "made-up-board-1", "made-up-phone-1"]);
    let titles: Vec<&str> = matrix.columns.iter().map(|column| column.title).collect();
    assert_eq!(titles, ["Floor", "Battery", "TTFT p95", "Quality", "Energy", "Integrity", "Validity"]);
    let floor = matrix.rows[0].cells[0].as_ref().expect("a floor");
    assert_eq!((floor.mood, floor.number.as_str(), floor.under.as_str()), (Mood::Fail, "15.5", ""));
    assert_eq!((matrix.columns[0].unit.as_str(), matrix.columns[0].bar.as_str()), ("tokens/s", "≥ 18"));
    let board = matrix.rows[1].cells[0].as_ref().expect("a floor");
    assert_eq!((board.mood, board.number.as_str()), (Mood::NotProven, "too short"));
    let integrity = matrix.rows[0].cells[5].as_ref().expect("integrity");
    assert_eq!((integrity.mood, integrity.number.as_str()), (Mood::Pass, "4/4"));
    assert!(
        matrix.rows.iter().flat_map(|row| row.cells.iter().flatten()).all(|cell| !cell.number.is_empty())
    );
}

#[test]
fn many_bars_share_a_column_and_a_failing_one_keeps_its_own() {
    let (run, mut verdict) = made_up::example();
    let gates = &mut verdict.sessions[0].gates;
    for other in [Gate::BurstTps, Gate::SustainedTps, Gate::Temperature, Gate::MemoryGrowth, Gate::ItlP95] {
        gates.retain(|result| result.gate != other);
        gates.push(gate(other, Outcome::Pass, Some(1.0), Some(2.0), "Kept."));
    }
    gates.push(gate(Gate::ItemsPerSecond, Outcome::Fail, Some(1.0), Some(2.0), "Too few."));
    let matrix = page(&run, &verdict).matrix;
    let titles: Vec<&str> = matrix.columns.iter().map(|column| column.title).collect();
    assert_eq!(titles.len(), 9, "{titles:?}");
    assert!(titles.contains(&"Items") && titles.contains(&"Others"));
}

#[test]
fn how_soon_memory_would_have_killed_the_runtime_stands_beside_it() {
    let (mut run, verdict) = made_up::example();
    let record = &mut run.sessions[0];
    let text = "agent -950, runtime -950, as inherited: killed later than an app would be".to_owned();
    let note = Note { t: record.notes[0].t, code: "oom-score-protected".to_owned(), text: text.clone() };
    record.notes.push(note);
    let told: Vec<usize> = page(&run, &verdict)
        .sessions
        .iter()
        .map(|session| session.runtime.iter().filter(|fact| fact.value == text).count())
        .collect();
    assert_eq!(told.iter().sum::<usize>(), 1, "{told:?}");
}

#[test]
fn tiles_show_the_worst_device() {
    let tiles = example().tiles;
    let floor = &tiles[0];
    assert_eq!(
        (floor.mood, floor.value.as_str(), floor.device.as_str()),
        (Mood::Fail, "15.5", "made-up-scanner-1")
    );
    assert_eq!(floor.detail, "bar ≥ 18 · 95 % 13.9 to 17.3");
    assert!(floor.is_virtual);
    assert_eq!(tiles.len(), 4);
    assert_eq!((tiles[1].mood, tiles[1].device.as_str()), (Mood::NotProven, "made-up-scanner-1"));
    assert_eq!((tiles[3].value.as_str(), tiles[3].device.as_str()), ("held", ""));
}

#[test]
fn of_two_failing_devices_the_one_further_from_its_bar_is_the_worst() {
    let (run, mut verdict) = made_up::example();
    verdict.sessions[1].gates[0] = gate(Gate::FloorTps, Outcome::Fail, Some(9.0), Some(18.0), "Slow.");
    let page = page(&run, &verdict);
    assert_eq!((page.tiles[0].value.as_str(), page.tiles[0].device.as_str()), ("9.00", "made-up-phone-1"));
}

#[test]
fn gates_of_one_cause_are_named_together() {
    let (run, mut verdict) = made_up::example();
    for result in verdict.sessions.iter_mut().flat_map(|session| &mut session.gates) {
        if matches!(result.gate, Gate::Artifact | Gate::Journal) {
            result.outcome = Outcome::NotProven;
            result.cause = Some("journal_torn".to_owned());
        }
    }
    let integrity = &page(&run, &verdict).tiles[3];
    assert_eq!(integrity.mood, Mood::NotProven);
    assert_eq!(
        integrity.detail,
        "artifact, journal: journal torn · placement, runtime alive held · privacy, leaks not asked"
    );
}

#[test]
fn figures_without_a_bar_leave_the_gates_and_latencies_leave_the_figures() {
    let session = &example().sessions[0];
    assert!(session.gates.iter().all(|row| row.word != "burst_tps" && row.word != "ttft_p50"));
    assert!(session.figures.iter().any(|row| row.word == "burst_tps"));
    assert!(session.figures.iter().all(|row| !row.word.starts_with("ttft")));
    assert_eq!(session.latencies[0].percentiles[0], "228\u{a0}ms");
    assert_eq!(session.latencies[0].n, "87");
}

#[test]
fn the_trust_strip_counts_what_happened() {
    let (mut run, verdict) = made_up::example();
    run.sessions[1].close = None;
    let page = page(&run, &verdict);
    let fact = |label: &str| page.trust.iter().find(|fact| fact.label == label).expect("a fact of the strip");
    assert_eq!(fact("Runs").value, "3 planned, 2 valid");
    assert_eq!(fact("Runs").remark, "1 discarded: 1 not closed");
    assert_eq!(fact("Virtual devices").value, "◇ 3");
    assert_eq!(fact("Heat sensors").value, "on 2 of 3");
    assert_eq!(fact("Units").value, "no hardware");
}

#[test]
fn waivers_stand_with_their_end() {
    let page = example();
    assert!(page.accepted.iter().any(|line| line.contains("until 2026-12-31") && line.contains("LAB-000")));
}

#[test]
fn what_was_left_out_for_want_of_time_stands_on_the_first_screen() {
    let (run, mut verdict) = made_up::example();
    verdict.not_run.push(made_up::left_out("phone-2"));
    assert_eq!(page(&run, &verdict).not_run, ["Device phone-2 is not run: nothing is shown of it."]);
}

#[test]
fn only_passing_sessions_beside_others_are_folded() {
    let open: Vec<bool> = example().sessions.iter().map(|session| session.open).collect();
    assert_eq!(open, [true, true, false]);
    let (run, mut verdict) = made_up::ten_minutes();
    verdict.sessions[0].verdict = Verdict::Pass;
    assert!(page(&run, &verdict).sessions[0].open, "a session alone is never folded");
}

#[test]
fn what_was_expected_of_memory_is_shown_part_by_part_or_with_its_reason() {
    let (mut run, verdict) = made_up::example();
    let part = MemoryPart { what: MemoryUse::KvCache, bytes: Bytes(45 << 20), basis: "90 heads".to_owned() };
    let sessions: Vec<String> = run.sessions.iter().map(|record| record.planned.session.clone()).collect();
    let known = MemoryOutlook::Predicted(MemoryPrediction::of(vec![part]));
    run.plan.memory.insert(sessions[0].clone(), known);
    let unknown = MemoryOutlook::NotPredicted("nobody knows".to_owned());
    run.plan.memory.insert(sessions[1].clone(), unknown);
    let page = page(&run, &verdict);
    let told: Vec<(&str, &str)> = page
        .sessions
        .iter()
        .flat_map(|session| &session.runtime)
        .filter(|fact| ["Memory predicted", "KV cache"].contains(&fact.label.as_str()))
        .map(|fact| (fact.value.as_str(), fact.remark.as_str()))
        .collect();
    assert!(told.contains(&("45 MiB", "before anything was pushed")), "{told:?}");
    assert!(told.contains(&("45 MiB", "90 heads")), "{told:?}");
    assert!(told.contains(&("not predicted", "nobody knows")), "{told:?}");
}

#[test]
fn every_outcome_tells_what_it_rests_on() {
    let (run, verdict) = made_up::example();
    let background = Background { explain: Some(made_up::explanations::explain), ..Background::default() };
    let whole = |record| Ok::<_, Infallible>(Cow::Borrowed(record));
    let Ok(page) = Page::of(&run, &verdict, &background, whole);
    let row = &page.sessions[0].gates[0];
    assert_eq!(row.word, "floor_tps");
    assert_eq!(row.basis.rules[0].0, "How it is made");
    assert!(row.basis.settings.starts_with("made_up_window = 60 s · made_up_spread = 0.03, a guess"));
    let place = &row.basis.places[0];
    assert_eq!(place.strip.as_deref(), Some("s0-decode"), "{place:?}");
    assert_eq!(page.sessions[0].runs, ["s01 counts."]);
    assert_eq!(page.method.len(), page.method.iter().filter(|row| !row.rules.is_empty()).count());
    assert!(page.method.iter().any(|row| row.word == "floor_tps"));
}

#[test]
fn a_discarded_run_says_why() {
    let (run, mut verdict) = made_up::example();
    let doubt = Doubt { cause: "charger_attached".to_owned(), sentence: "It was charged.".to_owned() };
    verdict.sessions[0].doubts.push(doubt);
    let page = page(&run, &verdict);
    assert_eq!(page.sessions[0].runs, ["s01 is discarded: It was charged."]);
    assert_eq!(page.trust[0].value, "3 planned, 2 valid");
    assert_eq!(page.trust[0].remark, "1 discarded: 1 charger attached");
}

#[test]
fn margins_are_parts_of_the_bar_with_more_being_better() {
    let margins = example().margins.expect("bars and figures");
    let place = margins.columns.iter().position(|title| *title == "Floor").expect("a floor");
    let floor = margins.rows[0].cells[place].as_ref().expect("a figure and a bar");
    assert_eq!((floor.mood, floor.text.as_str(), floor.shade), (Mood::Fail, "−14\u{a0}%", 2));
    let phone = margins.rows[2].cells[place].as_ref().expect("a figure and a bar");
    assert_eq!((phone.mood, phone.text.as_str(), phone.shade), (Mood::Pass, "+20\u{a0}%", 2));
    let ttft = margins.columns.iter().position(|title| *title == "TTFT p95").expect("a latency");
    let ttft = margins.rows[0].cells[ttft].as_ref().expect("a figure and a bar");
    assert!(ttft.text.starts_with('+'), "under its bar is good: {}", ttft.text);
}

#[test]
fn what_is_accepted_on_many_devices_is_said_once() {
    let (run, mut verdict) = made_up::example();
    let device = |place: usize| verdict.sessions[place].device.clone();
    verdict.accepted =
        (0..3).map(|place| format!("{} (virtual): accepted by tier.", device(place))).collect();
    verdict.accepted.push("Something else.".to_owned());
    let lines = page(&run, &verdict).accepted;
    assert_eq!(lines[..2], ["3 sessions: accepted by tier.", "Something else."]);
    verdict.accepted.remove(0);
    assert_eq!(
        page(&run, &verdict).accepted.len(),
        4,
        "two are told by name, beside the rest and the waiver"
    );
}

#[test]
fn a_heading_has_the_bar_of_all_or_where_bars_go() {
    let (run, mut verdict) = made_up::example();
    let heading = |verdict: &RunVerdict| page(&run, verdict).matrix.columns[0].clone();
    assert_eq!((heading(&verdict).bar.as_str(), heading(&verdict).range.as_str()), ("≥ 18", ""));
    let index = verdict.sessions[1].gates.iter().position(|result| result.gate == Gate::FloorTps);
    verdict.sessions[1].gates[index.expect("a floor")].limit = Some(20.0);
    assert_eq!((heading(&verdict).bar.as_str(), heading(&verdict).range.as_str()), ("", "≥ 18–20"));
    let cell = page(&run, &verdict).matrix.rows[0].cells[0].clone().expect("a floor");
    assert_eq!(cell.under, "≥ 18", "each cell keeps its own");
}

/// The page of the example, held against a release in which its first device had this floor and these wrong items.
fn against(floor: f64, then: &[&str], now: &[&str]) -> Page {
    let (run, mut verdict) = made_up::example();
    let examined = |wrong: &[&str]| {
        let wrong = wrong.iter().map(|item| WrongItem {
            item: (*item).to_owned(),
            critical: *item == "valve",
            cell: Cell::AnsweredWrong,
            reasons: Vec::new(),
        });
        Some(Box::new(made_up::answers::examined(wrong.collect())))
    };
    let mut session = verdict.sessions[0].clone();
    session.examined = examined(then);
    let place = session.gates.iter().position(|result| result.gate == Gate::FloorTps).expect("a floor");
    session.gates[place].measured = Some(floor);
    verdict.sessions[0].examined = examined(now);
    let earlier =
        [Earlier { reference: Reference::Previous, name: "release-1.4".to_owned(), sessions: vec![session] }];
    let background = Background { earlier: &earlier, ..Background::default() };
    let whole = |record| Ok::<_, Infallible>(Cow::Borrowed(record));
    let Ok(page) = Page::of(&run, &verdict, &background, whole);
    page
}

#[test]
fn a_change_against_a_release_stands_beside_the_figure() {
    let page = against(17.0, &[], &[]);
    let detail = &page.tiles[0].detail;
    assert!(detail.ends_with(" · −8.9\u{a0}% to release-1.4"), "{detail}");
    assert!(page.tested.iter().any(|fact| (&*fact.label, &*fact.value) == ("Against", "release-1.4")));
    let detail = &example().tiles[0].detail;
    assert!(!detail.contains(" to release"), "nothing is known of a release: {detail}");
}

#[test]
fn items_that_a_release_answered_otherwise_are_named() {
    let rows = against(17.0, &["seal", "bearing"], &["bearing", "valve"]).against;
    let [row] = rows.as_slice() else { panic!("one device was asked on both sides: {rows:?}") };
    assert_eq!((row.lost.as_str(), row.gained.as_str()), ("valve (critical)", "seal"));
}
