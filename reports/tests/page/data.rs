//! The block of data that a program reads out of a page.

use edgesoak_record::{Run, RunVerdict};
use serde_json::Value;

use crate::document::full_page;
use crate::hostile::{ATTACKS, poisoned};
use crate::made_up;

const BEGIN: &str = "<script type=\"application/json\" id=\"edgesoak-data\">";

fn block(page: &str) -> &str {
    let from = page.find(BEGIN).expect("the block begins") + BEGIN.len();
    let length = page[from..].find("</script>").expect("the block ends");
    &page[from..from + length]
}

fn data(run: &Run, verdict: &RunVerdict) -> Value {
    serde_json::from_str(block(&full_page(run, verdict))).expect("the block is JSON")
}

#[test]
fn every_number_of_the_verdict_can_be_copied_out() {
    let (run, verdict) = made_up::example();
    let data = data(&run, &verdict);
    assert_eq!((&data["schema"], &data["version"]), (&"edgesoak-report".into(), &1.into()));
    assert_eq!((&data["run"]["id"], &data["verdict"]["verdict"]), (&"made-up-0001".into(), &"fail".into()));
    assert_eq!(data["run"]["policy_digest"].as_str().map(str::len), Some(64));
    // The same as `--format json` says, as far as nothing is cut.
    let document: Value = serde_json::from_str(&edgesoak_reports::json(&run, &verdict)).expect("JSON");
    for member in ["run", "policy", "verdict"] {
        assert_eq!(data[member], document[member], "{member}");
    }
    assert_eq!(data["settings"].as_array().map(Vec::len), Some(3));
}

#[test]
fn rows_of_the_strips_are_as_long_as_their_times() {
    let (run, verdict) = made_up::example();
    let data = data(&run, &verdict);
    let strips = &data["strips"][0];
    let times = strips["from_s"].as_array().expect("times");
    assert_eq!(
        (times[0].as_f64(), times[1].as_f64(), strips["step_s"].as_f64()),
        (Some(0.0), Some(30.0), Some(30.0))
    );
    let lines = strips["lines"].as_array().expect("lines");
    assert!(lines.iter().all(|line| line["values"].as_array().map(Vec::len) == Some(times.len())));
    let rate = lines.iter().find(|line| line["unit"] == "tokens/s").expect("a rate");
    let first = rate["values"][0].as_f64().expect("a value");
    assert!((first - 23.0).abs() < 0.5, "{first}");
}

#[test]
fn no_text_ends_the_block_and_no_number_breaks_it() {
    for attack in ATTACKS {
        let (run, mut verdict) = poisoned(attack);
        verdict.sessions[0].gates[0].measured = Some(f64::NAN);
        verdict.sessions[0].gates[0].limit = Some(f64::INFINITY);
        let page = full_page(&run, &verdict);
        let text = block(&page);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{attack}");
        let data: Value = serde_json::from_str(text).expect("the block is JSON");
        assert!(data["verdict"]["sessions"][0]["gates"][0]["measured"].is_null());
    }
}
