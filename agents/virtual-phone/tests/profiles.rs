//! The profiles that come with the product, and how wrong ones are refused.

#[path = "made/student.rs"]
mod student;

use edgesoak_protocol::units::Nanos;
use edgesoak_virtual_phone::body::network::Network;
use edgesoak_virtual_phone::profile::built_in_names;
use edgesoak_virtual_phone::{Body, Load, PhoneError, Profile, Surroundings};
use proptest::prelude::*;
use student::student;

fn built_in(name: &str) -> Profile {
    Profile::built_in(name).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_profile_is_whole_and_makes_a_body() {
    let names: Vec<&str> = built_in_names().collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let profile = built_in(name);
        assert_eq!(profile.name, name);
        assert!(!profile.calibration.sources.is_empty(), "{name} says what it was calibrated to");
        assert!(!profile.calibration.guesses.is_empty(), "{name} says what is a guess");
        Body::new(&profile, 1, Surroundings::ROOM).expect("a body");
    }
}

/// Seconds at the chip, minutes at the outside: what public runs of handhelds show.
#[test]
fn time_constants_are_those_of_handhelds() {
    for name in built_in_names() {
        let profile = built_in(name);
        let nodes = &profile.heat.nodes;
        let index = |name: &String| profile.node(name).expect("a checked name");
        let links: Vec<_> = profile
            .heat
            .links
            .iter()
            .map(|link| (index(&link.between[0]), index(&link.between[1]), link.w_per_k))
            .collect();
        let network = Network::new(
            nodes.iter().map(|node| node.capacity_j_per_k).collect(),
            nodes.iter().map(|node| node.to_ambient_w_per_k).collect(),
            &links,
        );
        let constants = network.time_constants_s();
        let (slowest, fastest) = (constants[0], constants[constants.len() - 1]);
        assert!((150.0..1_500.0).contains(&slowest), "{name}: {constants:?}");
        assert!((1.5..40.0).contains(&fastest), "{name}: {constants:?}");
    }
}

#[test]
fn an_unknown_profile_is_answered_with_the_nearest() {
    let error = Profile::built_in("tensor-fone").expect_err("no such profile");
    assert_eq!(error.to_string(), "finding the profile tensor-fone (is it tensor-phone?)");
    assert_eq!((error.whose(), error.retry()), ("config", false));
}

/// Each change of a sound profile, and what is said about it.
#[test]
fn wrong_profiles_are_refused_with_file_key_and_hint() {
    let sound = include_str!("../profiles/tensor-phone.toml");
    let cases = [
        ("idle_mw = ", "idle_mv = ", "line 0: unknown field `idle_mv`, expected one of"),
        (
            "idle_node = \"board\"",
            "idle_node = \"bord\"",
            "power.idle_node names bord, which the profile does not have (is it board?)",
        ),
        (
            "cools = [\"big\"",
            "cools = [\"bigg\"",
            "step_wise.trip.cools names bigg, which the profile does not have (is it big?)",
        ),
        ("health = 0.97", "health = 97.0", "battery.health is 97, not between 0.2 and 1.2"),
        ("refresh_ms = 1_000", "refresh_ms = 0", "gauge.refresh_ms is 0 ms, not 10 to 3600000"),
        ("kind = \"memory\"", "kind = \"cpu\"", "cluster needs exactly one of kind memory"),
        (
            "outside = \"case\"",
            "outside = \"boot\"",
            "heat.outside names boot, which the profile does not have",
        ),
        ("light_c = 39", "light_c = 44", "status has levels that do not rise"),
        ("[0, 3300]", "[1, 3300]", "battery.open_circuit does not reach from 0 to 100 %"),
        ("[738_000, 65]", "[238_000, 65]", "cluster.little.points has clocks that do not rise"),
        ("[738_000, 65]", "[738_000, nan]", "cluster.little.points is NaN, not between"),
    ];
    for (from, to, problem) in cases {
        assert!(sound.contains(from), "the sound profile holds {from}");
        let text = sound.replacen(from, to, 1);
        let error = Profile::parse("lab/mine.toml", &text).expect_err(to);
        let line = if let PhoneError::ReadingProfile { line, .. } = &error { *line } else { 0 };
        let expected = problem.replace("line 0", &format!("line {line}"));
        let said = error.to_string();
        assert!(said.contains("lab/mine.toml") && said.contains(&expected), "{said}");
    }
}

#[test]
fn a_misspelt_key_is_answered_with_line_and_nearest_key() {
    let text = include_str!("../profiles/tensor-phone.toml").replacen("idle_mw", "idle_mv", 1);
    let error = Profile::parse("mine.toml", &text).expect_err("a misspelt key");
    let PhoneError::ReadingProfile { line, hint, .. } = error else {
        panic!("{error}");
    };
    let expected = 1 + text[..text.find("idle_mv").expect("the key")].matches('\n').count();
    assert_eq!((line, hint.as_deref()), (expected, Some("idle_mw")));
}

#[test]
fn heat_that_cannot_leave_is_refused() {
    let text = include_str!("../profiles/tensor-phone.toml");
    let begin = text.find("to_ambient_w_per_k").expect("a way out");
    let end = begin + text[begin..].find('\n').expect("a line");
    let sealed = format!("{}{}", &text[..begin], &text[end..]);
    let error = Profile::parse("sealed.toml", &sealed).expect_err("no way out");
    assert_eq!(
        error.to_string(),
        "checking sealed.toml: heat.link leaves a node without a way for its heat to the air"
    );
}

/// A sound profile with one number replaced.
fn one_number_replaced() -> impl Strategy<Value = String> {
    let sound = include_str!("../profiles/tensor-phone.toml");
    let lines: Vec<&str> = sound.lines().collect();
    let numbers: Vec<usize> = (0..lines.len())
        .filter(|line| {
            lines[*line].split_once(" = ").is_some_and(|(_, value)| value.starts_with(char::is_numeric))
        })
        .collect();
    let values = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| format!("{number:e}")),
        (0.0..500.0_f64).prop_map(|number| format!("{number:.3}")),
        Just("nan".to_owned()),
    ];
    (prop::sample::select(numbers), values).prop_map(move |(line, value)| {
        let (key, _) = lines[line].split_once(" = ").expect("a number's line");
        let replaced = format!("{key} = {value}");
        let text: Vec<&str> = lines
            .iter()
            .enumerate()
            .map(|(index, old)| if index == line { &replaced } else { *old })
            .collect();
        text.join("\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What passes the checks makes a body whose temperatures and energy stay numbers.
    #[test]
    fn a_profile_is_refused_or_makes_a_sound_body(text in one_number_replaced()) {
        if let Ok(profile) = Profile::parse("any.toml", &text) {
            let candidate = student();
            let mut body = Body::new(&profile, 5, Surroundings::ROOM).expect("a checked profile makes a body");
            body.advance(Nanos::from_secs(20), &Load::Decode { candidate: &candidate, context: 10 });
            prop_assert!(body.state().energy().0.is_finite());
            for node in 0..profile.heat.nodes.len() {
                let celsius = body.state().node(node).expect("a node").0;
                prop_assert!((-50.0..2_000.0).contains(&celsius), "{celsius} °C");
            }
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        prop_assert!(Profile::parse("any.toml", &text).is_err());
    }
}
