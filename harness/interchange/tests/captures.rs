//! Every format as its capture has it, and the same capture in the clothes that editors and shells give it.

use std::path::{Path, PathBuf};

use edgesoak_interchange::{Counted, Format, InterchangeError, Recording, journal, read, workload};
use edgesoak_protocol::journal::{Ending, Frame, read_all};
use edgesoak_protocol::{Quantity, Reason};
use edgesoak_record::units::Nanos;

fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures").join(name)
}

fn sessions(name: &str) -> Vec<Recording> {
    read(&capture(name)).expect("a capture").recordings
}

fn text(bytes: &[u8]) -> Result<Vec<Recording>, InterchangeError> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("export");
    std::fs::write(&path, bytes).expect("written");
    read(&path).map(|source| source.recordings)
}

fn refusal(bytes: &str) -> (u64, String) {
    match text(bytes.as_bytes()) {
        Err(InterchangeError::Parsing { line, problem, hint, .. }) => {
            assert!(!hint.is_empty(), "{problem}");
            (line, problem)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_series_of_rates_is_a_session_per_line_and_a_chat_is_none() {
    let found = sessions("decode_rates.jsonl");
    assert_eq!(found.iter().map(|found| found.line).collect::<Vec<_>>(), [1, 3]);
    let first = &found[0];
    assert_eq!(first.format, Format::DecodeRates);
    assert_eq!(first.names.model.as_deref(), Some("made-up-2b"));
    let rates = first.rates.as_ref().expect("rates");
    assert_eq!((rates.counted, rates.readings.len()), (Counted::Tokens, 600));
    assert_eq!(rates.windows.length, Some(Nanos::from_secs(5)));
    assert_eq!((rates.readings[0], rates.readings[599].0), ((0, Ok(40.0)), 599_000_000_000));
    let energy = first.energy.expect("an energy");
    assert_eq!((energy.microjoules, energy.tokens), (1_500_000_000, Some(15_000)));
    let second = &found[1];
    assert_eq!((second.names.model.as_deref(), second.energy), (Some("made-up-1b"), None));
    assert_eq!(second.rates.as_ref().expect("rates").readings[7].1, Err(Reason::Absent));
    let status = second.series.iter().find(|series| series.quantity == Quantity::ThermalStatus);
    assert_eq!(
        status.expect("a state").readings,
        [(0, Err(Reason::Parse))],
        "nobody knows how warm lukewarm is"
    );
}

#[test]
fn a_document_over_several_lines_is_read_and_counts_the_tokens_of_its_energy() {
    let found = sessions("decode_rates_idle.json");
    assert_eq!((found.len(), found[0].line), (1, 1));
    assert_eq!(found[0].energy.expect("an energy").tokens, Some(7_000));
    let rates = &found[0].rates.as_ref().expect("rates").readings;
    assert_eq!(rates.iter().filter(|(_, rate)| *rate == Ok(0.0)).count(), 200);
}

#[test]
fn rates_may_stand_a_window_apart() {
    let line = r#"{"metrics":{"decodeRateRollingWindow":[9,9,8],"decodeRateWindowSeconds":30,"totalGenerationTimeSeconds":91}}"#;
    let found = text(line.as_bytes()).expect("a session");
    assert_eq!(found[0].rates.as_ref().expect("rates").readings[2].0, 60_000_000_000);
    let line = r#"{"metrics":{"decodeRateRollingWindow":[9,9,8],"totalGenerationTimeSeconds":600}}"#;
    let found = text(line.as_bytes()).expect("a session");
    assert!(found[0].facts.iter().any(|fact| fact.about == "times"), "{:?}", found[0].facts);
}

#[test]
fn minutes_count_items_and_bring_their_telemetry() {
    let found = &sessions("minutes.csv")[0];
    let rates = found.rates.as_ref().expect("rates");
    assert_eq!((rates.counted, rates.readings.len(), found.end()), (Counted::Items, 15, 900_000_000_000));
    let of = |quantity| found.series.iter().find(|series| series.quantity == quantity).expect("a channel");
    assert_eq!(of(Quantity::ThermalStatus).readings[0], (0, Ok(0.0)), "what the comments say of the begin");
    assert!(of(Quantity::ChargeStatus).readings.iter().all(|(_, status)| *status == Ok(3.0)));
    assert_eq!(of(Quantity::Temperature).readings[5].1, Err(Reason::Absent));
    assert_eq!(of(Quantity::ChargeCounter).readings[0].1, Ok(3.988));
}

#[test]
fn repetitions_of_a_benchmark_have_no_times_of_a_clock() {
    for name in ["llama_bench.jsonl", "llama_bench.json"] {
        let found = sessions(name);
        assert_eq!(found.len(), 1, "prefill decodes nothing");
        assert_eq!(found[0].names.model.as_deref(), Some("made-up-1b-q4_0.gguf"), "no folder of anybody");
        let rates = found[0].rates.as_ref().expect("rates");
        assert_eq!((rates.windows.length, rates.windows.is_timed), (None, false));
        assert_eq!(rates.readings[0], (4_000_000_000, Ok(32.0)));
        assert_eq!(rates.readings.len(), 40);
    }
}

#[test]
fn the_neutral_table_has_units_in_its_names() {
    let found = &sessions("neutral_rates.csv")[0];
    let rates = found.rates.as_ref().expect("rates");
    assert_eq!((rates.readings.len(), rates.windows.length), (31, Some(Nanos::from_secs(10))));
    assert_eq!(found.zero(), Nanos::from_secs(30), "telemetry begins before the first rate");
    let names: Vec<&str> = found.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["power/device", "battery/temperature", "thermal-status", "battery/status"]);
    assert_eq!(found.energy.expect("an energy").tokens, Some(4_500));
    assert!(found.facts.iter().any(|fact| fact.text == "note_for_me"), "{:?}", found.facts);
    let found = &sessions("neutral.ndjson")[0];
    let skin = found.series.iter().find(|series| series.name == "skin/temperature").expect("a channel");
    assert!((skin.readings[0].1.expect("a value") - 25.0).abs() < 1e-9);
    assert_eq!(found.rates.as_ref().expect("rates").readings[50].1, Err(Reason::Absent));
}

#[test]
fn token_times_count_from_the_first_submit() {
    let found = &sessions("neutral_tokens.csv")[0];
    assert_eq!((found.prompts.len(), found.prompts[0].submit), (8, 0));
    assert_eq!((found.prompts[0].stamps[0].at, found.prompts[0].stamps[1].tokens), (400_000_000, 2));
    assert_eq!(found.prompts[1].item, "item-1");
    assert!(found.rates.is_none());
}

#[test]
fn marks_and_foreign_ends_of_lines_change_nothing() {
    for name in
        ["decode_rates.jsonl", "minutes.csv", "llama_bench.jsonl", "neutral_rates.csv", "neutral.ndjson"]
    {
        let plain = std::fs::read_to_string(capture(name)).expect("a capture");
        let dressed = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
        assert_eq!(text(dressed.as_bytes()).expect(name), text(plain.as_bytes()).expect(name), "{name}");
    }
}

#[test]
fn a_journal_holds_what_the_file_holds() {
    let names = [
        "decode_rates.jsonl",
        "minutes.csv",
        "llama_bench.jsonl",
        "neutral_rates.csv",
        "neutral_tokens.csv",
        "neutral.ndjson",
    ];
    for found in names.into_iter().flat_map(sessions) {
        let bytes = journal(&found, "r", "s01", Nanos(7));
        let (header, entries, ending) = read_all(&bytes).expect("a journal");
        assert_eq!(ending, Ending::Finished);
        assert!(
            entries
                .windows(2)
                .all(|pair| pair[0].t_mono_ns <= pair[1].t_mono_ns && pair[0].seq < pair[1].seq)
        );
        let readings: usize = found.series.iter().map(|series| series.readings.len()).sum::<usize>()
            + found.rates.as_ref().map_or(0, |rates| rates.readings.len());
        let ticks = entries.iter().filter(|entry| matches!(entry.frame, Frame::Tick { .. })).count();
        assert_eq!(ticks, readings);
        assert_eq!(header.channels.len(), header.groups.len());
    }
}

#[test]
fn what_is_wrong_is_told_by_its_line() {
    let rows = |text: &str| format!("t_s,rate_tokens_per_s\n{text}");
    assert_eq!(refusal(&rows("0,1\n1,x\n")).0, 3);
    assert_eq!(refusal(&rows("0,1\n1,-2\n")).0, 3);
    assert_eq!(refusal(&rows("0,1\n1,1e9\n")).0, 3);
    assert_eq!(refusal(&rows("5,1\n1,1\n")).0, 3, "time goes back");
    assert_eq!(refusal(&rows("0,1,2\n")).0, 2);
    assert_eq!(refusal("t_s,power_w\n0,1\n").0, 2, "nothing that could be judged");
    assert_eq!(refusal("t_s,event\n0,token\n").0, 2, "a token without a prompt");
    assert_eq!(refusal("").0, 1);
    assert_eq!(refusal("hello\n").0, 1);
    assert_eq!(refusal("{\"metrics\":{\"decodeRateRollingWindow\":[1,\"fast\"]}}\n").0, 1);
    assert_eq!(refusal("{\"metrics\":{}}\n").0, 1);
    assert_eq!(refusal("{\"metrics\":{\"energyJoules\":1}}\n{nonsense\n").0, 2);
    assert_eq!(refusal("{\n\"metrics\": {\n\"a\": NaN}}\n").0, 3);
    let (_, problem) = refusal("avg_ts,n_gen\n1,2\n");
    assert!(problem.contains("header"), "{problem}");
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    refusal(&format!("{{\"metrics\":{deep}}}\n"));
}

#[test]
fn a_folder_and_a_file_that_is_not_there_are_told_apart() {
    assert!(matches!(read(&capture("")), Err(InterchangeError::NotAFile { .. })));
    assert!(matches!(read(&capture("nothing.csv")), Err(InterchangeError::Opening { .. })));
}

#[test]
fn other_names_and_units_say_the_same() {
    let line = r#"{"decodeRateRollingWindow":[9,8,7],"decodeRateWindowMilliseconds":2000,"energyMilliwattHours":100,"generatedTokenCount":60,"runtime":"x","model":"y"}"#;
    let found = &text(line.as_bytes()).expect("a session")[0];
    assert_eq!(found.rates.as_ref().expect("rates").windows.length, Some(Nanos::from_secs(2)));
    assert_eq!(found.energy.expect("an energy").microjoules, 360_000_000);
    assert_eq!(found.names.model.as_deref(), Some("y"));
}

#[test]
fn rates_that_do_not_fill_the_session_have_no_times() {
    let rates = vec!["20"; 300].join(",");
    let session = |length: u32| {
        format!(
            "{{\"metrics\":{{\"decodeRateRollingWindow\":[{rates}],\"totalGenerationTimeSeconds\":{length}}}}}"
        )
    };
    for (length, is_timed) in [(304, true), (600, false), (150, false)] {
        let found = text(session(length).as_bytes()).expect("a session");
        assert_eq!(found[0].rates.as_ref().expect("rates").windows.is_timed, is_timed, "{length} s");
    }
}

#[test]
fn what_describes_the_session_is_read_or_refused_wherever_it_stands() {
    let rows = "t_s,rate_tokens_per_s\n10,30\n20,30\n";
    let many = "# fact,text\n".repeat(40);
    let found = text(format!("{many}# rate_window_s,10\n{rows}").as_bytes()).expect("a session");
    assert_eq!(found[0].rates.as_ref().expect("rates").windows.length, Some(Nanos::from_secs(10)));
    let below = refusal(&rows.replace("\n10", "\n# rate_window_s,10\n10"));
    assert_eq!(below, (2, "`rate_window_s` stands below the header".to_owned()));
    let endless = format!("{}{rows}", "# a,b\n".repeat(1_001));
    assert_eq!(refusal(&endless).0, 1_001);
}

#[test]
fn a_rate_before_zero_is_refused() {
    let (line, problem) = refusal("t_s,rate_tokens_per_s\n-10,30\n0,30\n10,30\n");
    assert!(line == 2 && problem.contains("before zero"), "{problem}");
}

#[test]
fn readings_at_both_ends_of_a_session_are_no_steady_telemetry() {
    let file = "t_s,rate_tokens_per_s,skin_temperature_c\n0,30,25\n300,30,\n600,30,40\n";
    let found = text(file.as_bytes()).expect("a session");
    let bytes = journal(&found[0], "r", "s01", Nanos(0));
    let (header, ..) = read_all(&bytes).expect("a journal");
    assert!(header.groups.iter().all(|group| group.period_ns <= 60_000_000_000), "{:?}", header.groups);
}

#[test]
fn the_first_callback_counts_as_one_token_everywhere() {
    let file = "t_s,event,tokens\n0,submit,\n1,token,4\n2,token,4\n3,token,4\n4,token,2\n4,done,\n";
    let found = text(file.as_bytes()).expect("a session");
    assert_eq!(workload(&found[0], None).output_tokens, 11, "one, twice four, and two");
    let bytes = journal(&found[0], "r", "s01", Nanos(0));
    let (_, entries, _) = read_all(&bytes).expect("a journal");
    let told = entries.iter().find_map(|entry| match &entry.frame {
        Frame::PromptDone { decoded_tokens, .. } => Some(*decoded_tokens),
        _ => None,
    });
    assert_eq!(told, Some(11));
}

#[test]
fn two_columns_of_one_channel_are_refused_and_none_is_lost() {
    let (_, problem) = refusal("t_s,rate_tokens_per_s,skin_temperature_c,skin_temperature_k\n0,30,25,298\n");
    assert!(problem.contains("`skin_temperature_k` reads what another"), "{problem}");
}
