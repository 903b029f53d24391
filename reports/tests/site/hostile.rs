//! Names and numbers that attack the pages and their files.

use std::collections::BTreeSet;

use edgesoak_record::fleet::Fleet;
use edgesoak_reports::Site;
use proptest::prelude::*;

use crate::document::Document;
use crate::site_made as made;
use crate::site_pages::{check, pages};

const ATTACKS: [&str; 8] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "../../../../etc/passwd",
    "</style></title></svg><b>",
    "\u{202e}txet desrever\u{2066}",
    "nul\0byte\u{7}bell\u{ffff}",
    "con",
    "",
];

/// A fleet in which every text is this one.
fn poisoned(attack: &str) -> Fleet {
    let mut fleet = made::fleet(6);
    let poison = |text: &mut String| attack.clone_into(text);
    for run in &mut fleet.runs {
        run.run = format!("{attack}{}", run.run);
        run.interrupted = Some(attack.to_owned());
        [&mut run.profile, &mut run.tier, &mut run.sentence].into_iter().for_each(poison);
        for session in &mut run.sessions {
            [&mut session.session, &mut session.device, &mut session.family].into_iter().for_each(poison);
            [&mut session.route, &mut session.candidate].into_iter().for_each(poison);
            session.figures.iter_mut().for_each(|figure| poison(&mut figure.unit));
            session.close.iter_mut().for_each(|(_, cause)| poison(cause));
        }
    }
    for spell in &mut fleet.quarantines {
        [&mut spell.device, &mut spell.whose, &mut spell.why, &mut spell.run].into_iter().for_each(poison);
        spell.check = Some((attack.to_owned(), attack.to_owned()));
        spell.let_out.iter_mut().for_each(|(_, why)| poison(why));
    }
    for release in &mut fleet.releases {
        [&mut release.name, &mut release.reason, &mut release.policy.tier].into_iter().for_each(poison);
        release.runs.push(attack.to_owned());
        for trial in &mut release.trials {
            [&mut trial.device, &mut trial.route, &mut trial.candidate, &mut trial.artifact_sha256]
                .into_iter()
                .for_each(poison);
        }
    }
    fleet
}

/// Names of elements and attributes that a page without attacks has.
fn vocabulary(fleet: &Fleet) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for page in pages(fleet).values() {
        for (element, attributes) in Document::parse(page).elements {
            words.extend(attributes.into_iter().map(|(name, _)| format!("{element} {name}")));
            words.insert(element);
        }
    }
    words
}

#[test]
fn texts_stay_texts() {
    let honest = vocabulary(&made::fleet(90));
    for attack in ATTACKS {
        let fleet = poisoned(attack);
        check(&fleet);
        let seen = vocabulary(&fleet);
        assert!(
            seen.is_subset(&honest),
            "{attack:?} made {:?}",
            seen.difference(&honest).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_command_to_copy_names_no_device_that_a_shell_would_read() {
    let fleet = poisoned("x; rm -rf ~");
    let all: String = pages(&fleet).into_values().collect();
    assert!(all.contains("edgesoak devices --clear ID --reason TEXT"));
    assert!(!all.contains("--clear x"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_and_any_number_give_whole_pages(text in any::<String>(), number in any::<f64>(), time in any::<u64>()) {
        let mut fleet = poisoned(&text);
        for run in &mut fleet.runs {
            run.opened = edgesoak_record::units::Nanos(time);
            for session in &mut run.sessions {
                session.battery_health = Some(number);
                session.charge_cycles = Some(number);
                for figure in &mut session.figures {
                    figure.measured = Some(number);
                    figure.limit = Some(-number);
                    figure.hi = Some(number / 3.0);
                }
            }
        }
        check(&fleet);
    }

    #[test]
    fn every_page_has_a_file_of_its_own(names in prop::collection::btree_set(any::<String>(), 1..20)) {
        let paths: BTreeSet<String> = names.iter().map(|name| Site::run_path(name)).collect();
        prop_assert_eq!(paths.len(), names.len());
    }
}
