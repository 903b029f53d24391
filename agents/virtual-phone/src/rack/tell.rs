//! What a rack says to the person beside it.

use std::fmt::Write;

use super::phone::Place;
use crate::inside::Variant;
use crate::profile::Profile;

/// What a candidate needs so that it follows the phones' bodies.
const CANDIDATE: &str = "\
# Candidates whose tokens follow the phones' heat: runtime = \"scripted-runner\", a described model as the artifact,
# options = { args = [\"--phone\", \"/dev/virtual-phone\"] }, and a workload whose template is a file.
";

/// What is heard of a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// Its system has booted.
    Up,
    /// It is off.
    Off,
}

/// The phones, one line each, as `adb devices` will list them.
pub(super) fn table(places: &[Place]) -> String {
    let mut text = String::new();
    let width = places.iter().map(|place| title(place).len()).max().unwrap_or_default();
    for place in places {
        let (serial, title, variant) = (place.serial(), title(place), place.variant);
        let about = if variant == Variant::Current { "" } else { variant.meaning() };
        let line = format!("{serial:<20} {title:<width$}  unit {:<3} {about}", place.seed);
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// Lines for the matrix of the lab.
pub(super) fn matrix(places: &[Place], server: Option<&str>) -> String {
    let mut text = String::new();
    let mut families: Vec<&str> = Vec::new();
    for place in places {
        if !families.contains(&place.profile) {
            families.push(place.profile);
            let _ = write!(text, "[family.{}]\ntitle = \"{}\"\n\n", place.profile, title(place));
        }
    }
    let server = server.map(|server| format!(", server = \"{server}\"")).unwrap_or_default();
    for place in places {
        let (id, family, serial) = (place.id(), place.profile, place.serial());
        // Writing into a text cannot fail.
        let _ = write!(
            text,
            "[[device]]\nid = \"{id}\"\nfamily = \"{family}\"\ndriver = \"adb\"\naddress = {{ serial = \"{serial}\"{server} }}\n\n"
        );
    }
    text + CANDIDATE
}

/// A line about a phone.
pub(super) fn news(place: &Place, news: News) -> String {
    let what = match news {
        News::Up => "is up again",
        News::Off => "is off",
    };
    format!("{} {what}", place.serial())
}

fn title(place: &Place) -> String {
    Profile::built_in(place.profile).map_or_else(|_| place.profile.to_owned(), |profile| profile.title)
}

#[cfg(test)]
mod tests {
    use super::super::phone::places;
    use super::*;

    #[test]
    fn a_rack_introduces_itself() {
        let places = places(3, 7001, true);
        insta::assert_snapshot!("table", table(&places));
        insta::assert_snapshot!("matrix", matrix(&places[..2], Some("127.0.0.1:5038")));
    }

    #[test]
    fn phones_of_one_family_share_it() {
        let text = matrix(&places(7, 7001, false), None);
        assert_eq!(text.matches("[family.tensor-phone]").count(), 1);
        assert_eq!(text.matches("family = \"tensor-phone\"").count(), 2);
        assert_eq!(text.matches("[[device]]").count(), 7);
        assert!(!text.contains("server"));
    }
}
