//! What the page shows of planted secrets and of what is kept.

use edgesoak_record::leaks::{FoundSecret, LeakRecord, Planted, PlantedIn, Searched, SearchedPlace, Side};
use edgesoak_reports::{html, junit};

use crate::document::Document;
use crate::made_up;

fn record() -> LeakRecord {
    let mut record = LeakRecord::of(Planted { key: "k".to_owned(), secrets: PlantedIn::ALL.to_vec() });
    let found = FoundSecret {
        secret: PlantedIn::Message,
        form: "base64".to_owned(),
        at: "<i>main</i>\u{202e}".to_owned(),
        times: 3,
    };
    let place = |name: &str| SearchedPlace {
        place: name.to_owned(),
        files: 2,
        bytes: 5000,
        ..SearchedPlace::default()
    };
    let unread = SearchedPlace { unread: vec!["permission denied".to_owned()], ..place("tombstones") };
    let places = vec![SearchedPlace { found: vec![found], ..place("logcat") }, unread, place("temp")];
    record.take(Searched { side: Side::Device, key: "k".to_owned(), places });
    record
}

#[test]
fn every_place_is_told_with_what_was_found_there() {
    let (mut run, verdict) = made_up::ten_minutes();
    assert!(!html(&run, &verdict).contains("aria-label=\"Privacy\""), "nothing was planted");
    run.sessions[0].leaks = Some(record());
    let page = html(&run, &verdict);
    assert!(!page.contains("<i>main") && !page.contains('\u{202e}'));
    let document = Document::parse(&page);
    assert_eq!(document.errors, Vec::<String>::new());
    for told in [
        "No answer was kept",
        "Where the planted secrets were searched for (3 places)",
        "logcat",
        "<i>main</i>",
        "(base64)",
        "not read: permission denied",
    ] {
        assert!(document.text.contains(told), "{told}");
    }
    let suite = junit(&run, &verdict);
    assert!(suite.contains("name=\"secrets.planted\" value=\"2\""), "{suite}");
    assert!(suite.contains("name=\"secrets.found\" value=\"1\""), "{suite}");
}
