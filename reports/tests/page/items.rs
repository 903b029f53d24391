//! A run whose answers were counted whole speaks of items, and of no decoding.

use edgesoak_record::{Gate, Outcome, Verdict};

use crate::document::Document;
use crate::made_up;
use crate::made_up::decode::Course;

#[test]
fn items_have_a_tile_and_a_strip_of_their_own() {
    let course = Course { seconds: 60.0, ..Course::default() };
    let mut record = made_up::session::record("s01", "made-up-1", &course, 1.0);
    record.planned.workload.is_of_items = true;
    let items =
        made_up::gates::gate(Gate::ItemsPerSecond, Outcome::Pass, Some(12.0), Some(10.0), "Fast enough.");
    let judged = made_up::gates::verdict(&record, Verdict::Pass, "All gates passed.", vec![items]);
    let (run, verdict) = made_up::run_of(vec![(record, judged)]);
    let page = edgesoak_reports::html(&run, &verdict);
    crate::plots::check(&page);
    let text = Document::parse(&page).text;
    for words in ["Items", "items/s", "by busy seconds", "items answered to their own end"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("Thermal floor"), "nothing decodes at a floor");
}
