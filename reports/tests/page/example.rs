//! The committed example is what the code makes today.

use crate::document::full_page;
use crate::made_up;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/example.html");

#[test]
fn the_committed_example_is_current() {
    let (run, verdict) = made_up::example();
    let page = full_page(&run, &verdict);
    if std::env::var_os("UPDATE_EXAMPLE").is_some() {
        std::fs::write(EXAMPLE, &page).expect("the example can be written");
    }
    let committed = std::fs::read_to_string(EXAMPLE).expect("reports/example.html is committed");
    assert!(committed == page, "reports/example.html is not current: run this test with UPDATE_EXAMPLE=1");
}
