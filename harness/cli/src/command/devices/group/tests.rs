use super::*;

fn identity(maker: &str, model: &str, soc: &str) -> Identity {
    let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Identity { maker: word(maker), model: word(model), soc: word(soc), ..Identity::default() }
}

fn newcomer(serial: &str, identity: Identity) -> Newcomer {
    Newcomer { serial: serial.to_owned(), server: None, identity }
}

fn names(groups: &[Group]) -> Vec<(&str, &str, bool, Vec<&str>)> {
    let ids = |group: &Group| group.devices.len();
    groups
        .iter()
        .map(|group| {
            let devices: Vec<&str> = group.devices.iter().map(|(id, _)| id.as_str()).collect();
            assert_eq!(ids(group), devices.len());
            (group.family.as_str(), group.title.as_str(), group.is_new, devices)
        })
        .collect()
}

#[test]
fn devices_of_one_model_are_a_family() {
    let pixel = || identity("Google", "Pixel 8", "Tensor G3");
    let newcomers = vec![
        newcomer("A", pixel()),
        newcomer("C", identity("Zebra Technologies", "TC58", "SM6375")),
        newcomer("B", pixel()),
    ];
    let groups = group(newcomers, &Known::default());
    assert_eq!(
        names(&groups),
        [
            ("google-pixel-8", "Google Pixel 8 (Tensor G3)", true, vec!["pixel-8-01", "pixel-8-02"]),
            ("zebra-technologies-tc58", "Zebra Technologies TC58 (SM6375)", true, vec!["tc58-01"]),
        ]
    );
}

#[test]
fn two_chips_under_one_name_are_two_families() {
    let newcomers = vec![
        newcomer("A", identity("samsung", "Galaxy S24", "s5e9945")),
        newcomer("B", identity("samsung", "Galaxy S24", "SM8650")),
    ];
    let groups = group(newcomers, &Known::default());
    assert_eq!(
        names(&groups),
        [
            ("samsung-galaxy-s24-sm8650", "Samsung Galaxy S24 (SM8650)", true, vec!["galaxy-s24-01"]),
            ("samsung-galaxy-s24-s5e9945", "Samsung Galaxy S24 (s5e9945)", true, vec!["galaxy-s24-02"]),
        ]
    );
}

#[test]
fn families_and_names_of_the_matrix_are_kept() {
    let known = Known {
        devices: ["pixel-8-01".to_owned()].into(),
        families: vec![
            ("flagship".to_owned(), "Flagships".to_owned()),
            ("old".to_owned(), "motorola moto g".to_owned()),
        ],
        identities: vec![(identity("Google", "Pixel 8", "Tensor G3"), "flagship".to_owned())],
    };
    let newcomers = vec![
        newcomer("A", identity("Google", "Pixel 8", "Tensor G3")),
        newcomer("B", identity("motorola", "moto g", "")),
    ];
    let groups = group(newcomers, &known);
    assert_eq!(
        names(&groups),
        [
            ("flagship", "Google Pixel 8 (Tensor G3)", false, vec!["pixel-8-02"]),
            ("old", "Motorola moto g", false, vec!["moto-g-01"]),
        ]
    );
}

#[test]
fn what_is_no_hardware_says_so_in_its_name() {
    let simulated = Identity { is_simulated: true, ..identity("Google", "Pixel 8", "Tensor G3") };
    let newcomers = vec![newcomer("A", simulated), newcomer("B", identity("Google", "Pixel 8", "Tensor G3"))];
    let groups = group(newcomers, &Known::default());
    let ids: Vec<&str> = groups.iter().flat_map(|group| &group.devices).map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["pixel-8-01", "virtual:pixel-8-01"]);
    assert_ne!(groups[0].family, groups[1].family, "hardware and what is none are never one family");
}

#[test]
fn hostile_words_become_plain_ones() {
    let newcomers =
        vec![newcomer("A", identity("\"]\n[policy", "x\u{202e}\\", "")), newcomer("B", Identity::default())];
    let groups = group(newcomers, &Known::default());
    assert_eq!(
        names(&groups),
        [
            ("policy-x", "Policy x", true, vec!["x-01"]),
            ("unknown-model", "unknown model", true, vec!["unknown-model-01"]),
        ]
    );
}
