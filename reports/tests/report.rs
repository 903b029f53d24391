//! The page as a reader, a browser and an attacker see it, and the XML as a strict parser does.

mod browser;
mod made_up;

#[path = "page/answers.rs"]
mod answers;
#[path = "ci/formats.rs"]
mod ci_formats;
#[path = "comparison/formats.rs"]
mod comparison_formats;
#[path = "comparison/made.rs"]
mod comparison_made;
#[path = "page/data.rs"]
mod data;
#[path = "page/document.rs"]
mod document;
#[path = "page/first_screen.rs"]
mod first_screen;
#[path = "page/hostile.rs"]
mod hostile;
#[path = "page/incomplete.rs"]
mod incomplete;
#[path = "page/items.rs"]
mod items;
#[path = "junit/endings.rs"]
mod junit_endings;
#[path = "junit/xml.rs"]
mod junit_xml;
#[path = "page/plots.rs"]
mod plots;
#[path = "page/privacy.rs"]
mod privacy;
#[path = "page/redaction.rs"]
mod redaction;
#[path = "release/formats.rs"]
mod release_formats;
#[path = "release/made.rs"]
mod release_made;
#[path = "page/size.rs"]
mod size;
